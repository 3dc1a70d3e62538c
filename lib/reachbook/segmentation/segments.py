"""Whether an audience falls into segments, into how many, and who belongs to which."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from reachbook.errors import DataError
from reachbook.segmentation.behaviour import Clustered
from reachbook.segmentation.check import checked
from reachbook.segmentation.partition.moments import Moments
from reachbook.segmentation.partition.search import Search
from reachbook.segmentation.scaling import NEARLY_CONSTANT, Scaled, commonest, scaled
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import chosen, nearest, verdict, with_checks
from reachbook.segmentation.structure.density_valleys import Distinctness, distinctness
from reachbook.segmentation.structure.null_reference import Against, against
from reachbook.segmentation.structure.sparse_reference import Crowd
from reachbook.segmentation.structure.sparse_test import Crowds, Sparse, beside, counts_of
from reachbook.segmentation.structure.stability import Stability, stability
from reachbook.translation import tr

EVALUATED = 10_000
"""Largest number of people that is evaluated; of more, a seeded sample is evaluated and everybody assigned
afterwards.
"""
COMPARED = 1_000
"""Number of people in each reference table and each bootstrap sample."""


@dataclass(frozen=True)
class Segmentation:
    """Segments of an audience, or the finding that there are none, with the evidence.

    Attributes
    ----------
    labels : int array (people,)
        Segment of each person, indexed like the features; 0 is the largest. All 0 where k is 0.
    k : int
        Number of segments; 0 where no structure can be defended.
    verdict : str
        One sentence with the reason.
    stability : float
        Lowest bootstrap Jaccard overlap of any segment, 0 to 1, in the chosen or best rejected partition.
    evidence : pandas.DataFrame
        One row for each k:
        - gain: log ratio of total to within-segment generalised variance;
        - null_mean, null_low, null_high: mean, 2.5 and 97.5 % quantiles of the reference's gain;
        - z, p: see `null_reference.Against`, over all k;
        - stability, rand: lowest bootstrap Jaccard overlap, mean bootstrap adjusted Rand index;
        - smallest, smallest_share: people in the smallest segment, and their share;
        - pass_height, bridge: see `density_valleys.Distinctness`;
        - a bool column for each check.
    candidate : int
        The chosen k, or the best rejected one.
    candidate_labels : int array (people,)
        Partition into `candidate` segments, whether chosen or not.
    passes : float64 array (candidate, candidate)
        Highest pass between each pair of the candidate's segments, over the lower peak.
    jaccard : float64 array (candidate,)
        Bootstrap overlap of each of the candidate's segments.
    gains : float64 array (reference tables, k's)
        Gain of each reference table for each k.
    scaled : Scaled
        The scaled features, and which were dropped; rows in the order of `labels`.
    sparse : Sparse or None
        The candidate compared with counts that may explain it and with equally sparse crowds; None where not tested.
    """

    labels: pd.Series
    k: int
    verdict: str
    stability: float
    evidence: pd.DataFrame
    candidate: int
    candidate_labels: pd.Series
    passes: pd.DataFrame
    jaccard: pd.Series
    gains: pd.DataFrame
    scaled: Scaled
    spec: SegmentationSpec
    sparse: Sparse | None = None

    @property
    def sizes(self) -> pd.Series:
        """Number of people in each segment."""
        return self.labels.value_counts().sort_index()

    @property
    def scaling(self) -> pd.DataFrame:
        """The transform of each kept feature, with its skewness before and after."""
        return self.scaled.steps

    @property
    def dropped(self) -> pd.DataFrame:
        """Dropped features, each with the reason and the feature that it repeats."""
        return self.scaled.dropped


def segment(features: pd.DataFrame, spec: SegmentationSpec | None = None, *, seed: int = 1) -> Segmentation:
    """Find segments that can be defended, or report that there are none.

    Parameters
    ----------
    features : pandas.DataFrame
        One row for each person, indexed by id; non-numeric columns are ignored.
    seed : int
        Seed of all random numbers; the same input and seed give the same result on any number of threads.

    Raises
    ------
    DataError
        The table cannot be segmented.
    """
    spec = spec or SegmentationSpec()
    with threadpool_limits(1):
        return _segment(ready(features), features.index, crowd_of(features), spec, seed)


def ready(features: pd.DataFrame) -> pd.DataFrame:
    """Check the features and order them by their content (see `check.checked`).

    Raises
    ------
    DataError
        The table cannot be segmented.
    """
    values = checked(features)
    if all(commonest(values[name]) >= NEARLY_CONSTANT for name in values):
        raise DataError(
            tr("features: every numeric column is the same for (nearly) everybody. Bring features that vary.")
        )
    return values


def crowd_of(features: pd.DataFrame) -> Crowd | None:
    """The counts behind features computed from raw tables, or None for any other table."""
    return features.crowd if isinstance(features, Clustered) else None


def _segment(
    values: pd.DataFrame, order: pd.Index, crowd: Crowd | None, spec: SegmentationSpec, seed: int
) -> Segmentation:
    table = scaled(values, spec.correlation_limit, np.random.default_rng([seed, 1]))
    ks = numbers(len(values), spec)
    rows = np.sort(np.random.default_rng([seed, 2]).permutation(len(values))[:EVALUATED])
    part = table.rows(rows)
    groups = partitions(part, ks, seed)
    size = min(COMPARED, len(rows))
    steady = stability(part.values, groups, spec.bootstrap_draws, size, np.random.default_rng([seed, 3]), part.grain)
    tight = against(part, ks, spec.null_draws, size, np.random.default_rng([seed, 4]))
    valleys = {k: distinctness(part.smooth, groups[k], k, spec.valley_limit, seed) for k in ks}
    evidence = with_checks(_evidence(ks, groups, steady, tight, valleys, spec), spec)
    evidence, beyond = with_count_check(evidence, values.iloc[rows], part, groups, crowd, spec, seed)
    k, candidate = chosen(evidence), chosen(evidence) or nearest(evidence)
    judged_all = len(rows) == len(values)
    everyone = (
        groups[candidate]
        if judged_all
        else Moments(part.values, table.grain).nearest_segment(table.values, groups[candidate], candidate)
    )
    labels = pd.Series(everyone, index=values.index).reindex(order).rename("segment")
    return Segmentation(
        labels=labels if k else labels * 0,
        k=k,
        verdict=verdict(evidence, k, spec, beyond.get(candidate)),
        stability=steady[candidate].lowest,
        evidence=evidence,
        candidate=candidate,
        candidate_labels=labels,
        passes=pd.DataFrame(valleys[candidate].passes),
        jaccard=pd.Series(steady[candidate].jaccard, name="jaccard"),
        gains=pd.DataFrame(tight.draws, columns=list(ks)),
        scaled=table.rows(values.index.get_indexer(order)),
        spec=spec,
        sparse=beyond.get(candidate),
    )


def numbers(people: int, spec: SegmentationSpec) -> range:
    """Numbers of segments to try: at most one for every 20 people."""
    return range(spec.k_min, max(spec.k_min, min(spec.k_max, people // 20)) + 1)


def with_count_check(
    evidence: pd.DataFrame,
    values: pd.DataFrame,
    part: Scaled,
    groups: dict[int, np.ndarray],
    crowd: Crowd | None,
    spec: SegmentationSpec,
    seed: int,
) -> tuple[pd.DataFrame, dict[int, Sparse]]:
    """Add the check on counts, from the largest k that passes the others down to the first that holds.

    Parameters
    ----------
    values : pandas.DataFrame
        Unscaled features of the people in `part`, row by row.
    groups : dict of int to array
        Labels by k, int array (people,) each.

    Returns
    -------
    evidence
        With the column "counts" filled, and "passes" updated.
    tests
        The test of each k that was tested, by k.
    """
    good = evidence.loc[evidence["passes"], "k"].tolist()[::-1]
    size = min(COMPARED, len(values))
    crowds = Crowds(crowd, values.columns.tolist(), size, spec, seed) if crowd is not None and good else None
    counts, seen = counts_of(values, crowd), {}
    for k in good:
        seen[k] = beside(values, part, groups[k], k, crowds, counts)
        if seen[k].holds(spec.null_level):
            break
    if not good:
        k = nearest(evidence)
        seen = {k: beside(values, part, groups[k], k, None, counts)}
    failed = evidence["k"].isin([k for k, each in seen.items() if not each.holds(spec.null_level)])
    return evidence.assign(counts=~failed, passes=evidence["passes"] & ~failed), seen


def partitions(part: Scaled, ks: range, seed: int) -> dict[int, np.ndarray]:
    """Labels for each k, int array (people,) each, numbered in descending order of size."""
    search = Search(part.values, np.random.default_rng([seed, 5]), part.grain)
    return {k: _ordered(search.partition(k).labels, part.values, k) for k in ks}


def _ordered(labels: np.ndarray, values: np.ndarray, k: int) -> np.ndarray:
    """Renumber `labels`: largest segment first, ties by the centre's first coordinates."""
    means = [tuple(values[labels == j].mean(axis=0).round(6)) if (labels == j).any() else () for j in range(k)]
    order = sorted(range(k), key=lambda j: (-int((labels == j).sum()), means[j]))
    return np.asarray(np.argsort(order)[labels])


def _evidence(
    ks: range,
    partitions: dict[int, np.ndarray],
    steady: dict[int, Stability],
    tight: Against,
    valleys: dict[int, Distinctness],
    spec: SegmentationSpec,
) -> pd.DataFrame:
    low, high = np.quantile(tight.draws, [0.025, 0.975], axis=0)
    smallest = [int(np.bincount(partitions[k], minlength=k).min()) for k in ks]
    return pd.DataFrame(
        {
            "k": list(ks),
            "gain": tight.observed,
            "null_mean": tight.draws.mean(axis=0),
            "null_low": low,
            "null_high": high,
            "z": tight.z,
            "p": tight.p,
            "stability": [steady[k].lowest for k in ks],
            "rand": [float(steady[k].rand.mean()) for k in ks],
            "smallest": smallest,
            "smallest_share": [each / len(partitions[k]) for k, each in zip(ks, smallest, strict=True)],
            "pass_height": [valleys[k].worst for k in ks],
            "bridge": [valleys[k].bridge for k in ks],
            "valley_holds": [valleys[k].holds(spec.valley_limit) for k in ks],
        }
    )
