-- The employment that a placement led to: the first contract of the same two on the day of the placement or after it.
-- Source: 职业介绍, 劳动用工备案.
SELECT
  p.person_key,
  p.employer_key,
  p.placed_on,
  p.person_key AS to_person_key,
  p.employer_key AS to_employer_key,
  min(e.contract_date) AS to_contract_date
FROM placement p
JOIN employment e ON e.person_key = p.person_key AND e.employer_key = p.employer_key AND e.contract_date >= p.placed_on
GROUP BY p.person_key, p.employer_key, p.placed_on
