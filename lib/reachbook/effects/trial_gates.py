"""What must hold before anyone acts on an experiment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import chisquare

from reachbook.effects.heavytail import Tail
from reachbook.effects.means import Means
from reachbook.effects.peeking import NAIVE, Peeking
from reachbook.effects.trial_detail import Arm, Influence, Predictive
from reachbook.effects.trial_frame import Units
from reachbook.numbers import number
from reachbook.told import Check

BLOCK, WARN = 0.001, 0.01
"""Limits of the sample-ratio check (Fabijan et al. 2019, "Diagnosing sample ratio mismatch")."""
FEWEST_EVENTS, FEWEST_AMOUNTS, FEWEST_CLUSTERS, FEWEST_PAIRS = 5, 15, 5, 30
HEAVY, HEAVY_AMOUNTS = 0.5, 50
_MISFIT = 0.005
_REPLICATES = 500


def sample_ratio(members: Sequence[int], shares: Sequence[float]) -> float:
    """p of Pearson's chi-square test that the arms' sizes follow the design's shares."""
    share = np.asarray(shares, float) / np.sum(shares)
    return float(chisquare(members, share * np.sum(members)).pvalue)


def ratio_check(p: float, names: Sequence[str], members: Sequence[int], shares: Sequence[float]) -> Check:
    """The gate of the sample ratio: blocks below .001, warns below .01."""
    seen = ", ".join(f"{name} {count:,}" for name, count in zip(names, members, strict=True))
    asked = ":".join(f"{share:g}" for share in shares)
    if p >= WARN:
        return Check("sample_ratio", True, f"Arms have the sizes that {asked} would give: {seen} (p = {p:.2g}).")
    detail = f"Arms do not have the sizes that {asked} would give: {seen} (p = {p:.2g}). "
    if p < BLOCK:
        remedy = "Units were lost or assigned wrongly, in one arm more than in another; find out where, or set ratios."
        return Check("sample_ratio", False, detail + remedy)
    return Check("sample_ratio", False, detail + "It may be chance; check assignment and filters.", "warn")


def control_check(units: Units) -> Check:
    """Whether somebody said which arm is the control."""
    name, how = units.arms[0], {"params": "as the parameter control says", "name": "told from its name"}
    if units.told != "order":
        return Check("control", True, f"The control arm is {name}, {how[units.told]}.", "warn")
    detail = f"No arm's name says that it is the control; {name} was taken, the first in order. Name it in control."
    return Check("control", False, detail, "warn")


def sample_check(units: Units, means: Means, members: Sequence[int], successes: Sequence[int]) -> Check:
    """Whether there is enough in every arm for the interval to rest on the data."""
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


def _enough(units: Units, counts: Sequence[int], least: int, what: str) -> Check:
    worst = int(np.argmin(counts))
    if counts[worst] >= least:
        return Check(
            "sample", True, f"Every arm has at least {least} {what}; {units.arms[worst]} has {counts[worst]:,}."
        )
    return Check(
        "sample",
        False,
        f"We cannot tell: arm {units.arms[worst]} has {counts[worst]:,} {what} among {int(units.sizes[worst]):,} "
        f"units, and at least {least} are needed. Run longer or with more units.",
    )


def predictive(tail: Tail, amounts: Sequence[np.ndarray], rng: np.random.Generator) -> Predictive:
    """Posterior predictive check of the tail: its largest amount and its geometric mean, seen and replicated."""
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
    low, high = np.quantile(replicated, [0.025, 0.975])
    return seen, float(low), float(high)


def tail_check(tail: Tail | None, check: Predictive | None, positives: Sequence[int]) -> list[Check]:
    """Gates of the heavy tail: too heavy for so few amounts, and whether the model shows the data again."""
    if tail is None or check is None:
        return []
    shown = (
        f"the largest amount seen is {number(check.largest[0])}, replicated {number(check.largest[1])} to "
        f"{number(check.largest[2])}"
    )
    heavy = tail.infinite_variance > HEAVY and min(positives) < HEAVY_AMOUNTS
    how = (
        f"{'Amounts are too wild for a mean to be trusted' if heavy else 'The mean of the amounts can be trusted'}: "
        f"they have no finite variance with probability {tail.infinite_variance:.0%}, {min(positives):,} amounts"
    )
    remedy = (
        f"; at least {HEAVY_AMOUNTS} are needed in every arm. Run longer, or decide on conversion." if heavy else "."
    )
    fit = check.p >= _MISFIT
    return [
        Check("heavy_tail", not heavy, f"{how} in the smallest arm{remedy}"),
        Check(
            "predictive",
            fit,
            f"{'The model shows the tail again' if fit else 'The model does not show the tail again'}: {shown} "
            f"(p = {check.p:.2g}).{'' if fit else ' Look at the largest amounts for errors and resellers.'}",
        ),
    ]


def influence_check(whole: tuple[float, float, float], influence: Sequence[Influence], what: str) -> list[Check]:
    """Warns where one value, or five, moves the effect by more than half of the interval's half-width.

    whole : (middle, low, high) of the effect with every value.
    """
    if not influence:
        return []
    half = (whole[2] - whole[1]) / 2
    moved = max(influence, key=lambda each: abs(each.middle - whole[0]))
    distance = abs(moved.middle - whole[0])
    words = f"the largest {what}" if moved.dropped == 1 else f"the {moved.dropped} largest {what}s"
    part = number(distance / half, "ratio") if half > 0 else "nothing"
    detail = (
        f"Without {words} the effect on a unit moves by {part} of half its interval (at most 50 %); nothing was capped "
        "or left out."
    )
    return [Check("influence", bool(distance <= half / 2), detail, "warn")]


def exposure_check(arms: Sequence[Arm]) -> list[Check]:
    """Warns where exposure is recorded, but the assignment hardly changed it."""
    poor = [arm.name for arm in arms[1:] if arm.exposed is not None and arm.complier is None]
    if not poor:
        return []
    detail = f"Arm {poor[0]} was hardly more exposed than the control: effects on the exposed are not told for it."
    return [Check("exposure", False, detail, "warn")]


def looks_check(peeking: Peeking | None, sureness: float) -> list[Check]:
    """Says what the planned looks ask for; warns where only a single look's rule is met."""
    if peeking is None:
        return []
    between = NAIVE <= sureness < peeking.threshold
    more = f" The sign is sure at {sureness:.4f}: enough for one look, not for {peeking.looks}." if between else ""
    return [Check("looks", not between, peeking.describe() + more, "warn")]


def baseline_check(means: Means) -> list[Check]:
    """Warns where an arm's mean may be zero or below, so that a relative lift means little."""
    if (means.mean > 0).all():
        return []
    detail = (
        "An arm's mean may be zero or below: no relative lift can be believed in, read the effect in outcome units."
    )
    return [Check("baseline", False, detail, "warn")]
