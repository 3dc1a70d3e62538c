#!/usr/bin/env bash
# DuckDB 2.0.0, read_csv with its own look at the file: a column of days written as 07/01/2026 is read day first as long as
# no row excludes it, and month first once one does, without a word. An ads console in the United States exports 1 to 5
# July: these are days in January to May. With the whole month in the file the same cells are days in July. A file by week
# and a file by month so disagree about the same spend. State dateformat, or read every column as text.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "duckdb==2.0.0"
cd "$scratch"
venv/bin/python - <<'PYTHON'
from pathlib import Path

import duckdb


def first_and_kind(days):
    Path("spend.csv").write_text("day,spend\n" + "".join(f"07/{day:02}/2026,{day}\n" for day in days))
    first, kind = duckdb.sql("SELECT day, typeof(day) FROM read_csv('spend.csv') ORDER BY spend").fetchall()[1]
    return str(first), kind


seen = {"1 to 5 July": first_and_kind(range(1, 6)), "1 to 31 July": first_and_kind(range(1, 32))}
print("07/02/2026 in a file of", seen)
assert seen == {"1 to 5 July": ("2026-02-07", "DATE"), "1 to 31 July": ("2026-07-02", "DATE")}, (
    "DuckDB behaves otherwise now"
)
PYTHON
