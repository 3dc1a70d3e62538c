-- Rows at the commonest second of the day, and rows at a whole minute, of a table in the period.
WITH seen AS (
    SELECT CAST(EXTRACT(HOUR FROM {{ time | identifier }}) * 3600 + EXTRACT(MINUTE FROM {{ time | identifier }}) * 60
                + FLOOR(EXTRACT(SECOND FROM {{ time | identifier }})) AS BIGINT) AS second_of_day
    FROM source
    WHERE CAST({{ time | identifier }} AS DATE) BETWEEN {{ first | literal }} AND {{ last | literal }}
),
counted AS (SELECT second_of_day, COUNT(*) AS events FROM seen GROUP BY second_of_day),
ranked AS (SELECT *, ROW_NUMBER() OVER (ORDER BY events DESC, second_of_day) AS place FROM counted)
SELECT SUM(events) AS events, MAX(events) AS commonest,
       COALESCE(MAX(CASE WHEN place > 1 THEN events END), 0) AS next_commonest,
       ARG_MIN(second_of_day, (-events, second_of_day)) AS second_of_day,
       COALESCE(SUM(CASE WHEN second_of_day % 60 = 0 THEN events END), 0) AS whole_minutes
FROM ranked
