-- One row a household: everyone who bought anything, with demographics where they are known (801 of 2,469).
SELECT
    CAST(buyers.household_id AS VARCHAR) AS user_id,
    people.age AS age_band,
    people.income,
    people.home_ownership,
    people.marital_status,
    people.household_size,
    people.household_comp,
    people.kids_count
FROM (SELECT DISTINCT household_id FROM transactions) AS buyers
LEFT JOIN demographics AS people ON people.household_id = buyers.household_id
ORDER BY user_id
