-- Kinds, platforms, formats and topics in the period, commonest first.
WITH acts AS (
    SELECT i.platform, i.kind, {% if contents %}c.format, c.topic{% else %}CAST(NULL AS VARCHAR) AS format, CAST(NULL AS VARCHAR) AS topic{% endif %}
    FROM interactions AS i
    {% if contents %}LEFT JOIN contents AS c ON c.content_id = i.content_id{% endif %}
    WHERE CAST(i.at AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
),
long AS (
    SELECT 'platform' AS feature, platform AS level FROM acts
    UNION ALL SELECT 'kind', kind FROM acts
    UNION ALL SELECT 'format', format FROM acts
    UNION ALL SELECT 'topic', topic FROM acts
)
SELECT feature, level, COUNT(*) AS events
FROM long WHERE level IS NOT NULL
GROUP BY feature, level
ORDER BY feature, events DESC, level
