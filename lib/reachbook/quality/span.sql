-- First and last day of a table's rows, of those in the period where only these count.
SELECT MIN(CAST({{ time | identifier }} AS DATE)) AS first, MAX(CAST({{ time | identifier }} AS DATE)) AS last,
       COUNT({{ time | identifier }}) AS dated
FROM source
{% if start %}WHERE CAST({{ time | identifier }} AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}{% endif %}
