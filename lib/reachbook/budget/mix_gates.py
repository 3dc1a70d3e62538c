"""What must hold before anyone moves money on the word of the model, and what would cure it where it does not."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.history import History
from reachbook.budget.mix_holdout import Holdout
from reachbook.budget.mix_spec import MixSpec
from reachbook.numbers import number
from reachbook.stats.sampling import Convergence
from reachbook.told import Check

type Floats = npt.NDArray[np.float64]

DOMINATED = 0.8
"""Posterior by prior deviation above which a channel's posterior is its prior."""
INFLATED = 10.0
"""Variance inflation above which channels cannot be told apart (Kutner et al. 2005, "Applied linear statistical
models", section 10.5)."""
SHARES = (0.01, 0.7)
"""Shares of the outcome that media may plausibly bring."""
_RETURNS = (0.02, 50.0)
_ODD = (0.005, 200.0)
"""The same for a single channel, whose return is known less well."""
_SPIKE, _TYPO, _ALONE = 6.0, 25.0, 3.0
"""Times a channel's usual spend (median of its weeks or days with spend) at which a single one is odd, and is taken for
a slip of the pen; and how many times the next largest it must be."""
_LONG = 78
_FARTHEST = 5.0


@dataclass(frozen=True)
class Seen:
    """What the gates look at, names as in `mix.Mix`; farthest : most deviations that a week is off."""

    past: History
    spec: MixSpec
    found: Convergence
    ahead: Holdout
    predictive: float
    farthest: float
    dominance: Floats
    inflation: Floats
    share: Floats
    roi: Floats
    notes: tuple[str, ...]


def gates(seen: Seen) -> tuple[Check, ...]:
    """All gates, in the order in which a reader asks."""
    past, spec = seen.past, seen.spec
    return (
        _history(past, seen.notes),
        _convergence(seen.found),
        _holdout(seen.ahead, spec.level),
        _predictive(seen.predictive, seen.farthest, len(past.weeks), spec.level),
        _prior(past, seen.dominance),
        _collinear(past, seen.inflation),
        _share(seen.share, spec.level),
        _units(past, seen.roi),
        *_spikes(past),
    )


def _convergence(found: Convergence) -> Check:
    cure = "" if found.passed else (
        " Give draws twice as many; if that does not help, merge channels that move together or take a simpler "
        "saturation."
    )  # fmt: skip
    return Check("convergence", found.passed, found.describe() + cure)


def _history(past: History, notes: tuple[str, ...]) -> Check:
    weeks = len(past.weeks) * past.step // 7
    told = f"{len(past.weeks)} {'weeks' if past.step == 7 else 'days'} without a gap, nothing filled in."
    if weeks < _LONG:
        told += f" Fewer than {_LONG}: season and media may be mistaken for each other; bring two years."
    return Check("history", weeks >= _LONG, " ".join([told, *(f"{n[0].upper()}{n[1:]}." for n in notes)]),
                 "warn")  # fmt: skip


def _holdout(ahead: Holdout, level: float) -> Check:
    passed = ahead.error <= ahead.naive
    told = (
        f"The last {len(ahead.actual)} weeks, unseen: forecast off by {number(ahead.error, 'ratio')}, a naive one by "
        f"{number(ahead.naive, 'ratio')}; {number(ahead.inside, 'ratio')} of weeks inside their "
        f"{number(level, 'ratio')} interval."
    )
    cure = "" if passed else " Add what moved the outcome then (price, promotion, holidays, stock) as columns."
    return Check("holdout", passed, told + cure)


def _predictive(inside: float, farthest: float, weeks: int, level: float) -> Check:
    """Too few weeks inside, or one far outside. Too many is no fault: the weeks were used in the fit."""
    least = level - max(0.05, 2.5 * float(np.sqrt(level * (1 - level) / weeks)))
    passed = inside >= least and farthest <= _FARTHEST
    told = (
        f"{number(inside, 'ratio')} of weeks lie inside their {number(level, 'ratio')} predictive interval (at least "
        f"{number(least, 'ratio')}); the farthest is {farthest:.1f} deviations off (at most {_FARTHEST:.0f})."
    )
    cure = "" if passed else " Look for weeks with a special cause and give it a column."
    return Check("predictive", passed, told + cure)


def _prior(past: History, dominance: Floats) -> Check:
    """Blocks where the money that the data say nothing of is more than half."""
    told = [name for name, ratio in zip(past.channels, dominance, strict=True) if ratio > DOMINATED]
    spent = past.spend.sum(axis=1)
    money = float(spent[dominance > DOMINATED].sum() / spent.sum())
    if not told:
        return Check("prior", True, f"Every channel's share is known better than before the data: at most "
                     f"{dominance.max():.2f} of the prior's deviation.")  # fmt: skip
    detail = (
        f"Of {', '.join(told)} ({number(money, 'ratio')} of spend) the data say next to nothing: what is reported is "
        "the prior. A lift test of each, or weeks with clearly more and less spend, would tell."
    )
    return Check("prior", False, detail, "block" if money > 0.5 else "warn")


def _collinear(past: History, inflation: Floats) -> Check:
    told = [name for name, factor in zip(past.channels, inflation, strict=True) if factor > INFLATED]
    worst = f"largest variance inflation {inflation.max():,.1f}, limit {INFLATED:.0f}"
    if not told:
        return Check("collinearity", True, f"Channels move apart enough to be told apart: {worst}.")
    return Check("collinearity", False, f"{', '.join(told)} are spent in step ({worst}); their effects cannot be told "
                 "apart. Merge them into one channel, test one alone, or vary them separately.")  # fmt: skip


def _share(share: Floats, level: float) -> Check:
    total = share.sum(axis=1)
    low, middle, high = np.quantile(total, [(1 - level) / 2, 0.5, (1 + level) / 2])
    passed = bool(SHARES[0] <= middle <= SHARES[1])
    shown = [number(float(each), "ratio") for each in (middle, low, high, *SHARES)]
    told = f"Media bring {shown[0]} of the outcome ({shown[1]} to {shown[2]}; plausible: {shown[3]} to {shown[4]})."
    cure = (
        "" if passed else " Check that spend and outcome belong to one brand, and that the baseline has its controls."
    )
    return Check("media_share", passed, told + cure)


def _spikes(past: History) -> list[Check]:
    """A single week far beyond all others bends a curve by itself, and stretches the range that counts as seen."""
    made = []
    for name, spend in zip(past.channels, past.spend, strict=True):
        week, (second, largest) = int(spend.argmax()), np.sort(spend)[-2:].tolist()
        usual = float(np.median(spend[spend > 0]))
        if largest > _SPIKE * usual and largest > _ALONE * second:
            times = largest / usual
            made.append(
                (times, f"{name} {number(largest)} on {past.weeks[week]:%Y-%m-%d}, {times:,.0f} times the usual")
            )
    if not made:
        return []
    slip = max(times for times, _ in made) > _TYPO
    told = f"Spend that stands alone: {'; '.join(words for _, words in made)}. Correct it if it is a slip"
    cure = "; if it is right, give it a channel of its own, since one point says nothing of the others' curve."
    return [Check("spikes", False, told + cure, "block" if slip else "warn")]


def _units(past: History, roi: Floats) -> Check:
    """Spend in the wrong unit shows as a return no medium has, or as one channel a thousand times the others."""
    spent, middle = past.spend.sum(axis=1), np.median(roi, axis=0)
    overall = float(np.median(roi @ spent / spent.sum()))
    apart = [name for name, each in zip(past.channels, middle, strict=True) if not _ODD[0] < each < _ODD[1]]
    passed = _RETURNS[0] <= overall <= _RETURNS[1] and not apart
    told = f"One unit of spend brings {overall:.3g} of outcome over all channels."
    which = f"; {', '.join(apart)} return what no medium does" if apart else ""
    cure = "" if passed else (
        f" Plausible are {_RETURNS[0]} to {_RETURNS[1]:.0f}{which}: is spend in the same unit as the outcome, "
        "not in thousands?"
    )  # fmt: skip
    return Check("units", passed, told + cure)
