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
from reachbook.effects.wording import odds
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import Interval
from reachbook.translation import clauses, joined, mark, sentences, tr
from reachbook.verdict import Gate

BLOCK, WARN = 0.001, 0.01
"""Limits on p of the sample-ratio check (Fabijan et al. 2019, "Diagnosing sample ratio mismatch")."""
FEWEST_EVENTS, FEWEST_AMOUNTS, FEWEST_CLUSTERS, FEWEST_PAIRS = 5, 15, 5, 30
HEAVY = 0.5
"""Probability of an infinite variance above which no mean is reported."""
MOVES = 0.5
"""Change of the effect by one unit that is allowed, in half-widths of its interval."""
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
    seen = joined(f"{name} {count:,}" for name, count in zip(names, members, strict=True))
    counted = tr("{seen} clusters", seen=seen) if what == "cluster" else tr("{seen} units", seen=seen)
    told = {"asked": ":".join(f"{share:g}" for share in shares), "seen": counted, "odds": odds(p)}
    if p >= WARN:
        detail = tr(
            "The arms' sizes are what chance gives at {asked}: {seen} (as uneven in {odds} of tests; below 0.1% "
            "blocks).",
            **told,
        )
        return Gate("sample_ratio", True, detail)
    detail = tr(
        "The arms' sizes are not what chance gives at {asked}: {seen} (as uneven in {odds} of tests; below 0.1% "
        "blocks).",
        **told,
    )
    if p >= BLOCK:
        remedy = tr("It may be chance; check assignment and filters.")
        return Gate("sample_ratio", False, sentences(detail, remedy), "warn")
    remedy = tr(
        "Either units were lost or assigned wrongly, in one arm more than in another, or they were assigned in groups, "
        "such as stores, that `cluster` does not name; find out which. If the design had other shares, set ratios."
    )
    stray = tr("If an arm is none of this test, name it in leave_out.") if len(names) > 2 else ""
    return Gate("sample_ratio", False, sentences(detail, remedy, stray))


def control_check(units: Units) -> Gate:
    """Gate on whether the control was identified by more than its order."""
    name = units.arms[0]
    if units.control_from == "params":
        return Gate("control", True, tr("The control arm is {name}, as the parameter control says.", name=name), "warn")
    if units.control_from == "name":
        return Gate("control", True, tr("The control arm is {name}, told from its name.", name=name), "warn")
    detail = tr(
        "No arm's name says that it is the control; {name} was taken, the first in order. Name it in control.",
        name=name,
    )
    return Gate("control", False, detail, "warn")


def sample_check(units: Units, means: Means, members: Sequence[int], successes: Sequence[int]) -> Gate:
    """Gate on enough observations in every arm for the interval to rest on the data."""
    asked: list[tuple[Sequence[int], int, str]] = []
    if units.cluster is not None:
        asked.append((members, FEWEST_CLUSTERS, mark("clusters")))
    elif units.kind == "ratio":
        asked.append((members, FEWEST_PAIRS, mark("units")))
    if units.cluster is None and means.basket is not None:
        asked.append((successes, FEWEST_AMOUNTS, mark("units above zero")))
    elif units.kind == "conversion":
        rest = [int(n) - x for n, x in zip(units.sizes, successes, strict=True)]
        asked += [
            (successes, FEWEST_EVENTS, mark("conversions")),
            (rest, FEWEST_EVENTS, mark("units that did not convert")),
        ]
    else:
        asked.append((successes, FEWEST_EVENTS, mark("units other than zero")))
    checked = [_enough(units, *each) for each in asked]
    return next((each for each in checked if not each.passed), checked[0])


def _enough(units: Units, counts: Sequence[int], least: int, what: str) -> Gate:
    worst = int(np.argmin(counts))
    told = {"arm": units.arms[worst], "count": f"{counts[worst]:,}", "least": least, "what": tr(what)}
    if counts[worst] >= least:
        passed = tr("Every arm has at least {least} {what}; {arm} has {count}.", **told)
        return Gate("sample", True, passed)
    detail = tr(
        "We cannot tell: arm {arm} has {count} {what} among {units} units, and at least {least} are needed.",
        units=f"{int(units.sizes[worst]):,}",
        **told,
    )
    remedy = tr("Run longer or with more units.")
    if worst and len(units.arms) > 2:
        remedy = tr("Run longer or with more units, or without that arm (leave_out: [{arm}]).", arm=units.arms[worst])
    return Gate("sample", False, sentences(detail, remedy))


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
    chance, over = tail.infinite_variance, number(tail.threshold)
    if chance <= HEAVY:
        told = tr(
            "The largest amounts are tame enough for a mean (probability {sure}, at least 50%).",
            sure=f"{1 - chance:.0%}",
        )
        return Gate("heavy_tail", True, told)
    detail = tr(
        "The mean of the amounts cannot be trusted: those above {over} are so uneven that a few of them carry it "
        "(probability {chance}, at most 50%). Look at the largest for errors and resellers.",
        over=over,
        chance=f"{chance:.0%}",
    )
    other = (
        tr(
            "What can be told instead, under “What it hangs on”: the share above zero, the median of amounts and "
            "a mean of capped amounts."
        )
        if instead
        else tr("What can be told instead: medians.")
    )
    return Gate("heavy_tail", False, sentences(detail, other))


def _predictive_check(check: Predictive | None) -> list[Gate]:
    if check is None:
        return []
    fit = check.p >= _MISFIT
    told = {
        "largest": number(check.largest[0]), "least": number(check.largest[1]), "most": number(check.largest[2]),
        "typical": number(check.middle[0]), "low": number(check.middle[1]), "high": number(check.middle[2]),
        "odds": odds(check.p),
    }  # fmt: skip
    shown = tr(
        "The largest amount is {largest} (model: {least} to {most}), a typical large one {typical} (model: {low} to "
        "{high}); chance alone misses as much in {odds} of tests (below 0.5% blocks).",
        **told,
    )
    if fit:
        return [Gate("predictive", True, sentences(tr("The model makes amounts as large as those seen."), shown))]
    said = tr("The model does not make amounts as large as those seen.")
    remedy = tr("Look at the largest amounts for errors and resellers.")
    return [Gate("predictive", False, sentences(said, shown, remedy))]


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
    detail = _without_one(one, what, moved, allowed)
    if moved > allowed:
        remedy = tr("One single value carries the effect: look whether it is an error.")
        return [Gate("influence", False, sentences(detail, remedy))]
    if one.surprise < WARN:
        out = tr("It is out of line with the others (one as large comes in {odds} of tests): is it an error?",
                 odds=odds(one.surprise))  # fmt: skip
        return [Gate("influence", False, sentences(detail, out), "warn")]
    five = max((_moved(whole, each) for each in more), default=0.0)
    if max(moved * 2, five) > allowed:
        largest = (
            tr("Without the {count} largest it moves by {share}.", count=more[0].dropped, share=f"{five:.0%}")
            if more
            else ""
        )
        text = sentences(detail, largest, tr("A few values carry much of the effect."))
        return [Gate("influence", False, text, "warn")]
    return [Gate("influence", True, sentences(detail, tr("Nothing was capped or left out.")), "warn")]


def _without_one(one: Influence, what: str, moved: float, allowed: float) -> str:
    """Sentence on what the most influential value does to the effect, without the value: it is one person's."""
    told = {
        "row": f"{one.row:,}", "arm": one.arm, "moved": f"{moved:.0%}",
        "allowed": f"{allowed:.0%}",
    }  # fmt: skip
    if what == "unit":
        return tr(
            "Without row {row} below the header (arm {arm}) the effect moves by {moved} of its margin of "
            "error (at most {allowed}).",
            **told,
        )
    return tr(
        "Without the cluster of row {row} below the header (arm {arm}) the effect moves by {moved} of its "
        "margin of error (at most {allowed}).",
        **told,
    )


def _moved(whole: Interval, each: Influence) -> float:
    """Change of the effect without some values, in half-widths of its interval."""
    half, distance = (each.high - each.low) / 2, abs(each.middle - whole.middle)
    return distance / half if half > 0 else (math.inf if distance > 0 else 0.0)


def arms_check(units: Units) -> list[Gate]:
    """Gate that names the arms set aside; none if there are none."""
    if not units.left_out:
        return []
    everyone = len(units.outcome) + sum(each.units for each in units.left_out)
    named = clauses(
        tr(
            "{arm} with {count:,} of {everyone:,} units ({why})",
            arm=each.name,
            count=each.units,
            everyone=everyone,
            why=each.why,
        )
        for each in units.left_out
    )
    told = tr("Left out, no arm of this test: {arms}. The other arms are compared.", arms=named)
    return [Gate("arms", False, told, "warn")]


def denominator_check(units: Units) -> list[Gate]:
    """Gate on a ratio whose denominator differs between arms, so that it moves without its numerator."""
    if units.under is None:
        return []
    over, under = units.numerator_name, units.denominator_name
    tops, bottoms = np.bincount(units.arm, units.outcome).astype(float, copy=False), units.weights
    sums = joined(
        f"{name} {number(top)}/{number(bottom)}" for name, top, bottom in zip(units.arms, tops, bottoms, strict=True)
    )
    each = joined(f"{number(float(top / size))}" for top, size in zip(tops, units.sizes, strict=True))
    told = tr(
        "{ratio} is a ratio of sums: {sums}. {over} a unit: {each}.", ratio=units.name, sums=sums, over=over, each=each
    )
    p = _differs(units)
    if p >= WARN:
        alike = tr("{under} a unit do not differ between arms.", under=under)
        return [Gate("ratio", True, sentences(told, alike), "warn")]
    seen = joined(f"{number(float(b / n))}" for b, n in zip(bottoms, units.sizes, strict=True))
    detail = tr(
        "The arms differ in {under} a unit ({seen}): the ratio moves with {under} even where no {over} were added or "
        "lost. Decide on {over} (outcome: {over}, without denominator) if it is they that count.",
        under=under,
        over=over,
        seen=seen,
    )
    return [Gate("ratio", False, sentences(told, detail), "warn")]


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
    detail = tr(
        "Arm {arm} was hardly more exposed than the control: effects on the exposed are not told for it.", arm=poor[0]
    )
    return [Gate("exposure", False, detail, "warn")]


def looks_check(peeking: Peeking | None, sureness: float) -> list[Gate]:
    """Gate on several planned looks: warns if the result is sure enough for one look only."""
    if peeking is None:
        return []
    between = NAIVE <= sureness < peeking.threshold
    more = tr(
        "The sign is {sure} sure: enough for one look, not for {looks}.", sure=f"{sureness:.2%}", looks=peeking.looks
    )
    return [Gate("looks", not between, sentences(peeking.describe(), more if between else ""), "warn")]


def baseline_check(means: Means) -> list[Gate]:
    """Gate on an arm whose mean may be zero or negative, so that a relative lift means little."""
    if (means.mean > 0).all():
        return []
    detail = tr(
        "An arm's mean may be zero or below: no relative lift can be believed in, read the effect in outcome units."
    )
    return [Gate("baseline", False, detail, "warn")]
