#!/usr/bin/env bash
# pyarrow 26.0.1 on Linux reads the time zone files of the system. Where these are written out in full (Debian, Ubuntu:
# /usr/share/zoneinfo/Europe/Berlin has 2,298 bytes), it knows no summer time after 2037: noon UTC of 1 July is 14:00 in
# Berlin in 2037 and 13:00 in 2038, where Python's zoneinfo has 14:00 from the same file, since it goes by the rule at its
# end. With files in short form (zic -b slim, 705 bytes) pyarrow has 14:00 too. So local_timestamp, assume_timezone and
# casts of far dates depend on how the system packs its files. With no files at all pyarrow raises ArrowInvalid, while
# zoneinfo goes on with the package tzdata. Systems with files in short form cannot show it: there the script says so.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ "$(wc -c </usr/share/zoneinfo/Europe/Berlin)" -lt 1500 ]; then
    echo "The time zone files of this system are in short form: nothing to see here."
    exit 0
fi
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "pyarrow==26.0.1"
"$scratch/venv/bin/python" - <<'PYTHON'
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

noons = [datetime(year, 7, 1, 12, tzinfo=UTC) for year in (2026, 2037, 2038, 2060)]
arrow = pc.local_timestamp(pa.array(noons, pa.timestamp("us", tz="Europe/Berlin")))
seen = {noon.year: (local.as_py().hour, noon.astimezone(ZoneInfo("Europe/Berlin")).hour) for noon, local in zip(noons, arrow)}
print("year: hour by pyarrow, by zoneinfo:", seen)
assert seen == {2026: (14, 14), 2037: (14, 14), 2038: (13, 14), 2060: (13, 14)}, "pyarrow behaves otherwise now"
PYTHON
