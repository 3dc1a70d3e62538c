-- People by the number of platforms on which they are known, and the people of each platform who are known nowhere else.
WITH seen AS (
    {% for name, person in sources %}
    SELECT DISTINCT {{ person | identifier }} AS person, platform FROM {{ name | identifier }}
    WHERE {{ person | identifier }} IS NOT NULL AND platform IS NOT NULL
    {% if not loop.last %}UNION{% endif %}
    {% endfor %}
),
known AS (SELECT person, COUNT(*) AS platforms, MIN(platform) AS one FROM seen GROUP BY person),
alone AS (SELECT one AS platform, COUNT(*) AS alone FROM known WHERE platforms = 1 GROUP BY one)
SELECT platform, COUNT(*) AS people, COALESCE(MAX(alone), 0) AS alone, (SELECT COUNT(*) FROM known) AS everybody
FROM seen LEFT JOIN alone USING (platform)
GROUP BY platform
ORDER BY people DESC, platform
