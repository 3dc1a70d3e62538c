-- Comments of the period in the order of time.
SELECT
    comment_id, platform, "at", text, user_id, content_id, campaign_id, brand, label,
    CAST("at" AS DATE) AS day
FROM comments
WHERE CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
ORDER BY "at", comment_id
