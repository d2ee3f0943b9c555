-- The start-up that a loan is for: the borrower's only one. Which of several it is for stands in no register, so that
-- nothing is said then. Source: 创业担保贷款, 创业登记.
SELECT
  l.loan_no,
  min(s.founder_key) AS to_founder_key,
  min(s.employer_key) AS to_employer_key
FROM loan l
JOIN startup s ON s.founder_key = l.borrower_key
GROUP BY l.loan_no
HAVING count(*) = 1
