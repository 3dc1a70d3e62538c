-- Counts of behaviour, one row a person with at least one event in the period. 1900-01-01 was a Monday. An event at the
-- second of the day that is its table's stamp has a day but no hour.
WITH
{% if interactions %}
acts AS (
    SELECT i.user_id, i.at, i.platform, i.kind, {% if contents %}c.format, c.topic{% else %}CAST(NULL AS VARCHAR) AS format, CAST(NULL AS VARCHAR) AS topic{% endif %}
    FROM interactions AS i
    {% if contents %}LEFT JOIN contents AS c ON c.content_id = i.content_id{% endif %}
    WHERE CAST(i.at AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
),
{% endif %}
{% if orders %}
buys AS (
    SELECT user_id, "at", CAST(amount AS DOUBLE) AS amount, CAST(items AS DOUBLE) AS items,
           CAST(discount AS DOUBLE) AS discount
    FROM orders
    WHERE CAST("at" AS DATE) BETWEEN {{ start | literal }} AND {{ end | literal }}
),
bought AS (
    SELECT user_id, COUNT(*) AS orders_all, SUM(amount) AS revenue, MAX(CAST("at" AS DATE)) AS last_order,
           SUM(CASE WHEN CAST("at" AS DATE) >= {{ money_from | literal }} THEN 1 ELSE 0 END) AS orders,
           SUM(CASE WHEN CAST("at" AS DATE) >= {{ money_from | literal }} THEN amount ELSE 0 END) AS money,
           SUM(items) AS items, COUNT(items) AS items_known,
           SUM(discount) AS discount, COUNT(discount) AS discount_known
    FROM buys GROUP BY user_id
),
{% endif %}
events AS (
    {% if interactions %}SELECT user_id, "at", {{ stamps.interactions | literal }} AS stamp FROM acts{% endif %}
    {% if interactions and orders %}UNION ALL{% endif %}
    {% if orders %}SELECT user_id, "at", {{ stamps.orders | literal }} AS stamp FROM buys{% endif %}
),
told AS (
    SELECT user_id, "at",
           CASE WHEN EXTRACT(HOUR FROM "at") * 3600 + EXTRACT(MINUTE FROM "at") * 60 + FLOOR(EXTRACT(SECOND FROM "at")) = stamp
                THEN -1 ELSE EXTRACT(HOUR FROM "at") END AS hour_told
    FROM events
),
seen AS (
    SELECT user_id, COUNT(*) AS events, MIN(CAST("at" AS DATE)) AS first_day, MAX(CAST("at" AS DATE)) AS last_day,
           COUNT(DISTINCT CAST("at" AS DATE)) AS days,
           SUM(CASE WHEN hour_told >= 0 THEN 1 ELSE 0 END) AS timed,
           {% for part in parts %}
           SUM(CASE WHEN {% for low, high in part %}(hour_told >= {{ low }} AND hour_told < {{ high }}){% if not loop.last %} OR {% endif %}{% endfor %} THEN 1 ELSE 0 END) AS hours_{{ loop.index0 }},
           {% endfor %}
           SUM(CASE WHEN MOD(DATE_DIFF('day', DATE '1900-01-01', CAST("at" AS DATE)), 7) >= 5 THEN 1 ELSE 0 END) AS weekend
    FROM told GROUP BY user_id
){% if interactions %},
acted AS (
    SELECT user_id, COUNT(*) AS acts, MAX(CAST("at" AS DATE)) AS last_act, COUNT(format) AS formats_known, COUNT(topic) AS topics_known
           {% for group, values in levels %}
           {% for value in values %}
           , SUM(CASE WHEN {{ group | identifier }} = {{ value | literal }} THEN 1 ELSE 0 END) AS {{ (group ~ "_" ~ loop.index0) | identifier }}
           {% endfor %}
           {% endfor %}
    FROM acts GROUP BY user_id
){% endif %}

SELECT *
FROM seen
{% if interactions %}LEFT JOIN acted USING (user_id){% endif %}
{% if orders %}LEFT JOIN bought USING (user_id){% endif %}
ORDER BY user_id
