"""What each channel did, from weekly spend and outcome: a Bayesian media-mix model, its curves and its gates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.budget import lifttests
from reachbook.budget.baseline import Design, design
from reachbook.budget.history import History, history
from reachbook.budget.lifttests import LiftTests
from reachbook.budget.mix_gates import gates
from reachbook.budget.mix_holdout import Holdout, forecast
from reachbook.budget.mix_model import coefficients, compiled, inputs, names, parameters, size
from reachbook.budget.mix_spec import MixSpec
from reachbook.budget.priors import Priors, priors
from reachbook.budget.response import Response, response
from reachbook.stats.sampling import Convergence, convergence, draw
from reachbook.told import Check

type Floats = npt.NDArray[np.float64]

_CHAINS, _TUNE = 4, 500
_ATTEMPTS = ((0.95, 1), (0.99, 2))
"""Acceptance aimed at and times as many draws; the second where the chains of the first do not agree."""
_KEPT = 1000
"""Posterior draws that are kept, evenly spread over all chains; convergence is judged on all."""


@dataclass(frozen=True)
class Mix:
    """The posterior of a media mix; the outcome is in units of the table, spend in money.

    channels : their names. weeks : first day of each week. value : the outcome, (weeks,). spend : (channels, weeks).
    contribution : outcome of each channel and week, (draws, channels, weeks). baseline : outcome without media,
    (draws, weeks). share : part of the whole outcome, (draws, channels).
    roi : outcome per unit of money over all weeks, (draws, channels). mroi : of one more unit a week, spent for good,
    at `current`, (draws, channels). saturated : part of the largest effect reached there, (draws, channels).
    retention : part of the adstock kept from week to week, (draws, channels).
    response : outcome a week at each constant spend a week, (draws, channels, points), at the spends `grid`,
    (channels, points), from 0 to the largest week seen. current : mean spend of the last weeks, (channels,).
    observed : largest adstock seen (posterior median), up to which a constant spend has been seen at work, (channels,).
    predictive : part of weeks inside their interval of `level`. fit : part of the outcome's variance explained.
    dominance : posterior by prior standard deviation of
    each share, (channels,). inflation : variance inflation of each channel's adstock by the others, (channels,).
    """

    channels: tuple[str, ...]
    weeks: pd.DatetimeIndex
    value: Floats
    spend: Floats
    contribution: Floats
    baseline: Floats
    share: Floats
    roi: Floats
    mroi: Floats
    saturated: Floats
    retention: Floats
    response: Floats
    grid: Floats
    current: Floats
    observed: Floats
    predictive: float
    dominance: Floats
    inflation: Floats
    fit: float
    holdout: Holdout
    convergence: Convergence
    level: float
    notes: tuple[str, ...]
    gates: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether the model may be used for advice: every blocking gate holds."""
        return all(gate.passed for gate in self.gates if gate.level == "block")

    @property
    def media_share(self) -> Floats:
        """Part of the outcome that all media bring, (draws,)."""
        return np.asarray(self.share.sum(axis=1))

    def table(self) -> pd.DataFrame:
        """One row a channel: spend, share, roi and mroi with their intervals, the chance that one more unit pays."""
        made = {"channel": self.channels, "spend": self.spend.sum(axis=1), "current": self.current}
        tail = (1 - self.level) / 2
        for name in ("share", "roi", "mroi", "retention", "saturated"):
            low, middle, high = np.quantile(getattr(self, name), [tail, 0.5, 1 - tail], axis=0)
            made |= {f"{name}_low": low, name: middle, f"{name}_high": high}
        pays = (self.mroi > 1).mean(axis=0)
        return pd.DataFrame(made | {"mroi_above_1": pays, "dominance": self.dominance, "inflation": self.inflation})


@dataclass(frozen=True)
class _Problem:
    """What is fitted."""

    past: History
    baseline: Design
    tests: LiftTests
    priors: Priors
    spec: MixSpec

    def sampled(self, used: int, seed: int, draws: int, attempts: int) -> tuple[dict[str, Floats], int]:
        """Parameters learned from the first `used` weeks, (draws of all chains, ...), and how many draws diverged."""
        shape = size(self.past, self.baseline, self.tests, self.spec.saturation, self.spec.lags)
        model, wanted = compiled(shape).with_data(**self.data(used)), names(shape.kind)
        watch = [name for name in wanted if name != "rest"]
        for accept, times in _ATTEMPTS[:attempts]:
            found = draw(
                model, wanted, seed=seed, draws=times * draws, tune=times * _TUNE, chains=_CHAINS, watch=watch,
                accept=accept,
            )  # fmt: skip
            if found.convergence.passed:
                break
        return parameters(found.draws, self.priors), found.convergence.divergences

    def data(self, used: int) -> dict[str, Any]:
        """What the model is given."""
        return inputs(self.past, self.baseline, self.tests, self.priors, self.spec.lags, used)

    def without_media(self, used: int, rest: Floats, contribution: Floats) -> Floats:
        """The baseline in units of the outcome, (draws, weeks)."""
        unit = float(self.past.value[:used].mean())
        found = coefficients(self.data(used), rest, contribution.sum(axis=1) / unit)
        return np.asarray(unit * found @ self.baseline.columns.T)


def fit(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    spec: MixSpec | None = None,
    seed: int = 0,
    lift_tests: pd.DataFrame | None = None,
) -> Mix:
    """Fit the mix on weekly national data.

    media : one row a channel and week: week, channel, spend; weeks before the first of `outcome` are carried in.
    outcome : one row a week: week, value; every further column (price, promotion, holiday, controls) is part of the
    baseline. Leave out what media itself moves, such as awareness.
    lift_tests : channel, spend, lift, lift_se, start, end: money on top of what `media` shows, and what it brought
    between its days.

    Raises DataError for what cannot be read, see `history`.
    """
    wanted = spec or MixSpec()
    past = history(media, outcome, wanted)
    tests = lifttests.lift_tests(lift_tests, past)
    problem = _Problem(past, design(past, wanted.season, wanted.media_share), tests, priors(past, wanted), wanted)
    drawn, divergences = problem.sampled(len(past.weeks), seed, wanted.draws, len(_ATTEMPTS))
    made = response(past, drawn, float(past.value.mean()), wanted)
    found = convergence(_watched(drawn, made), divergences)
    return _mix(problem, _thin(drawn), made.thinned(_KEPT), found, seed)


def _mix(problem: _Problem, drawn: dict[str, Floats], made: Response, found: Convergence, seed: int) -> Mix:
    past, spec = problem.past, problem.spec
    baseline = problem.without_media(len(past.weeks), drawn["rest"], made.contribution)
    predictive, farthest, explained = _predictive(
        past.value, baseline + made.contribution.sum(axis=1), drawn, spec.level, seed
    )
    dominance = drawn["share"].std(axis=0) / problem.priors.deviation
    inflation = _inflation(made.stock)
    ahead = _holdout(problem, seed)
    share = made.contribution.sum(axis=2) / past.value.sum()
    notes = (*past.notes, *problem.tests.notes)
    checks = gates(past, spec, found, ahead, predictive, farthest, dominance, inflation, share, made.roi, notes)
    return Mix(
        channels=past.channels, weeks=past.weeks, value=past.value, spend=past.spend, contribution=made.contribution,
        baseline=baseline, share=share, roi=made.roi, mroi=made.mroi, saturated=made.saturated,
        retention=drawn["retention"], response=made.response, grid=made.grid, current=made.current,
        observed=made.observed, predictive=predictive, dominance=dominance, inflation=inflation, fit=explained,
        holdout=ahead, convergence=found, level=spec.level, notes=notes, gates=checks,
    )  # fmt: skip


def _holdout(problem: _Problem, seed: int) -> Holdout:
    """The last weeks forecast by the same model that has not seen their outcome."""
    past, spec = problem.past, problem.spec
    used = len(past.weeks) - min(spec.holdout_weeks, len(past.weeks) // 4)
    drawn = _thin(problem.sampled(used, seed + 1, max(spec.draws // 2, 100), 1)[0])
    unit = float(past.value[:used].mean())
    contribution = response(past, drawn, unit, spec).contribution
    expected = problem.without_media(used, drawn["rest"], contribution) + contribution.sum(axis=1)
    return forecast(past, expected, drawn["rho"], unit * drawn["sigma"], used, spec.level, seed)


def _watched(drawn: dict[str, Floats], made: Response) -> dict[str, Floats]:
    """Reported quantities in chains, to be checked for convergence."""
    watched = {name: drawn[name] for name in ("share", "retention", "half", "slope", "rho", "sigma")}
    watched |= {"mroi": made.mroi, "saturated": made.saturated, "response at the end": made.response[:, :, -1]}
    return {name: each.reshape(_CHAINS, -1, *each.shape[1:]) for name, each in watched.items()}


def _thin(drawn: dict[str, Floats]) -> dict[str, Floats]:
    return {name: each[:: max(1, len(each) // _KEPT)] for name, each in drawn.items()}


def _predictive(
    value: Floats, expected: Floats, drawn: dict[str, Floats], level: float, seed: int
) -> tuple[float, float, float]:
    """Weeks given the week before: part inside their predictive interval, most deviations off; variance explained."""
    error, unit = value - expected, value.mean()
    noise = np.random.default_rng([seed, 1]).standard_normal(error[:, 1:].shape) * unit * drawn["sigma"][:, None]
    replicated = expected[:, 1:] + drawn["rho"][:, None] * error[:, :-1] + noise
    low, high = np.quantile(replicated, [(1 - level) / 2, (1 + level) / 2], axis=0)
    inside = float(((value[1:] >= low) & (value[1:] <= high)).mean())
    steps = (error[:, 1:] - drawn["rho"][:, None] * error[:, :-1]).mean(axis=0) / (unit * drawn["sigma"].mean())
    return inside, float(np.abs(steps).max()), float(1 - (value - expected.mean(axis=0)).var() / value.var())


def _inflation(stock: Floats) -> Floats:
    """Variance inflation factors of the channels' mean adstock (draws, channels, weeks), (channels,)."""
    if stock.shape[1] == 1:
        return np.ones(1)
    return np.array(list(_inflations(stock.mean(axis=0))))


def _inflations(mean: Floats) -> Iterator[float]:
    for c in range(len(mean)):
        rest = np.column_stack([np.ones(mean.shape[1]), np.delete(mean, c, axis=0).T])
        left = mean[c] - rest @ np.linalg.lstsq(rest, mean[c], rcond=None)[0]
        yield float(mean[c].var() / max(left.var(), 1e-9 * mean[c].var()))
