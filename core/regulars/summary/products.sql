-- What customers buy, by segment. Run only when a sheet asks for it.
-- In:  order_lines (the kept lines), labels(customer, segment), services(item) which are no goods.
-- {{item}} is the column that names what is bought, {{end}} the last day that counts, {{within}} the days in which a
-- second purchase counts, {{from}} the first day of the months that stock planning looks at. Whole ten-thousandths stay whole.

-- name: bought   (one row an order and item)
SELECT l.customer, b.segment, l."order" AS order_id, MIN(l.day) AS day, l.{{item}} AS item,
       CAST(SUM(l.units) AS BIGINT) AS units, CAST(SUM(l.amount) AS BIGINT) AS amount
FROM order_lines l JOIN labels b ON l.customer = b.customer
WHERE l.{{item}} IS NOT NULL AND l.{{item}} NOT IN (SELECT item FROM services)
GROUP BY l.customer, b.segment, l."order", l.{{item}}

-- name: items
SELECT item, COUNT(*) AS orders, COUNT(DISTINCT customer) AS customers, SUM(units) AS units, SUM(amount) AS amount
FROM bought GROUP BY item ORDER BY orders DESC, item

-- name: by_segment
SELECT segment, item, COUNT(*) AS orders, COUNT(DISTINCT customer) AS customers
FROM bought GROUP BY segment, item ORDER BY segment, item

-- name: visits   (purchase days of all goods and services: a second order is one of anything)
SELECT customer, day, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY day) AS number
FROM (SELECT DISTINCT customer, day FROM order_lines) d

-- name: firsts   (customers whose first purchase day is long enough ago to tell whether a second followed in time)
SELECT f.customer, f.day,
       CASE WHEN s.day IS NOT NULL AND s.day - f.day <= {{within}} THEN 1 ELSE 0 END AS again
FROM visits f LEFT JOIN visits s ON f.customer = s.customer AND s.number = 2
WHERE f.number = 1 AND DATE '{{end}}' - f.day >= {{within}}

-- name: baseline
SELECT COUNT(*) AS customers, CAST(COALESCE(SUM(again), 0) AS BIGINT) AS again FROM firsts

-- name: leads
SELECT b.item, COUNT(DISTINCT f.customer) AS customers, COUNT(DISTINCT CASE WHEN f.again = 1 THEN f.customer END) AS again
FROM firsts f JOIN bought b ON f.customer = b.customer AND f.day = b.day
GROUP BY b.item ORDER BY b.item

-- name: pairs   (of the {{most}} items in most orders)
WITH often AS (SELECT item FROM items ORDER BY orders DESC, item LIMIT {{most}}),
kept AS (SELECT b.order_id, b.customer, b.item FROM bought b JOIN often o ON b.item = o.item)
SELECT x.item AS item, y.item AS other, COUNT(*) AS orders, COUNT(DISTINCT x.customer) AS customers
FROM kept x JOIN kept y ON x.order_id = y.order_id AND x.customer = y.customer AND x.item < y.item
GROUP BY x.item, y.item HAVING COUNT(*) >= {{fewest_orders}} AND COUNT(DISTINCT x.customer) >= {{fewest_customers}}
ORDER BY x.item, y.item

-- name: order_count
SELECT COUNT(*) AS orders FROM (SELECT DISTINCT customer, order_id FROM bought) o

-- name: waits   (days from one purchase day of an item to the next by the same customer)
SELECT item, COUNT(*) AS waits, COUNT(DISTINCT customer) AS customers, QUANTILE_CONT(wait, 0.25) AS early,
       QUANTILE_CONT(wait, 0.5) AS middle, QUANTILE_CONT(wait, 0.75) AS late
FROM (SELECT customer, item, day - LAG(day) OVER (PARTITION BY customer, item ORDER BY day) AS wait
      FROM (SELECT DISTINCT customer, item, day FROM bought) d) w
WHERE wait IS NOT NULL GROUP BY item ORDER BY item

-- name: months   (month counts from year 0)
SELECT EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1 AS month, segment, CAST(SUM(units) AS BIGINT) AS units
FROM bought GROUP BY month, segment ORDER BY month, segment

-- name: stock   (units in the months that stock planning looks at)
SELECT item, segment, CAST(SUM(units) AS BIGINT) AS units
FROM bought WHERE day >= DATE '{{from}}' AND day <= DATE '{{until}}' GROUP BY item, segment ORDER BY item, segment

-- name: places   (by country and by channel: all orders, and whether those who first bought there came back in time)
WITH lined AS (
  SELECT customer, "order" AS order_id, day, amount, country, channel FROM order_lines),
begun AS (
  SELECT f.customer, f.again, MAX(l.country) AS country, MAX(l.channel) AS channel
  FROM firsts f JOIN lined l ON f.customer = l.customer AND f.day = l.day GROUP BY f.customer, f.again),
told AS (
  SELECT 'country' AS field, country AS place, customer, order_id, amount FROM lined WHERE country IS NOT NULL
  UNION ALL SELECT 'channel', channel, customer, order_id, amount FROM lined WHERE channel IS NOT NULL),
came AS (
  SELECT 'country' AS field, country AS place, COUNT(*) AS began, SUM(again) AS again FROM begun GROUP BY country
  UNION ALL SELECT 'channel', channel, COUNT(*), SUM(again) FROM begun GROUP BY channel),
sold AS (
  SELECT field, place, COUNT(DISTINCT customer) AS customers, COUNT(DISTINCT (customer, order_id)) AS orders,
         CAST(SUM(amount) AS BIGINT) AS amount
  FROM told GROUP BY field, place)
SELECT sold.field, sold.place, sold.customers, sold.orders, sold.amount,
       CAST(COALESCE(came.began, 0) AS BIGINT) AS began, CAST(COALESCE(came.again, 0) AS BIGINT) AS again
FROM sold LEFT JOIN came ON sold.field = came.field AND sold.place = came.place
ORDER BY sold.field, sold.amount DESC, sold.place

-- name: names
SELECT {{item}} AS item, MAX(description) AS description FROM order_lines WHERE {{item}} IS NOT NULL GROUP BY {{item}}
