"""How a unit of a panel would have gone on: the others, its weekday, its own drift, autocorrelated noise.

Everything is relative (logs, or ratios to the unit's own mean), so that neither the currency nor the size of a unit
matters. What is learned about autocorrelation, drift and the use of single controls is pooled over the units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reachbook.effects.counterfactual import Block, Fit, fit, likelihood
from reachbook.effects.gaps import weekdays
from reachbook.effects.observed import Observed

Floats = np.ndarray
Ints = np.ndarray

POOLED = 8.0
"""Units' worth of evidence that the controls give on the grid, where a unit's own data are one."""
_UNITS = 10
"""Controls that are fitted for it, at most."""
_WEEK = 7
_CLEARLY = 3.0
"""Log odds that the raw scale needs over the logarithm."""


@dataclass(frozen=True)
class Relative:
    """A panel on the scale of the model.

    logs : whether values are logarithms; outcome : (units, periods); divisor : (units,) what a raw unit is divided by
    pooled : log prior weight on the grid, from the controls; level : (units,) mean outcome before, in outcome units
    """

    logs: bool
    outcome: Floats
    divisor: Floats
    level: Floats
    pooled: Floats
    daily: bool
    time: Ints
    covariates: dict[str, Floats]

    def back(self, unit: int, values: Floats) -> Floats:
        """Values of one unit in outcome units."""
        return np.asarray(np.exp(values) if self.logs else values * self.divisor[unit])

    def fit(self, unit: int, controls: Ints, before: Ints, at: tuple[int, int] | None = None) -> Fit:
        """What `unit` does given `controls`, learned from the periods `before`; `at` as in `counterfactual.fit`."""
        blocks = blocks_of(self, unit, controls, before)
        return fit(self.outcome[unit], self.time, blocks, before, more=self.pooled, at=at)


def relative(seen: Observed) -> Relative:
    """The panel on the scale, logarithm or raw, that explains it better, with what the controls say on the grid.

    The logarithm is kept unless the raw scale is e^3 times likelier; it needs every outcome above zero.
    """
    raw = _on(seen, logs=False)
    if not (seen.outcome[np.isfinite(seen.outcome)] > 0).all():
        return replace(raw, pooled=_pooled(raw, seen)[0])
    log = _on(seen, logs=True)
    pool, odds = _pooled(log, seen)
    for unit, before in enumerate(seen.before):
        odds += log.fit(unit, seen.controls, before).evidence - log.outcome[unit, before].sum()
    raw_pool, raw_odds = _pooled(raw, seen)
    for unit, before in enumerate(seen.before):
        fitted = raw.fit(unit, seen.controls, before).evidence
        raw_odds += fitted - len(before) * float(np.log(raw.divisor[unit]))
    better = raw_odds - odds > _CLEARLY
    return replace(raw, pooled=raw_pool) if better else replace(log, pooled=pool)


def _on(seen: Observed, logs: bool) -> Relative:
    first = np.intersect1d(seen.before[0], seen.before[-1])
    level = np.nanmean(seen.outcome[:, first if len(first) else seen.before[0]], axis=1)
    spread = np.nanstd(seen.outcome, axis=1)
    positive = (np.nan_to_num(seen.outcome) >= 0).all()
    divisor = np.where(level > 0, level, 1.0) if positive else np.where(spread > 0, spread, 1.0)
    values = np.log(seen.outcome) if logs else seen.outcome / divisor[:, None]
    return Relative(logs, values, divisor, level, np.zeros(()), seen.daily, seen.time, seen.covariates)


def _pooled(scaled: Relative, seen: Observed) -> tuple[Floats, float]:
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


def blocks_of(scaled: Relative, unit: int, controls: Ints, before: Ints) -> list[Block]:
    """Level and weekday without prior; the controls' mean with weight about one, and single controls as they help."""
    time, values = scaled.time, scaled.outcome
    length = len(before)
    rhythm = weekdays(time, before)
    weekly = scaled.daily and length >= 3 * _WEEK
    flat = np.ones((len(time), 1))
    others = (values[controls] - values[controls][:, before].mean(axis=1, keepdims=True)).T
    common = others.mean(axis=1, keepdims=True)
    sigma = _noise(values[unit, before] - common[before, 0])
    span = max(int(time[before[-1]] - time[before[0]]), 1)
    blocks = [
        Block("level", np.concatenate([flat, rhythm], axis=1) if weekly else flat),
        Block("common", common, (0.5 / sigma,), mean=1.0),
        Block("single", others - common, tuple(scale / sigma for scale in (0.02, 0.15))),
        Block("slope", ((time - time[before[-1]]) / span)[:, None], (0.07, 0.5, 3.0)),
        Block("drift", drift(time), (0.04, 0.2, 0.6)),
    ]
    for name, every in scaled.covariates.items():
        if unit < len(every) and every[unit].std() > 0:
            blocks.append(Block(name, _standard(every[unit])[:, None], (1.0,)))
    return blocks


def drift(time: Ints, knots: int = 40) -> Floats:
    """A random walk in straight pieces, one column a piece: a week each, shorter in short series, `knots` at most."""
    span = int(time[-1] - time[0])
    width = max(_WEEK if span >= 8 * _WEEK else max(span // 8, 1), -(-span // knots))
    starts = time[0] + np.arange(0, max(span, 1), width)
    return np.asarray(np.clip((time[:, None] - starts) / width, 0, 1))


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())


def _noise(rest: Floats) -> float:
    """Robust standard deviation of what is left beside the common movement, never zero."""
    middle = float(np.median(np.abs(rest - np.median(rest)))) * 1.4826
    return max(middle, 0.1 * float(rest.std()), 1e-9)
