"""Placebo replays of a panel: untreated units in the campaign, and every unit before it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.placebo import NARROWEST, Replay, Replays, weigh
from reachbook.effects.counterfactual.regression import Fit
from reachbook.effects.panel.model import Party, Relative, observed_by_half, span

LEAST = 14
"""Fewest periods that a replay is fitted on."""
_SAMPLES = 10.0
_UNKNOWN = 0.9
"""Assumed correlation of two units that share fewer than three periods."""
_SMALL = 1e-4


def replay(panel: PanelData, scaled: Relative, count: int, level: float, rng: np.random.Generator) -> Replays:
    """Up to `count` placebo replays: sets of as many units as were treated, predicted from the other untreated units.

    With few units the sets overlap; the number of independent replays is at most that of distinct units and windows.
    Sets of several share most of their errors, so that only replays of single units can narrow the intervals.
    """
    found: list[Replay] = []
    used: set[tuple[int, int]] = set()
    for group, before, during in _windows(panel, rng):
        if len(found) == count:
            break
        told = one(panel, scaled, group, before, during)
        if told is None:
            continue
        found.append(told)
        used |= {(int(unit), int(during[0])) for unit in group}
    return weigh(found, level, min(len(found), len(used)), NARROWEST if panel.treated == 1 else 1.0)


def _windows(panel: PanelData, rng: np.random.Generator) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Units, periods before and periods in: controls in the campaign, then all units before it, then new sets."""
    size = max(1, min(panel.treated, len(panel.controls) // 3))
    rows = np.arange(len(panel.time))
    start = int(min(during[0] for during in panel.during))
    length = int(np.median([len(during) for during in panel.during]))
    real = (rows[:start], rows[start : start + length])
    if start >= LEAST:
        for group in _groups(panel.controls, size, rng):
            yield group, *real
    shared = panel.shared
    ends = range(len(shared) - length, max(LEAST, len(shared) // 2) - 1, -length)
    for end in ends:
        yield np.arange(panel.treated), shared[:end], shared[end : end + length]
    for end in ends:
        for group in _groups(panel.controls, size, rng):
            yield group, shared[:end], shared[end : end + length]
    if size > 1 and start >= LEAST:
        for _ in range(20):
            yield from ((group, *real) for group in _groups(panel.controls, size, rng))


def _groups(controls: Ints, size: int, rng: np.random.Generator) -> list[Ints]:
    """Controls in random sets of `size`; none if a set would leave fewer than two others."""
    if len(controls) < size + 2:
        return []
    order = rng.permutation(controls)
    return [order[i : i + size] for i in range(0, len(order) - size + 1, size)]


def one(panel: PanelData, scaled: Relative, group: Ints, before: Ints, during: Ints) -> Replay | None:
    """One placebo: the sum of a set of units, predicted from all other controls.

    Parameters
    ----------
    panel : PanelData
        The panel.
    scaled : Relative
        The panel on the scale of the model.
    group : int array (k,)
        Indices of the units; those not observed in `during`, or fewer than three times in `before`, are dropped.
    before, during : int array (n,), (h,)
        Indices of the periods before and in the placebo campaign.

    Returns
    -------
    Replay or None
        None if no unit remains.
    """
    group = np.array([u for u in group if len(panel.rows(u, before)) >= 3 and len(panel.rows(u, during))], dtype=int)
    if not len(group):
        return None
    past, some = observed_by_half(panel, group, before), ~panel.missing[np.ix_(group, during)].all(axis=0)
    party = Party(group, past, during[some])
    found = scaled.fit(party.unit, np.setdiff1d(panel.controls, group), party.before)
    share = scaled.share(party.unit)[party.during]
    mean, _ = found.average(party.during, share / share.sum())
    error, deviation = float(np.average(found.target[party.during], weights=share)) - mean, span(scaled, party, found)
    names = ", ".join(panel.units[unit] for unit in group)
    return Replay(names, panel.dates[during[0]], len(during), error, deviation)


def correlation(fits: list[tuple[Fit, Ints]]) -> Floats:
    """Correlation of the fits' noise in a period, float array (fits, fits), shrunk where few periods are shared.

    Parameters
    ----------
    fits : list of (Fit, int array (n,))
        Fits, each with the indices of its fitted periods.
    """
    if len(fits) == 1:
        return np.ones((1, 1))
    periods = len(fits[0][0].time)
    noise = np.full((len(fits), periods), np.nan)
    for row, (each, before) in enumerate(fits):
        rest = each.target[before] - each.mean()[before]
        rho = float(each.weight @ each.rho)
        noise[row, before[1:]] = rest[1:] - rho ** np.diff(each.time[before]) * rest[:-1]
    found, shared = _pairs(noise)
    found = np.where(shared < 3, _UNKNOWN, found * shared / (shared + _SAMPLES))
    np.fill_diagonal(found, 1.0)
    return found if (np.isfinite(noise).all(axis=0).sum() >= 3) else _possible(found)


def _pairs(noise: Floats) -> tuple[Floats, Floats]:
    """Pairwise correlation of rows over shared periods, and the number of those, float arrays (rows, rows)."""
    frame, there = pd.DataFrame(noise.T), np.isfinite(noise).astype(float)
    return np.nan_to_num(frame.corr(min_periods=3).to_numpy(), nan=0.0), there @ there.T


def _possible(found: Floats) -> Floats:
    """Positive definite correlation matrix near `found`, whose entries come from different periods."""
    values, vectors = np.linalg.eigh(found)
    mended = vectors * np.maximum(values, _SMALL) @ vectors.T
    size = np.sqrt(np.diag(mended))
    return np.asarray(mended / np.outer(size, size))
