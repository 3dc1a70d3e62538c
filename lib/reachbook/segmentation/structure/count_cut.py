"""Detect partitions that one count of few values explains, such as "one order" against "two or more"."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from reachbook.translation import listing, mark, tr

THINGS = {"order": mark("orders"), "interaction": mark("interactions"), "event": mark("events")}
"""Several of what is counted, by the name of one."""
ONE = (mark("order"), mark("interaction"), mark("event"))
EXPLAINED = 0.8
"""Adjusted Rand index above which a count explains a partition."""
LOW = 6
"""A count is low if three quarters of the people have at most this number."""
VALLEY = 0.5
"""Share of the lower peak below which the count's own distribution has a valley, so that the cut is a real gap."""
SEEN = 0.01
FARTHEST = 60
"""Larger counts are merged into this one when a valley is searched."""


@dataclass(frozen=True)
class Cut:
    """A partition that is a cut through one count.

    Attributes
    ----------
    thing : str
        What is counted.
    sides : tuple of str
        Which numbers go together, in words, one entry for each segment.
    """

    thing: str
    sides: tuple[str, ...]

    @property
    def words(self) -> str:
        """The cut as a phrase."""
        return tr("one count cut in {n}: {sides}", n=len(self.sides), sides=listing(self.sides))

    @property
    def things(self) -> str:
        """What is counted, for more than one."""
        return _many(self.thing)


def cut(labels: pd.Series, counts: Mapping[str, pd.Series]) -> Cut | None:
    """Return the low count that explains a partition best.

    Parameters
    ----------
    labels : int array (people,)
        Segments.
    counts : mapping of str to pandas.Series
        Each person's count, indexed like `labels`, by the name of one thing counted.

    Returns
    -------
    Cut or None
        None where no count explains it, or where the count's own distribution has valleys at the cuts.
    """
    found = []
    for thing, each in counts.items():
        number = each.reindex(labels.index).to_numpy(float)
        if np.quantile(number, 0.75) <= LOW and len(np.unique(number)) > 2:
            told = majority_by_count(labels.to_numpy(), number)
            score = float(adjusted_rand_score(labels, told))
            if score >= EXPLAINED and not parts(number, told):
                found.append((score, Cut(thing, _sides(number, told, thing))))
    return max(found, key=lambda f: f[0])[1] if found else None


def majority_by_count(labels: np.ndarray, number: np.ndarray) -> np.ndarray:
    """For each person, the most common segment among people with the same number.

    Parameters
    ----------
    labels : int array (people,)
        Segments.
    number : float64 array (people,)
        The count.

    Returns
    -------
    int array (people,)
    """
    table = pd.crosstab(number, labels)
    return table.columns.to_numpy()[table.to_numpy().argmax(axis=1)][np.searchsorted(table.index, number)]


def parts(number: np.ndarray, told: np.ndarray) -> bool:
    """Whether every border between the sides lies in a valley of the count's own distribution.

    Parameters
    ----------
    number : float64 array (people,)
        The count.
    told : int array (people,)
        Segment that the count predicts, see `majority_by_count`.
    """
    number = np.minimum(number, FARTHEST).astype(int)
    people = np.bincount(number)
    groups = [np.unique(number[told == j]) for j in np.unique(told)]
    peaks = sorted(int(g[people[g].argmax()]) for g in groups)
    lows = [people[a : b + 1].min() / min(people[a], people[b]) for a, b in pairwise(peaks)]
    return bool(lows) and max(lows) <= VALLEY


def low_counts(features: pd.DataFrame) -> dict[str, pd.Series]:
    """Columns that are counts, or logs of 1 + counts, converted back to counts, by name."""
    out = {}
    for name in features:
        values = features[name].to_numpy(float)
        for back in (values, np.expm1(np.clip(values, None, 20.0))):
            if back.min() > -1e-6 and np.abs(back - back.round()).max() < 1e-6:
                out[str(name)] = pd.Series(back.round(), features.index)
                break
    return out


def _sides(number: np.ndarray, told: np.ndarray, thing: str) -> tuple[str, ...]:
    """For each segment, its people's numbers in words; rare numbers are not spelled out."""
    share = pd.Series(number).value_counts(normalize=True)
    common = np.sort(share.index[share >= SEEN].to_numpy(int))
    of = {int(n): int(told[number == n][0]) for n in common}
    order = list(dict.fromkeys(of.values()))
    return tuple(_numbers([n for n in common if of[int(n)] == j], int(common[-1]), thing) for j in order)


def _numbers(mine: list[int], highest: int, thing: str) -> str:
    """People by their numbers: "people without orders", "people with one order", "people with 2 orders or more"."""
    many, run = _many(thing), mine == list(range(mine[0], highest + 1))
    if mine == [0]:
        return tr("people without {things}", things=many)
    if run:
        return tr("people with {n} {things} or more", n=mine[0], things=many)
    if mine == [1]:
        return tr("people with one {thing}", thing=tr(thing))
    return tr("people with {numbers} {things}", numbers=listing(map(str, mine), "or"), things=many)


def _many(thing: str) -> str:
    word = THINGS.get(thing, thing if thing.endswith("s") else f"{thing}s")
    return tr(word)
