-- Facts of a person that follow from dates.
--
-- person.in_graduation_year (是否): whether $as_of lies in the calendar year of graduation (毕业年度 is the year from 1 January to
--   31 December in which the person graduates). Unknown without a date of graduation. Source: 高校毕业生名册.
-- person.retirement_date (日期): the day a man reaches the statutory age: 60 years; for men born from 1965-01 on, where the
--   decision of 2024-09-13 is known on $known_on, one month later for each four months or part of them, 36 at most.
--   Women retire at 50 or 55 by a status that no register holds: unknown. Source: 实名制就业登记.
SELECT
  p.person_key,
  year(g.graduation_date) = year($as_of) AS in_graduation_year,
  CASE
    WHEN p.sex <> 1 THEN NULL
    WHEN p.birth_date < DATE '1965-01-01' OR $known_on < DATE '2024-09-13' THEN add_months(p.birth_date, 720)
    WHEN p.birth_date >= DATE '1976-09-01' THEN add_months(p.birth_date, 756)
    ELSE add_months(p.birth_date, 721 + (month_number(p.birth_date) - month_number(DATE '1965-01-01')) / 4)
  END AS retirement_date
FROM person p
LEFT JOIN graduate g ON g.person_key = p.person_key
