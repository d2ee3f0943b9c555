-- grants: every grant by $as_of with whom it concerns and the days it was paid for; what was received before is counted from
-- it (src/derive/history.rs), the same way as the history of one case (crates/rules, case/history.rs).
--
-- begins, ends: first and last day paid for; the day of the grant where the row does not say.
-- months: months paid for; where the row does not say, the whole months of its days; null where there is none, which makes
-- a count of months unknown.
-- household_no: the household of the person. An institution's and a start-up's grants stand under employer_key.
-- A grant that names a person and an employer (因招用某人发给单位) counts for both.
-- Source: 补贴发放, 家庭成员.
SELECT
  g.benefit,
  g.person_key,
  m.household_no,
  g.employer_key,
  g.granted_on,
  coalesce(g."from", g.granted_on) AS begins,
  coalesce(g."to", g.granted_on) AS ends,
  CASE
    WHEN g.months IS NOT NULL THEN g.months
    WHEN full_months(g."from", g."to" + INTERVAL '1 day') > 0 THEN full_months(g."from", g."to" + INTERVAL '1 day')
  END AS months,
  g.amount_fen
FROM benefit_history g
LEFT JOIN (
  SELECT person_key, min(household_no) AS household_no FROM household_member GROUP BY person_key
) m ON m.person_key = g.person_key
WHERE g.granted_on <= $as_of
ORDER BY g.person_key, g.employer_key, g.benefit, g.granted_on, begins, ends, months, g.amount_fen
