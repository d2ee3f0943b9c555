-- received: what was granted by $as_of, one row a benefit, person and employer.
--
-- times: grants. months: months paid for. amount_fen: money. first_on, last_on: the first and the last day of a grant.
-- times_in_year, months_in_year, amount_in_year_fen: the same of the calendar year of $as_of, by the day of the grant.
-- Months are unknown as soon as one grant does not say how many: a cap may never be taken for unused.
-- Source: 补贴发放.
SELECT
  benefit,
  person_key,
  employer_key,
  count(*) AS times,
  CASE WHEN count(months) = count(*) THEN sum(months) END AS months,
  sum(amount_fen) AS amount_fen,
  min(granted_on) AS first_on,
  max(granted_on) AS last_on,
  sum(CASE WHEN in_year THEN 1 ELSE 0 END) AS times_in_year,
  CASE
    WHEN sum(CASE WHEN in_year AND months IS NULL THEN 1 ELSE 0 END) = 0
    THEN sum(CASE WHEN in_year THEN months ELSE 0 END)
  END AS months_in_year,
  sum(CASE WHEN in_year THEN amount_fen ELSE 0 END) AS amount_in_year_fen
FROM (
  SELECT *, year(granted_on) = year($as_of) AS in_year
  FROM benefit_history
  WHERE granted_on <= $as_of
)
GROUP BY benefit, person_key, employer_key
