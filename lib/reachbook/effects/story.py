"""What the report says of a campaign: findings, gates, decision and sections, all read from one posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects import markets, markets_parts, money_parts, timeline, trial, trial_parts
from reachbook.effects.planned import next_test
from reachbook.effects.planned import planned as planned_test
from reachbook.effects.published import COLUMNS, days, lift_tests
from reachbook.effects.truth import held, planted
from reachbook.effects.words import interval, metric, three
from reachbook.effects.worth import Worth, worth
from reachbook.numbers import number
from reachbook.told import Check, Headline, Part, Sheet

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.money import Money
    from reachbook.effects.spec import EffectSpec

_VERB = {"go on": "Go on with", "stop": "Stop", "run longer": "Run longer before deciding on"}
_DOING = {"go on": "going on", "stop": "stopping", "run longer": "running longer"}
_NOTHING = "Not asked here: a plan reads no outcome."
_FAILED = "A check that blocks has failed: this is what the table shows, not what the campaign did. "
_WITHHELD = "Not told: a check that blocks has failed, and no number here could be relied on."
_SHOWN = ("time", "evidence", "influence", "truth")
"""Sections that help to find out what went wrong; they stay where a blocking gate failed."""


@dataclass(frozen=True)
class Story:
    """What the notebook shows, of a test that was read or of one that is planned.

    described : what was tested, in words; sections : by name; lift_tests : the published table
    effect, worth : None for a plan
    """

    described: str
    decision: str
    findings: tuple[Headline, ...]
    checks: tuple[Check, ...]
    sections: Mapping[str, Part]
    lift_tests: pd.DataFrame
    effect: Effect | None = None
    worth: Worth | None = None

    def part(self, name: str) -> Part:
        """A section; one sentence where it is not asked for."""
        return self.sections.get(name, Part(_NOTHING))


def tell(
    frame: pd.DataFrame,
    spec: EffectSpec,
    seed: int,
    currency: str = "CNY",
    truth: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
) -> Story:
    """Estimate the effect of the design that `spec` names, or plan a test, and say what it means.

    frame : the design's table (see `read`); truth : the simulator's tables truth_campaigns and truth_counterfactual,
    None for real data

    Raises DataError or ParamsError, one line, where nothing can be told.
    """
    if spec.plan:
        described, decision, findings, checks, sections = planned_test(frame, spec, seed)
        return Story(described, decision, findings, checks, sections, pd.DataFrame(columns=list(COLUMNS)))
    estimate = {"experiment": trial.estimate, "panel": markets.estimate, "series": timeline.estimate}[spec.design]
    effect = estimate(frame, spec, seed)
    known, money = planted(effect, spec, truth[0]), worth(effect, spec, seed)
    if effect.design == "experiment":
        sections = trial_parts.parts(effect, spec, frame, known, money, seed)
    else:
        sections = markets_parts.parts(effect, spec, known, _without(effect, truth[1]), money)
    sections |= money_parts.parts(money, spec, currency) | {"truth": _truth(effect, spec, known)}
    if not effect.passed:
        sections = _withheld(sections)
    sections["plan"] = next_test(effect, spec, frame, seed)
    checks = (*(gate for gate in effect.gates if gate.id != "spend"), _spend(money, currency))
    return Story(
        described=_described(effect, spec, frame),
        decision=_decision(effect, money, spec, currency),
        findings=tuple(_findings(effect, money, spec)),
        checks=checks,
        sections=sections,
        lift_tests=lift_tests(effect, spec, frame, money.paid),
        effect=effect,
        worth=money,
    )


def _withheld(sections: Mapping[str, Part]) -> dict[str, Part]:
    """Sections of a test that failed: what helps to mend it, and no lift or money that somebody might carry away."""
    return {
        name: replace(part, note=_FAILED + part.note) if name in _SHOWN else Part(_WITHHELD)
        for name, part in sections.items()
    }


def _without(effect: Effect, truth: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if truth is None else truth[truth["design"] == effect.design]


def _spend(money: Worth, currency: str) -> Check:
    """The gate of the spend: one for table and parameter together."""
    if not money.paid:
        return money.whole.gates[0]
    return Check("spend", True, f"The campaign cost {number(money.paid, 'money', currency)}.", "warn")


def _described(effect: Effect, spec: EffectSpec, frame: pd.DataFrame) -> str:
    start, end = days(effect, frame)
    name = spec.campaign or "The campaign"
    channel = f" on {spec.channel}" if spec.channel else ""
    when = f", {start} to {end}" if start else ""
    head = f"{name}{channel}{when}" + ("." if effect.outcome == "outcome" else f"; outcome: {effect.outcome}.")
    if effect.design == "experiment":
        arms = ", ".join(f"{arm.name} {arm.units:,}" for arm in effect.detail.arms)
        together = f" Assigned in groups by {effect.detail.cluster}." if effect.detail.cluster else ""
        return f"{head} An experiment: each unit was given one arm ({arms}).{together}"
    bands, controls = effect.detail.bands, len(effect.detail.weights)
    before = int((~bands["campaign"]).groupby(bands["unit"]).sum().max())
    if effect.design == "panel":
        units = len(effect.detail.units)
        return (
            f"{head} A panel: {units} treated units ({effect.cells:,} units and periods in the campaign), told from "
            f"{controls} that were never treated and from {before} periods before."
        )
    return (
        f"{head} A series: one unit, {effect.cells:,} periods in the campaign, told from {before} periods before and "
        f"{controls} control series."
    )


def _findings(effect: Effect, money: Worth, spec: EffectSpec) -> list[Headline]:
    """Lift, contribution, return and their probabilities; none is stated where a blocking gate failed."""
    level = spec.level
    arms = " by all arms together" if money.several else ""
    out = [_headline("lift", f"Lift of {metric(effect)}{arms} (held against zero)", *_scale(effect, level), 0.0)]
    if money.several:
        target = spec.target
        against = "zero" if target is None else "the target"
        label = f"Lift of {metric(effect)} by {money.name} (held against {against})"
        out.append(_headline("best", label, *_scale(money.effect, level), target or 0.0))
    elif spec.target is not None:
        out.append(Headline("target", f"Probability that the lift reaches the target of {number(spec.target, 'ratio')}",
                            money.money.attained, unit="ratio"))  # fmt: skip
    who = money.name if money.several else "the campaign"
    what = f"Contribution of the campaign{arms} after its spend (held against break-even)"
    out.append(_headline("contribution", what, money.whole.contribution, level, "money", 0.0))
    if money.several:
        what = f"Contribution of {who} after its spend (held against break-even)"
        out.append(_headline("best_contribution", what, money.money.contribution, level, "money", 0.0))
    if money.money.iroas is not None and spec.margin_low + spec.margin_high > 0:
        even = 2 / (spec.margin_low + spec.margin_high)
        label = f"Outcome in money for each unit of spend on {who}, iROAS (held against break-even)"
        out.append(_headline("iroas", label, money.money.iroas, level, "", even))
    out.append(Headline("break_even", f"Probability that {who} pays for itself", money.money.break_even, unit="ratio"))
    return out if effect.passed else [Headline(each.id, each.label, None, unit=each.unit) for each in out]


def _scale(effect: Effect, level: float) -> tuple[np.ndarray, float, str]:
    """Draws of the lift, the level, their unit: relative, or in outcome units where the mean may be zero or below."""
    return (effect.relative, level, "ratio") if (effect.baseline > 0).all() else (effect.average, level, "a unit")


def _headline(id: str, label: str, draws: np.ndarray, level: float, unit: str, reference: float) -> Headline:
    low, middle, high = three(draws, level)
    return Headline(id, label, middle, low, high, unit, reference)


def _decision(effect: Effect, money: Worth, spec: EffectSpec, currency: str) -> str:
    """One choice, why, and what speaks against it."""
    if not effect.passed:
        failed = next(gate for gate in effect.gates if gate.level == "block" and not gate.passed)
        return f"Do not act on this test: we cannot tell what the campaign added. {failed.detail}"
    judged, lift = money.money, interval(*_scale(money.effect, spec.level))
    others = ", ".join(
        f"{_DOING[name]} {number(judged.expected[name], 'money', currency)}"
        for name in ("go on", "run longer", "stop")
        if name != judged.decision
    )
    parts = [
        f"{_VERB[judged.decision]} {money.name}.",
        f"It changed {metric(effect)} by {lift} and pays for itself with probability {judged.break_even:.0%}.",
        f"Over {judged.periods} further periods as long as the test, {_DOING[judged.decision]} is expected to bring "
        f"{number(judged.expected[judged.decision], 'money', currency)} ({others}).",
        _caution(judged, money.effect, spec.level),
        "" if judged.attained is None else f"The target of {number(spec.target or 0.0, 'ratio')} is reached with "
        f"probability {judged.attained:.0%}.",
    ]  # fmt: skip
    return " ".join(part for part in parts if part)


def _caution(judged: Money, effect: Effect, level: float) -> str:
    low, high = effect.interval(level)
    if judged.decision == "stop" and low > 0:
        return "It works, but brings less than it costs."
    if judged.decision == "go on" and judged.expected["run longer"] >= judged.expected["go on"]:
        return "More data would hardly change the choice."
    if judged.decision == "go on" and low <= 0 <= high:
        sure = effect.probability_above(0.0)
        return f"That it adds anything is likely ({sure:.0%}), not proven: this is the better bet, no certainty."
    return ""


def _truth(effect: Effect, spec: EffectSpec, known: pd.DataFrame) -> Part:
    if known.empty:
        return Part("The truth is not known: these are real data, or the simulator planted nothing for this outcome.")
    lifts = (
        trial_parts.lifts(effect, spec.level)
        if effect.design == "experiment"
        else markets_parts.lifts(effect, spec.level)
    )
    table = held(lifts, known)
    inside = int(table["inside"].sum())
    units = dict.fromkeys(["planted", "low", "middle", "high"], "ratio")
    note = f"{inside} of {len(table)} planted lifts lie inside their {spec.level:.0%} interval."
    return Part(note, tables=(Sheet("truth", table, units=units),))
