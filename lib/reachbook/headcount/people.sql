-- One row a person with an event in the period: the platform on which most of it happened, the earlier by name of equal
-- ones (empty where none is known), and the last day.
WITH events AS (
    {% if interactions %}SELECT user_id, platform, CAST("at" AS DATE) AS day FROM interactions{% endif %}
    {% if interactions and orders %}UNION ALL{% endif %}
    {% if orders %}SELECT user_id, platform, CAST("at" AS DATE) AS day FROM orders{% endif %}
),
here AS (
    SELECT * FROM events WHERE user_id IS NOT NULL AND day BETWEEN {{ start | literal }} AND {{ end | literal }}
),
often AS (
    SELECT user_id, platform, COUNT(*) AS events, MAX(day) AS last_day FROM here GROUP BY user_id, platform
)
SELECT user_id,
       FIRST(platform ORDER BY platform IS NULL, events DESC, platform) AS platform,
       MAX(last_day) AS last_day
FROM often
GROUP BY user_id
ORDER BY user_id
