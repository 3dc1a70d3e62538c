"""Label quality: the precision that labels gain, and whether they can be trusted."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reachbook.sentiment.prevalence.shares import prevalence
from reachbook.sentiment.text.labels import POLARITIES, Labels, checked_probabilities, label_codes
from reachbook.stats.agreement import Agreement, agreement


def bought(
    probabilities: np.ndarray, audit_index: np.ndarray, audit_labels: Labels, steps: int = 8, level: float = 0.95
) -> pd.DataFrame:
    """Estimates and intervals after each further part of the audit, in the given order.

    Parameters
    ----------
    probabilities : float64 array (texts, 3)
        Negative, neutral, positive.
    audit_index : int array (labels,)
        Positions of the audited texts.

    Returns
    -------
    pandas.DataFrame
        One row for each number of labels and polarity: labels, polarity, low, middle, high, half_width, bought (points
        of half-width gained by each label since the previous row; missing in the first).
    """
    codes = label_codes(audit_labels, len(audit_index))
    sizes = np.unique(np.geomspace(min(20, len(codes)), len(codes), steps).round().astype(int))
    rows = []
    for n in sizes:
        found = prevalence(probabilities, audit_index[:n], codes[:n], level)
        for name in POLARITIES:
            share = found.interval(name)
            rows.append((int(n), name, share.low, share.middle, share.high, share.half_width))
    frame = pd.DataFrame(rows, columns=["labels", "polarity", "low", "middle", "high", "half_width"])
    step = frame.groupby("polarity")[["labels", "half_width"]].diff()
    return frame.assign(bought=-step["half_width"] * 100 / step["labels"])


def raters(first: Sequence[str], second: Sequence[str], level: float = 0.95) -> Agreement:
    """Agreement of two people's labels of the same comments; see `stats.agreement.agreement`."""
    return agreement(label_codes(list(first)), label_codes(list(second)), 3, level)


def suspects(probabilities: np.ndarray, labels: Labels, most: int = 20) -> pd.DataFrame:
    """Find labels that the model contradicts with more than its usual confidence.

    Parameters
    ----------
    probabilities : float64 array (n, 3)
        From a model that has not seen these labels.
    labels : array (n,)
        Labels to check.
    most : int
        Most rows.

    Returns
    -------
    pandas.DataFrame
        Most suspect first: row, label, model, confidence, own (probability of the label itself).

    Notes
    -----
    A label is suspect where another class reaches the model's mean confidence among members of that class, and the
    label's own class does not.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident learning: estimating uncertainty in dataset labels".
    """
    p, codes = checked_probabilities(probabilities), label_codes(labels, len(probabilities))
    usual = np.array([p[codes == k, k].mean() if (codes == k).any() else np.inf for k in range(3)])
    reached = np.where(p >= usual, p, -1.0)
    best = reached.argmax(axis=1)
    own = p[np.arange(len(p)), codes]
    rows = np.flatnonzero((reached.max(axis=1) > 0) & (best != codes) & (own < usual[codes]))
    frame = pd.DataFrame(
        {
            "row": rows,
            "label": [POLARITIES[k] for k in codes[rows]],
            "model": [POLARITIES[k] for k in best[rows]],
            "confidence": p[rows, best[rows]],
            "own": own[rows],
        }
    )
    return (
        frame.assign(_gap=frame["confidence"] - frame["own"])
        .sort_values(["_gap", "row"], ascending=[False, True], ignore_index=True)
        .drop(columns="_gap")
        .head(most)
    )
