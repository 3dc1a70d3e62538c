"""A split that one count of few values explains is a cut through it: "one order" and "two or more" are no two kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

EXPLAINED = 0.8
"""Adjusted Rand index from which on a count explains a partition."""
LOW = 6
"""A count is low where three quarters of the people have at most so many."""
VALLEY = 0.5
"""Share of the lower peak below which the count itself has a valley, so that the cut is where people part."""
SEEN = 0.01
FARTHEST = 60
"""Counts beyond are taken together where a valley is sought."""


@dataclass(frozen=True)
class Cut:
    """A partition that is one count, cut. thing : what is counted; sides : which numbers go together, in words."""

    thing: str
    sides: tuple[str, ...]

    @property
    def words(self) -> str:
        """The whole of it as a phrase."""
        return f"one count cut in {len(self.sides)}: people {', '.join(self.sides[:-1])} and people {self.sides[-1]}"


def cut(labels: pd.Series, counts: Mapping[str, pd.Series]) -> Cut | None:
    """The low count that explains a partition best; None where none does, or where the count itself has a valley.

    counts : by the name of one thing counted, how many each person has; index as `labels`.
    """
    found = []
    for thing, each in counts.items():
        number = each.reindex(labels.index).to_numpy(float)
        if np.quantile(number, 0.75) <= LOW and len(np.unique(number)) > 2:
            told = told_by(labels.to_numpy(), number)
            score = float(adjusted_rand_score(labels, told))
            if score >= EXPLAINED and not parts(number, told):
                found.append((score, Cut(thing, _sides(number, told, thing))))
    return max(found, key=lambda f: f[0])[1] if found else None


def told_by(labels: np.ndarray, number: np.ndarray) -> np.ndarray:
    """For each person, the segment of most people with the same number."""
    table = pd.crosstab(number, labels)
    return table.columns.to_numpy()[table.to_numpy().argmax(axis=1)][np.searchsorted(table.index, number)]


def parts(number: np.ndarray, told: np.ndarray) -> bool:
    """Whether every border between the sides lies in a valley of the count's own distribution."""
    number = np.minimum(number, FARTHEST).astype(int)
    people = np.bincount(number)
    groups = [np.unique(number[told == j]) for j in np.unique(told)]
    peaks = sorted(int(g[people[g].argmax()]) for g in groups)
    lows = [people[a : b + 1].min() / min(people[a], people[b]) for a, b in pairwise(peaks)]
    return bool(lows) and max(lows) <= VALLEY


def low_counts(features: pd.DataFrame) -> dict[str, pd.Series]:
    """Columns that are counts of few values, or logs of 1 + such counts, as counts."""
    out = {}
    for name in features:
        values = features[name].to_numpy(float)
        for back in (values, np.expm1(np.clip(values, None, 20.0))):
            if back.min() > -1e-6 and np.abs(back - back.round()).max() < 1e-6:
                out[str(name)] = pd.Series(back.round(), features.index)
                break
    return out


def _sides(number: np.ndarray, told: np.ndarray, thing: str) -> tuple[str, ...]:
    """For each segment, which numbers its people have, in words; numbers that few have are not spelled out."""
    share = pd.Series(number).value_counts(normalize=True)
    common = np.sort(share.index[share >= SEEN].to_numpy(int))
    of = {int(n): int(told[number == n][0]) for n in common}
    order = list(dict.fromkeys(of.values()))
    return tuple(_numbers([n for n in common if of[int(n)] == j], int(common[-1]), thing) for j in order)


def _numbers(mine: list[int], highest: int, thing: str) -> str:
    """Numbers in words: "without an order", "with one order", "with 2 or 3 orders", "with 4 orders or more"."""
    if mine == [0]:
        return f"without {'an' if thing[:1] in 'aeiou' else 'a'} {thing}"
    many = thing if thing.endswith("s") else f"{thing}s"
    if mine[-1] == highest:
        runs = mine if mine == list(range(mine[0], highest + 1)) else []
        return f"with {mine[0]} {many} or more" if runs else f"with {' or '.join(map(str, mine))} {many}"
    if mine == [1]:
        return f"with one {thing}"
    return f"with {' or '.join(map(str, mine))} {many}"
