#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 2.0.0 to Spark 4.3.0 (needs Java 17): of these expressions the translation runs without a word
# and gives another number. Days between two moments count midnights on DuckDB and whole days on Spark; the weekday of a
# Monday is 1 by DuckDB's isodow and 3 after translation; dayofweek starts at 0 and at 1; log is to base 10 and to base e;
# list(x ORDER BY x DESC) loses its order; casting 2.5 to int rounds and cuts; skewness is corrected for the sample size and
# is not. A query that is tested on one engine says nothing about the other.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check setuptools "duckdb==2.0.0" "sqlglot==30.30.0" "pyspark==4.3.0"
"$scratch/venv/bin/python" - 2>"$scratch/log" <<'PYTHON' || { tail -n 5 "$scratch/log" >&2; exit 1; }
import duckdb
import sqlglot
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
numbers = "FROM (VALUES (1), (2), (3), (9)) AS t(x)"
EXPECTED = {
    "SELECT date_diff('day', TIMESTAMP '2026-07-05 23:00:00', TIMESTAMP '2026-07-06 01:00:00')": (1, 0),
    "SELECT isodow(DATE '2026-07-06')": (1, 3),
    "SELECT dayofweek(DATE '2026-07-06')": (1, 2),
    "SELECT log(100)": (2.0, 4.605),
    f"SELECT list(x ORDER BY x DESC) {numbers}": ([9, 3, 2, 1], [1, 2, 3, 9]),
    "SELECT CAST(2.5 AS int)": (3, 2),
    f"SELECT skewness(x) {numbers}": (1.696, 0.979),
}


def plain(value):
    """A number to three places; a list as it is."""
    return round(value, 3) if isinstance(value, float) else value


seen = {}
for query in EXPECTED:
    translated = sqlglot.transpile(query, read="duckdb", write="spark")[0]
    seen[query] = plain(duckdb.sql(query).fetchall()[0][0]), plain(spark.sql(translated).first()[0])
    print(*seen[query], query, "->", translated, sep=" | ")
assert seen == EXPECTED, f"the translation behaves otherwise now: {seen}"
PYTHON
