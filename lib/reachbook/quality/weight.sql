-- Main figures of a table, of all rows and of those that no suspect made.
SELECT COUNT(*) AS "rows", COUNT(*) FILTER (WHERE s.account IS NULL) AS rows_without,
       COUNT(DISTINCT {{ person | identifier }}) AS people,
       COUNT(DISTINCT {{ person | identifier }}) FILTER (WHERE s.account IS NULL) AS people_without
       {% if money %},
       CAST(SUM({{ money | identifier }}) AS DOUBLE) AS money,
       CAST(SUM({{ money | identifier }}) FILTER (WHERE s.account IS NULL) AS DOUBLE) AS money_without
       {% endif %}
FROM source LEFT JOIN suspects AS s ON s.account = {{ person | identifier }}
{% if start %}WHERE CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}{% endif %}
