"""Gates of the media-mix model, with a remedy for each that fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.budget.model.holdout import Holdout
from reachbook.budget.model.outliers import outcome_spikes, slips_below, spikes
from reachbook.budget.model.spec import REGIONS, MixSpec
from reachbook.budget.model.unit_steps import unit_steps
from reachbook.budget.wording import ended, periods
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import equal_tailed
from reachbook.stats.sampling import EFFECTIVE, R_HAT, Convergence
from reachbook.translation import joined, sentences, tr
from reachbook.verdict import Gate

DOMINATED = 0.8
"""Ratio of posterior to prior standard deviation above which the posterior counts as the prior."""
INFLATED = 10.0
"""Variance inflation above which channels cannot be separated (Kutner et al. 2005, "Applied linear statistical models",
section 10.5).
"""
SHARES = (0.01, 0.7)
"""Plausible range of the share of the outcome that media bring."""
_RETURNS = (0.02, 50.0)
_ODD = (0.005, 200.0)
"""Plausible range of the return of a single channel, wider than that of all channels together."""
_RARE = 0.005
"""Probability of so few weeks inside their intervals below which the intervals count as too narrow."""
_LONG = 78
_FARTHEST = 5.0


@dataclass(frozen=True)
class GateData:
    """Input of the gates.

    Attributes
    ----------
    past : History
        All regions together.
    pasts : tuple of History
        Regions as they are modelled.
    spec : MixSpec
        Parameters of the model.
    convergence : Convergence
        Convergence of the reported quantities.
    ahead : Holdout
        Forecast of the held-out periods.
    predictive : float
        Share of periods inside their one-step predictive interval.
    farthest : float
        Largest deviation of a period from its prediction, in standard deviations.
    week : str
        That period, in words.
    dominance : float array (channels,)
        Posterior over prior standard deviation of each share.
    inflation : float array (channels,)
        Variance inflation factor of each channel's adstock.
    share : float array (draws, channels)
        Contribution as a share of the total outcome.
    roi : float array (draws, channels)
        Outcome per unit of money.
    notes : tuple of str
        What a reader must know about the data.
    summed_regions : tuple of History
        Regions that were summed before the fit, or ().
    """

    past: History
    pasts: tuple[History, ...]
    spec: MixSpec
    convergence: Convergence
    ahead: Holdout
    predictive: float
    farthest: float
    week: str
    dominance: Floats
    inflation: Floats
    share: Floats
    roi: Floats
    notes: tuple[str, ...]
    summed_regions: tuple[History, ...] = ()


def gates(data: GateData) -> tuple[Gate, ...]:
    """All gates, in the order in which a reader asks."""
    past, spec = data.past, data.spec
    return (
        _history(past, data.notes),
        _convergence(data.convergence, len(data.pasts)),
        _holdout(data.ahead, spec.level, past.step),
        *_coverage(data.ahead, spec.level, past.step),
        _predictive(data, len(past.weeks)),
        _prior(past, data.dominance),
        _collinear(past, data.inflation),
        _share(data.share, spec.level),
        _units(past, data.roi, spec.value_per_unit),
        *spikes(data.pasts),
        *outcome_spikes(data.pasts),
        *unit_steps(data.pasts),
        *slips_below(data.summed_regions),
    )


def _convergence(convergence: Convergence, regions: int) -> Gate:
    detail = sentences(settled(convergence), "" if convergence.passed else _more_draws(regions))
    return Gate("convergence", convergence.passed, detail)


def settled(convergence: Convergence) -> str:
    """Sentence on whether the sampler has settled, with its diagnostics and their limits."""
    told = {
        "r_hat": convergence.r_hat, "limit": R_HAT, "effective": min(convergence.bulk, convergence.tail),
        "least": EFFECTIVE, "divergent": convergence.divergences, "draws": convergence.draws,
        "worst": convergence.worst,
    }  # fmt: skip
    if convergence.passed:
        return tr(
            "The calculation has settled: R-hat {r_hat:.3f} (at most {limit}), {effective:,.0f} effective draws (at "
            "least {least}), {divergent} of {draws:,} divergent.",
            **told,
        )
    return tr(
        "The calculation has not settled: R-hat {r_hat:.3f} (at most {limit}; worst at {worst}), {effective:,.0f} "
        "effective draws (at least {least}), {divergent} of {draws:,} divergent.",
        **told,
    )


def _more_draws(regions: int) -> str:
    if regions > REGIONS:
        return tr("Write `regions: sum`, so that the {n} regions are added up first.", n=regions)
    return tr(
        "Give draws twice as many; if that does not help, merge channels that move together or take a simpler "
        "saturation."
    )


def _history(past: History, notes: tuple[str, ...]) -> Gate:
    weeks = len(past.weeks) * past.step // 7
    told = tr("{periods} without a gap, nothing filled in.", periods=periods(len(past.weeks), past.step))
    few = "" if weeks >= _LONG else tr(
        "Fewer than {least}: season and media may be mistaken for each other; bring two years.", least=_LONG
    )  # fmt: skip
    return Gate("history", weeks >= _LONG, sentences(told, few, *map(ended, notes)), "warn")


def _holdout(ahead: Holdout, level: float, step: int) -> Gate:
    passed = ahead.error <= ahead.naive
    told = tr(
        "Forecasting the last {periods} unseen, the model was off by {error}; the better of two simple guesses by "
        "{naive}.",
        periods=periods(len(ahead.actual), step), error=number(ahead.error, "ratio"),
        naive=number(ahead.naive, "ratio"),
    )  # fmt: skip
    cure = tr("Add what moved the outcome then (price, promotion, holidays, stock) as columns.")
    return Gate("holdout", passed, sentences(told, "" if passed else cure))


def _coverage(ahead: Holdout, level: float, step: int) -> list[Gate]:
    """Gate on the coverage of the holdout intervals: fails where chance would do so in fewer than one of 200 histories.

    Weeks are treated as independent, although forecast errors of neighbouring weeks are correlated.
    """
    count = len(ahead.actual)
    least = float(binom.ppf(_RARE, count, level)) / count
    told = tr(
        "{inside} of the last {periods}, unseen, lie inside the {level} interval of the forecast (at least {least}).",
        inside=number(ahead.inside, "ratio"), periods=periods(count, step), level=number(level, "ratio"),
        least=number(least, "ratio"),
    )  # fmt: skip
    if ahead.inside >= least:
        return [Gate("foretold", True, told, "warn")]
    cure = tr("The model is surer than it may be: something moved the outcome then that has no column.")
    return [Gate("foretold", False, sentences(told, cure), "warn")]


def _predictive(data: GateData, weeks: int) -> Gate:
    """Gate on in-sample coverage, failed by low coverage or an extreme outlier; high coverage is expected in sample."""
    inside, farthest, level = data.predictive, data.farthest, data.spec.level
    least = level - max(0.05, 2.5 * float(np.sqrt(level * (1 - level) / weeks)))
    passed = inside >= least and farthest <= _FARTHEST
    told = tr(
        "{inside} of weeks lie inside the model's {level} interval (at least {least}); the farthest, {week}, is off by "
        "{farthest:.1f} times the usual deviation (at most {most:.0f}).",
        inside=number(inside, "ratio"), level=number(level, "ratio"), least=number(least, "ratio"), week=data.week,
        farthest=farthest, most=_FARTHEST,
    )  # fmt: skip
    return Gate("predictive", passed, told if passed else sentences(told, _look(farthest > _FARTHEST)))


def _look(far: bool) -> str:
    if far:
        return tr(
            "Look at that week: correct its number if it is a slip, give it a column of its own if it had a cause."
        )
    return tr("Look for weeks with a special cause and give it a column.")


def _prior(past: History, dominance: Floats) -> Gate:
    """Gate on channels whose posterior is their prior; blocks if they account for more than half of the spend."""
    told = [name for name, ratio in zip(past.channels, dominance, strict=True) if ratio > DOMINATED]
    spent = past.spend.sum(axis=1)
    money = float(spent[dominance > DOMINATED].sum() / spent.sum())
    if not told:
        detail = tr(
            "The data say something of every channel: at most {most:.0%} of the doubt before the data is left "
            "({limit:.0%} is too much).",
            most=float(dominance.max()), limit=DOMINATED,
        )  # fmt: skip
        return Gate("prior", True, detail)
    detail = tr(
        "Of {channels} ({share} of spend) the data say next to nothing: what is told was assumed beforehand. A lift "
        "test of each, or weeks with clearly more and less spend, would tell.",
        channels=joined(told), share=number(money, "ratio"),
    )  # fmt: skip
    return Gate("prior", False, detail, "block" if money > 0.5 else "warn")


def _collinear(past: History, inflation: Floats) -> Gate:
    told = [name for name, factor in zip(past.channels, inflation, strict=True) if factor > INFLATED]
    worst = {"worst": float(inflation.max()), "limit": INFLATED}
    if not told:
        detail = tr(
            "Channels' spend moves apart enough to tell them apart ({worst:,.1f}; 1 is independent, {limit:.0f} too "
            "close).",
            **worst,
        )
        return Gate("collinearity", True, detail)
    detail = tr(
        "{channels} are spent in step ({worst:,.1f}; 1 is independent, {limit:.0f} too close), so that their effects "
        "cannot be told apart. Merge them into one channel, test one alone, or vary them separately.",
        channels=joined(told), **worst,
    )  # fmt: skip
    return Gate("collinearity", False, detail)


def _share(share: Floats, level: float) -> Gate:
    total = share.sum(axis=1)
    low, middle, high = equal_tailed(total, level)
    passed = bool(SHARES[0] <= middle <= SHARES[1])
    shown = [number(float(each), "ratio") for each in (middle, low, high, *SHARES)]
    told = tr(
        "Media bring {middle} of the outcome [{low}, {high}] (plausible: {least} to {most}).",
        middle=shown[0], low=shown[1], high=shown[2], least=shown[3], most=shown[4],
    )  # fmt: skip
    cure = tr("Check that spend and outcome belong to one brand, and that the baseline has its controls.")
    return Gate("media_share", passed, sentences(told, "" if passed else cure))


def _units(past: History, roi: Floats, value: float | None) -> Gate:
    """Gate on spend in the wrong unit, which shows as an implausible return, overall or of one channel.

    Parameters
    ----------
    past : History
        All regions together.
    roi : float array (draws, channels)
        Outcome per unit of money.
    value : float or None
        Money that a unit of outcome is worth; if None, channels are compared with each other only.
    """
    spent, middle = past.spend.sum(axis=1), np.median(roi, axis=0)
    overall = float(np.median(roi @ spent / spent.sum()))
    scale = 1 / max(overall, 1e-300) if value is None else value
    apart = [name for name, each in zip(past.channels, middle * scale, strict=True) if not _ODD[0] < each < _ODD[1]]
    passed = (value is None or _RETURNS[0] <= overall * scale <= _RETURNS[1]) and not apart
    told = tr("One unit of spend brings {outcome:.3g} of outcome over all channels.", outcome=overall)
    if value not in (None, 1):
        told = tr("One unit of spend brings {outcome:.3g} of outcome over all channels, {money:.3g} in money.",
                  outcome=overall, money=overall * scale)  # fmt: skip
    return Gate("units", passed, told if passed else sentences(told, _other_unit(apart, value)))


def _other_unit(apart: list[str], value: float | None) -> str:
    """What to check where returns are what no medium has."""
    odd = {"channels": joined(apart)}
    if value is None:
        return tr("{channels} return what no medium does beside the others: is its spend in the same unit?", **odd)
    ends = tr("Plausible are {low} to {high:.0f}.", low=_RETURNS[0], high=_RETURNS[1])
    which = tr("{channels} return what no medium does.", **odd) if apart else ""
    cure = tr("Is spend in the same unit as the outcome, not in thousands, and `value_per_unit` right?")
    return sentences(ends, which, cure)


def inflation(stock: Floats) -> Floats:
    """Variance inflation factor of each channel's mean adstock, float array (channels,).

    Parameters
    ----------
    stock : float array (draws, channels, weeks)
        Adstock, in any unit.
    """
    if stock.shape[1] == 1:
        return np.ones(1)
    return np.array(list(_inflations(stock.mean(axis=0))))


def _inflations(mean: Floats) -> Iterator[float]:
    for c in range(len(mean)):
        rest = np.column_stack([np.ones(mean.shape[1]), np.delete(mean, c, axis=0).T])
        left = mean[c] - rest @ np.linalg.lstsq(rest, mean[c], rcond=None)[0]
        yield float(mean[c].var() / max(left.var(), 1e-9 * mean[c].var()))
