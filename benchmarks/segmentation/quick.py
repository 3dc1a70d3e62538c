"""The same k as `segment`, sooner: the dear checks are asked only where the cheap ones hold.

`segment` computes every check for every k because a reader wants to see them. The choice is "all checks hold", so that
a k which fails one need not be asked about the others; a test holds both ways equal.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from reachbook.segmentation import SegmentationSpec
from reachbook.segmentation.check import checked
from reachbook.segmentation.distinct import distinctness
from reachbook.segmentation.null import against
from reachbook.segmentation.scaling import scaled
from reachbook.segmentation.segments import COMPARED, partitions
from reachbook.segmentation.stability import stability


def quick(features: pd.DataFrame, spec: SegmentationSpec | None = None, seed: int = 1) -> tuple[int, pd.Series]:
    """(k, labels) of `segment`, for tables below its sampling size."""
    spec = spec or SegmentationSpec()
    with threadpool_limits(1):
        values = checked(features)
        table = scaled(values, spec.correlation_limit, np.random.default_rng([seed, 1]))
        ks = range(spec.k_min, max(spec.k_min, min(spec.k_max, len(values) // 20)) + 1)
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
        )
        good = [k for k in good if steady[k].lowest >= spec.stability_limit]
        if good:
            beside = against(table, ks, spec.null_draws, size, np.random.default_rng([seed, 4]))
            good = [k for k in good if beside.p[k - spec.k_min] <= spec.null_level]
        k = max(good, default=0)
        labels = found[k] if k else np.zeros(len(values), int)
        return k, pd.Series(labels, index=values.index).reindex(features.index)
