"""Agreement with the simulated truth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.segmentation.revenue import LEVEL

DRAWS = 1_000


@dataclass(frozen=True)
class TruthAgreement:
    """Adjusted Rand index of segments against the truth, with its 95 % interval.

    Attributes
    ----------
    value, low, high : float
        1 for identical partitions, 0 for chance.
    table : pandas.DataFrame
        People by true segment (rows) and by segment found (columns).
    """

    value: float
    low: float
    high: float
    table: pd.DataFrame


def agreement(labels: pd.Series, truth: pd.Series, seed: int) -> TruthAgreement:
    """Adjusted Rand index of `labels` against `truth`.

    Notes
    -----
    The interval is a bootstrap over people, which is a multinomial over the cells of the table.
    """
    table = pd.crosstab(truth.reindex(labels.index), labels)
    cells = table.to_numpy().astype(float)
    drawn = np.random.default_rng([seed, 7]).multinomial(int(cells.sum()), (cells / cells.sum()).ravel(), DRAWS)
    values = [adjusted_rand(d.reshape(cells.shape)) for d in drawn.astype(float)]
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return TruthAgreement(adjusted_rand(cells), float(low), float(high), table)


def adjusted_rand(cells: np.ndarray) -> float:
    """Adjusted Rand index of a contingency table, shape (true segments, found segments).

    References
    ----------
    Hubert & Arabie (1985), "Comparing partitions".
    """
    pairs = [float((x * (x - 1) / 2).sum()) for x in (cells, cells.sum(axis=0), cells.sum(axis=1))]
    every = cells.sum() * (cells.sum() - 1) / 2
    expected = pairs[1] * pairs[2] / every
    most = (pairs[1] + pairs[2]) / 2
    return 1.0 if most == expected else (pairs[0] - expected) / (most - expected)
