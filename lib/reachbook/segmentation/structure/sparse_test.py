"""Test whether a partition shows more than equally sparse crowds without segments."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.segmentation.check import checked
from reachbook.segmentation.partition.search import Search
from reachbook.segmentation.scaling import Scaled, scaled
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.count_cut import Cut, cut, low_counts
from reachbook.segmentation.structure.density_valleys import parted, saddles
from reachbook.segmentation.structure.sparse_reference import Crowd


@dataclass(frozen=True)
class Sparse:
    """One partition compared with equally sparse crowds.

    Attributes
    ----------
    cut : Cut or None
        The low count that explains it, or None.
    draws : int
        Number of crowds drawn.
    reached : int
        Number of them whose own partition has valleys at least as deep. Drawing ends once enough have reached it to
        miss the level.
    """

    cut: Cut | None
    draws: int
    reached: int

    def holds(self, level: float) -> bool:
        """Whether no count explains the partition and at most the share `level` of crowds, the audience included, reach
        it.
        """
        return self.cut is None and (not self.draws or (1 + self.reached) / (1 + self.draws) <= level)


class Crowds:
    """Reference crowds, scaled and searched like the audience, and cached for further k."""

    def __init__(self, crowd: Crowd, columns: list[str], size: int, spec: SegmentationSpec, seed: int) -> None:
        self.size, self.spec, self.seed = size, spec, seed
        drawn = crowd.draw(size * spec.null_draws, np.random.default_rng([seed, 8]))
        self.drawn = drawn[[c for c in drawn if c in columns]]
        self.kept: dict[int, tuple[Scaled, Search]] = {}

    def reaches(self, own: float, draw: int, k: int) -> bool:
        """Whether one crowd's partition has no pass higher than `own`, and no segment that is too small."""
        table, search = self._table(draw)
        labels = search.partition(k).labels
        smallest = np.bincount(labels, minlength=k).min() / self.size
        return bool(smallest >= self.spec.smallest_share) and parted(table.smooth, labels, k, own)

    def _table(self, draw: int) -> tuple[Scaled, Search]:
        if draw not in self.kept:
            rows = self.drawn.iloc[draw * self.size : (draw + 1) * self.size]
            rng = np.random.default_rng([self.seed, 9, draw])
            table = scaled(checked(rows), self.spec.correlation_limit, rng)
            self.kept[draw] = table, Search(table.values, rng, table.grain)
        return self.kept[draw]


def depth(table: Scaled, labels: np.ndarray, k: int) -> float:
    """Highest pass between two segments over the lower peak.

    Parameters
    ----------
    labels : int array (people,)
        Segments 0..k-1.
    """
    return float(np.nanmax(saddles(table.smooth, labels, k)))


def beside(
    values: pd.DataFrame, table: Scaled, labels: np.ndarray, k: int, crowds: Crowds | None, counts: dict[str, pd.Series]
) -> Sparse:
    """Compare one partition with counts that may explain it, and with equally sparse crowds.

    Parameters
    ----------
    values : pandas.DataFrame
        Unscaled features, one row for each person.
    table : Scaled
        The same people's scaled features.
    labels : int array (people,)
        Segments 0..k-1.
    crowds : Crowds or None
        None where the counts behind the features are unknown.
    counts : dict of str to pandas.Series
        Counts that might explain the partition, by name.
    """
    explained = cut(pd.Series(labels, values.index), counts)
    if explained is not None or crowds is None:
        return Sparse(explained, 0, 0)
    rows = np.random.default_rng([crowds.seed, 10]).permutation(len(values))[: crowds.size]
    own = depth(table.rows(rows), labels[rows], k)
    reached, most = 0, crowds.spec.null_level * (crowds.spec.null_draws + 1) - 1
    for draw in range(crowds.spec.null_draws):
        reached += crowds.reaches(own, draw, k)
        if reached > most:
            return Sparse(None, draw + 1, reached)
    return Sparse(None, crowds.spec.null_draws, reached)


def counts_of(values: pd.DataFrame, crowd: Crowd | None) -> dict[str, pd.Series]:
    """The counts that might explain a split: those behind the features where known, else columns that are low
    counts.
    """
    return crowd.named() if crowd is not None else low_counts(values)
