-- Facts of an employment that follow from the months in which premiums were reduced for everybody.
--
-- employment.si_reduction_months (个月): months from the one in which the subsidy began (吸纳就业社会保险补贴起算日) to the one of
--   $as_of that lie in the reduction, $reduction_from to $reduction_to, both included (阶段性减免期). Zero where the subsidy
--   began after it. Unknown without a subsidy, and where nobody said when the reduction was.
-- Source: 补贴发放; the months come from whoever asks.
SELECT
  person_key,
  employer_key,
  contract_date,
  CASE
    WHEN month_number($reduction_from) IS NULL OR month_number($reduction_to) IS NULL THEN NULL
    WHEN first > last THEN 0
    ELSE last - first + 1
  END AS si_reduction_months
FROM (
  SELECT
    person_key,
    employer_key,
    contract_date,
    CASE
      WHEN si_subsidy_start_date > $reduction_from THEN month_number(si_subsidy_start_date)
      ELSE month_number($reduction_from)
    END AS first,
    CASE WHEN $as_of < $reduction_to THEN month_number($as_of) ELSE month_number($reduction_to) END AS last
  FROM employment
  WHERE si_subsidy_start_date IS NOT NULL
)
