"""Share of each polarity among many texts, from a model's probabilities and a labelled random sample."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.errors import DataError
from reachbook.presentation.numbers import number
from reachbook.sentiment.text.labels import POLARITIES, Labels, audited, checked_probabilities, label_codes
from reachbook.stats.intervals import Interval, bounded_mean, expected_half_width
from reachbook.translation import tr

_STRONGEST = 2.0
_FEWEST = 6
"""Smallest number of labels from which the weight of the model is estimated; below, the labels stand alone."""


@dataclass(frozen=True)
class Prevalence:
    """Shares of negative, neutral and positive, in that order, 0 to 1.

    Attributes
    ----------
    low, middle, high : float64 array (3,)
        Estimates with their intervals; the middles sum to 1.
    counted : float64 array (3,)
        Classify and count: share of texts whose most probable polarity this is, uncorrected.
    expected : float64 array (3,)
        Mean of the probabilities, uncorrected.
    power : float64 array (3,)
        Weight of the model, 0 (labels alone) to 2, near 1 for a calibrated model.
    hits : int64 array (3,)
        Labels of each polarity in the audit.
    net : Interval
        Positive minus negative share.
    level : float
        Level of each interval.
    texts, audit : int
        Number of texts and of labels.
    """

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    counted: np.ndarray
    expected: np.ndarray
    power: np.ndarray
    hits: np.ndarray
    net: Interval
    level: float
    texts: int
    audit: int

    def interval(self, polarity: str) -> Interval:
        """Share of one polarity."""
        k = POLARITIES.index(polarity)
        return Interval(float(self.low[k]), float(self.middle[k]), float(self.high[k]))

    @property
    def half_width(self) -> np.ndarray:
        """Half the length of each interval, float64 array (3,)."""
        return np.asarray((self.high - self.low) / 2)

    def describe(self, polarity: str = "negative") -> str:
        """Describe the estimate in one sentence, with the result of counting for comparison."""
        share, k = self.interval(polarity), POLARITIES.index(polarity)
        return tr(
            "{share} {polarity} ({level:.0%} interval {low} to {high}), from {labels:,} labels and {texts:,} texts; "
            "counting the model's answers gives {counted}.",
            share=number(share.middle, "ratio"),
            polarity=tr(polarity),
            level=self.level,
            low=number(share.low, "ratio"),
            high=number(share.high, "ratio"),
            labels=self.audit,
            texts=self.texts,
            counted=number(float(self.counted[k]), "ratio"),
        )


def prevalence(
    probabilities: np.ndarray,
    audit_index: npt.ArrayLike,
    audit_labels: Labels,
    level: float = 0.95,
    *,
    finite: bool = False,
    adapted: np.ndarray | None = None,
) -> Prevalence:
    """Estimate the share of each polarity by prediction-powered inference.

    Parameters
    ----------
    probabilities : float64 array (texts, 3)
        The model's probabilities.
    audit_index : int array (labels,)
        Positions of labelled texts, a simple random sample of all.
    audit_labels : array (labels,)
        "negative", "neutral" or "positive", or 0, 1, 2.
    level : float
        Coverage of each interval on its own.
    finite : bool
        False for the rate in the population that these texts are a sample of; True for the share among exactly these
        texts, which is known more precisely the larger the labelled part.
    adapted : float64 array (texts, 3)
        Probabilities adapted to the audit (`adaptation.adapted`), for more precision.

    Raises
    ------
    DataError
        The audit is empty, repeats a text, or has an unknown position or label; or the probabilities are invalid.
    ValueError
        `level` is not between 0 and 1.

    Notes
    -----
    Counting a model's predictions inherits its errors. Here the model only adds precision: the labels show its average
    error, which is subtracted. The interval therefore holds however bad the model is, as long as the audit is a simple
    random sample of the texts. In survey statistics this is the difference estimator.

    References
    ----------
    Angelopoulos et al. (2023), "Prediction-powered inference". Angelopoulos, Duchi & Zrnic (2023), "PPI++: efficient
    prediction-powered inference", for the weight of the model.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}, not between 0 and 1")
    p = checked_probabilities(probabilities)
    where = audited(audit_index, len(p))
    labels = label_codes(audit_labels, len(where))
    truth = np.eye(3)[labels]
    guess = p if adapted is None else checked_probabilities(adapted)
    if len(guess) != len(p):
        raise DataError(
            "adapted: " + tr("{rows:,} rows for {texts:,} texts. Give one row a text.", rows=len(guess), texts=len(p))
        )
    each = [_mean(truth[:, k], guess[:, k], where, (0.0, 1.0), level, finite) for k in range(3)]
    net, _ = _mean(truth[:, 2] - truth[:, 0], guess[:, 2] - guess[:, 0], where, (-1.0, 1.0), level, finite)
    middle = np.array([share.middle for share, _ in each])
    middle = middle / middle.sum()
    return Prevalence(
        low=np.minimum([share.low for share, _ in each], middle),
        middle=middle,
        high=np.maximum([share.high for share, _ in each], middle),
        counted=np.bincount(p.argmax(axis=1), minlength=3) / len(p),
        expected=p.mean(axis=0),
        power=np.array([weight for _, weight in each]),
        hits=truth.sum(axis=0).astype(np.int64),
        net=net,
        level=level,
        texts=len(p),
        audit=len(where),
    )


def _mean(
    truth: np.ndarray,
    guess: np.ndarray,
    where: np.ndarray,
    bounds: tuple[float, float],
    level: float,
    finite: bool,
) -> tuple[Interval, float]:
    """Interval for the mean of the truth over all texts, and the mean weight of the guess.

    Parameters
    ----------
    truth : float64 array (labels,)
        True values of the audited texts.
    guess : float64 array (texts,)
        The model's values.
    where : int64 array (labels,)
        Positions of the audited texts.
    bounds : tuple of (float, float)
        Least and largest possible value of the truth.

    Notes
    -----
    Each audited text contributes `truth - weight * (guess - mean guess)`, whose mean is the estimate. The weight comes
    from the other texts of the audit, so that tuning does not bias the mean.
    """
    weight = _weights(truth, guess[where])
    away = guess - guess.mean()
    values = truth - weight * away[where]
    reach = weight.max(initial=0)
    least, most = bounds[0] - reach * max(away.max(), 0), bounds[1] - reach * min(away.min(), 0)
    raw = bounded_mean(values, least, most, level)
    scale = _inflation(truth, values, len(guess), finite)
    middle = float(np.clip(raw.middle, *bounds))
    low, high = middle - scale * (raw.middle - raw.low), middle + scale * (raw.high - raw.middle)
    low, high = (float(np.clip(limit, *bounds)) for limit in (low, high))
    return Interval(low, middle, high), float(weight.mean())


def _weights(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """For each audited text the regression slope of truth on guess among the others, shape (labels,), within 0 to 2."""
    n = len(truth)
    if n < _FEWEST:
        return np.zeros(n)
    t, g = truth - truth.mean(), guess - guess.mean()
    # Taking value i out of centred sums of squares and products leaves S - n / (n - 1) * d_i * e_i.
    both = (t @ g) - n / (n - 1) * t * g
    own = (g @ g) - n / (n - 1) * g * g
    return np.clip(np.divide(both, own, out=np.zeros(n), where=own > 1e-12), 0.0, _STRONGEST)


def _inflation(truth: np.ndarray, values: np.ndarray, texts: int, finite: bool) -> float:
    """Factor on the interval's arms for having labelled a large part of the texts, or for the texts being a sample."""
    part = len(truth) / texts
    if finite:
        return float(np.sqrt(1 - part))
    rest = values.var()
    return float(np.sqrt(1 + part * max(truth.var() / rest - 1, 0))) if rest > 1e-12 else 1.0


@dataclass(frozen=True)
class LabelPlan:
    """Expected half-widths with `labels` random labels.

    Attributes
    ----------
    likely : float64 array (3,)
        If the model is as good as it states, or as the audit so far has shown; ratios.
    worst : float64 array (3,)
        If the model knows nothing and each share is one half, the least favourable case; ratios.
    """

    labels: int
    likely: np.ndarray
    worst: np.ndarray


def plan(
    probabilities: np.ndarray,
    sizes: Sequence[int] = (50, 100, 200, 400, 800),
    level: float = 0.95,
    *,
    audit_index: npt.ArrayLike | None = None,
    audit_labels: Labels | None = None,
) -> list[LabelPlan]:
    """Expected half-widths of `prevalence` for each number of labels, before or after a first audit.

    Parameters
    ----------
    probabilities : float64 array (texts, 3)
        The model's probabilities.
    sizes : sequence of int
        Numbers of labels.
    audit_index : int array (labels,)
        Positions of a first audit, if there is one.
    audit_labels : Labels or None
        Its labels.
    """
    p = checked_probabilities(probabilities)
    deviation = np.sqrt((p * (1 - p)).mean(axis=0))
    if audit_index is not None and audit_labels is not None:
        deviation = _residual_deviation(p, audit_index, audit_labels)
    rows = []
    for n in sizes:
        likely = np.array([expected_half_width(float(s), 1.5, n, level) for s in deviation])
        rows.append(LabelPlan(n, likely, np.full(3, expected_half_width(0.5, 1.0, n, level))))
    return rows


def _residual_deviation(p: np.ndarray, audit_index: npt.ArrayLike, audit_labels: Labels) -> np.ndarray:
    """Standard deviation that the model leaves unexplained in the audit, shape (3,), with one value at a bound."""
    where = audited(audit_index, len(p))
    truth = np.eye(3)[label_codes(audit_labels, len(where))]
    left = truth - np.stack([_weights(truth[:, k], p[where, k]) for k in range(3)], axis=1) * (p[where] - p.mean(0))
    n = len(where)
    return np.asarray(np.sqrt(left.var(axis=0) * n / (n + 1) + n / (n + 1) ** 2 * 0.25))
