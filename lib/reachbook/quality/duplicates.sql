-- Rows that repeat an earlier one in all but their id. Rows without an hour are left out: of them, a day's all look alike.
WITH seen AS (
    SELECT HASH({% for column in columns %}{{ column | identifier }}, {% endfor %}
           {% if minute %}DATE_TRUNC('minute', {{ time | identifier }}){% else %}{{ time | identifier }}{% endif %}) AS content
    FROM source
    WHERE CAST({{ time | identifier }} AS DATE) BETWEEN {{ first | literal }} AND {{ last | literal }}
      AND EXTRACT(HOUR FROM {{ time | identifier }}) * 3600 + EXTRACT(MINUTE FROM {{ time | identifier }}) * 60
          + FLOOR(EXTRACT(SECOND FROM {{ time | identifier }})) <> {{ stamp }}
      {% if person %}AND {{ person | identifier }} IS NOT NULL{% endif %}
),
counted AS (SELECT content, COUNT(*) AS copies FROM seen GROUP BY content)
SELECT COALESCE(SUM(copies), 0) AS asked, COALESCE(SUM(copies - 1), 0) AS repeats,
       COALESCE(MAX(copies), 0) AS most, COALESCE(SUM(CASE WHEN copies > 1 THEN 1 END), 0) AS groups
FROM counted
