-- The registration as unemployed that a contract ended: the person's last one before the day of the contract, or on it.
-- Without a day of the contract there is none. Source: 失业登记.
SELECT
  e.person_key,
  e.employer_key,
  e.contract_date,
  e.person_key AS to_person_key,
  max(u.registered_date) AS to_registered_date
FROM employment e
JOIN unemployment u ON u.person_key = e.person_key AND u.registered_date <= e.contract_date
GROUP BY e.person_key, e.employer_key, e.contract_date
