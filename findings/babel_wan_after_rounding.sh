#!/usr/bin/env bash
# Babel 2.18.0 (package babel), format_compact_decimal in Chinese, which counts in 万 (10^4) and 亿 (10^8).
# The unit is chosen before the number is rounded: 99,999,999 with one decimal becomes 10000万 where Chinese writes 1亿,
# and 9,999.9 keeps its decimal although none is asked for, because below 10^4 the number of digits does not count.
# Above 10^12 there is only 万亿, so that 1.2 x 10^16 reads 12000万亿. Round before formatting to reach the next unit.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "babel==2.18.0"
"$scratch/venv/bin/python" - <<'PYTHON'
from babel.numbers import format_compact_decimal

given = ((99_999_999, 1), (100_000_000, 1), (9_999.9, 0), (10_000, 0), (1.2e16, 0))
seen = [format_compact_decimal(number, locale="zh", fraction_digits=digits) for number, digits in given]
print(seen)
assert seen == ["10000万", "1亿", "9999.9", "1万", "12000万亿"], "Babel behaves otherwise now"
PYTHON
