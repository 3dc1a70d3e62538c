"""The three polarities, and checks of labels that people give."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError
from reachbook.translation import joined, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt
    from numpy.typing import NDArray

type Labels = Sequence[str] | NDArray[np.object_] | NDArray[np.int64]

POLARITIES = (mark("negative"), mark("neutral"), mark("positive"))


def codes(labels: Iterable[object], texts: int | None = None) -> NDArray[np.int64]:
    """Convert labels to indices into POLARITIES, int64 array (labels,).

    Parameters
    ----------
    texts : int or None
        Expected number of labels; None for any.

    Raises
    ------
    DataError
        A label is none of the three, or their number is not `texts`.
    """
    given = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    if texts is not None and len(given) != texts:
        raise DataError(
            "labels: " + tr("{given:,} for {texts:,} texts. Give each text one label.", given=len(given), texts=texts)
        )
    known = {name: index for index, name in enumerate(POLARITIES)}
    for row, label in enumerate(given):
        if not isinstance(label, str) or label not in known:
            raise DataError(
                tr(
                    "Label number {row} is {label!r}. Write one of: {names}.",
                    row=row + 1,
                    label=label,
                    names=joined(POLARITIES),
                )
            )
    return np.array([known[str(label)] for label in given], dtype=np.int64)


def classes(coded: NDArray[np.int64]) -> NDArray[np.int64]:
    """The polarities that occur among `coded`, shape (labels,), in ascending order; int64 array (classes,).

    Raises
    ------
    DataError
        There are fewer than two, from which nothing can be learned.
    """
    count = Counter(coded.tolist())
    if not count:
        raise DataError(
            tr("There are no labels. Label some texts of at least two of: {names}.", names=joined(POLARITIES))
        )
    if len(count) == 1:
        name, number = POLARITIES[next(iter(count))], count.total()
        raise DataError(
            tr("All {count} labels are {name}. Label some texts of another polarity too.", count=number, name=name)
        )
    return np.array(sorted(count), dtype=np.int64)


def label_codes(labels: Labels, texts: int | None = None) -> npt.NDArray[np.int64]:
    """Convert labels, which may be codes already, to indices into POLARITIES, int64 array (labels,).

    Raises
    ------
    DataError
        A value is neither, or there are not `texts` of them.
    """
    whole = (int(value) if isinstance(value, int | np.integer) else value for value in labels)
    names = (POLARITIES[value] if isinstance(value, int) and 0 <= value <= 2 else value for value in whole)
    return codes(names, texts)


def audited(audit_index: npt.ArrayLike, texts: int) -> npt.NDArray[np.int64]:
    """Check the positions of audited texts, and return them as int64 array (labels,).

    Raises
    ------
    DataError
        There are none, or they are repeated, out of range, or not integers.
    """
    raw = np.asarray(audit_index)
    if raw.size == 0:
        raise DataError("audit: " + tr("no text has a label. Have a random sample read; 200 labels are a good start."))
    if raw.ndim != 1 or not np.issubdtype(raw.dtype, np.integer):
        raise DataError(
            "audit_index: " + tr("must hold positions of texts, whole numbers in one dimension. Give those.")
        )
    if raw.min() < 0 or raw.max() >= texts:
        raise DataError(
            "audit_index: "
            + tr(
                "{least} to {most} does not fit {texts:,} texts. Give positions from 0 to {last}.",
                least=raw.min(),
                most=raw.max(),
                texts=texts,
                last=texts - 1,
            )
        )
    if len(np.unique(raw)) < len(raw):
        raise DataError("audit_index: " + tr("a text is in it twice. Keep one label for each text."))
    return raw.astype(np.int64)


def checked_probabilities(probabilities: np.ndarray) -> np.ndarray:
    """Check probabilities, shape (texts, 3), and return them as float64.

    Raises
    ------
    DataError
        The array has another shape, or rows that are not probabilities.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim != 2 or p.shape[1] != 3:
        raise DataError(
            "probabilities: "
            + tr(
                "has shape {given}. Give one row a text, columns {columns}.", given=p.shape, columns=joined(POLARITIES)
            )
        )
    if len(p) == 0:
        raise DataError(
            "probabilities: " + tr("there are no texts, so there are no shares to estimate. Score some texts first.")
        )
    if not np.isfinite(p).all() or p.min() < -1e-6 or np.abs(p.sum(axis=1) - 1).max() > 1e-3:
        raise DataError(
            "probabilities: " + tr("some rows are not three probabilities that sum to 1. Score the texts again.")
        )
    return p
