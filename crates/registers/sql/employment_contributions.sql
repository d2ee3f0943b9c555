-- Facts of an employment that follow from contributions.
--
-- employment.insured_months (个月): months for which the premium arrived from this employer for this person, the last
--   180 months at most, each month once, missed months left out. The text of benefits says 缴纳社会保险费满N个月, not
--   consecutive.
-- employment.consecutive_insured_months (个月): months in a row with this employer up to $until, the last month of which any
--   premium had arrived by $as_of; 0 where that month itself is missing. While the month of $as_of is not over, its premium
--   may still arrive and breaks nothing: who has not paid it yet is counted up to the month before ($settled). At most 180.
-- Source: 社会保险缴费明细.
SELECT
  person_key,
  employer_key,
  bit_count(recent) + bit_count(middle) + bit_count(old) AS insured_months,
  CASE
    WHEN trailing_ones(recent >> awaited) < 60 - awaited THEN trailing_ones(recent >> awaited)
    WHEN trailing_ones(middle) < 60 THEN 60 - awaited + trailing_ones(middle)
    ELSE 120 - awaited + trailing_ones(old)
  END AS consecutive_insured_months
FROM (
  -- awaited: 1 where this month's premium may still arrive and has not, else 0.
  SELECT
    *,
    CASE WHEN bit_count(recent & 1) = 1 THEN 0 ELSE month_number($until) - month_number($settled) END AS awaited
  FROM insured
  WHERE employer_key IS NOT NULL
)
