-- Events of each table by second of the day: a time that towers above all others stands for "no hour known".
WITH
events AS (
    {% if interactions %}SELECT 'interactions' AS source, "at" FROM interactions{% endif %}
    {% if interactions and orders %}UNION ALL{% endif %}
    {% if orders %}SELECT 'orders' AS source, "at" FROM orders{% endif %}
),
told AS (
    SELECT source, EXTRACT(HOUR FROM "at") * 3600 + EXTRACT(MINUTE FROM "at") * 60 + FLOOR(EXTRACT(SECOND FROM "at")) AS second_of_day
    FROM events
    WHERE CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
)
SELECT source, CAST(second_of_day AS BIGINT) AS second_of_day, COUNT(*) AS events
FROM told
GROUP BY source, second_of_day
ORDER BY source, events DESC, second_of_day
