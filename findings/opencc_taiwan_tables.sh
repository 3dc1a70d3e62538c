#!/usr/bin/env bash
# OpenCC 1.4.2 (package opencc), configuration tw2s (Taiwan's writing to simplified), on text that is simplified already.
# The particle 著 of Taiwan becomes 着, as it should (看著 -> 看着); but 著 is turned in simplified words too, where it
# is another word: 显著 (notable) becomes 显着 and 原著 (the original work) becomes 原着. The traditional spelling of
# the first, 顯著, comes out right; t2s keeps all of them and leaves 看著 as it is. Neither touches 甚麼 beyond 甚么.
# So one configuration cannot be run over mixed streams of comments from the mainland and Taiwan.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "opencc==1.4.2"
"$scratch/venv/bin/python" - <<'PYTHON'
import opencc

taiwan, plain = opencc.OpenCC("tw2s"), opencc.OpenCC("t2s")
seen = {text: (taiwan.convert(text), plain.convert(text)) for text in ("看著", "显著", "顯著", "原著", "甚麼")}
print(seen)
assert seen == {
    "看著": ("看着", "看著"),
    "显著": ("显着", "显著"),
    "顯著": ("显著", "显著"),
    "原著": ("原着", "原著"),
    "甚麼": ("甚么", "甚么"),
}, "OpenCC behaves otherwise now"
PYTHON
