"""The three polarities, and labels that people give, checked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

POLARITIES = ("negative", "neutral", "positive")


def codes(labels: Iterable[object], texts: int | None = None) -> NDArray[np.int64]:
    """Labels as indices into POLARITIES, shape (labels,).

    Raises DataError if a label is none of the three, or if there are not as many labels as `texts`.
    """
    given = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    if texts is not None and len(given) != texts:
        raise DataError(f"{texts} texts came with {len(given)} labels. Give one label a text.")
    known = {name: index for index, name in enumerate(POLARITIES)}
    for row, label in enumerate(given):
        if not isinstance(label, str) or label not in known:
            raise DataError(f"Label number {row + 1} is {label!r}. Write one of: {', '.join(POLARITIES)}.")
    return np.array([known[str(label)] for label in given], dtype=np.int64)


def classes(coded: NDArray[np.int64]) -> NDArray[np.int64]:
    """The polarities that occur, in order.

    Raises DataError if there are fewer than two: nothing can be learnt from one.
    """
    count = Counter(coded.tolist())
    if not count:
        raise DataError("There are no labels. Label some texts of at least two of: " + ", ".join(POLARITIES) + ".")
    if len(count) == 1:
        name, number = POLARITIES[next(iter(count))], count.total()
        raise DataError(f"All {number} labels are {name}. Label some texts of another polarity too.")
    return np.array(sorted(count), dtype=np.int64)
