"""Whether the arms are made of the same segments, as random assignment makes them."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency

from reachbook.effects.experiment.units import Units
from reachbook.effects.wording import odds
from reachbook.translation import joined, sentences, tr
from reachbook.verdict import Gate

BLOCK, WARN = 0.001, 0.01
"""Limits on p, as for the sample ratio."""
FEWEST = 5
"""Units that each arm expects of a segment; rarer segments count together."""


def counts(units: Units) -> np.ndarray:
    """Units by arm and segment, int array (arms, segments)."""
    assert units.segment is not None
    size = len(units.arms), len(units.segments)
    cells = np.bincount(units.arm * size[1] + units.segment, minlength=size[0] * size[1])
    return np.asarray(cells.reshape(size))


def same_mix(cells: np.ndarray) -> float:
    """p-value of Pearson's chi-square test that all arms have the same shares of segments; 1 where too few to tell.

    Parameters
    ----------
    cells : int array (arms, segments)
        Units by arm and segment.
    """
    expected = cells.sum(axis=0) * cells.sum(axis=1).min() / cells.sum()
    rare = expected < FEWEST
    pooled = np.column_stack([cells[:, ~rare], cells[:, rare].sum(axis=1)])
    pooled = pooled[:, pooled.sum(axis=0) > 0]
    return float(chi2_contingency(pooled, correction=False).pvalue) if pooled.shape[1] > 1 else 1.0


def mix_check(units: Units) -> list[Gate]:
    """Gate on the arms' shares of segments; none without segments, or where clusters were assigned as a whole."""
    if units.segment is None or len(units.segments) < 2 or units.cluster is not None:
        return []
    cells = counts(units)
    p = same_mix(cells)
    shares = cells / cells.sum(axis=1, keepdims=True)
    at = int(np.argmax(np.ptp(shares, axis=0)))
    told = {
        "segment": units.segments[at],
        "shares": joined(f"{arm} {share:.1%}" for arm, share in zip(units.arms, shares[:, at], strict=True)),
        "odds": odds(p),
    }
    if p >= WARN:
        detail = tr(
            "The arms are made of the same segments; they differ most in {segment}: {shares} (as much in {odds} of "
            "tests; below 0.1% blocks).",
            **told,
        )
        return [Gate("segment_mix", True, detail)]
    detail = tr(
        "The arms are not made of the same segments; they differ most in {segment}: {shares} (by chance in {odds} of "
        "tests; below 0.1% blocks).",
        **told,
    )
    if p >= BLOCK:
        return [
            Gate("segment_mix", False, sentences(detail, tr("It may be chance; check how people were drawn.")), "warn")
        ]
    remedy = tr(
        "Either the shares that were held out differ by segment, or people were lost in one arm more than in another. "
        "Take segments from before the campaign, and hold out one share of all."
    )
    return [Gate("segment_mix", False, sentences(detail, remedy))]
