#!/usr/bin/env bash
# ruamel.yaml 0.19.1 (YAML 1.2 is its default) on plain scalars that are text by the core schema of YAML 1.2.2, section
# 10.3.2, whose integers have no digit groups and no binary form. 2026_618 is read as the integer 2026618, 1_000 as 1000,
# 0b11 as 3; 20260101_20260331 becomes one number, too. A plain -_ is taken for an integer as well and then fails with
# Python's ValueError, not with a YAML error that has a line. The other way round, .5e3, a number by the same section, is
# read as text. Ids of campaigns and periods written that way have to stand in quotes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "ruamel.yaml==0.19.1"
"$scratch/venv/bin/python" - <<'PYTHON'
from ruamel.yaml import YAML

texts = ("2026_618", "1_000", "0b11", "20260101_20260331", "'2026_618'", "12:30", "no", ".5e3", "5.0e3")
seen = {text: YAML(typ="safe", pure=True).load(f"id: {text}")["id"] for text in texts}
try:
    YAML(typ="safe", pure=True).load("id: -_")
except ValueError as error:
    seen["-_"] = str(error)
print(seen)
assert seen == {
    "2026_618": 2026618,
    "1_000": 1000,
    "0b11": 3,
    "20260101_20260331": 2026010120260331,
    "'2026_618'": "2026_618",
    "12:30": "12:30",
    "no": "no",
    ".5e3": ".5e3",
    "5.0e3": 5000.0,
    "-_": "invalid literal for int() with base 10: ''",
}, "ruamel.yaml behaves otherwise now"
PYTHON
