"""Content of the campaign report: findings, gates, decision and sections, all from one posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reachbook.effects.effect import Effect
from reachbook.effects.experiment import estimate as experiment
from reachbook.effects.panel import estimate as panel
from reachbook.effects.planning.plan_test import plan_test
from reachbook.effects.sections import decision, value
from reachbook.effects.sections import experiment as experiment_sections
from reachbook.effects.sections import panel as panel_sections
from reachbook.effects.sections.findings import findings
from reachbook.effects.sections.lead import lead
from reachbook.effects.sections.lift_test_table import COLUMNS, days, lift_tests
from reachbook.effects.sections.planned_test import compose_plan, next_test
from reachbook.effects.sections.truth import covered, true_effects
from reachbook.effects.sections.what_if import what_if
from reachbook.effects.series import estimate as series
from reachbook.effects.value.rollout import NOUN, RollOut, roll_out
from reachbook.effects.wording import called, capital, percent
from reachbook.presentation.names import named
from reachbook.presentation.section import Section, Story, Table, cautioned, withheld
from reachbook.translation import day, joined, mark, sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.planning.experiment import ExperimentPlan
    from reachbook.effects.planning.panel import PanelPlan
    from reachbook.effects.spec import EffectSpec

_NOTHING = mark("Not asked here: a plan reads no outcome.")
_FAILED = mark("A check that blocks has failed: this is what the table shows, not what the campaign did.")
_AGAIN = mark("Nothing to act on.")
_SHOWN = ("time", "evidence", "influence", "truth")
"""Sections that help to find out what went wrong; they are shown even if a blocking gate failed."""


@dataclass(frozen=True, kw_only=True)
class CampaignStory(Story):
    """Content of the report on a test that was read or planned.

    Attributes
    ----------
    lift_tests : DataFrame
        Published table.
    effect : Effect or None
        The effect; None for a plan.
    roll_out : RollOut or None
        Value of the effect; None for a plan.
    """

    lift_tests: pd.DataFrame
    effect: Effect | None = None
    roll_out: RollOut | None = None

    def __getitem__(self, name: str) -> Section:
        """Section by name; a placeholder sentence if there is none."""
        return self.sections.get(name, Section(tr(_NOTHING)))


@dataclass(frozen=True)
class Answer:
    """Result for the design's table: an effect, or the plan of a test."""

    frame: pd.DataFrame
    spec: EffectSpec
    seed: int
    result: Effect | ExperimentPlan | PanelPlan


def answer(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Answer:
    """Estimate the effect by the design that `spec` names, or plan a test of it.

    Parameters
    ----------
    frame : DataFrame
        Table of the design, see `design_table.read`.
    spec : EffectSpec
        Parameters.
    seed : int
        Seed.

    Returns
    -------
    Answer
        Effect or plan.

    Raises
    ------
    DataError, ParamsError
        If nothing can be estimated or planned; the message is one line.
    """
    if spec.plan:
        return Answer(frame, spec, seed, plan_test(frame, spec, seed))
    estimate = {"experiment": experiment.estimate, "panel": panel.estimate, "series": series.estimate}[spec.design]
    return Answer(frame, spec, seed, estimate(frame, spec, seed))


def compose(
    answered: Answer,
    currency: str = "CNY",
    truth: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
) -> CampaignStory:
    """Content of the report for this answer.

    Parameters
    ----------
    answered : Answer
        Effect or plan.
    currency : str
        Currency code.
    truth : tuple of (DataFrame or None, DataFrame or None)
        The simulator's tables `truth_campaigns` and `truth_counterfactual`; None for real data.

    Returns
    -------
    CampaignStory
        Text, figures and tables.
    """
    frame, spec, seed, effect = answered.frame, answered.spec, answered.seed, answered.result
    if not isinstance(effect, Effect):
        return CampaignStory(**vars(compose_plan(effect, frame, spec)), lift_tests=pd.DataFrame(columns=list(COLUMNS)))
    start, end = days(effect, frame)
    length = (end - start).days + 1 if start and end else None
    known, money = true_effects(effect, spec, truth[0]), roll_out(effect, spec, seed, frame)
    if effect.design == "experiment":
        sections = experiment_sections.parts(effect, spec, frame, known, money, seed)
    else:
        sections = panel_sections.parts(effect, spec, known, _without(effect, truth[1]), money)
    sections |= value.parts(money, spec, currency) | {
        "what_if": what_if(money, spec),
        "truth": _truth(effect, spec, known),
    }
    if not effect.passed:
        sections = _withheld(sections)
    sections["plan"] = next_test(effect, spec, frame, seed)
    gates = (*(gate for gate in effect.gates if gate.id != "spend"), *decision.gates(money, spec, currency))
    return CampaignStory(
        described=_described(effect, spec, frame, money),
        decision=decision.decided(effect, money, spec, currency, length),
        tone=decision.tone(effect, money, spec),
        instructions=decision.instructions(effect, money, spec),
        findings=tuple(findings(effect, money, spec, currency)),
        gates=gates,
        sections=sections,
        grounds=decision.grounds(effect, money, spec, currency, length),
        lead=lead(effect, money, spec),
        level=spec.level,
        lift_tests=lift_tests(effect, spec, frame, money),
        effect=effect,
        roll_out=money,
    )


def _withheld(sections: Mapping[str, Section]) -> dict[str, Section]:
    """Sections of a failed test: what helps to repair it, without any lift or money."""
    shown = {name: part for name, part in sections.items() if name in _SHOWN}
    return cautioned(shown, tr(_FAILED), tr(_AGAIN)) | withheld(name for name in sections if name not in _SHOWN)


def _without(effect: Effect, truth: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if truth is None else truth[truth["design"] == effect.design]


def _described(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, money: RollOut) -> str:
    """Sentences on what was tested, and on the estimand."""
    return sentences(_head(effect, spec, frame, money), _tested(effect), getattr(effect.detail, "estimand", ""))


def _head(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, money: RollOut) -> str:
    """Campaign, channel, days and outcome."""
    start, end = days(effect, frame)
    noun = NOUN[money.spending.way]
    name = named(spec.campaign) if spec.campaign else capital(tr(noun))
    if spec.channel:
        name = tr("{campaign} on {channel}", campaign=name, channel=named(spec.channel))
    if start and end:
        name = tr("{campaign}, {start} to {end}", campaign=name, start=day(start), end=day(end))
    if effect.outcome == "outcome":
        return tr("{campaign}.", campaign=name)
    return tr("{campaign}; outcome: {outcome}.", campaign=name, outcome=called(effect.outcome))


def _tested(effect: Effect) -> str:
    """Design, and what it compares."""
    if effect.design == "experiment":
        arms = joined(f"{named(arm.name)} {arm.units:,}" for arm in effect.detail.arms)
        cluster = effect.detail.cluster
        return sentences(
            tr("An experiment: each unit was given one arm ({arms}).", arms=arms),
            tr("Assigned in groups by {cluster}.", cluster=cluster) if cluster else "",
        )
    bands, controls = effect.detail.bands, len(effect.detail.weights)
    told = {
        "cells": f"{effect.cells:,}",
        "controls": controls,
        "before": int((~bands["campaign"]).groupby(bands["unit"]).sum().max()),
    }
    if effect.design == "panel":
        return tr(
            "A panel: {units} treated units ({cells} units and periods in the campaign), told from {controls} that "
            "were never treated and from {before} periods before.",
            units=len(effect.detail.units),
            **told,
        )
    return tr(
        "A series: one unit, {cells} periods in the campaign, told from {before} periods before and {controls} control "
        "series.",
        **told,
    )


def _truth(effect: Effect, spec: EffectSpec, known: pd.DataFrame) -> Section:
    if known.empty:
        return Section(
            tr("The truth is not known: these are real data, or the simulator planted nothing for this outcome.")
        )
    lifts = (
        experiment_sections.lifts(effect, spec.level)
        if effect.design == "experiment"
        else panel_sections.lifts(effect, spec.level)
    )
    table = covered(lifts, known)
    inside = int(table["inside"].sum())
    units = dict.fromkeys(["planted", "low", "middle", "high"], "ratio")
    note = tr(
        "{inside} of {count} planted lifts lie inside their {level} interval.",
        inside=inside,
        count=len(table),
        level=percent(spec.level),
    )
    return Section(note, tables=(Table("truth", table, units=units, worded=("name",)),))
