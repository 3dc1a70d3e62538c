#!/usr/bin/env bash
# pyarrow 26.0.1 casts texts to decimals without looking for overflow while it reads the digits. Many long texts are refused
# (40 nines: "does not fit in precision"), but others wrap around and pass: 400 nines as decimal128(18, 6) are -1.000000,
# 39 nines as decimal128(38, 0) are negative, 2^128 is 0. The reader of CSV refuses the same 400 nines, but takes 13 digits
# for decimal128(18, 6), which has room for 12 before the point, where the cast says that they do not fit. So a cell in
# which digits of several cells ran together can become a small sum of money. Look at the length of texts before the cast.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "pyarrow==26.0.1"
"$scratch/venv/bin/python" - <<'PYTHON'
import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv


def cast(text, kind):
    try:
        return str(pc.cast(pa.array([text]), kind)[0].as_py())
    except pa.ArrowInvalid:
        return "refused"


def read(text, kind):
    options = pyarrow.csv.ConvertOptions(column_types={"amount": kind})
    try:
        table = pyarrow.csv.read_csv(io.BytesIO(f"amount\n{text}\n".encode()), convert_options=options)
        return str(table["amount"][0].as_py())
    except pa.ArrowInvalid:
        return "refused"


money, whole = pa.decimal128(18, 6), pa.decimal128(38, 0)
seen = {
    "400 nines": (cast("9" * 400, money), read("9" * 400, money)),
    "40 nines": (cast("9" * 40, money), read("9" * 40, money)),
    "39 nines": (cast("9" * 39, whole), read("9" * 39, whole)),
    "2^128": (cast(str(2**128), whole), read(str(2**128), whole)),
    "13 nines": (cast("9" * 13, money), read("9" * 13, money)),
}
print("text: by cast, by the reader of CSV:", seen)
assert seen == {
    "400 nines": ("-1.000000", "refused"),
    "40 nines": ("refused", "refused"),
    "39 nines": ("-20847100762815390390123822295304634369", "refused"),
    "2^128": ("0", "refused"),
    "13 nines": ("refused", "9999999999999.000000"),
}, "pyarrow behaves otherwise now"
PYTHON
