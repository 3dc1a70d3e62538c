"""Gates of an experiment."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import chisquare, ttest_ind

from reachbook.effects.experiment.detail import Arm, Influence, Predictive
from reachbook.effects.experiment.heavy_tail import Tail
from reachbook.effects.experiment.means import Means
from reachbook.effects.experiment.sequential import NAIVE, Peeking
from reachbook.effects.experiment.units import Units
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import Interval
from reachbook.verdict import Gate

BLOCK, WARN = 0.001, 0.01
"""Limits on p of the sample-ratio check (Fabijan et al. 2019, "Diagnosing sample ratio mismatch")."""
FEWEST_EVENTS, FEWEST_AMOUNTS, FEWEST_CLUSTERS, FEWEST_PAIRS = 5, 15, 5, 30
HEAVY = 0.5
"""Probability of an infinite variance above which no mean is reported."""
MOVES = 0.5
"""Change of the effect by one unit that is allowed, in half-widths of its interval."""
_RARE = 1e-4
_MISFIT = 0.005
_REPLICATES = 500


def sample_ratio(members: Sequence[int], shares: Sequence[float]) -> float:
    """p-value of Pearson's chi-square test that the arms' sizes follow the designed shares."""
    share = np.asarray(shares, float) / np.sum(shares)
    return float(chisquare(members, share * np.sum(members)).pvalue)


def ratio_check(
    p: float, names: Sequence[str], members: Sequence[int], shares: Sequence[float], what: str = "unit"
) -> Gate:
    """Gate on the sample ratio of units or clusters: blocks below p = .001, warns below .01."""
    seen = ", ".join(f"{name} {count:,}" for name, count in zip(names, members, strict=True)) + f" {what}s"
    asked = ":".join(f"{share:g}" for share in shares)
    if p >= WARN:
        return Gate("sample_ratio", True, f"The arms' sizes are what chance gives at {asked}: {seen} (p = {p:.2g}).")
    detail = f"The arms' sizes are not what chance gives at {asked}: {seen} (p = {p:.2g}). "
    if p < BLOCK:
        remedy = (
            "Either units were lost or assigned wrongly, in one arm more than in another, or they were assigned in "
            "groups, such as stores, that `cluster` does not name; find out which. If the design had other shares, set "
            "ratios" + ("; an arm that is none, name in leave_out." if len(names) > 2 else ".")
        )
        return Gate("sample_ratio", False, detail + remedy)
    return Gate("sample_ratio", False, detail + "It may be chance; check assignment and filters.", "warn")


def control_check(units: Units) -> Gate:
    """Gate on whether the control was identified by more than its order."""
    name, how = units.arms[0], {"params": "as the parameter control says", "name": "told from its name"}
    if units.control_from != "order":
        return Gate("control", True, f"The control arm is {name}, {how[units.control_from]}.", "warn")
    detail = f"No arm's name says that it is the control; {name} was taken, the first in order. Name it in control."
    return Gate("control", False, detail, "warn")


def sample_check(units: Units, means: Means, members: Sequence[int], successes: Sequence[int]) -> Gate:
    """Gate on enough observations in every arm for the interval to rest on the data."""
    asked: list[tuple[Sequence[int], int, str]] = []
    if units.cluster is not None:
        asked.append((members, FEWEST_CLUSTERS, "clusters"))
    elif units.kind == "ratio":
        asked.append((members, FEWEST_PAIRS, "units"))
    if units.cluster is None and means.basket is not None:
        asked.append((successes, FEWEST_AMOUNTS, "units above zero"))
    elif units.kind == "conversion":
        rest = [int(n) - x for n, x in zip(units.sizes, successes, strict=True)]
        asked += [(successes, FEWEST_EVENTS, "conversions"), (rest, FEWEST_EVENTS, "units that did not convert")]
    else:
        asked.append((successes, FEWEST_EVENTS, "units other than zero"))
    checked = [_enough(units, *each) for each in asked]
    return next((each for each in checked if not each.passed), checked[0])


def _enough(units: Units, counts: Sequence[int], least: int, what: str) -> Gate:
    worst = int(np.argmin(counts))
    without = f", or without that arm (leave_out: [{units.arms[worst]}])" if worst and len(units.arms) > 2 else ""
    if counts[worst] >= least:
        return Gate(
            "sample", True, f"Every arm has at least {least} {what}; {units.arms[worst]} has {counts[worst]:,}."
        )
    return Gate(
        "sample",
        False,
        f"We cannot tell: arm {units.arms[worst]} has {counts[worst]:,} {what} among {int(units.sizes[worst]):,} "
        f"units, and at least {least} are needed. Run longer or with more units{without}.",
    )


def predictive(tail: Tail, amounts: Sequence[np.ndarray], rng: np.random.Generator) -> Predictive:
    """Posterior predictive check of the tail's largest amount and geometric mean; `amounts` by arm, each (members,)."""
    over = np.concatenate([each[each > tail.threshold] for each in amounts])
    keep = np.linspace(0, len(tail.shape) - 1, _REPLICATES).astype(int)
    shape = tail.shape[keep, None]
    drawn = []
    for scale, count in zip(tail.scale, tail.counts, strict=True):
        uniform = rng.random((len(keep), count))
        drawn.append(tail.threshold + scale[keep, None] * np.expm1(-shape * np.log(uniform)) / shape)
    replicated = np.concatenate(drawn, axis=1)
    largest, middle = replicated.max(axis=1), np.exp(np.log(replicated).mean(axis=1))
    seen = float(over.max()), float(np.exp(np.log(over).mean()))
    tails = [_two_sided(each, at) for each, at in zip((largest, middle), seen, strict=True)]
    return Predictive(_around(seen[0], largest), _around(seen[1], middle), min(1.0, 2 * min(tails)))


def _two_sided(replicated: np.ndarray, seen: float) -> float:
    above = (float((replicated >= seen).sum()) + 0.5) / (len(replicated) + 1)
    return 2 * min(above, 1 - above)


def _around(seen: float, replicated: np.ndarray) -> tuple[float, float, float]:
    return seen, float(replicated.min()), float(replicated.max())


def tail_check(tail: Tail | None, check: Predictive | None, instead: bool) -> list[Gate]:
    """Gates on the tail: finite variance, and posterior predictive fit."""
    if tail is None:
        return []
    heavy, shown = _heavy_check(tail, instead), _predictive_check(check)
    # That a tail without a variance is shown again says nothing good about its mean.
    return [heavy, *(each for each in shown if heavy.passed or not each.passed)]


def _heavy_check(tail: Tail, instead: bool) -> Gate:
    """Gate on amounts whose variance is more likely infinite than finite."""
    chance, over = tail.infinite_variance, f"those above {number(tail.threshold)}"
    if chance <= HEAVY:
        return Gate("heavy_tail", True, f"The amounts have a finite variance with probability {1 - chance:.0%}.")
    told = "the share above zero, the median of amounts and a mean of capped amounts" if instead else "medians"
    detail = (
        f"The mean of the amounts cannot be trusted: judged by {over}, they have no finite variance with probability "
        f"{chance:.0%}, so that a few of them carry it. Look at the largest for errors and resellers. What can be told "
        f"instead: {told}, under \u201cWhat it hangs on\u201d."
    )
    return Gate("heavy_tail", False, detail)


def _predictive_check(check: Predictive | None) -> list[Gate]:
    if check is None:
        return []
    fit = check.p >= _MISFIT
    shown = (
        f"the largest amount seen is {number(check.largest[0])}, replicated {number(check.largest[1])} to "
        f"{number(check.largest[2])}; the tail's geometric mean {number(check.middle[0])}, replicated "
        f"{number(check.middle[1])} to {number(check.middle[2])}"
    )
    said = "The model shows the tail again" if fit else "The model does not show the tail again"
    remedy = "" if fit else " Look at the largest amounts for errors and resellers."
    return [Gate("predictive", fit, f"{said}: {shown} (p = {check.p:.2g}).{remedy}")]


def influence_check(whole: Interval, influence: Sequence[Influence], what: str, fewest: int) -> list[Gate]:
    """Gate on influential values: blocks if one unit carries the effect, warns if few do or one is an outlier.

    The measure is the half-width of the interval without the unit, since an outlier would widen its own measure. With
    few clusters each moves much of the effect, so twice as much is allowed.

    Parameters
    ----------
    whole : Interval
        Effect with all values, in units of the outcome.
    influence : sequence of Influence
        Effect without one and without five values.
    what : str
        "unit" or "cluster".
    fewest : int
        Members in the smallest arm.
    """
    if not influence:
        return []
    one, more = influence[0], influence[1:]
    moved = _moved(whole, one)
    allowed = MOVES * (2 if fewest < FEWEST_PAIRS else 1)
    where = (
        f"row {one.row:,} below the header" if what == "unit" else f"the cluster of row {one.row:,} below the header"
    )
    detail = (
        f"Without {where} ({number(one.value)}, arm {one.arm}) the effect moves by {moved:.0%} of half its interval "
        f"(at most {allowed:.0%}). "
    )
    if moved > allowed:
        return [Gate("influence", False, detail + "One single value carries the effect: look whether it is an error.")]
    if one.surprise < WARN:
        odds = f"below {_RARE:g}" if one.surprise < _RARE else f"{one.surprise:.2g}"
        detail += f"It is out of line with the others (probability of one as large: {odds}): is it an error?"
        return [Gate("influence", False, detail, "warn")]
    five = max((_moved(whole, each) for each in more), default=0.0)
    if max(moved * 2, five) > allowed:
        detail += f"Without the {more[0].dropped} largest it moves by {five:.0%}. " if more else ""
        return [Gate("influence", False, detail + "A few values carry much of the effect.", "warn")]
    return [Gate("influence", True, detail + "Nothing was capped or left out.", "warn")]


def _moved(whole: Interval, each: Influence) -> float:
    """Change of the effect without some values, in half-widths of its interval."""
    half, distance = (each.high - each.low) / 2, abs(each.middle - whole.middle)
    return distance / half if half > 0 else (math.inf if distance > 0 else 0.0)


def arms_check(units: Units) -> list[Gate]:
    """Gate that names the arms set aside; none if there are none."""
    if not units.left_out:
        return []
    everyone = len(units.outcome) + sum(each.units for each in units.left_out)
    named = "; ".join(f"{each.name} with {each.units:,} of {everyone:,} units ({each.why})" for each in units.left_out)
    return [Gate("arms", False, f"Left out, no arm of this test: {named}. The other arms are compared.", "warn")]


def denominator_check(units: Units) -> list[Gate]:
    """Gate on a ratio whose denominator differs between arms, so that it moves without its numerator."""
    if units.under is None:
        return []
    over, under = units.numerator_name, units.denominator_name
    tops, bottoms = np.bincount(units.arm, units.outcome), units.weights
    sums = ", ".join(
        f"{name} {number(top)}/{number(bottom)}" for name, top, bottom in zip(units.arms, tops, bottoms, strict=True)
    )
    each = ", ".join(f"{number(float(top / size))}" for top, size in zip(tops, units.sizes, strict=True))
    told = f"{units.name} is a ratio of sums: {sums}. {over} a unit: {each}."
    p = _differs(units)
    if p >= WARN:
        return [Gate("ratio", True, f"{told} {under} a unit do not differ between arms.", "warn")]
    seen = ", ".join(f"{number(float(b / n))}" for b, n in zip(bottoms, units.sizes, strict=True))
    detail = (
        f"{told} The arms differ in {under} a unit ({seen}): the ratio moves with {under} even where no {over} were "
        f"added or lost. Decide on {over} (outcome: {over}, without denominator) if it is they that count."
    )
    return [Gate("ratio", False, detail, "warn")]


def _differs(units: Units) -> float:
    """Bonferroni-corrected p-value of Welch's tests of each arm's mean denominator against the control.

    Clusters are compared by their means.
    """
    assert units.under is not None
    values, arm = units.under, units.arm
    if units.cluster is not None:
        first, code = np.unique(units.cluster, return_index=True, return_inverse=True)[1:]
        values, arm = np.bincount(code, units.under) / np.bincount(code), units.arm[first]
    parts = [values[arm == i] for i in range(len(units.arms))]
    if np.ptp(values) == 0:
        return 1.0
    tests = [float(ttest_ind(each, parts[0], equal_var=False).pvalue) for each in parts[1:]]
    return min(1.0, len(tests) * min((p for p in tests if np.isfinite(p)), default=1.0))


def exposure_check(arms: Sequence[Arm]) -> list[Gate]:
    """Gate on arms whose assignment hardly changed exposure; none if there are none."""
    poor = [arm.name for arm in arms[1:] if arm.exposed is not None and arm.complier is None]
    if not poor:
        return []
    detail = f"Arm {poor[0]} was hardly more exposed than the control: effects on the exposed are not told for it."
    return [Gate("exposure", False, detail, "warn")]


def looks_check(peeking: Peeking | None, sureness: float) -> list[Gate]:
    """Gate on several planned looks: warns if the result is sure enough for one look only."""
    if peeking is None:
        return []
    between = NAIVE <= sureness < peeking.threshold
    more = f" The sign is sure at {sureness:.4f}: enough for one look, not for {peeking.looks}." if between else ""
    return [Gate("looks", not between, peeking.describe() + more, "warn")]


def baseline_check(means: Means) -> list[Gate]:
    """Gate on an arm whose mean may be zero or negative, so that a relative lift means little."""
    if (means.mean > 0).all():
        return []
    detail = (
        "An arm's mean may be zero or below: no relative lift can be believed in, read the effect in outcome units."
    )
    return [Gate("baseline", False, detail, "warn")]
