"""Does this audience fall into segments, into how many, and who is in which?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from reachbook.errors import DataError
from reachbook.segmentation.behaviour import Clustered
from reachbook.segmentation.check import checked
from reachbook.segmentation.fit import Search, nearest_segment
from reachbook.segmentation.scaling import NEARLY_CONSTANT, Scaled, commonest, scaled
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import chosen, judged, nearest, verdict
from reachbook.segmentation.structure.density_valleys import Distinctness, distinctness
from reachbook.segmentation.structure.null_reference import Against, against
from reachbook.segmentation.structure.sparse_reference import Crowd
from reachbook.segmentation.structure.sparse_test import Crowds, Sparse, beside, counts_of
from reachbook.segmentation.structure.stability import Stability, stability

EVALUATED = 10_000
"""More people than this: a seeded sample of so many is judged, then everybody is assigned."""
COMPARED = 1_000
"""People in each reference table and each bootstrap sample."""


@dataclass(frozen=True)
class Segmentation:
    """Segments of an audience, or the finding that there are none, with the evidence.

    labels : segment of each person, int, index of the features; 0 is the largest segment. All 0 where k is 0.
    k : number of segments; 0 where no structure can be defended.
    verdict : one sentence with the reason.
    stability : lowest bootstrap Jaccard overlap of any segment, 0 to 1, of the chosen or the best rejected partition.
    evidence : one row a k: gain (log ratio of total to within-segment generalised variance), null_mean, null_low,
        null_high (2.5 and 97.5 % of the reference), z, p (over all k), stability, rand (mean bootstrap adjusted Rand),
        smallest (people), smallest_share, pass_height, bridge (see distinct.py), and whether each check holds.
    candidate : the k chosen, or the best rejected one; what `candidate_labels` shows.
    candidate_labels : partition into `candidate` segments, whether chosen or not.
    passes : highest pass between each pair of segments of the candidate, over the lower peak.
    jaccard : bootstrap overlap of each segment of the candidate.
    gains : gain of each reference table (rows) for each k (columns).
    scaled : the features as they were compared, and what was dropped; rows in the order of `labels`.
    sparse : the candidate beside counts that may explain it and crowds as sparse; None where it was not asked.
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
        """People in each segment."""
        return self.labels.value_counts().sort_index()

    @property
    def scaling(self) -> pd.DataFrame:
        """What was done to each feature kept: transform, skewness before and after."""
        return self.scaled.steps

    @property
    def dropped(self) -> pd.DataFrame:
        """Features left out, with the reason, and which other one said the same."""
        return self.scaled.dropped


def segment(features: pd.DataFrame, spec: SegmentationSpec | None = None, *, seed: int = 1) -> Segmentation:
    """Find segments that can be defended, or say that there are none.

    features : one row a person, numeric columns, index = ids. Other columns are not looked at.
    seed : of everything random; the same input and seed give the same result on any number of threads.

    Raises DataError for a table that cannot be judged.
    """
    spec = spec or SegmentationSpec()
    with threadpool_limits(1):
        return _segment(ready(features), features.index, crowd_of(features), spec, seed)


def ready(features: pd.DataFrame) -> pd.DataFrame:
    """What is looked at, in an order of its content (see `check.checked`).

    Raises DataError for a table that cannot be judged.
    """
    values = checked(features)
    if all(commonest(values[name]) >= NEARLY_CONSTANT for name in values):
        raise DataError("features: every numeric column is the same for (nearly) everybody. Bring features that vary.")
    return values


def crowd_of(features: pd.DataFrame) -> Crowd | None:
    """The counts behind features of raw tables; None for a table that somebody else made."""
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
    evidence = judged(_evidence(ks, groups, steady, tight, valleys, spec), spec)
    evidence, beyond = counted(evidence, values.iloc[rows], part, groups, crowd, spec, seed)
    k, candidate = chosen(evidence), chosen(evidence) or nearest(evidence)
    judged_all = len(rows) == len(values)
    everyone = (
        groups[candidate]
        if judged_all
        else nearest_segment(table.values, part.values, groups[candidate], candidate, table.grain)
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
    """Numbers of segments that so many people allow: 20 people a segment on average."""
    return range(spec.k_min, max(spec.k_min, min(spec.k_max, people // 20)) + 1)


def counted(
    evidence: pd.DataFrame,
    values: pd.DataFrame,
    part: Scaled,
    groups: dict[int, np.ndarray],
    crowd: Crowd | None,
    spec: SegmentationSpec,
    seed: int,
) -> tuple[pd.DataFrame, dict[int, Sparse]]:
    """The evidence with the check on counts, from the largest k that passes the others down to the first that holds.

    values : the people of `part`, row by row. Returns what was seen at each k asked, too.
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
    """Labels for each k, in order of size."""
    search = Search(part.values, np.random.default_rng([seed, 5]), part.grain)
    return {k: _ordered(search.partition(k).labels, part.values, k) for k in ks}


def _ordered(labels: np.ndarray, values: np.ndarray, k: int) -> np.ndarray:
    """`labels` renumbered: largest segment first, ties by the centre's first coordinates."""
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
