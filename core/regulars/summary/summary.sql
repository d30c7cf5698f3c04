-- One definition of every customer figure. It keeps to the subset that DuckDB and Spark share.
-- In:  lines(customer, order_id, day, product, description, country, channel, segment, units, amount, profit)
-- Money and units are whole ten-thousandths (BIGINT), so that every engine adds up to the same last digit.
-- {{end}} is the last day that counts, inclusive.

-- name: orders
SELECT customer, order_id, MIN(day) AS day, CAST(SUM(amount) AS BIGINT) AS amount
FROM lines GROUP BY customer, order_id

-- name: days
SELECT customer, day, COUNT(*) AS line_count,
       CAST(SUM(units) AS BIGINT) AS units, CAST(SUM(amount) AS BIGINT) AS amount,
       CAST(SUM(profit) AS BIGINT) AS profit,
       CAST(SUM(CASE WHEN profit IS NOT NULL THEN amount END) AS BIGINT) AS profit_amount
FROM lines GROUP BY customer, day

-- name: customers   (frequency counts repeat purchase days; repeat_spend is the mean spend of those days)
WITH d AS (
  SELECT customer, COUNT(*) - 1 AS frequency, MIN(day) AS first_day, MAX(day) AS last_day,
         CAST(SUM(line_count) AS BIGINT) AS line_count, CAST(SUM(units) AS BIGINT) AS units,
         CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(profit) AS BIGINT) AS profit,
         CAST(SUM(profit_amount) AS BIGINT) AS profit_amount,
         MIN_BY(amount, day) AS first_amount,
         CAST(SUM(CASE WHEN days_between(day, DATE '{{end}}') < 365 THEN amount ELSE 0 END) AS BIGINT) AS year_amount,
         CAST(SUM(CASE WHEN days_between(day, DATE '{{end}}') BETWEEN 365 AND 729 THEN amount ELSE 0 END) AS BIGINT) AS year_before_amount
  FROM days GROUP BY customer),
o AS (
  SELECT customer, COUNT(*) AS orders, MIN(amount) AS smallest, MAX(amount) AS largest,
         CAST(SUM(CASE WHEN days_between(day, DATE '{{end}}') < 365 THEN 1 ELSE 0 END) AS BIGINT) AS year_orders
  FROM orders GROUP BY customer),
p AS (SELECT customer, COUNT(DISTINCT product) AS products FROM lines GROUP BY customer),
a AS (
  SELECT l.customer, MAX(l.country) AS country, MAX(l.channel) AS channel, MAX(l.segment) AS segment
  FROM lines l JOIN d ON l.customer = d.customer AND l.day = d.last_day GROUP BY l.customer)
SELECT d.customer, d.first_day, d.last_day, o.orders, d.line_count, d.units, p.products, d.amount, d.profit,
       d.profit_amount,
       o.smallest, o.largest, d.frequency, d.first_amount, d.year_amount, d.year_before_amount, o.year_orders,
       days_between(d.first_day, d.last_day) AS recency,
       days_between(d.first_day, DATE '{{end}}') AS age,
       days_between(d.last_day, DATE '{{end}}') AS days_since,
       a.country, a.channel, a.segment
FROM d JOIN o ON d.customer = o.customer JOIN p ON d.customer = p.customer JOIN a ON d.customer = a.customer
ORDER BY d.customer

-- name: months   (month counts from year 0, so that differences are ages; an order belongs to the month it began in)
WITH spent AS (
  SELECT customer, EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1 AS month,
         CAST(SUM(amount) AS BIGINT) AS amount
  FROM days GROUP BY customer, EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1),
begun AS (
  SELECT customer, EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1 AS month, COUNT(*) AS orders
  FROM orders GROUP BY customer, EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1)
SELECT spent.customer, spent.month, COALESCE(begun.orders, 0) AS orders, spent.amount
FROM spent LEFT JOIN begun ON spent.customer = begun.customer AND spent.month = begun.month
ORDER BY spent.customer, spent.month

-- name: cohorts   (cohort is the month of the first order, age the months since)
SELECT cohort, month - cohort AS age, COUNT(*) AS active, CAST(SUM(amount) AS BIGINT) AS amount
FROM (SELECT customer, month, amount, MIN(month) OVER (PARTITION BY customer) AS cohort FROM months) m
GROUP BY cohort, month - cohort ORDER BY cohort, age

-- name: products
SELECT product, MAX(description) AS description, COUNT(DISTINCT customer) AS customers,
       COUNT(DISTINCT order_id) AS orders, CAST(SUM(units) AS BIGINT) AS units, CAST(SUM(amount) AS BIGINT) AS amount
FROM lines WHERE product IS NOT NULL GROUP BY product ORDER BY amount DESC, product
