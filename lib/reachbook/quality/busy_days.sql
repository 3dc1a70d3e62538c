-- Accounts with more rows on some day than a bound, and the most that they had.
SELECT {{ person | identifier }} AS account, MAX(events) AS seen
FROM (
    SELECT {{ person | identifier }}, CAST("at" AS DATE) AS day, COUNT(*) AS events
    FROM source
    WHERE {{ person | identifier }} IS NOT NULL AND CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
    GROUP BY ALL
)
WHERE events > {{ bound }}
GROUP BY account
ORDER BY account
