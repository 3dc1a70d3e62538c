#!/usr/bin/env bash
# openpyxl 3.1.5 reads dates that Excel in Chinese keeps under its own numbers of format as bare numbers. ECMA-376 (18.8.30)
# gives the numbers 27 to 36 and 50 to 58 to East Asian date formats: 31 is yyyy"年"m"月"d"日", and the workbook holds no
# format text for it. openpyxl gives 46204 for 1 July 2026, python-calamine 0.9.1 the date. pandas reads xlsx with openpyxl unless
# it is told otherwise, so that a column of days turns into a column of plausible numbers.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "openpyxl==3.1.5" "python-calamine==0.9.1"
"$scratch/venv/bin/python" - "$scratch" <<'PYTHON'
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import python_calamine

folder = Path(sys.argv[1])
book = openpyxl.Workbook()
book.active.append([date(2026, 7, 1)])
book.active["A1"].number_format = "h:mm AM/PM"  # the built-in format 18, which the workbook names by number alone
book.save(folder / "western.xlsx")


def with_format(number):
    """The same workbook with another built-in format for its one cell."""
    path = folder / f"{number}.xlsx"
    with zipfile.ZipFile(folder / "western.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'numFmtId="18"', f'numFmtId="{number}"'.encode()))
    return path


def read(path):
    """The cell as both libraries read it."""
    calamine = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()[0][0]
    return str(openpyxl.load_workbook(path).active["A1"].value), str(calamine)


chinese = [*range(27, 37), *range(50, 59)]
seen = {number: read(with_format(number)) for number in (14, *chinese)}
print("14 (m/d/yy):", *seen[14], "| 31 (yyyy年m月d日):", *seen[31])
assert seen[14] == ("2026-07-01 00:00:00", "2026-07-01"), "the western format is read otherwise now"
assert {seen[number] for number in chinese} == {("46204", "2026-07-01")}, f"the libraries behave otherwise now: {seen}"
PYTHON
