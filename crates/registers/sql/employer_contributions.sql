-- Facts of an employer that follow from contributions and registrations as unemployed.
--
-- employer.insured_staff_now (人): people for whom the employer's premium of $settled arrived: the last month of which any
--   premium had arrived by $as_of, or the month before while that month is not over and still being paid.
-- employer.average_insured_staff (人, six digits): people insured, averaged over the months of the calendar year of $as_of in
--   which a premium of the employer had arrived by then.
-- employer.new_hires_in_year (人): people whose first month with this employer lies in that year.
-- employer.layoff_rate_last_year (a share of one, six digits, half up): people who began to draw unemployment benefit in the
--   calendar year before $as_of's after leaving this employer, divided by the monthly average of insured people of that
--   year (新领取失业保险金人数 ÷ 月平均参保人数; standards G14). Unknown where the employer insured nobody in that year.
--   Somebody who began twice counts once.
-- Source: 社会保险缴费明细, 失业登记.
SELECT
  s.employer_key,
  s.insured_staff_now,
  CASE
    WHEN s.months_this_year > 0
    THEN CAST((2000000 * s.person_months_this_year + s.months_this_year) / (2 * s.months_this_year) AS DECIMAL(18, 0))
         * CAST('0.000001' AS DECIMAL(6, 6))
  END AS average_insured_staff,
  s.new_hires_in_year,
  CASE
    WHEN s.person_months_last_year > 0
    THEN CAST((2000000 * coalesce(c.claimants, 0) * s.months_last_year + s.person_months_last_year)
              / (2 * s.person_months_last_year) AS DECIMAL(18, 0))
         * CAST('0.000001' AS DECIMAL(6, 6))
  END AS layoff_rate_last_year
FROM (
  SELECT
    employer_key,
    sum(bit_count(recent & settled_month)) AS insured_staff_now,
    sum(bit_count(recent & this_year)) AS person_months_this_year,
    bit_count(bit_or(recent & this_year)) AS months_this_year,
    sum(bit_count(recent & last_year)) AS person_months_last_year,
    bit_count(bit_or(recent & last_year)) AS months_last_year,
    sum(CASE WHEN first_month >= 12 * year($as_of) THEN 1 ELSE 0 END) AS new_hires_in_year
  FROM (
    SELECT
      employer_key,
      recent,
      first_month,
      month_bits(month_number($until), month_number($settled), month_number($settled)) AS settled_month,
      month_bits(month_number($until), 12 * year($as_of), 12 * year($as_of) + 11) AS this_year,
      month_bits(month_number($until), 12 * year($as_of) - 12, 12 * year($as_of) - 1) AS last_year
    FROM insured
    WHERE employer_key IS NOT NULL
  )
  GROUP BY employer_key
) s
LEFT JOIN (
  SELECT former_employer_key, count(DISTINCT person_key) AS claimants
  FROM unemployment
  WHERE year(benefit_from) = year($as_of) - 1
  GROUP BY former_employer_key
) c ON c.former_employer_key = s.employer_key
