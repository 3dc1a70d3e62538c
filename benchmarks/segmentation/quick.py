"""The same k as `segment`, sooner: the dear checks are asked only where the cheap ones hold.

`segment` computes every check for every k because a reader wants to see them. The choice is "all checks hold", so that
a k which fails one need not be asked about the others; a test holds both ways equal.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from reachbook.segmentation import SegmentationSpec
from reachbook.segmentation.check import checked
from reachbook.segmentation.scaling import Scaled, scaled
from reachbook.segmentation.segments import COMPARED, crowd_of, numbers, partitions
from reachbook.segmentation.structure.density_valleys import distinctness
from reachbook.segmentation.structure.null_reference import against
from reachbook.segmentation.structure.sparse_reference import Crowd
from reachbook.segmentation.structure.sparse_test import Crowds, beside, counts_of
from reachbook.segmentation.structure.stability import stability


def quick(features: pd.DataFrame, spec: SegmentationSpec | None = None, seed: int = 1) -> tuple[int, pd.Series]:
    """(k, labels) of `segment`, for tables below its sampling size."""
    spec = spec or SegmentationSpec()
    with threadpool_limits(1):
        values = checked(features)
        table = scaled(values, spec.correlation_limit, np.random.default_rng([seed, 1]))
        ks = numbers(len(values), spec)
        found = partitions(table, ks, seed)
        good = [k for k in ks if np.bincount(found[k], minlength=k).min() >= spec.smallest_share * len(values)]
        good = [
            k for k in good if distinctness(table.smooth, found[k], k, spec.valley_limit, seed).holds(spec.valley_limit)
        ]
        size = min(COMPARED, len(values))
        steady = stability(
            table.values,
            {k: found[k] for k in good},
            spec.bootstrap_draws if good else 0,
            size,
            np.random.default_rng([seed, 3]),
            table.grain,
        )
        good = [k for k in good if steady[k].lowest >= spec.stability_limit]
        if good:
            tight = against(table, ks, spec.null_draws, size, np.random.default_rng([seed, 4]))
            good = [k for k in good if tight.p[k - spec.k_min] <= spec.null_level]
        k = largest(values, table, found, good, crowd_of(features), spec, seed)
        labels = found[k] if k else np.zeros(len(values), int)
        return k, pd.Series(labels, index=values.index).reindex(features.index)


def largest(
    values: pd.DataFrame,
    table: Scaled,
    found: dict[int, np.ndarray],
    good: list[int],
    crowd: Crowd | None,
    spec: SegmentationSpec,
    seed: int,
) -> int:
    """The largest of `good` that counts do not explain; 0 where they explain all."""
    if not good:
        return 0
    crowds = None
    if crowd is not None:
        crowds = Crowds(crowd, values.columns.tolist(), min(COMPARED, len(values)), spec, seed)
    counts = counts_of(values, crowd)
    for k in good[::-1]:
        if beside(values, table, found[k], k, crowds, counts).holds(spec.null_level):
            return k
    return 0
