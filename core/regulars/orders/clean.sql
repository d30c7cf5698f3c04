-- What each staged row is worth and why it does not count. Money and units are whole ten-thousandths (BIGINT).

-- name: valued
-- `kinds` says how each source is to be read. An amount wins where it is what was paid; else quantity x price, and the
-- amount fills in. Where nothing else says what was paid, the discount comes off quantity x price. A line without a quantity is one unit, or as many as amount and price imply.
CREATE VIEW valued AS
WITH read AS (
  SELECT n, k.source, "row", CASE WHEN "date" >= TIMESTAMP '1950-01-01' THEN "date" END AS ts, customer IS NULL AS no_customer,
    k.by_amount, k.has_quantity AND k.has_price AS has_both, quantity AS q, price AS p,
    CASE WHEN s.discount IS NULL OR NOT k.takes_off THEN quantity * price
         WHEN k.discount = 'money' THEN sign(quantity * price) * (abs(quantity * price) - abs(s.discount))
         ELSE quantity * price * greatest(0, 1 - abs(s.discount) / CASE WHEN k.discount = 'percent' THEN 100 ELSE 1 END)
    END AS qp,
    CASE WHEN quantity < 0 THEN -abs(amount) ELSE amount END AS a,
    k.letter AND s.lettered AS lettered,
    k.cost AS cost_of, k.discount AS discount_of, s.profit, s.cost, s.discount, s.list_price
  FROM staged s JOIN kinds k USING (source)),
money AS (
  SELECT *, CASE WHEN by_amount THEN coalesce(a, qp) ELSE coalesce(qp, a) END AS m FROM read),
sized AS (
  SELECT *, CASE
      WHEN q IS NULL AND p > 0 AND round(m / p * 10000) <> 0 THEN m / p
      WHEN q IS NULL THEN CASE WHEN m < 0 THEN -1 ELSE 1 END
      WHEN q > 0 AND m < 0 THEN -q
      ELSE q END AS u
  FROM money),
whole AS (
  SELECT *,
    CAST(round(bounded(u) * 10000) AS BIGINT) AS units,
    CAST(round(money_bounded(m) * 10000) AS BIGINT) AS written
  FROM sized)
SELECT n, source, "row", ts, no_customer, units, written,
  CAST(round(money_bounded(a) * 10000) AS BIGINT) AS stated,
  CAST(round(money_bounded(CASE WHEN NOT by_amount AND q IS NOT NULL AND p IS NOT NULL THEN p ELSE abs(m / u) END) * 10000) AS BIGINT) AS unit,
  CASE
    WHEN round(q * 10000) = 0 OR (q IS NULL AND m IS NULL AND has_both) THEN 'bad_quantity'
    WHEN money_bounded(m) IS NULL OR bounded(u) IS NULL OR p < 0 THEN 'bad_price'
    WHEN NOT by_amount AND q IS NOT NULL AND p = 0 THEN 'zero_price'
  END AS fault,
  s.kind AS state,
  coalesce(lettered, FALSE) OR coalesce(s.kind = 'returned', FALSE) AS marked,
  CASE WHEN profit IS NOT NULL THEN round(profit * 10000)
       WHEN cost_of = 'unit' THEN written - round(cost * units)
       WHEN cost_of = 'line' THEN written - round(CASE WHEN units < 0 THEN -abs(cost) ELSE cost END * 10000)
  END AS profit,
  CASE WHEN discount_of = 'share' THEN abs(discount)
       WHEN discount_of = 'percent' THEN abs(discount) / 100
       WHEN discount_of = 'money' THEN abs(discount) / nullif(abs(written) / 10000 + abs(discount), 0)
       WHEN list_price > 0 THEN greatest(0, 1 - abs(written / units) / list_price)
  END AS discount
FROM whole LEFT JOIN statuses s USING (n)

-- name: hashed
-- Lines of equal hash may be the same line written more than once.
SELECT n, hash({fields}) AS h FROM staged

-- name: twins
-- Lines that are written more than once. `k` counts copies within a source, `earlier` is how often an earlier source has it.
CREATE TABLE twins AS
WITH copies AS (
  SELECT s.*, row_number() OVER (PARTITION BY source, {fields} ORDER BY n) AS k,
    count(*) OVER (PARTITION BY source, {fields}) AS c
  FROM staged s JOIN suspected_twins USING (n) WHERE n NOT IN (SELECT n FROM totals))
SELECT n, k, coalesce(max(c) OVER (PARTITION BY {fields} ORDER BY source RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS earlier
FROM copies

-- name: judged
-- The first reason that applies. `nets` marks the returns that pass everything else and may be taken off a purchase.
CREATE TABLE judged AS
WITH flags AS (
  SELECT v.*, v.units < 0 AS back,
    t.n IS NOT NULL AS total, coalesce(w.k <= w.earlier, FALSE) AS repeated,
    coalesce(w.k > 1, FALSE) AND $repeats = 'drop' AS copy, coalesce(ts >= TIMESTAMP '2200-01-01', TRUE) AS no_date,
    CAST(ts AS DATE) < $since OR CAST(ts AS DATE) > $until AS outside
  FROM valued v LEFT JOIN totals t USING (n) LEFT JOIN twins w USING (n)),
reasons AS (
  SELECT *, CASE
    WHEN total THEN 'total_row'
    WHEN repeated THEN 'repeated_across_sources'
    WHEN state = 'unpaid' THEN 'unpaid'
    WHEN state = 'cancelled' OR (marked AND NOT (back AND $returns = 'keep')) THEN 'cancelled'
    WHEN no_customer THEN 'no_customer'
    WHEN no_date THEN 'bad_date'
    WHEN fault IS NOT NULL THEN fault
    WHEN back AND $returns <> 'keep' THEN 'returned'
    WHEN outside THEN 'outside_window'
    WHEN copy THEN 'duplicate' END AS reason
  FROM flags)
SELECT n, source, "row", ts, units, written, CASE WHEN total THEN stated END AS stated, unit, profit, discount, reason,
  coalesce(back AND NOT (total OR repeated OR no_customer OR no_date OR outside OR copy) AND fault IS NULL
    AND (state IS NULL OR state NOT IN ('unpaid', 'cancelled')), FALSE) AS nets
FROM reasons

-- name: kept
-- What counts: rows without a reason, less what returns took off. A purchase that came back whole counts no more.
CREATE TABLE kept AS
SELECT j.n, source, "row", ts, CASE WHEN net.n IS NULL THEN units ELSE net.kept END AS units,
  CASE WHEN net.n IS NULL THEN written ELSE part_of(written, net.kept, units) END AS amount,
  written,
  CASE WHEN net.n IS NULL OR net.kept = units THEN profit ELSE profit * net.kept / units END AS profit, discount
FROM judged j LEFT JOIN net ON net.n = j.n
WHERE j.reason IS NULL AND (net.n IS NULL OR net.kept > 0)

-- name: lines
-- Numbers and times of the kept lines; their texts stand beside them in the source and are taken from there.
SELECT n, source, "row", ts, CAST(ts AS DATE) AS day, units, amount, written AS written_amount,
  TRY_CAST(round(profit) AS BIGINT) AS profit, CASE WHEN discount <= 1 THEN discount END AS discount
FROM kept

-- name: aside
CREATE TABLE aside AS
SELECT j.n, source, coalesce(reason, 'returned') AS reason,
  CASE WHEN reason = 'total_row' THEN stated ELSE written END AS amount
FROM judged j LEFT JOIN net ON net.n = j.n
WHERE NOT (j.reason IS NULL AND (net.n IS NULL OR net.kept > 0))
ORDER BY j.n

-- name: by_reason
SELECT reason, count(*), CAST(coalesce(sum(amount), 0) AS BIGINT) FROM aside GROUP BY reason ORDER BY reason

-- name: written
SELECT CAST(coalesce(sum(written), 0) AS BIGINT) FROM judged WHERE reason IS NULL OR reason <> 'total_row'

-- name: totals_of_kept
SELECT count(*), CAST(coalesce(sum(amount), 0) AS BIGINT), CAST(coalesce(sum(written - amount), 0) AS BIGINT),
  CAST(min(ts) AS DATE), CAST(max(ts) AS DATE)
FROM kept

-- name: strangers
SELECT (SELECT count(*) FROM people WHERE customer NOT IN (SELECT customer FROM staged JOIN kept USING (n))),
  (SELECT count(DISTINCT customer) FROM staged JOIN kept USING (n) WHERE customer NOT IN (SELECT customer FROM people))
