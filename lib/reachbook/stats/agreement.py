"""Agreement of two raters beyond chance."""

from dataclasses import dataclass

import numpy as np

from reachbook.stats.intervals import Interval

_DRAWS = 4000


@dataclass(frozen=True)
class Agreement:
    """Agreement of two raters on `items` things.

    Attributes
    ----------
    raw : Interval
        Share of items labelled alike.
    kappa : Interval
        Cohen's kappa.
    alpha : Interval
        Krippendorff's alpha for nominal data.
    confusion : int array (categories, categories)
        Counts, first rater in the rows.
    items : int
        Number of items that both labelled.

    References
    ----------
    Cohen (1960), "A coefficient of agreement for nominal scales". Krippendorff (2011), "Computing Krippendorff's
    alpha-reliability".
    """

    raw: Interval
    kappa: Interval
    alpha: Interval
    confusion: np.ndarray
    items: int


def agreement(first: np.ndarray, second: np.ndarray, categories: int, level: float = 0.95, seed: int = 1) -> Agreement:
    """Estimate the agreement of two raters, with intervals over the items.

    Parameters
    ----------
    first, second : int array (items,)
        Codes 0..categories-1.

    Raises
    ------
    ValueError
        Nothing was labelled by both, or the lengths differ.

    Notes
    -----
    Limits are quantiles under random weights of the items, with one further item added where the sample may not have
    shown one: in disagreement for the lower limit, in agreement for the upper. For raw agreement this is the exact
    Clopper-Pearson interval, see `intervals.bounded_mean`; a few items that all agree do not give an interval of no
    width.

    References
    ----------
    Clopper & Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial".
    """
    if len(first) == 0 or len(first) != len(second):
        raise ValueError("agreement needs the same things labelled by both, at least one")
    cells = np.bincount(first * categories + second, minlength=categories**2).reshape(categories, categories)
    rng = np.random.default_rng(seed)
    weights = rng.standard_gamma(cells, (_DRAWS, categories, categories))
    extra = rng.standard_exponential((_DRAWS, 1, 1))
    same, other = _unseen(cells)
    below, above = (_items(weights + extra * each, len(first)) for each in (other, same))
    tail = (1 - level) / 2
    found = []
    for measure in (_raw, _kappa, _alpha):
        middle = float(measure(cells[None].astype(float))[0])
        low, high = np.quantile(measure(below), tail), np.quantile(measure(above), 1 - tail)
        found.append(Interval(min(float(low), middle), middle, max(float(high), middle)))
    return Agreement(found[0], found[1], found[2], cells, len(first))


def _items(weights: np.ndarray, items: int) -> np.ndarray:
    """Rescale weights to sum to `items`."""
    return np.asarray(weights * (items / weights.sum(axis=(1, 2), keepdims=True)))


def _unseen(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One item of agreement and one of disagreement, distributed as the raters' own marginals, shape of `cells`
    each.
    """
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    chance = np.outer(rows + 1, columns + 1).astype(float)
    same = np.diag(np.diag(chance))
    other = chance - same
    return np.asarray(same / same.sum()), np.asarray(other / other.sum())


def _raw(cells: np.ndarray) -> np.ndarray:
    return np.asarray(np.trace(cells, axis1=1, axis2=2) / cells.sum(axis=(1, 2)))


def _kappa(cells: np.ndarray) -> np.ndarray:
    share = cells / cells.sum(axis=(1, 2), keepdims=True)
    chance = (share.sum(axis=1) * share.sum(axis=2)).sum(axis=1)
    return np.where(chance < 1, (_raw(cells) - chance) / np.maximum(1 - chance, 1e-12), 1.0)


def _alpha(cells: np.ndarray) -> np.ndarray:
    """1 - observed / expected disagreement, with both raters' labels pooled; shape (draws,)."""
    pool = cells.sum(axis=1) + cells.sum(axis=2)
    size = pool.sum(axis=1)
    expected = 1 - (pool * (pool - 1)).sum(axis=1) / np.maximum(size * (size - 1), 1e-12)
    return np.where(expected > 0, 1 - (1 - _raw(cells)) / np.maximum(expected, 1e-12), 1.0)
