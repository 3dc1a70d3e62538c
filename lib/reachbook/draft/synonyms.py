"""The names that columns, values and platforms have in exports, from synonyms.yaml."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from reachbook.tables.contract import CONTRACTS

FILE = Path(__file__).with_name("synonyms.yaml")
_BRACKET = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]\s*$")
_GAPS = re.compile(r"[\s_\-]+")


def folded(name: str) -> str:
    """A name without case, gaps and a bracket at its end: `Order No. (CNY)` is `orderno.`."""
    return _GAPS.sub("", _BRACKET.sub("", name).strip().casefold()) or name.casefold()


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))
    return content


@cache
def _ranks(table: str) -> dict[str, dict[str, int]]:
    """Rank of each folded name by our column, 0 for our own name."""
    listed = _file()["columns"].get(table, {})
    ours = CONTRACTS[table].names
    return {ours_: {folded(str(each)): i for i, each in enumerate([ours_, *listed.get(ours_, [])])} for ours_ in ours}


def candidates(table: str, names: Sequence[str]) -> Mapping[str, list[str]]:
    """Names of a file that may be a column, the likeliest first, by our column; only columns that have any."""
    keys = {name: folded(name) for name in names}
    found = {
        ours: [name for _, name in sorted((ranks[keys[name]], name) for name in names if keys[name] in ranks)]
        for ours, ranks in _ranks(table).items()
    }
    return {ours: each for ours, each in found.items() if each}


def our_value(column: str, value: str) -> str | None:
    """Our word for a value such as 点赞, or None."""
    listed: dict[str, list[str]] = _file()["values"].get(column, {})
    return next((ours for ours, words in listed.items() if value.strip().casefold() in words), None)


def place_in(name: str) -> str | None:
    """The platform that a file's name speaks of, or None if it speaks of none or of several."""
    low = name.casefold()
    found = [ours for ours, words in _file()["places"].items() if any(word in low for word in words)]
    return found[0] if len(found) == 1 else None
