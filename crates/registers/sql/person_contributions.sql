-- Facts of a person that follow from contributions and contracts.
--
-- person.ui_insured_months (个月): months in the last 180 for which unemployment insurance was paid, with any employer, each
--   month once. Source: 社会保险缴费明细.
-- person.first_job_in_city (是否): true where all contributions and contracts that the registers of the region hold by $as_of
--   are with one employer, false where they are with more; unknown where there are none. Registers that begin late cannot
--   show what came before them. Source: 社会保险缴费明细, 劳动用工备案.
SELECT
  person_key,
  bit_count(bit_or(ui_recent)) + bit_count(bit_or(ui_middle)) + bit_count(bit_or(ui_old)) AS ui_insured_months,
  CASE WHEN min(employer_key) IS NOT NULL THEN min(employer_key) = max(employer_key) END AS first_job_in_city
FROM (
  SELECT person_key, employer_key, ui_recent, ui_middle, ui_old FROM insured
  UNION ALL
  SELECT person_key, employer_key, 0, 0, 0 FROM employment WHERE contract_date <= $as_of
)
GROUP BY person_key
