#!/usr/bin/env bash
# DuckDB 2.0.0 with SET Calendar = 'chinese' (its extension icu, part of the package) and TimeZone = 'Asia/Shanghai': day
# 1 of month 1 comes out a day late in 2027 (7 February; the almanac has 6 February) and a day early in 2030 (2 February;
# the almanac has 3 February). 2024, 2025, 2026, 2028 and 2029 are right. A leap month bears the number of the month before
# it, so that month 5, day 5 is found twice in 2028. Series that are joined to the Spring Festival by this calendar are
# off by a day in those years; the package holidays has the days of the almanac.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "duckdb==2.0.0" "holidays==0.108"
"$scratch/venv/bin/python" - <<'PYTHON'
from datetime import date, timedelta

import duckdb
import holidays

connection = duckdb.connect()
connection.execute("SET TimeZone = 'Asia/Shanghai'; SET Calendar = 'chinese'")


def days(month, day, first, last):
    """Days of the western calendar that DuckDB calls `day` of `month`: instants at noon in Shanghai."""
    found = connection.execute(
        """
        SELECT n FROM (SELECT n, to_timestamp(n * 86400 + 4 * 3600) AS moment FROM range(?, ?) AS days(n))
        WHERE date_part('month', moment) = ? AND date_part('day', moment) = ?
        """,
        [(first - date(1970, 1, 1)).days, (last - date(1970, 1, 1)).days, month, day],
    ).fetchall()
    return [date(1970, 1, 1) + timedelta(days=n) for (n,) in found]


almanac = [
    min(holidays.country_holidays("CN", years=year, language="en_US", observed=False).get_named("Chinese New Year (Sp"))
    for year in range(2024, 2031)
]
seen = [days(1, 1, date(year, 1, 15), date(year, 3, 1))[0] for year in range(2024, 2031)]
wrong = [(str(here), str(right)) for here, right in zip(seen, almanac, strict=True) if here != right]
twice = [str(day) for day in days(5, 5, date(2028, 5, 1), date(2028, 8, 1))]
print("DuckDB, almanac:", wrong, "month 5, day 5 of 2028:", twice)
assert wrong == [("2027-02-07", "2027-02-06"), ("2030-02-02", "2030-02-03")], "DuckDB behaves otherwise now"
assert twice == ["2028-05-28", "2028-06-27"], "DuckDB behaves otherwise now"
PYTHON
