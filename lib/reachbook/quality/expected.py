"""What a table's own past says of each slot: the median of the same weekday around it."""

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats, Ints
from reachbook.quality.noise import FEWEST_SEASONS

NEIGHBOURS = 8
"""Weeks nearest to a slot whose same weekday is its past, on both sides as far as there are some."""
FEWEST_WEEKS = 3
"""Other weeks that a slot needs for a past."""
_PAST = 4
"""Weeks before the last slots whose same weekday says what is expected of them."""


def season_of(season: int, slots: int) -> int:
    """The season that can be told apart: one slot where there are too few weeks."""
    return season if slots >= FEWEST_SEASONS * season else 1


def expected(counts: Floats, season: int) -> Floats:
    """Median of the same weekday in the eight nearest other weeks, without the slot itself.

    Parameters
    ----------
    counts : float64 array (..., slots)
        NaN where nothing is known; such slots are nobody's past.

    Returns
    -------
    float64 array (..., slots)
        NaN where no other week is known.
    """
    weeks = by_week(counts, season_of(season, counts.shape[-1]))
    near = weeks[..., _nearest(weeks.shape[-2]), :]
    past = np.where((~np.isnan(near)).sum(axis=-2) >= FEWEST_WEEKS, median(near, -2), np.nan)
    return past.reshape(*counts.shape[:-1], -1)[..., : counts.shape[-1]]


def late_expected(counts: Floats, season: int, latest: int) -> Floats:
    """Median of the same weekday in the four weeks before the last slots, shape (..., latest)."""
    season = season_of(season, counts.shape[-1])
    past = counts[..., :-latest]
    back = -(-latest // season)
    places = past.shape[-1] + np.arange(latest)
    same = np.stack([places - season * (back + week) for week in range(_PAST)])
    return median(np.where(same >= 0, past[..., np.maximum(same, 0)], np.nan), -2)


def profile(counts: Floats, season: int) -> Floats:
    """Median of each weekday over all weeks, for every slot, shape as `counts`."""
    season = season_of(season, counts.shape[-1])
    level = median(by_week(counts, season), -2)
    return np.asarray(level[..., np.arange(counts.shape[-1]) % season])


def by_week(counts: Floats, season: int) -> Floats:
    """Slots as weeks by weekdays, shape (..., weeks, season); what the last week lacks is NaN."""
    lacks = -counts.shape[-1] % season
    padded = np.pad(counts, [(0, 0)] * (counts.ndim - 1) + [(0, lacks)], constant_values=np.nan)
    return padded.reshape(*counts.shape[:-1], -1, season)


def median(values: Floats, axis: int) -> Floats:
    """Median of what is known along an axis; NaN where nothing is.

    Notes
    -----
    `numpy.nanmedian` is slow along short axes and warns where all is missing.
    """
    missing = np.isnan(values)
    if not missing.any():
        return np.asarray(np.median(values, axis=axis))
    ordered = np.sort(values, axis=axis)
    known = (~missing).sum(axis=axis, keepdims=True)
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, values.shape[axis] - 1)
    both = np.take_along_axis(ordered, low, axis) + np.take_along_axis(ordered, high, axis)
    return np.asarray(np.squeeze(both / 2, axis))


def _nearest(weeks: int) -> Ints:
    """The nearest other weeks of each week, shape (weeks, up to `NEIGHBOURS`)."""
    away = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks))).astype(float)
    np.fill_diagonal(away, np.inf)
    order: npt.NDArray[np.int64] = np.argsort(away, axis=1, kind="stable")
    return order[:, : min(NEIGHBOURS, weeks - 1)]
