#!/usr/bin/env bash
# pyarrow 26.0.1, csv.read_csv without stated types: ids of digits become numbers. Up to 19 digits they stay exact, but
# 00123 and 123 become one id; beyond the range of 64 bits the column becomes float64, and ids that differ in their last
# digits become one, without an error. The choice goes by the cells of the first block: one id of 20 digits changes the
# type of all. Joins and counts of people then put strangers together. State the type of each id as string.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "pyarrow==26.0.1"
"$scratch/venv/bin/python" - <<'PYTHON'
import io

import pyarrow.csv


def distinct(*ids):
    column = pyarrow.csv.read_csv(io.BytesIO("\n".join(("id,n", *(f"{each},1" for each in ids), "")).encode()))["id"]
    return str(column.type), len(column.unique())


seen = {
    "19 digits": distinct("3912345678900000001", "3912345678900000002"),
    "zeros before": distinct("00123", "123"),
    "20 digits": distinct("13912345678900000001", "13912345678900000002"),
    "one of 20 among 19": distinct("3912345678900000001", "3912345678900000002", "13912345678900000001"),
}
print("type and number of distinct ids:", seen)
assert seen == {
    "19 digits": ("int64", 2),
    "zeros before": ("int64", 1),
    "20 digits": ("double", 1),
    "one of 20 among 19": ("double", 2),
}, "pyarrow behaves otherwise now"
PYTHON
