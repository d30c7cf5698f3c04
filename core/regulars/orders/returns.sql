-- A return takes units off the latest earlier purchases of the same customer and product: last in, first out.
-- Forward in time, returns that outrun what was bought so far are unmatched; backward in time, purchases that outrun
-- the returns still to come are kept. Both are the growth of a running minimum, so no return meets a later purchase.
-- At the same time a purchase is earlier than a return. The rest of the order makes the totals the same for any order of rows.

-- name: net
CREATE TABLE net AS
WITH returned AS (
  SELECT DISTINCT customer, product FROM staged JOIN judged USING (n) WHERE nets AND $returns = 'net'),
near AS (
  SELECT s.n, s.customer, s.product, s.description, s."order" FROM staged s
  SEMI JOIN returned r ON s.customer = r.customer AND coalesce(s.product, '') = coalesce(r.product, '')),
part AS (
  SELECT n, s.customer, CASE WHEN s.product IS NOT NULL THEN 'p' || s.product
                             WHEN s.description IS NOT NULL THEN 'd' || s.description
                             ELSE 'u' || j.unit END
      -- Without a quantity column units are only supposed: then money must agree, or a part refund would undo a whole purchase.
      || CASE WHEN k.has_quantity THEN '' ELSE '@' || j.unit END AS item,
    j.ts, j.units < 0 AS back, j.unit, coalesce(s."order", '') AS ord, j.units, j.written
  FROM near s JOIN judged j USING (n) JOIN kinds k ON k.source = j.source
  WHERE j.reason IS NULL OR j.nets),
hit AS (
  SELECT row_number() OVER (ORDER BY customer, item) AS pair, customer, item
  FROM (SELECT DISTINCT customer, item FROM part WHERE back)),
queue AS (
  SELECT pair, n, back, units,
    row_number() OVER (PARTITION BY pair ORDER BY ts, back, unit, ord, units, written, n) AS place
  FROM part JOIN hit USING (customer, item)),
running AS (
  SELECT *, sum(units) OVER (PARTITION BY pair ORDER BY place ROWS UNBOUNDED PRECEDING) AS stock,
    sum(-units) OVER (PARTITION BY pair ORDER BY place DESC ROWS UNBOUNDED PRECEDING) AS owed
  FROM queue),
lowest AS (
  SELECT *, -least(0, min(stock) OVER (PARTITION BY pair ORDER BY place ROWS UNBOUNDED PRECEDING)) AS short,
    -least(0, min(owed) OVER (PARTITION BY pair ORDER BY place DESC ROWS UNBOUNDED PRECEDING)) AS free
  FROM running)
SELECT n, back,
  CAST(CASE WHEN NOT back THEN free - lag(free, 1, 0) OVER (PARTITION BY pair ORDER BY place DESC) END AS BIGINT) AS kept,
  CAST(CASE WHEN back THEN short - lag(short, 1, 0) OVER (PARTITION BY pair ORDER BY place) END AS BIGINT) AS unmatched
FROM lowest

-- name: unmatched
SELECT CAST(coalesce(sum(CASE WHEN net.n IS NULL THEN j.written ELSE part_of(j.written, net.unmatched, abs(j.units)) END), 0) AS BIGINT)
FROM judged j LEFT JOIN net ON net.n = j.n
WHERE j.nets AND $returns <> 'keep'
