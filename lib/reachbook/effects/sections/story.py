"""What the report says of a campaign: findings, gates, decision and sections, all read from one posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from reachbook.effects.experiment import estimate as trial
from reachbook.effects.panel import estimate as markets
from reachbook.effects.sections import decision, value
from reachbook.effects.sections import experiment as trial_parts
from reachbook.effects.sections import panel as markets_parts
from reachbook.effects.sections.lift_test_table import COLUMNS, days, lift_tests
from reachbook.effects.sections.planned_test import next_test
from reachbook.effects.sections.planned_test import planned as planned_test
from reachbook.effects.sections.truth import held, planted
from reachbook.effects.series import estimate as timeline
from reachbook.effects.value.rollout import NOUN, Worth, worth
from reachbook.effects.wording import percent
from reachbook.presentation.section import Check, Headline, Part, Sheet

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.result import Tone

_NOTHING = "Not asked here: a plan reads no outcome."
_FAILED = "A check that blocks has failed: this is what the table shows, not what the campaign did. "
_WITHHELD = "Not told: a check that blocks has failed, and no number here could be relied on."
_SHOWN = ("time", "evidence", "influence", "truth")
"""Sections that help to find out what went wrong; they stay where a blocking gate failed."""


@dataclass(frozen=True)
class Story:
    """What the notebook shows, of a test that was read or of one that is planned.

    described : what was tested, in words; sections : by name; lift_tests : the published table
    tone : what the decision asks for, None for a plan; effect, worth : None for a plan
    """

    described: str
    decision: str
    findings: tuple[Headline, ...]
    checks: tuple[Check, ...]
    sections: Mapping[str, Part]
    lift_tests: pd.DataFrame
    tone: Tone | None = None
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
        described, run, findings, checks, sections = planned_test(frame, spec, seed)
        return Story(described, run, findings, checks, sections, pd.DataFrame(columns=list(COLUMNS)))
    estimate = {"experiment": trial.estimate, "panel": markets.estimate, "series": timeline.estimate}[spec.design]
    effect = estimate(frame, spec, seed)
    known, money = planted(effect, spec, truth[0]), worth(effect, spec, seed, frame)
    if effect.design == "experiment":
        sections = trial_parts.parts(effect, spec, frame, known, money, seed)
    else:
        sections = markets_parts.parts(effect, spec, known, _without(effect, truth[1]), money)
    sections |= value.parts(money, spec, currency) | {"truth": _truth(effect, spec, known)}
    if not effect.passed:
        sections = _withheld(sections)
    sections["plan"] = next_test(effect, spec, frame, seed)
    checks = (*(gate for gate in effect.gates if gate.id != "spend"), *decision.checks(money, currency))
    return Story(
        described=_described(effect, spec, frame, money),
        decision=decision.decided(effect, money, spec, currency),
        tone=decision.tone(effect, money, spec),
        findings=tuple(decision.findings(effect, money, spec)),
        checks=checks,
        sections=sections,
        lift_tests=lift_tests(effect, spec, frame, money),
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


def _described(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, money: Worth) -> str:
    """What was tested, and which question is answered."""
    asked = getattr(effect.detail, "estimand", "")
    return f"{_tested(effect, spec, frame, money)} {asked}".strip()


def _tested(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, money: Worth) -> str:
    start, end = days(effect, frame)
    name = spec.campaign or NOUN[money.spending.way].capitalize()
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
    note = f"{inside} of {len(table)} planted lifts lie inside their {percent(spec.level)} interval."
    return Part(note, tables=(Sheet("truth", table, units=units),))
