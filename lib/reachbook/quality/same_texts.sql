-- Accounts that posted a text that many accounts posted, or that they posted many times themselves. Case and spaces do
-- not count.
WITH said AS (
    SELECT {{ person | identifier }} AS account, LOWER(REGEXP_REPLACE("text", '\s+', '', 'g')) AS words
    FROM source
    WHERE {{ person | identifier }} IS NOT NULL AND CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
),
hashed AS (SELECT account, HASH(words) AS words FROM said WHERE LENGTH(words) >= {{ length }}),
counted AS (SELECT account, words, COUNT(*) AS times FROM hashed GROUP BY account, words),
shared AS (SELECT words, COUNT(*) AS accounts FROM counted GROUP BY words)
SELECT account, MAX(times) AS times, MAX(accounts) AS accounts
FROM counted JOIN shared USING (words)
WHERE times >= {{ times }} OR accounts >= {{ accounts }}
GROUP BY account
ORDER BY account
