-- The eight benefits as somebody writes them who knows the data: plain 64-bit arithmetic, ages turned into birth dates.
-- A condition that is null is 待核实 (2), as is an amount that is null.
SELECT
  CASE WHEN c_a THEN 1 WHEN NOT c_a THEN 0 ELSE 2 END AS outcome_a,
  CASE WHEN c_a THEN 300000 END AS amount_a,
  CASE WHEN c_b THEN 1 WHEN NOT c_b THEN 0 ELSE 2 END AS outcome_b,
  CASE WHEN c_b THEN 90500 END AS amount_b,
  CASE WHEN c_c AND m_c IS NOT NULL THEN 1 WHEN NOT c_c THEN 0 ELSE 2 END AS outcome_c,
  CASE WHEN c_c THEN m_c END AS amount_c,
  CASE WHEN c_d THEN 1 WHEN NOT c_d THEN 0 ELSE 2 END AS outcome_d,
  CASE WHEN c_d THEN 150000 END AS amount_d,
  CASE WHEN c_e AND m_e IS NOT NULL THEN 1 WHEN NOT c_e THEN 0 ELSE 2 END AS outcome_e,
  CASE WHEN c_e THEN m_e END AS amount_e,
  CASE WHEN c_f AND m_f IS NOT NULL THEN 1 WHEN NOT c_f THEN 0 ELSE 2 END AS outcome_f,
  CASE WHEN c_f THEN m_f END AS amount_f,
  CASE WHEN c_g AND m_g IS NOT NULL THEN 1 WHEN NOT c_g THEN 0 ELSE 2 END AS outcome_g,
  CASE WHEN c_g THEN m_g END AS amount_g,
  CASE WHEN c_h THEN 1 WHEN NOT c_h THEN 0 ELSE 2 END AS outcome_h,
  CASE WHEN c_h THEN 0 END AS amount_h
FROM (
  SELECT
    "employer.size" IN (2, 3, 4) AND "person.graduate" AND "employment.months" >= 12 AND "employment.insured" >= 3
      AND "employment.contract" BETWEEN DATE '2020-01-01' AND DATE '2020-12-31' AS c_a,
    "employer.kind" = 1 AND "person.hard" AND "employment.insured" >= 1 AS c_b,
    "employer.size" IN (2, 3, 4) AND "employer.staff" > 0 AND "employer.hires" * 100 >= "employer.staff" * 25 AS c_c,
    CASE WHEN "employer.paid_fen" <= 3000000 THEN "employer.paid_fen" WHEN "employer.paid_fen" > 3000000 THEN 3000000
      END AS m_c,
    "person.birth" BETWEEN DATE '1996-01-01' AND DATE '2004-12-31' AND NOT "person.hard" AS c_d,
    "person.level" IN (1, 2) AND "employment.months" >= 36 AND "employment.insured" >= 6 AS c_e,
    CASE WHEN "person.level" = 1 THEN 3000000 WHEN "person.level" <> 1 THEN 1000000 END AS m_e,
    ("person.hard" OR "person.graduate") AND "training.days" > 0 AS c_f,
    "training.days" * 5000 AS m_f,
    "employer.kind" IN (1, 2) AND "employer.staff" <= 30 AS c_g,
    "employer.paid_fen" AS m_g,
    "loan.asked_fen" <= 50000000 AND "employment.contract" >= DATE '2019-06-01'
      AND ("person.graduate" OR "person.hard") AND "employer.hires" >= 3 AS c_h
  FROM people
) AS judged
