"""Counterfactual model of a panel: common movement of controls, weekday, drift and autocorrelated noise."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import eigh

from reachbook.arrays import Flags, Floats, Ints
from reachbook.effects.counterfactual.missing_cells import weekdays
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.random_walk import WEEK, drift
from reachbook.effects.counterfactual.regression import Block, Fit, fit, likelihood

POOLED = 8.0
"""Evidence that the controls give on the grid, in units of one unit's own data."""
_UNITS = 10
"""Most controls that are fitted for it."""
_CLEARLY = 3.0
"""Log odds that the raw scale needs over the logarithm."""
_RANK = 40
"""Most directions in which single controls may differ from their common movement."""
_LOUD = 5.0
"""Noise, relative to the quieter controls, from which a control is down-weighted for a single unit."""
_QUIET = 0.2
"""Noise, relative to the median control, below which a control gets no more weight in the sum of many."""
_MANY = 3
"""Fewest units that are modelled as one series; for two the noise is known as well unit by unit."""


@dataclass(frozen=True)
class ControlWeights:
    """Weights of the controls.

    Attributes
    ----------
    noise : float array (units,)
        Noise of each control around the common movement, relative to the usual; ones where all are weighted equally.
    turn : float array (units, k)
        Directions in which single controls differ from their common movement.
    """

    noise: Floats
    turn: Floats

    def share(self, controls: Ints) -> Floats:
        """Weight of each control in the common movement, float array (controls,), summing to one."""
        precision = self.noise[controls] ** -2.0
        return np.asarray(precision / precision.sum())

    def turned(self, controls: Ints) -> Floats:
        """Directions for these controls, float array (controls, k)."""
        return np.eye(len(controls)) if len(controls) <= _RANK else self.turn[controls]


@dataclass(frozen=True)
class Relative:
    """A panel on the scale of the model.

    Attributes
    ----------
    logs : bool
        Whether values are logarithms.
    outcome : float array (units, periods)
        Outcome on the scale of the model.
    divisor : float array (units,)
        Divisor of raw values.
    level : float array (units,)
        Mean outcome before the campaign, in units of the outcome.
    pooled : float array (autocorrelations, combinations)
        Log prior weight on the grid, learned from the controls.
    daily : bool
        Whether a period is a day.
    time : int array (periods,)
        Periods since the first.
    covariates : dict of str to float array (treated units, periods)
        Further columns.
    alone, many : ControlWeights
        Weights for a single unit, whose own noise dominates, and for the sum of `_MANY` or more.
    real : bool array (units, periods)
        Whether there is a row; filled cells are not observations of that unit.
    """

    logs: bool
    outcome: Floats
    divisor: Floats
    level: Floats
    pooled: Floats
    daily: bool
    time: Ints
    covariates: dict[str, Floats]
    alone: ControlWeights
    many: ControlWeights
    real: Flags

    def target(self, unit: int | Ints) -> Floats:
        """Modelled series, float array (periods,): one unit, or the sum of several relative to their usual level.

        Where some of several units have no row the others stand in; NaN where none has one.
        """
        if np.ndim(unit) == 0:
            return np.asarray(self.outcome[unit])
        there, size = self.real[unit], self._size(unit)[:, None]
        values = np.where(there, self.outcome[unit], 0.0)
        raw = np.exp(values - np.log(size)) if self.logs else values  # both over what is usual for the unit
        usual = (size * there).sum(axis=0)
        total = (size * raw * there).sum(axis=0) / np.where(usual > 0, usual, np.nan)
        return np.asarray(np.log(total) if self.logs else total)

    def back(self, unit: int | Ints, values: Floats) -> Floats:
        """`values` (...) of one unit, or of the sum of several, in units of the outcome, float array (...)."""
        if np.ndim(unit) == 0:
            return np.asarray(np.exp(values) if self.logs else values * self.divisor[unit])
        size = float(self._size(unit).sum())
        return np.asarray(size * (np.exp(values) if self.logs else values))

    def share(self, unit: int | Ints) -> Floats:
        """Usual level of those of several units `unit` (k,) that have a row, as a share of all, (periods,)."""
        if np.ndim(unit) == 0:
            return np.ones(len(self.time))
        size = self._size(unit)
        return np.asarray(size @ self.real[unit] / size.sum())

    def thin(self, unit: int | Ints, before: Ints, during: Ints) -> Floats:
        """Factor by which missing rows widen the noise of a sum in each period of `during`.

        It assumes noise that is independent between units and proportional to their size.

        Parameters
        ----------
        unit : int or int array (k,)
            Index of one unit, or of several.
        before, during : int array (n,), (h,)
            Indices of the periods before and in the campaign.

        Returns
        -------
        float array (h,)
            Factor relative to the periods before, 1 or more.
        """
        if np.ndim(unit) == 0 or self.real[unit].all():
            return np.ones(len(during))
        size, there = self._size(unit), self.real[unit]
        apart = np.sqrt(size**2 @ there) / np.maximum(size @ there, 1e-300)
        return np.asarray(np.maximum(apart[during] / np.sqrt(np.mean(apart[before] ** 2)), 1.0))

    def fit(self, unit: int | Ints, controls: Ints, before: Ints, at: tuple[int, int] | None = None) -> Fit:
        """Fit of `unit`, or of several together, given `controls`.

        Parameters
        ----------
        unit : int or int array
            Index of one unit, or of several.
        controls : int array
            Indices of the controls.
        before : int array (n,)
            Indices of the fitted periods.
        at : tuple of (int, int), optional
            Single grid point, as for `regression.fit`.

        Returns
        -------
        Fit
            Posterior.
        """
        target = self.target(unit)
        return fit(target, self.time, _blocks(self, unit, target, controls, before), before, more=self.pooled, at=at)

    def weighing(self, unit: int | Ints) -> ControlWeights:
        """Weights of the controls for one unit or for several together."""
        return self.many if np.size(unit) >= _MANY else self.alone

    def uses(self, unit: int | Ints, found: Fit, controls: Ints) -> Floats:
        """Relative change of the fitted value of `unit` for a relative change of each control, (controls,)."""
        by = self.weighing(unit)
        share, single = by.share(controls), by.turned(controls) @ found.coefficients("single") / by.noise[controls]
        return np.asarray(share * (float(found.coefficients("common")[0]) - single.sum()) + single)

    def _size(self, unit: int | Ints) -> Floats:
        return np.asarray(self.level[unit] if self.logs else self.divisor[unit])


@dataclass(frozen=True)
class Party:
    """Treated units that start and end together and are modelled as one series.

    Attributes
    ----------
    units : int array (k,)
        Indices of the units.
    before : int array
        Periods before, in which at least half of the units have a row if such periods are the majority.
    during : int array
        Campaign periods in which any unit has a row.
    """

    units: Ints
    before: Ints
    during: Ints

    @property
    def unit(self) -> int | Ints:
        """The unit, or int array (k,) of several, as `Relative.fit` expects it."""
        return int(self.units[0]) if len(self.units) == 1 else self.units


def together(panel: PanelData) -> list[Party]:
    """Treated units grouped by the start and end of their campaign, as far as observed rows tell."""
    exact: dict[tuple[int, int, int], list[int]] = {}
    for unit, (before, during) in enumerate(zip(panel.before, panel.during, strict=True)):
        window = (int(before[-1]), int(during[0]), int(during[-1])) if len(during) else (unit, -1, -1)
        exact.setdefault(window, []).append(unit)
    found: list[list[int]] = []
    for units in exact.values():
        same = next((party for party in found if all(_one_campaign(panel, units[0], other) for other in party)), None)
        found.append(units) if same is None else same.extend(units)
    apart = [part for units in found for part in ([units] if len(units) >= _MANY else [[unit] for unit in units])]
    return [_party(panel, np.array(units)) for units in apart]


def _one_campaign(panel: PanelData, unit: int, other: int) -> bool:
    """Whether two units may have started and ended together, given their missing rows."""
    both = (unit, other)
    if not all(len(panel.during[k]) for k in both):
        return False
    start = max(panel.before[k][-1] for k in both) < min(panel.during[k][0] for k in both)
    end = max(int(panel.during[k][-1]) for k in both)
    return bool(start and all(np.isnan(panel.outcome[k, panel.during[k][-1] + 1 : end + 1]).all() for k in both))


def _party(panel: PanelData, units: Ints) -> Party:
    every = [np.unique(np.concatenate([rows[unit] for unit in units])) for rows in (panel.before, panel.during)]
    return Party(units, observed_by_half(panel, units, every[0]), every[1])


def observed_by_half(panel: PanelData, units: Ints, among: Ints) -> Ints:
    """Periods of `among` (n,) in which half of `units` (k,) have a row, or any if those are few; int array (m,)."""
    there = 1 - panel.missing[np.ix_(units, among)].mean(axis=0)
    half, some = among[there >= 0.5], among[there > 0]
    return np.asarray(half if len(half) > len(some) / 2 else some)


def gain_of(scaled: Relative, party: Party, found: Fit) -> tuple[Floats, Floats]:
    """Gain and counterfactual of a party's observed cells, float arrays (periods,), in units of the outcome."""
    share, during = scaled.share(party.unit)[party.during], party.during
    without = scaled.back(party.unit, found.weight @ found.moments(during)[0]) * share
    return scaled.back(party.unit, found.target[during]) * share - without, without


def span(scaled: Relative, party: Party, found: Fit) -> float:
    """Standard deviation of a party's campaign average, on the scale of the model."""
    share = scaled.share(party.unit)[party.during]
    wide = float(np.average(scaled.thin(party.unit, party.before, party.during), weights=share))
    return wide * found.average(party.during, share / share.sum())[1]


def reconciled(
    scaled: Relative, party: Party, sums: Floats, paths: dict[int, Floats], during: tuple[Ints, ...]
) -> dict[int, Floats]:
    """Draws of each unit's path adjusted to the draws of their sum, period by period, on the scale of the model.

    Each unit moves by the same ratio (on the raw scale in proportion to its usual level), so that what units share
    comes from the fit of the sum.

    Parameters
    ----------
    scaled : Relative
        The panel.
    party : Party
        Units.
    sums : float array (draws, periods)
        Draws of the sum.
    paths : dict of int to float array (draws, own periods)
        Draws of each unit; changed in place.
    during : tuple of int array
        Campaign periods of each unit.

    Returns
    -------
    dict of int to float array
        `paths`.
    """
    total, usual = np.zeros(sums.shape), np.zeros(sums.shape[1])
    at = {unit: np.searchsorted(party.during, during[unit]) for unit in paths}
    for unit, path in paths.items():
        size = float(scaled._size(unit))
        total[:, at[unit]] += size * np.exp(path - np.log(size)) if scaled.logs else size * path
        usual[at[unit]] += size
    off = sums - np.log(total / usual) if scaled.logs else sums - total / usual
    for unit, path in paths.items():
        path += off[:, at[unit]]
    return paths


def relative(panel: PanelData) -> Relative:
    """The panel on the better-fitting scale, logarithm or raw, with grid weights learned from the controls.

    The logarithm is used unless the raw scale is e^3 times likelier; it requires positive outcomes.

    Notes
    -----
    Values are relative (logarithms, or ratios to the unit's mean), so that neither currency nor size matters.
    Autocorrelation, drift and the use of single controls are pooled over units. Several units together are one series,
    their sum, whose noise is measured rather than derived.
    """
    raw = _on(panel, logs=False)
    if not (panel.outcome[np.isfinite(panel.outcome)] > 0).all():
        return replace(raw, pooled=_pooled(raw, panel)[0])
    log = _on(panel, logs=True)
    pool, odds = _pooled(log, panel)
    raw_pool, raw_odds = _pooled(raw, panel)
    for party in together(panel):
        unit, before = party.unit, party.before
        odds += log.fit(unit, panel.controls, before).evidence - float(log.target(unit)[before].sum())
        size = float(raw.divisor[party.units].sum() / (log.level[party.units].sum() if len(party.units) > 1 else 1.0))
        raw_odds += raw.fit(unit, panel.controls, before).evidence - len(before) * float(np.log(size))
    better = raw_odds - odds > _CLEARLY
    return replace(raw, pooled=raw_pool) if better else replace(log, pooled=pool)


def _on(panel: PanelData, logs: bool) -> Relative:
    level = _levels(panel)
    spread = np.nanstd(panel.outcome, axis=1)
    positive = (np.nan_to_num(panel.outcome) >= 0).all()
    divisor = np.where(level > 0, level, 1.0) if positive else np.where(spread > 0, spread, 1.0)
    values = np.log(panel.outcome) if logs else panel.outcome / divisor[:, None]
    own = _strays(values[panel.controls], panel.time if panel.daily else np.zeros(len(panel.time), np.int64))
    loud = own / np.quantile(own, 0.25)
    alone, many = np.where(loud > _LOUD, loud, 1.0), np.maximum(own / np.median(own), _QUIET)
    return Relative(
        logs, values, divisor, level, np.zeros(()), panel.daily, panel.time, panel.covariates,
        _weighing(values, panel.controls, alone), _weighing(values, panel.controls, many), ~panel.missing,
    )  # fmt: skip


def _weighing(values: Floats, controls: Ints, noise: Floats) -> ControlWeights:
    """Weights from values (units, periods) and the controls' noise (controls,)."""
    every, turn = np.ones(len(values)), np.zeros((len(values), min(_RANK, len(controls))))
    every[controls], turn[controls] = noise, _directions(values[controls], noise)
    return ControlWeights(every, turn)


def _levels(panel: PanelData) -> Floats:
    """Mean outcome of each unit before any campaign, float array (units,); before its own if it has no row then."""
    early = np.arange(len(panel.time)) <= min(int(rows[-1]) for rows in panel.before)
    there = np.isfinite(panel.outcome) & early
    for unit in np.flatnonzero(~there.any(axis=1)):
        there[unit, panel.before[unit]] = True
    return np.asarray(np.where(there, panel.outcome, 0.0).sum(axis=1) / there.sum(axis=1))


def _directions(values: Floats, noise: Floats) -> Floats:
    """Principal directions, float array (controls, k), in which controls differ from their common movement.

    `values` is (controls, periods); differences are measured in each control's noise. Coefficients of the directions
    have the prior that independent coefficients of the controls imply; with at most `_RANK` controls nothing is lost.
    """
    count = len(values)
    if count <= _RANK:
        return np.eye(count)
    moves = values - values.mean(axis=1, keepdims=True)
    precision = noise**-2.0
    apart = (moves - precision @ moves / precision.sum()) / noise[:, None]
    return np.asarray(eigh(apart @ apart.T, subset_by_index=(count - _RANK, count - 1))[1])


def _strays(values: Floats, time: Ints) -> Floats:
    """Robust deviation of each control from common movements, float array (controls,); ones if it cannot be estimated.

    `values` is (controls, periods). Weekday patterns and the principal common movements are removed; the latter come
    from correlations, so that no control dominates by its noise. A control that moves with a region does not stray.
    """
    moves = values - values.mean(axis=1, keepdims=True)
    for day in np.unique(time % WEEK):
        here = time % WEEK == day
        moves[:, here] -= moves[:, here].mean(axis=1, keepdims=True)
    count, periods = moves.shape
    if count < 3 or periods < 2 * WEEK:
        return np.ones(count)
    size = np.array([_noise(each) for each in moves])
    standard = np.clip(moves / size[:, None], -5, 5)
    shared = 1 + min(2, count // 8)
    main = eigh(standard @ standard.T, subset_by_index=(count - shared, count - 1))[1]
    own = size * np.array([_noise(each) for each in standard - main @ (main.T @ standard)])
    return np.asarray(own)


def _pooled(scaled: Relative, panel: PanelData) -> tuple[Floats, float]:
    """Log prior weight on the grid from controls fitted on each other, and their evidence for this scale."""
    controls = panel.controls
    if len(controls) < 3:
        return np.zeros(()), 0.0
    everywhere = np.arange(len(panel.time))
    total, odds = np.zeros(()), 0.0
    chosen = controls[np.linspace(0, len(controls) - 1, min(_UNITS, len(controls))).astype(int)]
    for unit in chosen:
        there = panel.rows(int(unit), everywhere)
        blocks = blocks_of(scaled, int(unit), controls[controls != unit], there)
        found, evidence = likelihood(scaled.outcome[unit], scaled.time, blocks, there)
        total = total + found
        jacobian = scaled.outcome[unit, there].sum() if scaled.logs else len(there) * np.log(scaled.divisor[unit])
        odds += evidence - float(jacobian)
    return total * (POOLED / len(chosen)), odds


def blocks_of(scaled: Relative, unit: int | Ints, controls: Ints, before: Ints) -> list[Block]:
    """Regressors of `unit` and their priors, given the fitted periods `before` (n,).

    The level and the weekdays have flat priors, the controls' mean a prior around one; single controls, slope and drift
    are shrunk towards zero.
    """
    return _blocks(scaled, unit, scaled.target(unit), controls, before)


def _blocks(scaled: Relative, unit: int | Ints, target: Floats, controls: Ints, before: Ints) -> list[Block]:
    time = scaled.time
    length = len(before)
    rhythm = weekdays(time, before)
    weekly = scaled.daily and length >= 3 * WEEK
    flat = np.ones((len(time), 1))
    others = _moves(scaled, controls, before)
    by = scaled.weighing(unit)
    common = _common(scaled, unit, others, by.share(controls), before)[:, None]
    sigma = _noise(target[before] - common[before, 0])
    span = max(int(time[before[-1]] - time[before[0]]), 1)
    single = (others - common) / by.noise[controls] @ by.turned(controls)
    blocks = [
        Block("level", np.concatenate([flat, rhythm], axis=1) if weekly else flat),
        Block("common", common, (0.5 / sigma,), mean=1.0),
        Block("single", single, tuple(scale / sigma for scale in (0.02, 0.15))),
        Block("slope", ((time - time[before[-1]]) / span)[:, None], (0.07, 0.5, 3.0)),
        Block("drift", drift(time), (0.04, 0.2, 0.6), odds=(3.0, 1.0, 1.0)),
    ]
    size = scaled.level[np.atleast_1d(unit)]
    for name, every in scaled.covariates.items():
        if np.max(unit) < len(every) and (own := size @ every[np.atleast_1d(unit)] / size.sum()).std() > 0:
            blocks.append(Block(name, _standard(own)[:, None], (1.0,)))
    return blocks


def _common(scaled: Relative, unit: int | Ints, others: Floats, share: Floats, before: Ints) -> Floats:
    """How the controls moved together, (periods,); others : (periods, controls), share : (controls,).

    Beside the sum of several units stands the logarithm of the controls' sum, not the mean of their logarithms: units
    that grow at different rates have a sum that outgrows the mean (Jensen's inequality), in both groups alike.
    """
    if not scaled.logs or np.size(unit) < _MANY:
        return np.asarray(others @ share)
    total = np.log(np.exp(others) @ share)
    return np.asarray(total - total[before].mean())


def _moves(scaled: Relative, controls: Ints, before: Ints) -> Floats:
    """Controls relative to their mean before the campaign, float array (periods, controls)."""
    values = scaled.outcome[controls]
    return np.asarray((values - values[:, before].mean(axis=1, keepdims=True)).T)


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())


def _noise(rest: Floats) -> float:
    """Robust standard deviation of the residual around the common movement, never zero."""
    middle = _median(np.abs(rest - _median(rest))) * 1.4826
    return max(middle, 0.1 * float(rest.std()), 1e-9)


def _median(values: Floats) -> float:
    """Median of few values (n,), none NaN; `np.median` takes many times as long for a hundred."""
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] + ordered[(len(values) - 1) // 2]) / 2
