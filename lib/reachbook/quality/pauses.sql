-- Each account's longest pause, and the whole days without a long pause. A session is a run of events without one.
WITH timed AS (
    SELECT {{ person | identifier }} AS account, "at"
    FROM source
    WHERE {{ person | identifier }} IS NOT NULL AND CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
      AND EXTRACT(HOUR FROM "at") * 3600 + EXTRACT(MINUTE FROM "at") * 60 + FLOOR(EXTRACT(SECOND FROM "at")) <> {{ stamp }}
),
paused AS (
    SELECT account, "at", EPOCH("at") - EPOCH(LAG("at") OVER (PARTITION BY account ORDER BY "at")) AS pause FROM timed
),
numbered AS (
    SELECT account, "at", pause,
           SUM(CASE WHEN pause > {{ pause | literal }} THEN 1 ELSE 0 END) OVER (PARTITION BY account ORDER BY "at") AS session
    FROM paused
),
sessions AS (
    SELECT account, COUNT(*) AS events, MAX(pause) AS pause,
           GREATEST(DATE_DIFF('day', CAST(MIN("at") AS DATE), CAST(MAX("at") AS DATE)) - 1, 0) AS days
    FROM numbered GROUP BY account, session
)
SELECT account, SUM(events) AS events, MAX(pause) AS pause, SUM(days) AS days
FROM sessions
GROUP BY account
HAVING SUM(days) >= {{ days }} OR (SUM(events) >= {{ events }} AND MAX(pause) <= {{ seconds | literal }})
ORDER BY account
