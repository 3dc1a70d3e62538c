"""Bayesian media-mix model: the fit, its posterior quantities and its gates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import equivalent_retention, kernel
from reachbook.budget.model.baseline import Design, calendar_note, design
from reachbook.budget.model.density.density import Density, ModelData
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
from reachbook.stats.intervals import equal_tails
from reachbook.stats.sampling import Convergence, convergence
from reachbook.translation import day, tr
from reachbook.verdict import Gate, failed

_TUNE = 400
_ATTEMPTS = ((0.9, 1.0), (0.95, 2.0), (0.98, 2.0))
"""Target acceptance and multiple of the draws of each attempt; the next one runs only if the last did not converge."""
_KEPT = 1000
"""Posterior draws that are retained, evenly spaced over all chains; convergence is assessed on all draws."""


@dataclass(frozen=True)
class Mix:
    """Posterior of a media mix.

    The outcome is in units of the table and spend is in money. With daily tables `weeks`, `value`, `spend`,
    `contribution`, `baseline` and `others` are by day; curves and spends for planning (`response`, `grid`, `current`,
    `observed`, `ceiling`) are always by week.

    Attributes
    ----------
    channels : tuple of str
        Channel names.
    weeks : DatetimeIndex (weeks,)
        First day of each period.
    value : float array (weeks,)
        Outcome of all regions together.
    spend : float array (channels, weeks)
        Spend, in money.
    contribution : float array (draws, channels, weeks)
        Outcome attributed to each channel.
    baseline : float array (draws, weeks)
        Outcome without media.
    share : float array (draws, channels)
        Contribution as a share of the total outcome.
    roi : float array (draws, channels)
        Outcome per unit of money over all periods.
    mroi : float array (draws, channels)
        Outcome per additional unit of money a week, spent permanently, at `current`.
    saturated : float array (draws, channels)
        Effect at `current` as a share of `ceiling`.
    retention : float array (draws, channels)
        Share of the adstock that carries over from week to week; for the delayed and Weibull adstock that of the
        geometric adstock with the same mean lag.
    response : float array (draws, channels, points)
        Outcome a week at each constant weekly spend of `grid`.
    grid : float array (channels, points)
        Weekly spends in money, from 0 to the largest observed period at a weekly rate.
    current : float array (channels,)
        Mean weekly spend of the last `current_weeks` weeks, in money.
    observed : float array (channels,)
        Largest observed adstock (posterior median), in money a week: the constant spend up to which there are data.
    predictive : float
        Share of periods inside their one-step predictive interval of probability `level`.
    dominance : float array (channels,)
        Posterior over prior standard deviation of each share.
    inflation : float array (channels,)
        Variance inflation factor of each channel's adstock given the others.
    fit : float
        Share of the outcome's variance explained by the posterior mean.
    holdout : Holdout
        Forecast of the last weeks from a fit without them.
    convergence : Convergence
        Convergence of all reported quantities.
    level : float
        Probability of the intervals.
    notes : tuple of str
        What a reader must know about the data.
    gates : tuple of Gate
        Checks that must hold before anyone acts.
    step : int
        Days in a period, 7 or 1.
    kernel : float array (draws, channels, lags + 1)
        Weight of each lag, in periods; sums to one.
    ceiling : float array (draws, channels)
        Outcome a week as spend tends to infinity.
    cac : float array (draws, channels) or None
        Spend per order or customer acquired, where the outcome table counts them; an order that media brought is
        assumed to be worth the mean of all orders.
    regions : DataFrame or None
        Spend, share and roi by channel and region; None for a single region.
    others : DataFrame (weeks, columns) or None
        Further columns of the outcome table, averaged over regions.
    added : tuple of str
        Regions that were summed before the fit, so that there is no table by region.
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
        """Whether every blocking gate holds, so that the model may be used for advice."""
        return not failed(self.gates)

    @property
    def media_share(self) -> Floats:
        """Contribution of all media as a share of the outcome, float array (draws,)."""
        return np.asarray(self.share.sum(axis=1))

    def table(self) -> pd.DataFrame:
        """One row a channel: spend, diagnostics, P(mroi > 1), and intervals of share, roi, mroi, retention and CAC."""
        made = {"channel": self.channels, "spend": self.spend.sum(axis=1), "current": self.current}
        names = ("share", "roi", "mroi", "retention", "saturated", *(("cac",) if self.cac is not None else ()))
        for name in names:
            made |= interval(name, getattr(self, name), self.level)
        pays = (self.mroi > 1).mean(axis=0)
        return pd.DataFrame(made | {"mroi_above_1": pays, "dominance": self.dominance, "inflation": self.inflation})


@dataclass(frozen=True)
class FitProblem:
    """Input of a fit: history, baseline design and priors of each region, and the lift tests.

    Attributes
    ----------
    pasts : tuple of History
        Regions as they are modelled.
    designs : list of Design
        Baseline of each region.
    tests : LiftTests
        Lift tests of single channels.
    priors : Priors
        Priors of the channels.
    spec : MixSpec
        Parameters of the model.
    notes : tuple of str
        What a reader must know about the data.
    summed_regions : tuple of History
        The separate regions if they were summed for the fit, else ().
    """

    pasts: tuple[History, ...]
    designs: list[Design]
    tests: LiftTests
    priors: Priors
    spec: MixSpec
    notes: tuple[str, ...]
    summed_regions: tuple[History, ...] = ()

    def density(self, used: int) -> Density:
        """Log density given the first `used` periods."""
        family = kernel(self.spec, self.pasts[0].step)
        given = evidence(self.pasts, self.designs, self.tests, self.priors, family, used)
        return Density(layout(self.spec.saturation, family, given), given)

    def sample(
        self, density: Density, middle: Floats, *, seed: int, draws: int, tune: int, accept: float
    ) -> tuple[Floats, int]:
        """Posterior draws from the sampler that the spec names.

        Parameters
        ----------
        density : Density
            Log density to sample from.
        middle : float array (size,)
            Centre of the chains' starting points; used by the compiled sampler only.
        seed, draws, tune : int
            Seed, and draws and tuning steps of each chain.
        accept : float
            Target acceptance probability.

        Returns
        -------
        z : float array (chains * draws, size)
            Unconstrained parameters.
        diverged : int
            Number of divergent transitions.
        """
        if self.spec.sampler == "loops":
            return sample(density, middle, seed=seed, draws=draws, tune=tune, accept=accept)
        from reachbook.budget.model.density import density_pymc

        return density_pymc.sample(density, seed=seed, draws=draws, tune=tune, accept=accept)


def fit(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    spec: MixSpec | None = None,
    seed: int = 0,
    lift_tests: pd.DataFrame | None = None,
    sentiment: pd.DataFrame | None = None,
) -> Mix:
    """Fit the media mix on weekly or daily data, national or by region.

    Parameters
    ----------
    media : DataFrame
        One row a channel and period: week, channel, spend. Periods before the first one of `outcome` supply carry-over.
    outcome : DataFrame
        One row a period: week, value. Every further column (price, promotion, holiday, controls) enters the baseline;
        mediators that media itself moves, such as awareness, do not belong here. A column `region` in both tables gives
        one row per region; effects are partially pooled across regions and summed. More regions than the model carries
        are summed before the fit, see `MixSpec.regions`.
    spec : MixSpec, optional
        Parameters of the model.
    seed : int
        Seed of all random numbers.
    lift_tests : DataFrame, optional
        Columns channel, spend, lift, lift_se, start, end (region, share): spend on top of `media` and the outcome it
        added between those days, within a share of the market if the test ran in a part of it.
    sentiment : DataFrame, optional
        Published comment index, see `with_sentiment`.

    Returns
    -------
    Mix
        Posterior, diagnostics and gates.

    Raises
    ------
    DataError, ParamsError
        If tables or parameters are unusable, see `histories` and `lift_tests.lift_tests`.
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
    """Read and check the tables of `fit`.

    Parameters
    ----------
    media, outcome, tests, sentiment : DataFrame
        As for `fit`; `tests` are its `lift_tests`.
    spec : MixSpec
        Parameters of the model.

    Returns
    -------
    FitProblem
        Everything that the fit needs.

    Raises
    ------
    DataError, ParamsError
        If tables or parameters are unusable, see `histories` and `lift_tests.lift_tests`.
    """
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
    """Regions, tests and notes for the fit; regions are summed where there are more than are modelled separately."""
    if not spec.adds_up(len(pasts)):
        return pasts, tests, ()
    whole, columns = added_up(pasts)
    asked, read = of_the_market(tests, pasts)
    return (whole,), asked, (*columns, *read)


def _sampled(problem: FitProblem, density: Density, seed: int) -> tuple[Floats, Convergence]:
    """Draws of all parameters, float array (chains * draws, size), and the convergence of every reported quantity."""
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
    """Quantities reshaped to (chains, draws, ...); those of channels are split, one entry a channel."""
    made = {}
    for name, values in each.items():
        chained = values.reshape(CHAINS, -1, *values.shape[1:])
        if name in OF_ALL:
            made[name] = chained
        else:
            made |= {f"{name} of {channel}": chained[..., c] for c, channel in enumerate(channels)}
    return made


def _mix(
    problem: FitProblem, density: Density, kept: Draws, convergence: Convergence, middle: Floats, seed: int
) -> Mix:
    spec, past = problem.spec, total(problem.pasts)
    made = response(problem.pasts, density.evidence, kept, spec)
    predictive, farthest, week, explained = _predictive(problem, made, density.evidence, kept, seed)
    grid, current = grids(problem.pasts, spec)
    share = made.contribution.sum(axis=2) / past.value.sum()
    dominance, inflated = share.std(axis=0) / problem.priors.deviation, inflation(made.stock)
    ahead = _holdout(problem, past, middle, seed)
    seen = GateData(past, problem.pasts, spec, convergence, ahead, predictive, farthest, week, dominance, inflated,
                    share, made.roi, problem.notes, problem.summed_regions)  # fmt: skip
    spent, each = past.spend.sum(axis=1), None if past.customers is None else past.value.sum() / past.customers
    return Mix(
        channels=past.channels, weeks=past.weeks, value=past.value, spend=past.spend, contribution=made.contribution,
        baseline=made.baseline, share=share, roi=made.roi, mroi=made.mroi, saturated=made.saturated,
        retention=equivalent_retention(kept.weights, past.step), response=made.response, grid=grid, current=current,
        observed=np.median(made.stock.max(axis=2), axis=0), predictive=predictive, dominance=dominance,
        inflation=inflated, fit=explained, holdout=ahead, convergence=convergence, level=spec.level,
        notes=problem.notes, gates=gates(seen), step=past.step, kernel=kept.weights, ceiling=made.ceiling,
        cac=None if each is None else spent * each / made.contribution.sum(axis=2),
        regions=by_region(problem.pasts, made.by_region, spec.level),
        others=sum((each.others.reset_index(drop=True) for each in problem.pasts[1:]),
                   problem.pasts[0].others.reset_index(drop=True)) / len(problem.pasts),
        added=tuple(each.region for each in problem.summed_regions),
    )  # fmt: skip


def _holdout(problem: FitProblem, past: History, middle: Floats, seed: int) -> Holdout:
    """Forecast of the last weeks by the same model, fitted without their outcome."""
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
    return forecast(
        past, values, expected, kept.rho, unit * kept.sigma, kept.region_correlation, used, spec.level, seed
    )


def _predictive(
    problem: FitProblem, made: Response, given: ModelData, kept: Draws, seed: int
) -> tuple[float, float, str, float]:
    """One-step-ahead predictive check.

    Returns
    -------
    inside : float
        Share of periods inside their predictive interval.
    farthest : float
        Largest deviation of a period from its prediction, in standard deviations.
    week : str
        That period, in words.
    explained : float
        Share of variance explained by the posterior mean.
    """
    values = np.stack([past.value for past in problem.pasts])
    value, unit, level = values.sum(axis=0), values[:, : given.used].mean(axis=1), problem.spec.level
    error, rho = values - made.expected, kept.rho[:, :, None]
    told = (made.expected[:, :, 1:] + rho * error[:, :, :-1]).sum(axis=1)
    deviation = together(unit * kept.sigma, kept.region_correlation)
    noise = np.random.default_rng([seed, 1]).standard_normal(told.shape)
    low, _, high = equal_tails(told + noise * deviation[:, None], level)
    inside = float(((value[1:] >= low) & (value[1:] <= high)).mean())
    steps = (value[1:] - told).mean(axis=0) / deviation.mean()
    middle = made.expected.sum(axis=1).mean(axis=0)
    k = int(np.abs(steps).argmax())
    week = tr(
        "{week} with {value:,.0f} where {expected:,.0f} was due",
        week=day(problem.pasts[0].weeks[k + 1]), value=value[k + 1], expected=told.mean(axis=0)[k],
    )  # fmt: skip
    return inside, float(np.abs(steps).max()), week, float(1 - (value - middle).var() / value.var())


def by_region(pasts: tuple[History, ...], brought: Floats, level: float) -> pd.DataFrame | None:
    """Spend, share of the region's outcome and roi, one row a region and channel; None for a single region.

    Parameters
    ----------
    pasts : tuple of History
        Regions.
    brought : float array (draws, regions, channels)
        Contribution, in units of the outcome.
    level : float
        Probability of the intervals.

    Returns
    -------
    DataFrame or None
        roi is missing where a channel has no spend in a region.
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
    """Equal-tailed interval and median by column, as `name`_low, `name` and `name`_high.

    Parameters
    ----------
    name : str
        Name of the quantity.
    values : float array (draws, rows)
        Posterior draws.
    level : float
        Probability of the interval.

    Returns
    -------
    dict of str to float array (rows,)
        The three columns.
    """
    low, middle, high = equal_tails(values, level)
    return {f"{name}_low": low, name: middle, f"{name}_high": high}
