-- One row a household that was a customer before campaign 18, the largest of the 27: whether it was mailed, what it
-- spent in the eight weeks before, and what it spent while the campaign ran. Nobody says how households were chosen.
WITH campaign AS (
    SELECT CAST(start_date AS DATE) AS first_day, CAST(end_date AS DATE) AS last_day
    FROM campaign_descriptions
    WHERE campaign_id = 18
),

spent AS (
    SELECT
        transactions.household_id,
        SUM(CASE WHEN CAST(transactions.transaction_timestamp AS DATE) BETWEEN campaign.first_day AND campaign.last_day
            THEN transactions.sales_value ELSE 0 END) AS during,
        SUM(CASE WHEN CAST(transactions.transaction_timestamp AS DATE) < campaign.first_day
            AND CAST(transactions.transaction_timestamp AS DATE) >= campaign.first_day - INTERVAL 56 DAY
            THEN transactions.sales_value ELSE 0 END) AS before,
        MIN(CAST(transactions.transaction_timestamp AS DATE)) AS first_seen,
        MIN(campaign.first_day) AS first_day
    FROM transactions, campaign
    GROUP BY transactions.household_id
)

SELECT
    CAST(spent.household_id AS VARCHAR) AS unit_id,
    CASE WHEN mailed.household_id IS NULL THEN 'not mailed' ELSE 'mailed' END AS arm,
    spent.during AS spend_during,
    spent.before AS before
FROM spent
LEFT JOIN (SELECT DISTINCT household_id FROM campaigns WHERE campaign_id = 18) AS mailed
    ON mailed.household_id = spent.household_id
WHERE spent.first_seen < spent.first_day
ORDER BY unit_id
