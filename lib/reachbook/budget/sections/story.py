"""Content of the budget report: findings, gates, decision and sections, all from one posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice.steady_plan import SMALL, SteadyPlan, plannable, prior_dominated
from reachbook.budget.advice.weekly_plan import WeeklyPlan
from reachbook.budget.sections import alternatives, lift_tests, truth
from reachbook.budget.sections import channels as media_parts
from reachbook.budget.sections import plan as plan_parts
from reachbook.budget.sections.case import Case, Planned, planned
from reachbook.budget.sections.decision import decision, tone
from reachbook.budget.sections.next_lift_test import next_test
from reachbook.budget.wording import listed, sure
from reachbook.presentation.numbers import number
from reachbook.presentation.section import WITHHELD, Section, Story
from reachbook.result import Finding
from reachbook.stats.intervals import Interval, equal_tailed
from reachbook.verdict import failed

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.budget.advice.alternatives import Move
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.sections.alternatives import Budgets
    from reachbook.budget.spec import BudgetSpec

_FAILED = "A check that blocks has failed: this helps to find out why, and is nothing to act on. "
_NO_PLAN = "There is no plan to show: {why}"
_PLANNED = ("plan", "weeks", "budgets", "caution", "move", "scenarios", "next_test")


@dataclass(frozen=True, kw_only=True)
class BudgetStory(Story):
    """Content of the report; `advice` and `timing` are the plan and its schedule, None where there is none."""

    advice: SteadyPlan | None = None
    timing: WeeklyPlan | None = None


@dataclass(frozen=True)
class Advice:
    """Plans made on a fitted mix.

    Attributes
    ----------
    case : Case
        Shared input.
    planned : Planned or None
        The plan and its gates; None if the mix failed its own gates.
    move : Move or None
        Smallest worthwhile reallocation; None without a plan that may be carried out.
    others : Budgets or None
        Optimal plans for other totals; None without a plan that may be carried out.
    """

    case: Case
    planned: Planned | None = None
    move: Move | None = None
    others: Budgets | None = None


def advise(
    mix: Mix,
    spec: BudgetSpec,
    seed: int,
    currency: str = "CNY",
    names: Mapping[str, str] | None = None,
    tests: lift_tests.GatheredTests | None = None,
    response: pd.DataFrame | None = None,
) -> Advice:
    """Plan the budget that the parameters ask for.

    Rules that no plan satisfies become a failed gate.

    Parameters
    ----------
    mix : Mix
        Fitted model.
    spec : BudgetSpec
        Parameters.
    seed : int
        Seed of the extrapolated curves.
    currency : str
        Currency code.
    names : mapping of str to str, optional
        Display name of each channel.
    tests : GatheredTests, optional
        Lift tests, see `lift_tests.gather_tests`.
    response : DataFrame, optional
        The simulator's table `truth_response`; None for real data.

    Returns
    -------
    Advice
        Plans and gates.

    Raises
    ------
    ParamsError
        If a rule is meaningless.
    """
    gathered = tests or lift_tests.GatheredTests(None)
    case = Case(
        mix, spec, seed, currency, names or {}, truth.true_parameters(mix, response), gathered, prior_dominated(mix)
    )
    if not mix.passed:
        return Advice(case)
    found = planned(case)
    if not found.passed or found.advice is None:
        return Advice(case, found)
    return Advice(case, found, alternatives.least(found.advice), alternatives.budgets(mix, found.advice))


def compose(advice: Advice) -> BudgetStory:
    """Content of the report for these plans."""
    case, found, move, others = advice.case, advice.planned, advice.move, advice.others
    if found is None:
        return _refused(case)
    sections = _media(case, found) | _planned(case, found, move, others)
    return BudgetStory(
        described=_described(case),
        decision=decision(case, found, move, others),
        findings=tuple(_findings(case, found)),
        gates=(*case.mix.gates, *found.gates),
        sections=sections,
        tone=tone(case, found),
        advice=found.advice if found.passed else None,
        timing=found.timing if found.passed else None,
    )


def _refused(case: Case) -> BudgetStory:
    """Report of a model that failed a gate: what helps to repair it, without any return or plan."""
    shown = {"fit": media_parts.fit(case.mix, case.names),
             "tests_read": lift_tests.section(case.mix, case.tests, case.names),
             "truth": truth.section(case.mix, None, None, case.known, case.spec, case.currency,
                                   case.names)}  # fmt: skip
    sections = {each: replace(part, note=_FAILED + part.note) for each, part in shown.items()}
    sections |= dict.fromkeys(("contribution", "channels", "curves", *_PLANNED), Section(WITHHELD))
    why = failed(case.mix.gates)[0].detail
    gained, returned = _labels(case)
    blank = [
        Finding("gain", gained, None, unit=case.scale.unit),
        Finding("sure", _SURE, None, unit="ratio"),
        Finding("roi", returned, None),
    ]
    return BudgetStory(
        described=_described(case),
        decision=f"Do not act on this model: we cannot tell where money works. {why}",
        findings=tuple(blank),
        gates=case.mix.gates,
        sections=sections,
        tone="wait",
    )


def _media(case: Case, plans: Planned) -> dict[str, Section]:
    """Sections on the model and the channels, which need no plan."""
    mix, spec = case.mix, case.spec
    on = plans.advice.curves if plans.advice else plannable(mix, spec, case.seed)
    advice = plans.advice if plans.passed else None
    true = truth.true_curves(on, case.known)
    return {
        "fit": media_parts.fit(mix, case.names),
        "tests_read": lift_tests.section(mix, case.tests, case.names),
        "contribution": media_parts.contribution(mix, case.names),
        "channels": media_parts.channels(mix, spec, case.known, case.currency, case.names, case.weak),
        "curves": media_parts.curves(
            mix, on, spec, case.currency, case.names, advice.plan.spend if advice else None, true
        ),
        "truth": truth.section(
            mix, advice, plans.timing if advice else None, case.known, spec, case.currency, case.names
        ),
    }


def _planned(case: Case, plans: Planned, move: Move | None, others: Budgets | None) -> dict[str, Section]:
    """Sections on the plan, or the reason why there is none."""
    if not plans.passed or plans.advice is None or plans.timing is None:
        why = Section(_NO_PLAN.format(why=plans.blocker))
        return dict.fromkeys(_PLANNED, Section("There is no plan, so that this cannot be told.")) | {"plan": why}
    mix, spec, advice = case.mix, case.spec, plans.advice
    near = alternatives.near(advice)
    return {
        "plan": plan_parts.plan(mix, advice, near, spec, case.currency, case.names, case.weak),
        "weeks": plan_parts.weeks(mix, advice, plans.timing, spec, case.currency, case.names),
        **alternatives.parts(mix, advice, move, others, spec, case.currency, case.names, case.seed),
        "next_test": next_test(mix, advice, spec, case.currency, case.names),
    }


def _described(case: Case) -> str:
    mix, spec = case.mix, case.spec
    names = listed(case.called(each) for each in mix.channels)
    return (
        f"{len(mix.weeks)} {'weeks' if mix.step == 7 else 'days'} from {mix.weeks[0]:%Y-%m-%d} to "
        f"{mix.weeks[-1]:%Y-%m-%d}, {len(mix.channels)} channel{'s' if len(mix.channels) > 1 else ''} ({names}), "
        f"{case.money(float(mix.spend.sum()))} of spend. Now is the mean of the last "
        f"{spec.current_weeks} weeks, {case.money(float(mix.current.sum()))} a week. Planned are the "
        f"{spec.horizon_weeks} weeks after.{_together(mix)} {_worth(case)} Numbers in square brackets are "
        f"intervals that hold with a probability of {mix.level:.0%}."
    )


def _together(mix: Mix) -> str:
    """Sentence on regions that were summed before the fit, or ""."""
    if not mix.added:
        return ""
    return f" The {len(mix.added)} regions of the tables are added up, and one model is fitted to their sum."


def _worth(case: Case) -> str:
    """Sentence on the value of a unit of outcome, or on what to enter for it."""
    scale = case.scale
    if scale.value is None:
        return f"Gains are told in the outcome's own unit, {scale.outcome}, not in money. {scale.remedy}"
    unit = "The outcome is money" if scale.value == 1 else (
        f"A unit of outcome is worth {case.money(scale.value)}"
    )  # fmt: skip
    if scale.margin is None:
        return f"{unit}; how much of it stays is not stated. {scale.remedy}"
    return f"{unit}, of which a margin of {number(scale.margin, 'ratio')} stays."


def _labels(case: Case) -> tuple[str, str]:
    """Labels of the gain and of the return; each names its reference only where that is known."""
    scale, one = case.scale, case.money(1)
    if scale.pays:
        return (
            "Gain of the plan a week over today's spend, contribution after spend (held against zero)",
            "ROI of all channels so far (held against break-even)",
        )
    gain = f"Gain of the plan a week over today's spend, {scale.gain_noun} (held against zero)"
    return gain, f"{scale.subject} for each {one} spent so far, all channels"


_SURE = "Probability of a gain (held against the least that is asked)"


def _findings(case: Case, plans: Planned) -> list[Finding]:
    """Findings on gain, its probability, proven gap, marginal money and returns; no gain is stated without a plan."""
    mix, spec, level, scale = case.mix, case.spec, case.mix.level, case.scale
    spent, (gained, returned) = mix.spend.sum(axis=1), _labels(case)
    roi = scale.price * (mix.roi @ spent) / spent.sum()
    returns = Finding.from_interval("roi", returned, equal_tailed(roi, level), "", scale.even)
    advice = plans.advice
    if not plans.passed or advice is None:
        return [Finding("gain", gained, None, unit=scale.unit), Finding("sure", _SURE, None, unit="ratio"), returns]
    made = []
    if not plans.settled:
        made.append(Finding.from_interval("gain", gained, equal_tailed(advice.net, level), scale.unit, 0.0))
        if advice.gain_decides:
            made.append(Finding("sure", _SURE, sure(advice.net), unit="ratio", reference=spec.least_probability))
    if advice.next_unit is not None:
        made.append(_next_unit(case, equal_tailed(advice.next_unit, level)))
    if not plans.settled:
        label = "Proven gap: what any plan under the rules could bring more (held against the most that is allowed)"
        made.append(Finding("gap", label, advice.plan.gap, unit="ratio", reference=spec.gap))
    made.append(returns)
    for id, word, c in _turned(advice):
        told = f"{case.called(mix.channels[c])}, to which the best plan gives {word}"
        label = f"mROI of {told} (held against break-even)" if scale.pays else (
            f"{scale.subject} for one more {case.money(1)} on {told}"
        )  # fmt: skip
        mroi = equal_tailed(scale.price * mix.mroi[:, c], level)
        made.append(Finding.from_interval(id, label, mroi, "", scale.even))
    return made


def _next_unit(case: Case, outcome: Interval) -> Finding:
    """Finding on the marginal outcome of money."""
    one, scale = case.money(1), case.scale
    if scale.pays:
        label = f"Contribution of one more {one} a week (held against what it costs)"
        return Finding.from_interval("next_unit", label, outcome, "money", 1.0)
    return Finding.from_interval("next_unit", f"{scale.subject} for one more {one} a week", outcome, scale.unit)


def _turned(advice: SteadyPlan) -> list[tuple[str, str, int]]:
    """Channels with the largest increase and the largest decrease, as (finding id, word, index)."""
    change = advice.plan.spend - advice.now
    found = [("mroi_more", "more", int(np.argmax(change))), ("mroi_less", "less", int(np.argmin(change)))]
    edge = SMALL * advice.now.sum()
    return [each for each, sign in zip(found, (1, -1), strict=True) if sign * change[each[2]] > edge]
