-- Cells with a value in each column.
SELECT COUNT(*) AS "rows"{% for column in columns %}, COUNT({{ column | identifier }}) AS {{ ("filled_" ~ loop.index0) | identifier }}{% endfor %}
FROM source
