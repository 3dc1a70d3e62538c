"""Daily counts of the streams that are watched: every platform, aspect and segment, and their combinations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.errors import DataError
from reachbook.translation import tr

Key = tuple[str | None, ...]
KEYS = ("platform", "aspect", "segment")


@dataclass(frozen=True)
class Streams:
    """Daily counts.

    Attributes
    ----------
    keys : tuple of Key
        (platform, aspect, segment) of each stream; None stands for all of them.
    days : tuple of date
        Every day of the period.
    negative, total : int64 array (streams, days)
        Number of negatives and of comments.
    """

    keys: tuple[Key, ...]
    days: tuple[date, ...]
    negative: npt.NDArray[np.int64]
    total: npt.NDArray[np.int64]


def streams(
    at: pd.Series,
    negative: np.ndarray,
    *,
    platform: pd.Series | None = None,
    aspects: Mapping[str, np.ndarray] | None = None,
    segment: pd.Series | None = None,
    smallest: float = 3.0,
    learning: int = 21,
) -> Streams:
    """Count the streams with at least `smallest` comments a week in the first `learning` days; that of all comments
    always.

    Parameters
    ----------
    at : pandas.Series
        Local time of each comment.
    negative : bool array (comments,)
        Whether each is negative, by the model or by people.
    platform, segment : pandas.Series or None
        Of each comment, if known.
    aspects : bool array (comments,) each
        Comments on each aspect; a comment may have several, or none.

    Raises
    ------
    DataError
        There is no comment.

    Notes
    -----
    Streams are chosen before the first possible alarm, so that no burst selects itself.
    """
    if len(at) == 0:
        raise DataError(tr("comments: there are none in the period, so nothing can be watched."))
    dates = pd.to_datetime(at).dt.normalize()
    day = (dates - dates.min()).dt.days.to_numpy()
    count = int(day.max()) + 1
    choices = [_flags(platform), {None: None} | dict(aspects or {}), _flags(segment)]
    kept: list[tuple[Key, np.ndarray, np.ndarray]] = []
    for combination in product(*(each.items() for each in choices)):
        flags = [mask for _, mask in combination if mask is not None]
        inside = np.logical_and.reduce(flags) if flags else np.ones(len(day), dtype=bool)
        total = np.bincount(day[inside], minlength=count)
        if not flags or total[:learning].sum() * 7 >= smallest * min(learning, count):
            bad = np.bincount(day[inside & negative.astype(bool)], minlength=count)
            kept.append((tuple(name for name, _ in combination), bad, total))
    return Streams(
        tuple(key for key, _, _ in kept),
        tuple(each.date() for each in pd.date_range(dates.min(), periods=count)),
        np.stack([bad for _, bad, _ in kept]).astype(np.int64),
        np.stack([total for _, _, total in kept]).astype(np.int64),
    )


def _flags(values: pd.Series | None) -> dict[str | None, np.ndarray | None]:
    """Flags for each value, and None for all; a missing value belongs only to the stream of all."""
    found: dict[str | None, np.ndarray | None] = {None: None}
    if values is not None:
        found |= {str(v): (values == v).to_numpy(dtype=bool, na_value=False) for v in sorted(values.dropna().unique())}
    return found
