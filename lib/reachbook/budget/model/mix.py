"""What each channel did, from spend and outcome over time: a Bayesian media-mix model, its curves and its gates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import equivalent_retention, kernel
from reachbook.budget.model.baseline import Design, calendar_note, design
from reachbook.budget.model.density import Density, ModelData
from reachbook.budget.model.evidence import Draws, drawn, evidence, layout
from reachbook.budget.model.gates import GateData, gates, inflation
from reachbook.budget.model.history import History, histories, total
from reachbook.budget.model.holdout import Holdout, forecast, together
from reachbook.budget.model.lift_tests import LiftTests, lift_tests
from reachbook.budget.model.priors import Priors, priors
from reachbook.budget.model.regions import added_up, idle, of_the_market
from reachbook.budget.model.response import OF_ALL, Response, grids, response, watched
from reachbook.budget.model.sampling import CHAINS, sample
from reachbook.budget.model.sentiment import with_sentiment
from reachbook.budget.model.spec import MixSpec
from reachbook.result import Gate
from reachbook.stats.intervals import equal_tails
from reachbook.stats.sampling import Convergence, convergence

_TUNE = 400
_ATTEMPTS = ((0.9, 1.0), (0.95, 2.0), (0.98, 2.0))
"""Acceptance aimed at and times as many draws; a further one where the chains of the one before do not agree."""
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
    retention : part of the adstock kept from week to week, (draws, channels); for another adstock than the geometric
    one, that of the geometric adstock with the same mean lag. kernel : what of the spend works at each lag, in periods
    of `step` days (7 or 1), (draws, channels, lags + 1), summing to one.
    response : outcome a week at each constant spend a week, (draws, channels, points), at the spends `grid`,
    (channels, points), from 0 to the largest week seen. current : mean spend of the last weeks, (channels,).
    observed : largest adstock seen (posterior median), up to which a constant spend has been seen at work, (channels,).
    predictive : part of weeks inside their interval of `level`. fit : part of the outcome's variance explained.
    dominance : posterior by prior standard deviation of
    each share, (channels,). inflation : variance inflation of each channel's adstock by the others, (channels,).
    ceiling : outcome a week at endless spend, (draws, channels). cac : spend for each order or customer that a channel
    brought, where the outcome table counts them: an order that media brought is taken to be worth the mean of all
    orders; (draws, channels). regions : the table of channels by region, where there are any. others : what else the
    table tells of each period, (weeks, columns), its mean over regions. added : names of the regions that were
    added up before the fit, so that there is no table by region.
    Of daily tables `weeks`, `value`, `spend`, `contribution` and `baseline` are by day; all curves and spends to plan
    with (`response`, `grid`, `current`, `observed`, `ceiling`) are by week.
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
    gates: tuple[Gate, ...]
    step: int
    kernel: Floats
    ceiling: Floats
    cac: Floats | None
    regions: pd.DataFrame | None
    others: pd.DataFrame | None = None
    added: tuple[str, ...] = ()

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
        names = ("share", "roi", "mroi", "retention", "saturated", *(("cac",) if self.cac is not None else ()))
        for name in names:
            made |= interval(name, getattr(self, name), self.level)
        pays = (self.mroi > 1).mean(axis=0)
        return pd.DataFrame(made | {"mroi_above_1": pays, "dominance": self.dominance, "inflation": self.inflation})


@dataclass(frozen=True)
class FitProblem:
    """What is fitted: a history, a baseline and the priors of each region, and tests of channels.

    apart : the regions where they were added up, so that what is fitted is a single history; () where they were not.
    """

    pasts: tuple[History, ...]
    designs: list[Design]
    tests: LiftTests
    priors: Priors
    spec: MixSpec
    notes: tuple[str, ...]
    apart: tuple[History, ...] = ()

    def density(self, used: int) -> Density:
        """The log density given the first `used` periods."""
        family = kernel(self.spec, self.pasts[0].step)
        given = evidence(self.pasts, self.designs, self.tests, self.priors, family, used)
        return Density(layout(self.spec.saturation, family, given), given)

    def sample(
        self, density: Density, middle: Floats, *, seed: int, draws: int, tune: int, accept: float
    ) -> tuple[Floats, int]:
        """Draws by the sampler of the spec, see `mix_sampling.sample`."""
        if self.spec.sampler == "loops":
            return sample(density, middle, seed=seed, draws=draws, tune=tune, accept=accept)
        from reachbook.budget.model import density_pymc

        return density_pymc.sample(density, seed=seed, draws=draws, tune=tune, accept=accept)


def fit(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    spec: MixSpec | None = None,
    seed: int = 0,
    lift_tests: pd.DataFrame | None = None,
    sentiment: pd.DataFrame | None = None,
) -> Mix:
    """Fit the mix on weekly or daily data, national or by region.

    media : one row a channel and week (or day): week, channel, spend; those before the first of `outcome` are carried
    in. outcome : one row a week (or day): week, value; every further column (price, promotion, holiday, controls) is
    part of the baseline. Leave out what media itself moves, such as awareness. A column region in both makes them one
    row a region more: effects differ between regions as far as the data say so, and are added up. More regions than
    the model carries are added up before the fit, see `MixSpec.regions`.
    lift_tests : channel, spend, lift, lift_se, start, end (region, share): money on top of what `media` shows, and what
    it brought between its days, in a share of the market where it ran in a part. sentiment : the published index of
    comments, see `with_sentiment`.

    Raises DataError for what cannot be read, see `history`.
    """
    problem = posed(media, outcome, spec or MixSpec(), lift_tests, sentiment)
    density = problem.density(len(problem.pasts[0].weeks))
    z, found = _sampled(problem, density, seed)
    kept = drawn(density, z[:: max(1, len(z) // _KEPT)])
    return _mix(problem, density, kept, found, z.mean(axis=0), seed)


def posed(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    spec: MixSpec,
    tests: pd.DataFrame | None,
    sentiment: pd.DataFrame | None,
) -> FitProblem:
    """Tables read and checked, as `fit` takes them. Raises DataError or ParamsError as `histories` and `lift_tests`."""
    known, told = with_sentiment(outcome, sentiment)
    apart = histories(media, known, spec)
    pasts, asked, said = _together(apart, tests, spec)
    read = lift_tests(asked, total(pasts), tuple(past.region for past in apart), idle(apart))
    designs = [design(past, spec) for past in pasts]
    notes = (*pasts[0].notes, *said, *told, calendar_note(pasts[0], spec), *read.notes)
    made = tuple(note for note in notes if note)
    return FitProblem(pasts, designs, read, priors(pasts, spec), spec, made, () if pasts is apart else apart)


def _together(
    pasts: tuple[History, ...], tests: pd.DataFrame | None, spec: MixSpec
) -> tuple[tuple[History, ...], pd.DataFrame | None, tuple[str, ...]]:
    """Regions, tests and what is to be said of them, added up where there are more than are modelled each."""
    if not spec.adds_up(len(pasts)):
        return pasts, tests, ()
    whole, columns = added_up(pasts)
    asked, read = of_the_market(tests, pasts)
    return (whole,), asked, (*columns, *read)


def _sampled(problem: FitProblem, density: Density, seed: int) -> tuple[Floats, Convergence]:
    """Draws of all parameters, and whether every reported quantity has converged."""
    for accept, times in _ATTEMPTS:
        z, diverged = problem.sample(
            density, np.zeros(density.layout.size), seed=seed, draws=int(times * problem.spec.draws),
            tune=int(times * _TUNE), accept=accept,
        )  # fmt: skip
        each = watched(problem.pasts, density.evidence, drawn(density, z), problem.spec)
        found = convergence(_chained(each, problem.pasts[0].channels), diverged)
        if found.passed:
            break
    return z, found


def _chained(each: dict[str, Floats], channels: tuple[str, ...]) -> dict[str, Floats]:
    """Quantities as (chains, draws, ...), those of a channel under its name."""
    made = {}
    for name, values in each.items():
        chained = values.reshape(CHAINS, -1, *values.shape[1:])
        if name in OF_ALL:
            made[name] = chained
        else:
            made |= {f"{name} of {channel}": chained[..., c] for c, channel in enumerate(channels)}
    return made


def _mix(problem: FitProblem, density: Density, kept: Draws, found: Convergence, middle: Floats, seed: int) -> Mix:
    spec, past = problem.spec, total(problem.pasts)
    made = response(problem.pasts, density.evidence, kept, spec)
    predictive, farthest, week, explained = _predictive(problem, made, density.evidence, kept, seed)
    grid, current = grids(problem.pasts, spec)
    share = made.contribution.sum(axis=2) / past.value.sum()
    dominance, inflated = share.std(axis=0) / problem.priors.deviation, inflation(made.stock)
    ahead = _holdout(problem, past, middle, seed)
    seen = GateData(past, problem.pasts, spec, found, ahead, predictive, farthest, week, dominance, inflated, share,
                made.roi, problem.notes, problem.apart)  # fmt: skip
    spent, each = past.spend.sum(axis=1), None if past.customers is None else past.value.sum() / past.customers
    return Mix(
        channels=past.channels, weeks=past.weeks, value=past.value, spend=past.spend, contribution=made.contribution,
        baseline=made.baseline, share=share, roi=made.roi, mroi=made.mroi, saturated=made.saturated,
        retention=equivalent_retention(kept.weights, past.step), response=made.response, grid=grid, current=current,
        observed=np.median(made.stock.max(axis=2), axis=0), predictive=predictive, dominance=dominance,
        inflation=inflated, fit=explained, holdout=ahead, convergence=found, level=spec.level, notes=problem.notes,
        gates=gates(seen), step=past.step, kernel=kept.weights, ceiling=made.ceiling,
        cac=None if each is None else spent * each / made.contribution.sum(axis=2),
        regions=by_region(problem.pasts, made.by_region, spec.level),
        others=sum((each.others.reset_index(drop=True) for each in problem.pasts[1:]),
                   problem.pasts[0].others.reset_index(drop=True)) / len(problem.pasts),
        added=tuple(each.region for each in problem.apart),
    )  # fmt: skip


def _holdout(problem: FitProblem, past: History, middle: Floats, seed: int) -> Holdout:
    """The last weeks forecast by the same model that has not seen their outcome."""
    size, spec = len(past.weeks), problem.spec
    used = size - min(past.periods(spec.holdout_weeks), size // 4)
    density = problem.density(used)
    z, _ = problem.sample(
        density, middle, seed=seed + 1, draws=max(spec.draws // 8, 100), tune=_TUNE // 2,
        accept=_ATTEMPTS[0][0],
    )  # fmt: skip
    kept = drawn(density, z)
    expected = response(problem.pasts, density.evidence, kept, spec).expected
    values = np.stack([each.value for each in problem.pasts])
    unit = values[:, :used].mean(axis=1)
    return forecast(past, values, expected, kept.rho, unit * kept.sigma, kept.alike, used, spec.level, seed)


def _predictive(
    problem: FitProblem, made: Response, given: ModelData, kept: Draws, seed: int
) -> tuple[float, float, str, float]:
    """Weeks given the week before: part inside their predictive interval; most deviations off, and which week that is,
    in words; variance explained."""
    values = np.stack([past.value for past in problem.pasts])
    value, unit, level = values.sum(axis=0), values[:, : given.used].mean(axis=1), problem.spec.level
    error, rho = values - made.expected, kept.rho[:, :, None]
    told = (made.expected[:, :, 1:] + rho * error[:, :, :-1]).sum(axis=1)
    deviation = together(unit * kept.sigma, kept.alike)
    noise = np.random.default_rng([seed, 1]).standard_normal(told.shape)
    low, _, high = equal_tails(told + noise * deviation[:, None], level)
    inside = float(((value[1:] >= low) & (value[1:] <= high)).mean())
    steps = (value[1:] - told).mean(axis=0) / deviation.mean()
    middle = made.expected.sum(axis=1).mean(axis=0)
    k = int(np.abs(steps).argmax())
    week = (
        f"{problem.pasts[0].weeks[k + 1]:%Y-%m-%d} with {value[k + 1]:,.0f} where {told.mean(axis=0)[k]:,.0f} was due"
    )
    return inside, float(np.abs(steps).max()), week, float(1 - (value - middle).var() / value.var())


def by_region(pasts: tuple[History, ...], brought: Floats, level: float) -> pd.DataFrame | None:
    """Spend, share of the region's outcome and roi; None without regions. brought : (draws, regions, channels).

    A channel without spend in a region has no roi there: it is missing.
    """
    if len(pasts) == 1:
        return None
    frames = []
    for r, past in enumerate(pasts):
        spent = past.spend.sum(axis=1)
        roi = brought[:, r] / np.where(spent > 0, spent, np.nan)
        made = {"region": past.region, "channel": past.channels, "spend": spent}
        share = brought[:, r] / past.value.sum()
        frames.append(pd.DataFrame(made | interval("share", share, level) | interval("roi", roi, level)))
    return pd.concat(frames, ignore_index=True)


def interval(name: str, values: Floats, level: float) -> dict[str, Floats]:
    """Columns `name`_low, `name` and `name`_high: equal-tailed interval and median of draws (draws, rows)."""
    low, middle, high = equal_tails(values, level)
    return {f"{name}_low": low, name: middle, f"{name}_high": high}
