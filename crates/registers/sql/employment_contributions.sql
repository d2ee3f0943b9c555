-- Facts of an employment that follow from contributions.
--
-- employment.insured_months (个月): months for which the premium arrived from this employer for this person, the last
--   180 months at most, each month once, missed months left out. The text of benefits says 缴纳社会保险费满N个月, not
--   consecutive.
-- employment.consecutive_insured_months (个月): months in a row with this employer up to the last month the register holds
--   by $as_of; 0 where that month itself is missing. At most 180.
-- Source: 社会保险缴费明细.
SELECT
  person_key,
  employer_key,
  bit_count(recent) + bit_count(middle) + bit_count(old) AS insured_months,
  CASE
    WHEN trailing_ones(recent) < 60 THEN trailing_ones(recent)
    WHEN trailing_ones(middle) < 60 THEN 60 + trailing_ones(middle)
    ELSE 120 + trailing_ones(old)
  END AS consecutive_insured_months
FROM insured
WHERE employer_key IS NOT NULL
