-- insured: one row a person and employer, with the months for which premiums had arrived by $as_of.
--
-- recent, middle, old: a bit a month, counted back from $until, the last month of which any premium had arrived by $as_of:
--   recent holds $until (bit 0) and the 59 months before, middle the 60 before those, old the 60 before those.
--   Two rows of one month set one bit. What lies more than 180 months back is not counted.
-- ui_recent, ui_middle, ui_old: the same for months with unemployment insurance.
-- first_month: months since the year 0 of the first month there is, however long ago.
-- Without an employer (flexible work) the employer's key is null.
-- Source: 社会保险缴费明细, rows whose premium had arrived (已到账): the view `arrived`.
SELECT
  person_key,
  employer_key,
  bit_or(month_bit(ago)) AS recent,
  bit_or(month_bit(ago - 60)) AS middle,
  bit_or(month_bit(ago - 120)) AS old,
  coalesce(bit_or(month_bit(ago)) FILTER (WHERE unemployment), 0) AS ui_recent,
  coalesce(bit_or(month_bit(ago - 60)) FILTER (WHERE unemployment), 0) AS ui_middle,
  coalesce(bit_or(month_bit(ago - 120)) FILTER (WHERE unemployment), 0) AS ui_old,
  month_number($until) - max(ago) AS first_month
FROM (
  SELECT person_key, employer_key, unemployment, month_number($until) - month_number(month) AS ago
  FROM arrived
)
GROUP BY person_key, employer_key
