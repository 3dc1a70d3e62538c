"""The language of each comment, from its script alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.sentiment.text.folding import Batch

LANGUAGES = ("none", "zh", "en", "ja", "ko", "other")
_HAN_WORTH = 3
"""Number of Latin letters that weigh as much as one Chinese character: 买了iPhone is Chinese."""
_LAST = 0x30000


def language(batch: Batch) -> NDArray[np.int64]:
    """Index into LANGUAGES of each text, int64 array (texts,).

    Notes
    -----
    "none" means that there is no letter at all (emoji, digits). Latin letters count as English, and Chinese characters
    without kana as Chinese: this detects scripts, and proves no language.
    """
    script = _scripts()[np.minimum(batch.codes, _LAST)]
    rows = np.repeat(np.arange(len(batch)), batch.lengths)
    count = np.stack([np.bincount(rows[script == each], minlength=len(batch)) for each in range(len(LANGUAGES))], 1)
    count[:, 0] = 0
    weight = count * np.array([0, _HAN_WORTH, 1, _HAN_WORTH, _HAN_WORTH, 1])
    weight[:, 3] = np.where(count[:, 3] > 0, weight[:, 3] + weight[:, 1], 0)
    best = weight.argmax(axis=1)
    best[(count[:, 3] > 0) & (best == 1)] = 3
    return np.where(weight.max(axis=1) > 0, best, 0)


@cache
def _scripts() -> NDArray[np.int8]:
    table = np.zeros(_LAST + 1, dtype=np.int8)
    for code in range(0x250, 0x2000):
        table[code] = 5 if chr(code).isalpha() else 0
    for code in [*range(0x41, 0x250)]:
        table[code] = 2 if chr(code).isalpha() else 0
    table[0x3040:0x3100] = 3
    table[0x3400:0xA000] = table[0xF900:0xFB00] = table[0x20000:_LAST] = 1
    table[0xAC00:0xD7A4] = table[0x1100:0x1200] = 4
    return table
