-- Facts of a start-up that follow from the founder's others.
--
-- startup.is_first_entity (是否): no other body of the founder was registered on an earlier day (on the same day: has a smaller
--   key). Unknown without a day of registration, and where another body of the founder has none.
-- startup.first_in_ningbo (是否): the same, among what the registers of the region hold: it stands and falls with how far they
--   reach, and the founder's bodies elsewhere are not in them.
-- Source: 创业登记.
SELECT
  founder_key,
  employer_key,
  CASE WHEN undated = 0 THEN place = 1 END AS is_first_entity,
  CASE WHEN undated = 0 THEN place = 1 END AS first_in_ningbo
FROM (
  SELECT
    founder_key,
    employer_key,
    row_number() OVER (PARTITION BY founder_key ORDER BY registration_date, employer_key) AS place,
    sum(CASE WHEN registration_date IS NULL THEN 1 ELSE 0 END) OVER (PARTITION BY founder_key) AS undated
  FROM startup
)
