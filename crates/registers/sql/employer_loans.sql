-- Facts of an employer that follow from loans.
--
-- employer.cumulative_loans_fen (分): all start-up loans issued to the body itself by $as_of, repaid or not. Source: 创业担保贷款.
SELECT employer_key, sum(amount_fen) AS cumulative_loans_fen
FROM loan
WHERE issue_date <= $as_of AND employer_key IS NOT NULL
GROUP BY employer_key
