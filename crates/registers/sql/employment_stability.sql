-- Facts of an employment that follow from the contract.
--
-- employment.stable_months (个月): whole months (Civil Code, arts 201 and 202) that the person has worked for this employer
--   without a break, from the first day of the contract (合同起始日, else 合同签订日) to $as_of, or to the day of leaving.
--   A contract made again on the day after the last one ended is told by the register as the same row with a new
--   合同终止日, so that the first day stands. Unknown where the first day is, and where it lies after $as_of.
-- Source: 劳动用工备案.
SELECT
  person_key,
  employer_key,
  contract_date,
  CASE
    WHEN coalesce(start_date, contract_date) <= $as_of
    THEN full_months(coalesce(start_date, contract_date), CASE WHEN left_on < $as_of THEN left_on ELSE $as_of END)
  END AS stable_months
FROM employment
