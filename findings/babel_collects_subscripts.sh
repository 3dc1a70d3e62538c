#!/usr/bin/env bash
# Babel 2.18.0 (package babel), collecting messages from Python. Every string literal inside the call counts as part of
# the message, keys of a subscript too: gettext(row["title"]) yields the message "title", and gettext(x["a"]["b"]) the
# message "ab", which nobody says. A catalogue then asks translators for words that no reader sees, and never holds the
# text that is looked up. xgettext takes an argument only if it is a literal. Put the value into a variable first.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "babel==2.18.0"
"$scratch/venv/bin/python" - <<'PYTHON'
from io import BytesIO

from babel.messages.extract import extract

given = ('gettext(row["title"])', 'gettext(x["a"]["b"])', "gettext(title)", 'gettext("{n} of", n=len("abc"))')
seen = [[found[1] for found in extract("python", BytesIO(code.encode()), {"gettext": None})] for code in given]
print(seen)
assert seen == [["title"], ["ab"], [], ["{n} of"]], "Babel behaves otherwise now"
PYTHON
