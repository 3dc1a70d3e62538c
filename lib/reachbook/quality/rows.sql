-- Rows by slot, a day or a week counted from the first, and by part; parts that are not watched are taken together.
WITH seen AS (
    SELECT DATE_DIFF('day', {{ first | literal }}, CAST({{ time | identifier }} AS DATE)) AS days,
           {% for column in parts %}COALESCE({{ column | identifier }}, '(none)'){% if not loop.last %} || ' / ' || {% endif %}{% else %}''{% endfor %} AS part,
           {% if measure %}CAST({{ measure | identifier }} AS DOUBLE){% else %}NULL{% endif %} AS measure
    FROM source
    WHERE CAST({{ time | identifier }} AS DATE) BETWEEN {{ first | literal }} AND {{ last | literal }}
)
SELECT CAST(FLOOR(days / {{ step }}) AS BIGINT) AS slot,
       CASE WHEN part IN {{ watched | literal }} THEN part END AS part,
       COUNT(*) AS "rows", SUM(measure) AS measure
FROM seen
GROUP BY ALL
ORDER BY slot, part NULLS LAST
