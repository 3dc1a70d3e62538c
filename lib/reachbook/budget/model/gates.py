"""Gates of the media-mix model, with a remedy for each that fails."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binom

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.budget.model.holdout import Holdout
from reachbook.budget.model.spec import REGIONS, MixSpec
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import equal_tailed
from reachbook.stats.sampling import Convergence
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
_SPIKE, _TYPO, _ALONE = 6.0, 12.0, 3.0
"""Multiples of a channel's usual spend (median of periods with spend): suspicious, and presumed a typing error; and the
least multiple of the next largest value.
"""
_PEAK, _PIT, _SLIP, _PEAK_ALONE = 3.0, 4.0, 6.0, 2.0
"""Multiples of the usual outcome: suspicious above, suspicious below, and presumed a typing error; and the least
multiple of the next value.
"""
_FEW = 3
"""Most periods that are flagged together as one group of outliers."""
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
        *_spikes(data.pasts),
        *_outcome_spikes(data.pasts),
        *_slips_below(data.summed_regions),
    )


def _convergence(convergence: Convergence, regions: int) -> Gate:
    few = f" Write `regions: sum`, so that the {regions} regions are added up first." if regions > REGIONS else ""
    cure = "" if convergence.passed else few or (
        " Give draws twice as many; if that does not help, merge channels that move together or take a simpler "
        "saturation."
    )  # fmt: skip
    return Gate("convergence", convergence.passed, convergence.describe() + cure)


def _history(past: History, notes: tuple[str, ...]) -> Gate:
    weeks = len(past.weeks) * past.step // 7
    told = f"{len(past.weeks)} {'weeks' if past.step == 7 else 'days'} without a gap, nothing filled in."
    if weeks < _LONG:
        told += f" Fewer than {_LONG}: season and media may be mistaken for each other; bring two years."
    return Gate("history", weeks >= _LONG, " ".join([told, *(f"{n[0].upper()}{n[1:]}." for n in notes)]),
                 "warn")  # fmt: skip


def _holdout(ahead: Holdout, level: float, step: int) -> Gate:
    passed = ahead.error <= ahead.naive
    word = "weeks" if step == 7 else "days"
    told = (
        f"The last {len(ahead.actual)} {word}, unseen: forecast off by {number(ahead.error, 'ratio')}, the better of "
        f"two naive ones by {number(ahead.naive, 'ratio')}."
    )
    cure = "" if passed else " Add what moved the outcome then (price, promotion, holidays, stock) as columns."
    return Gate("holdout", passed, told + cure)


def _coverage(ahead: Holdout, level: float, step: int) -> list[Gate]:
    """Gate on the coverage of the holdout intervals: fails where chance would do so in fewer than one of 200 histories.

    Weeks are treated as independent, although forecast errors of neighbouring weeks are correlated.
    """
    count, word = len(ahead.actual), "weeks" if step == 7 else "days"
    least = float(binom.ppf(_RARE, count, level)) / count
    told = (
        f"{number(ahead.inside, 'ratio')} of the last {count} {word}, unseen, lie inside their "
        f"{number(level, 'ratio')} interval (at least {number(least, 'ratio')})."
    )
    if ahead.inside >= least:
        return [Gate("foretold", True, told, "warn")]
    cure = " The model is surer than it may be: something moved the outcome then that has no column."
    return [Gate("foretold", False, told + cure, "warn")]


def _predictive(data: GateData, weeks: int) -> Gate:
    """Gate on in-sample coverage, failed by low coverage or an extreme outlier; high coverage is expected in sample."""
    inside, farthest, level = data.predictive, data.farthest, data.spec.level
    least = level - max(0.05, 2.5 * float(np.sqrt(level * (1 - level) / weeks)))
    passed = inside >= least and farthest <= _FARTHEST
    told = (
        f"{number(inside, 'ratio')} of weeks lie inside their {number(level, 'ratio')} predictive interval (at least "
        f"{number(least, 'ratio')}); the farthest, {data.week}, is {farthest:.1f} deviations off (at most "
        f"{_FARTHEST:.0f})."
    )
    cure = "" if passed else (
        " Look at that week: correct its number if it is a slip, give it a column of its own if it had a cause."
        if farthest > _FARTHEST else " Look for weeks with a special cause and give it a column."
    )  # fmt: skip
    return Gate("predictive", passed, told + cure)


def _prior(past: History, dominance: Floats) -> Gate:
    """Gate on channels whose posterior is their prior; blocks if they account for more than half of the spend."""
    told = [name for name, ratio in zip(past.channels, dominance, strict=True) if ratio > DOMINATED]
    spent = past.spend.sum(axis=1)
    money = float(spent[dominance > DOMINATED].sum() / spent.sum())
    if not told:
        return Gate("prior", True, f"Every channel's share is known better than before the data: at most "
                     f"{dominance.max():.2f} of the prior's deviation.")  # fmt: skip
    detail = (
        f"Of {', '.join(told)} ({number(money, 'ratio')} of spend) the data say next to nothing: what is reported is "
        "the prior. A lift test of each, or weeks with clearly more and less spend, would tell."
    )
    return Gate("prior", False, detail, "block" if money > 0.5 else "warn")


def _collinear(past: History, inflation: Floats) -> Gate:
    told = [name for name, factor in zip(past.channels, inflation, strict=True) if factor > INFLATED]
    worst = f"largest variance inflation {inflation.max():,.1f}, limit {INFLATED:.0f}"
    if not told:
        return Gate("collinearity", True, f"Channels move apart enough to be told apart: {worst}.")
    return Gate("collinearity", False, f"{', '.join(told)} are spent in step ({worst}); their effects cannot be told "
                 "apart. Merge them into one channel, test one alone, or vary them separately.")  # fmt: skip


def _share(share: Floats, level: float) -> Gate:
    total = share.sum(axis=1)
    low, middle, high = equal_tailed(total, level)
    passed = bool(SHARES[0] <= middle <= SHARES[1])
    shown = [number(float(each), "ratio") for each in (middle, low, high, *SHARES)]
    told = f"Media bring {shown[0]} of the outcome ({shown[1]} to {shown[2]}; plausible: {shown[3]} to {shown[4]})."
    cure = (
        "" if passed else " Check that spend and outcome belong to one brand, and that the baseline has its controls."
    )
    return Gate("media_share", passed, told + cure)


def _spikes(pasts: tuple[History, ...]) -> list[Gate]:
    """Gate on periods of isolated high spend, which bend a curve on their own and extend the observed range.

    Up to `_FEW` periods that stand out together are flagged, in each region separately.
    """
    made = [found for past in pasts for k in range(len(past.channels)) for found in _alone(past, k)]
    if not made:
        return []
    slip = max(times for times, _ in made) > _TYPO
    told = f"Spend that stands alone: {'; '.join(words for _, words in made)}. Correct it if it is a slip"
    cure = "; if it is right, give it a channel of its own, since one point says nothing of the others' curve."
    return [Gate("spikes", False, told + cure, "block" if slip else "warn")]


def _alone(past: History, channel: int) -> list[tuple[float, str]]:
    spend = past.spend[channel]
    if not spend.any():
        return []
    usual, where = float(np.median(spend[spend > 0])), f" in {past.region}" if past.region else ""
    return [
        (
            float(spend[k] / usual),
            f"{past.channels[channel]}{where} {number(spend[k])} on {past.weeks[k]:%Y-%m-%d}, "
            f"{spend[k] / usual:,.0f} times the usual",
        )
        for k in _above(spend, usual, _SPIKE, _ALONE)
    ]


def _above(values: Floats, usual: float, times: float, apart: float) -> list[int]:
    """Indices of up to `_FEW` values above `times` the usual value and above `apart` times the largest of the rest."""
    order = np.argsort(-values, kind="stable")
    for count in range(min(_FEW, len(values) - 1), 0, -1):
        last, rest = float(values[order[count - 1]]), float(values[order[count]])
        if last > times * usual and last > apart * rest:
            return [int(k) for k in order[:count]]
    return []


def _outcome_spikes(pasts: tuple[History, ...]) -> list[Gate]:
    """Gate on periods of isolated high or low outcome: one of them can change the returns of all channels."""
    made = []
    for past in pasts:
        usual, where = float(np.median(past.value)), f" in {past.region}" if past.region else ""
        if usual <= 0:
            continue
        high = _above(past.value, usual, _PEAK, _PEAK_ALONE)
        low = _above(1 / np.maximum(past.value, 1e-3 * usual), 1 / usual, _PIT, _PEAK_ALONE)
        made += [
            (
                max(past.value[k] / usual, usual / max(past.value[k], 1e-3 * usual)),
                f"{number(past.value[k])}{where} on {past.weeks[k]:%Y-%m-%d}, where {number(usual)} is usual",
            )
            for k in (*high, *low)
        ]
    if not made:
        return []
    slip = max(times for times, _ in made) > _SLIP
    told = f"Outcome that stands alone: {'; '.join(words for _, words in made)}. Correct it if it is a slip"
    cure = "; if it is right, give what happened then a column of its own."
    return [Gate("outcome_spikes", False, told + cure, "block" if slip else "warn")]


def _slips_below(apart: tuple[History, ...]) -> list[Gate]:
    """Probable typing errors in single regions that the sum may hide; a warning, as they weigh less there."""
    found = [check for check in (*_spikes(apart), *_outcome_spikes(apart)) if check.level == "block"]
    return [replace(each, id=f"{each.id}_by_region", level="warn") for each in found]


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
    told = f"One unit of spend brings {overall:.3g} of outcome over all channels"
    told += "." if value in (None, 1) else f", {overall * scale:.3g} in money."
    if passed:
        return Gate("units", True, told)
    which = f"{', '.join(apart)} return what no medium does" if apart else ""
    if value is None:
        return Gate("units", False, f"{told} {which} beside the others: is its spend in the same unit?")
    cure = (
        f" Plausible are {_RETURNS[0]} to {_RETURNS[1]:.0f}{f'; {which}' if which else ''}: is spend in the same unit "
        "as the outcome, not in thousands, and `value_per_unit` right?"
    )
    return Gate("units", False, told + cure)


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
