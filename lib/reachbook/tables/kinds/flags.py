"""Flags in the words for yes and no."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import texts
from reachbook.tables.kinds.cells import NULL, Mask, Parsed, text_of, truth
from reachbook.translation import tr

_DIGIT = re.compile("[0-9]")
_TRUE = ("true", "t", "1", "1.0", "yes", "y", "是", "真", "有", "对", "√", "✓", "✔", "☑", "✅", "on")
_FALSE = ("false", "f", "0", "0.0", "no", "n", "否", "假", "无", "無", "没有", "错", "×", "✗", "✘", "☒", "❌", "off")
_PAIRS = tuple(
    frozenset(pair.split())
    for pair in ("true false", "yes no", "y n", "是 否", "真 假", "有 无", "有 無", "√ ×", "✓ ✗", "✔ ✘")
)


def parse_flag(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read flags from true/false, 1/0, yes/no, y/n, 是/否, 真/假, 有/无, √/×, in any case."""
    if pa.types.is_boolean(column.type):
        return Parsed(column)
    text = text_of(column)
    low = pc.utf8_lower(pc.replace_substring(pc.utf8_trim_whitespace(text), "\ufe0f", ""))
    yes = pc.is_in(low, texts([*_TRUE]))
    known = pc.or_(yes, pc.is_in(low, texts([*_FALSE])))
    bad = truth(pc.is_valid(text)) & ~truth(known)
    return Parsed(
        pc.if_else(known, yes, NULL),
        [
            (
                bad,
                lambda v: tr(
                    "{v} is not a flag. Write true or false, 1 or 0, yes or no, 是 or 否, 有 or 无, √ or ×.", v=v
                ),
            )
        ],
    )


def is_flag(text: pa.Array) -> bool:
    """Whether a text column holds only the two words of one pair, such as 是 and 否, in any case."""
    seen = {each.strip().casefold() for each in text.slice(0, 1000).unique().to_pylist() if each}
    pair = next((pair for pair in _PAIRS if seen and seen <= pair), None)
    if pair is None:
        return False
    low = pc.utf8_lower(pc.utf8_trim_whitespace(text))
    return bool(pc.all(pc.is_in(low, texts([*pair, None]))).as_py())


def is_words(text: pa.Array) -> bool:
    """Whether one of the first cells holds no digit and is no word for a flag: then the column is neither numbers nor
    flags.
    """
    seen = (each.strip().replace("\ufe0f", "").casefold() for each in text.slice(0, 1000).to_pylist() if each)
    return any(not _DIGIT.search(each) and each not in (*_TRUE, *_FALSE) for each in seen)
