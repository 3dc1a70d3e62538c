-- Rows of each part of a table, the largest first.
SELECT {% for column in parts %}COALESCE({{ column | identifier }}, '(none)'){% if not loop.last %} || ' / ' || {% endif %}{% else %}''{% endfor %} AS part,
       COUNT(*) AS "rows"
FROM source
WHERE CAST({{ time | identifier }} AS DATE) BETWEEN {{ first | literal }} AND {{ last | literal }}
GROUP BY part
ORDER BY "rows" DESC, part
