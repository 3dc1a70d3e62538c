"""Bring features to comparable, roughly symmetric scales, and say what was done to each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

CLIP = 6.0
"""Scaled values are clipped here (robust standard deviations from the median), so that no outlier is a segment."""


@dataclass(frozen=True)
class Scaled:
    """Features on one scale.

    values : shape (people, kept features), median 0, robust standard deviation 1, clipped at +-`CLIP`.
    names : kept features, in the order of the columns of `values`.
    steps : one row a kept feature: transform, centre, scale, and the skewness before and after.
    dropped : one row a dropped feature: feature, reason, partner, correlation.
    """

    values: np.ndarray
    names: tuple[str, ...]
    steps: pd.DataFrame
    dropped: pd.DataFrame


def skewness(values: np.ndarray) -> float:
    """Moment skewness of the middle 98 % of `values`; 0 where they do not vary."""
    low, high = np.quantile(values, [0.01, 0.99])
    middle = values[(values >= low) & (values <= high)]
    spread = middle.std()
    return float(((middle - middle.mean()) ** 3).mean() / spread**3) if spread > 0 else 0.0


def unit(values: np.ndarray) -> np.ndarray:
    """`values` minus their median, over their robust spread: moving or rescaling a column changes nothing after this."""
    return (values - np.median(values)) / spread(values)


def spread(values: np.ndarray) -> float:
    """Robust standard deviation: from the quartiles, or from wider quantiles where the quartiles coincide.

    A feature of which three quarters are the same number has quartiles that coincide; the standard deviation of its
    middle 98 % (of all of it, if that too is 0) is used then, if larger than what the quartiles give.
    """
    q = np.quantile(values, [0.01, 0.25, 0.75, 0.99])
    quartile = (q[2] - q[1]) / 1.349
    wide = np.clip(values, q[0], q[3]).std() or values.std()
    return float(quartile if quartile > 0.25 * wide else wide)


def shifted_log(values: np.ndarray, offset: float) -> np.ndarray:
    """log of the distance from the minimum plus `offset` times the median distance; equivariant to shift and scale."""
    above = values - values.min()
    middle = np.median(above) or above.mean()
    return np.log(above / middle + offset)


def transformed(values: np.ndarray) -> tuple[np.ndarray, str, float]:
    """`values` with the long tail drawn in: (new values, name of the transform, skewness after).

    Rule: a feature with |skewness| (middle 98 %) of at most 1 is left as it is. Otherwise the shifted log, of the
    feature or of its mirror image, whose offset (1, 0.3, 0.1 or 0.03 median distances) leaves the least skewness.
    """
    before = skewness(values)
    if abs(before) <= 1.0:
        return values, "none", before
    sign = 1.0 if before > 0 else -1.0
    tried = [(sign * shifted_log(sign * values, offset), offset) for offset in (1.0, 0.3, 0.1, 0.03)]
    best, offset = min(tried, key=lambda t: abs(skewness(t[0])))
    mirror = "" if sign > 0 else "mirrored "
    return best, f"{mirror}log, offset {offset:g} median", skewness(best)


def scaled(features: pd.DataFrame, correlation_limit: float) -> Scaled:
    """Transform, scale, clip; drop features that do not vary or that repeat another (|Spearman| above the limit)."""
    constant = [c for c in features if np.ptp(features[c].to_numpy()) == 0]
    varying = features.drop(columns=constant)
    pruned = repeated(varying, correlation_limit)
    kept = varying.drop(columns=[d["feature"] for d in pruned])
    columns, steps = [], []
    for name in kept:
        raw = unit(kept[name].to_numpy(float))
        column, how, after = transformed(raw)
        columns.append(np.clip(unit(column), -CLIP, CLIP))
        steps.append({"feature": name, "transform": how, "skewness_before": skewness(raw), "skewness_after": after})
    dropped = [{"feature": c, "reason": "constant", "partner": None, "correlation": np.nan} for c in constant] + pruned
    return Scaled(
        np.column_stack(columns) if columns else np.empty((len(features), 0)),
        tuple(kept.columns),
        pd.DataFrame(steps, columns=["feature", "transform", "skewness_before", "skewness_after"]),
        pd.DataFrame(dropped, columns=["feature", "reason", "partner", "correlation"]),
    )


def repeated(features: pd.DataFrame, limit: float) -> list[dict[str, object]]:
    """Features to leave out because a kept one says the same, with that one and the Spearman correlation.

    From each too-close pair, closest first, the one more correlated with everything else goes (by name where equal),
    so that the order of the columns does not matter.
    """
    ranks = features.rank()
    table = np.abs(np.corrcoef(ranks.to_numpy().T)).reshape(ranks.shape[1], ranks.shape[1])
    names, gone = list(features.columns), []
    alive = np.ones(len(names), bool)
    np.fill_diagonal(table, 0.0)
    while True:
        open_ = np.where(alive[:, None] & alive[None, :], np.round(table, 9), 0.0)
        if not len(names) or open_.max() <= limit:
            return gone
        i, j = np.unravel_index(int(open_.argmax()), open_.shape)
        first = (round(float(open_[i].sum()), 6), names[i]) > (round(float(open_[j].sum()), 6), names[j])
        drop, keep = (i, j) if first else (j, i)
        alive[drop] = False
        gone.append(
            {
                "feature": names[drop],
                "reason": "repeats another",
                "partner": names[keep],
                "correlation": float(ranks.iloc[:, drop].corr(ranks.iloc[:, keep])),
            }
        )
