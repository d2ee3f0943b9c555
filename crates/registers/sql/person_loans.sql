-- Facts of a person that follow from loans.
--
-- person.cumulative_loans_fen (分): all start-up loans issued to the person by $as_of, repaid or not. Source: 创业担保贷款.
SELECT borrower_key AS person_key, sum(amount_fen) AS cumulative_loans_fen
FROM loan
WHERE issue_date <= $as_of AND borrower_key IS NOT NULL
GROUP BY borrower_key
