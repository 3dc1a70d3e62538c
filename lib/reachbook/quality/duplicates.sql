-- Rows that repeat an earlier one in all but their id. Rows without an hour are left out: of them, a day's all look alike.
WITH seen AS (
    SELECT HASH({% for column in columns %}{{ column | identifier }}, {% endfor %}
           {% if minute %}DATE_TRUNC('minute', {{ time | identifier }}){% else %}{{ time | identifier }}{% endif %}) AS content,
           CAST({{ time | identifier }} AS DATE) AS day
    FROM source
    WHERE CAST({{ time | identifier }} AS DATE) BETWEEN {{ first | literal }} AND {{ last | literal }}
      AND EXTRACT(HOUR FROM {{ time | identifier }}) * 3600 + EXTRACT(MINUTE FROM {{ time | identifier }}) * 60
          + FLOOR(EXTRACT(SECOND FROM {{ time | identifier }})) <> {{ stamp }}
      {% if person %}AND {{ person | identifier }} IS NOT NULL{% endif %}
),
counted AS (SELECT content, MIN(day) AS day, COUNT(*) AS copies FROM seen GROUP BY content),
daily AS (SELECT day, SUM(copies - 1) AS repeats FROM counted WHERE copies > 1 GROUP BY day)
SELECT COALESCE(SUM(copies), 0) AS asked, COALESCE(SUM(copies - 1), 0) AS repeats, COALESCE(MAX(copies), 0) AS most,
       (SELECT ARG_MAX(day, (repeats, day)) FROM daily) AS worst_day,
       COALESCE((SELECT MAX(repeats) FROM daily), 0) AS on_worst_day
FROM counted
