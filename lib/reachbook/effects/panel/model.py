"""How a unit of a panel, or several together, would have gone on: the others, weekday, own drift, noise with memory.

Everything is relative (logs, or ratios to the unit's own mean), so that neither the currency nor the size of a unit
matters. What is learned about autocorrelation, drift and the use of single controls is pooled over the units. Several
units together are one series, their sum: its noise is what is left of theirs, and that is measured, not derived.
"""

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
"""Units' worth of evidence that the controls give on the grid, where a unit's own data are one."""
_UNITS = 10
"""Controls that are fitted for it, at most."""
_CLEARLY = 3.0
"""Log odds that the raw scale needs over the logarithm."""
_RANK = 40
"""Directions in which single controls may differ from their common movement, at most."""
_LOUD = 5.0
"""Noise, over that of the quieter controls, from which a control counts by it for one unit; below all count alike."""
_QUIET = 0.2
"""Noise, over that of the median control, below which a control counts for no more in the sum of many."""
_MANY = 3
"""Units from which those treated together are told as one series; the noise of two is known as well unit by unit."""


@dataclass(frozen=True)
class ControlWeights:
    """How controls count.

    noise : (units,) of each control beside the others' movement, in units of what is usual, one where all count alike
    turn : (units, k) directions in which single controls differ from their common movement
    """

    noise: Floats
    turn: Floats

    def share(self, controls: Ints) -> Floats:
        """Of each control in the common movement, (controls,)."""
        precision = self.noise[controls] ** -2.0
        return np.asarray(precision / precision.sum())

    def turned(self, controls: Ints) -> Floats:
        """The directions, (controls, k)."""
        return np.eye(len(controls)) if len(controls) <= _RANK else self.turn[controls]


@dataclass(frozen=True)
class Relative:
    """A panel on the scale of the model.

    logs : whether values are logarithms; outcome : (units, periods); divisor : (units,) what a raw unit is divided by
    pooled : log prior weight on the grid, from the controls; level : (units,) mean outcome before, in outcome units
    alone, many : how controls count for a unit, whose own noise outweighs theirs, and for the sum of `_MANY` or more
    real : (units, periods) whether there is a row; what was filled in is no observation of that unit
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
        """What is modelled, (periods,): one unit, or the sum of several over what is usual for them.

        A period in which some of the several have no row is told by the others; NaN where none has one.
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
        """Values of one unit, or of the sum of several, in outcome units."""
        if np.ndim(unit) == 0:
            return np.asarray(np.exp(values) if self.logs else values * self.divisor[unit])
        size = float(self._size(unit).sum())
        return np.asarray(size * (np.exp(values) if self.logs else values))

    def share(self, unit: int | Ints) -> Floats:
        """What is usual for those of several that have a row, over what is usual for all, (periods,)."""
        if np.ndim(unit) == 0:
            return np.ones(len(self.time))
        size = self._size(unit)
        return np.asarray(size @ self.real[unit] / size.sum())

    def thin(self, unit: int | Ints, before: Ints, during: Ints) -> Floats:
        """How much wider a sum of several strays in each period of `during`, as rows are missing, than before.

        (periods of `during`,), at least one. Of noise that each has for itself, in proportion to its size.
        """
        if np.ndim(unit) == 0 or self.real[unit].all():
            return np.ones(len(during))
        size, there = self._size(unit), self.real[unit]
        apart = np.sqrt(size**2 @ there) / np.maximum(size @ there, 1e-300)
        return np.asarray(np.maximum(apart[during] / np.sqrt(np.mean(apart[before] ** 2)), 1.0))

    def fit(self, unit: int | Ints, controls: Ints, before: Ints, at: tuple[int, int] | None = None) -> Fit:
        """What `unit`, or several together, does given `controls`, learned from the periods `before`.

        at : as in `counterfactual.fit`
        """
        target = self.target(unit)
        return fit(target, self.time, _blocks(self, unit, target, controls, before), before, more=self.pooled, at=at)

    def weighing(self, unit: int | Ints) -> ControlWeights:
        """How controls count for one unit, or for several together."""
        return self.many if np.size(unit) >= _MANY else self.alone

    def uses(self, unit: int | Ints, found: Fit, controls: Ints) -> Floats:
        """Change of what was fitted for `unit` for a relative change of each control, (controls,)."""
        by = self.weighing(unit)
        share, single = by.share(controls), by.turned(controls) @ found.coefficients("single") / by.noise[controls]
        return np.asarray(share * (float(found.coefficients("common")[0]) - single.sum()) + single)

    def _size(self, unit: int | Ints) -> Floats:
        return np.asarray(self.level[unit] if self.logs else self.divisor[unit])


@dataclass(frozen=True)
class Party:
    """Treated units that start and end together, told as one series.

    units : (k,); before : periods in which half of them have a row, where that are most; during : in which any has one
    """

    units: Ints
    before: Ints
    during: Ints

    @property
    def unit(self) -> int | Ints:
        """As `Relative.fit` takes it."""
        return int(self.units[0]) if len(self.units) == 1 else self.units


def together(seen: PanelData) -> list[Party]:
    """The treated units by when their campaign starts and ends, as far as what was seen can tell."""
    exact: dict[tuple[int, int, int], list[int]] = {}
    for unit, (before, during) in enumerate(zip(seen.before, seen.during, strict=True)):
        window = (int(before[-1]), int(during[0]), int(during[-1])) if len(during) else (unit, -1, -1)
        exact.setdefault(window, []).append(unit)
    found: list[list[int]] = []
    for units in exact.values():
        same = next((party for party in found if all(_one_campaign(seen, units[0], other) for other in party)), None)
        found.append(units) if same is None else same.extend(units)
    apart = [part for units in found for part in ([units] if len(units) >= _MANY else [[unit] for unit in units])]
    return [_party(seen, np.array(units)) for units in apart]


def _one_campaign(seen: PanelData, unit: int, other: int) -> bool:
    """Whether two units may have started and ended together, but for rows that are missing."""
    both = (unit, other)
    if not all(len(seen.during[k]) for k in both):
        return False
    start = max(seen.before[k][-1] for k in both) < min(seen.during[k][0] for k in both)
    end = max(int(seen.during[k][-1]) for k in both)
    return bool(start and all(np.isnan(seen.outcome[k, seen.during[k][-1] + 1 : end + 1]).all() for k in both))


def _party(seen: PanelData, units: Ints) -> Party:
    every = [np.unique(np.concatenate([rows[unit] for unit in units])) for rows in (seen.before, seen.during)]
    return Party(units, observed_by_half(seen, units, every[0]), every[1])


def observed_by_half(seen: PanelData, units: Ints, among: Ints) -> Ints:
    """Periods of `among` in which half of `units` have a row; where these are few, in which any has one."""
    there = 1 - seen.missing[np.ix_(units, among)].mean(axis=0)
    half, some = among[there >= 0.5], among[there > 0]
    return np.asarray(half if len(half) > len(some) / 2 else some)


def gained(scaled: Relative, party: Party, found: Fit) -> tuple[Floats, Floats]:
    """Gain, and what would have been, of all cells of a party that have a row, by period of the campaign."""
    share, during = scaled.share(party.unit)[party.during], party.during
    without = scaled.back(party.unit, found.weight @ found.moments(during)[0]) * share
    return scaled.back(party.unit, found.target[during]) * share - without, without


def span(scaled: Relative, party: Party, found: Fit) -> float:
    """Standard deviation of a party's average over the campaign, on the scale of the model."""
    share = scaled.share(party.unit)[party.during]
    wide = float(np.average(scaled.thin(party.unit, party.before, party.during), weights=share))
    return wide * found.average(party.during, share / share.sum())[1]


def reconciled(
    scaled: Relative, party: Party, sums: Floats, paths: dict[int, Floats], during: tuple[Ints, ...]
) -> dict[int, Floats]:
    """Draws of each unit's path brought to the draws of their sum, period by period, all on the scale of the model.

    sums : (draws, periods of the party); paths : unit -> (draws, its own periods). Every unit moves by the same ratio
    (on the raw scale in proportion to what is usual for it), so that what they share comes from the sum's own fit.
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


def relative(seen: PanelData) -> Relative:
    """The panel on the scale, logarithm or raw, that explains it better, with what the controls say on the grid.

    The logarithm is kept unless the raw scale is e^3 times likelier; it needs every outcome above zero.
    """
    raw = _on(seen, logs=False)
    if not (seen.outcome[np.isfinite(seen.outcome)] > 0).all():
        return replace(raw, pooled=_pooled(raw, seen)[0])
    log = _on(seen, logs=True)
    pool, odds = _pooled(log, seen)
    raw_pool, raw_odds = _pooled(raw, seen)
    for party in together(seen):
        unit, before = party.unit, party.before
        odds += log.fit(unit, seen.controls, before).evidence - float(log.target(unit)[before].sum())
        size = float(raw.divisor[party.units].sum() / (log.level[party.units].sum() if len(party.units) > 1 else 1.0))
        raw_odds += raw.fit(unit, seen.controls, before).evidence - len(before) * float(np.log(size))
    better = raw_odds - odds > _CLEARLY
    return replace(raw, pooled=raw_pool) if better else replace(log, pooled=pool)


def _on(seen: PanelData, logs: bool) -> Relative:
    level = _levels(seen)
    spread = np.nanstd(seen.outcome, axis=1)
    positive = (np.nan_to_num(seen.outcome) >= 0).all()
    divisor = np.where(level > 0, level, 1.0) if positive else np.where(spread > 0, spread, 1.0)
    values = np.log(seen.outcome) if logs else seen.outcome / divisor[:, None]
    own = _strays(values[seen.controls], seen.time if seen.daily else np.zeros(len(seen.time), np.int64))
    loud = own / np.quantile(own, 0.25)
    alone, many = np.where(loud > _LOUD, loud, 1.0), np.maximum(own / np.median(own), _QUIET)
    return Relative(
        logs, values, divisor, level, np.zeros(()), seen.daily, seen.time, seen.covariates,
        _weighing(values, seen.controls, alone), _weighing(values, seen.controls, many), ~seen.missing,
    )  # fmt: skip


def _weighing(values: Floats, controls: Ints, noise: Floats) -> ControlWeights:
    """From values (units, periods) and the controls' noise (controls,)."""
    every, turn = np.ones(len(values)), np.zeros((len(values), min(_RANK, len(controls))))
    every[controls], turn[controls] = noise, _directions(values[controls], noise)
    return ControlWeights(every, turn)


def _levels(seen: PanelData) -> Floats:
    """Mean outcome of each unit before any campaign; of one without a row then, before its own, (units,)."""
    early = np.arange(len(seen.time)) <= min(int(rows[-1]) for rows in seen.before)
    there = np.isfinite(seen.outcome) & early
    for unit in np.flatnonzero(~there.any(axis=1)):
        there[unit, seen.before[unit]] = True
    return np.asarray(np.where(there, seen.outcome, 0.0).sum(axis=1) / there.sum(axis=1))


def _directions(values: Floats, noise: Floats) -> Floats:
    """Main directions (controls, k) in which controls differ from their common movement, in units of their noise.

    values : (controls, periods). Coefficients of directions have the prior that independent ones of the controls give
    them; with up to `_RANK` controls nothing is lost.
    """
    count = len(values)
    if count <= _RANK:
        return np.eye(count)
    moves = values - values.mean(axis=1, keepdims=True)
    precision = noise**-2.0
    apart = (moves - precision @ moves / precision.sum()) / noise[:, None]
    return np.asarray(eigh(apart @ apart.T, subset_by_index=(count - _RANK, count - 1))[1])


def _strays(values: Floats, time: Ints) -> Floats:
    """Robust deviation of each control from what controls share, (controls,); ones where that cannot be told.

    values : (controls, periods). What differs by weekday and the main common movements (of the correlations, so that
    none leads by its noise) are taken out: who moves with a region does not stray, who moves with nobody does.
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


def _pooled(scaled: Relative, seen: PanelData) -> tuple[Floats, float]:
    """Log prior weight on the grid from the controls, each fitted on the others, and their evidence for this scale."""
    controls = seen.controls
    if len(controls) < 3:
        return np.zeros(()), 0.0
    everywhere = np.arange(len(seen.time))
    total, odds = np.zeros(()), 0.0
    chosen = controls[np.linspace(0, len(controls) - 1, min(_UNITS, len(controls))).astype(int)]
    for unit in chosen:
        there = seen.rows(int(unit), everywhere)
        blocks = blocks_of(scaled, int(unit), controls[controls != unit], there)
        found, evidence = likelihood(scaled.outcome[unit], scaled.time, blocks, there)
        total = total + found
        jacobian = scaled.outcome[unit, there].sum() if scaled.logs else len(there) * np.log(scaled.divisor[unit])
        odds += evidence - float(jacobian)
    return total * (POOLED / len(chosen)), odds


def blocks_of(scaled: Relative, unit: int | Ints, controls: Ints, before: Ints) -> list[Block]:
    """Level and weekday without prior; the controls' mean with weight about one, and single controls as they help."""
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
    """How the controls moved from their means before, (periods, controls)."""
    values = scaled.outcome[controls]
    return np.asarray((values - values[:, before].mean(axis=1, keepdims=True)).T)


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())


def _noise(rest: Floats) -> float:
    """Robust standard deviation of what is left beside the common movement, never zero."""
    middle = float(np.median(np.abs(rest - np.median(rest)))) * 1.4826
    return max(middle, 0.1 * float(rest.std()), 1e-9)
