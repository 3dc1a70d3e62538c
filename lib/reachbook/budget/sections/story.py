"""Content of the budget report: findings, gates, decision and sections, all from one posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reachbook.budget.advice.steady_plan import SteadyPlan, plannable, prior_dominated
from reachbook.budget.advice.track_record import record
from reachbook.budget.advice.weekly_plan import WeeklyPlan
from reachbook.budget.sections import alternatives, lift_tests, truth
from reachbook.budget.sections import channels as media_parts
from reachbook.budget.sections import plan as plan_parts
from reachbook.budget.sections.case import Case, Planned, planned
from reachbook.budget.sections.decision import decision, grounds, refusal, tone
from reachbook.budget.sections.findings import findings, unknown
from reachbook.budget.sections.lead import lead
from reachbook.budget.sections.next_lift_test import next_test
from reachbook.budget.sections.what_if import what_if_section
from reachbook.budget.wording import periods
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Section, Story, cautioned, withheld
from reachbook.translation import day, listing, mark, sentences, tr, trn

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.budget.advice.alternatives import Move
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.sections.alternatives import Budgets
    from reachbook.budget.spec import BudgetSpec

_FAILED = mark("A check that blocks has failed: this helps to find out why, and is nothing to act on.")
_AGAIN = mark("Nothing to act on.")
_PLANNED = ("plan", "weeks", "what_if", "budgets", "caution", "move", "scenarios", "next_test")


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
    rests = grounds(case, found, move, others)
    return BudgetStory(
        described=_described(case, rests),
        decision=decision(case, found, others),
        findings=findings(case, found),
        gates=(*case.mix.gates, *found.gates),
        sections=sections,
        tone=tone(case, found),
        grounds=rests,
        lead=lead(case, found, others),
        level=case.mix.level,
        level_reason=record().reason(case.mix.level),
        advice=found.advice if found.passed else None,
        timing=found.timing if found.passed else None,
    )


def _refused(case: Case) -> BudgetStory:
    """Report of a model that failed a gate: what helps to repair it, without any return or plan."""
    shown = {"fit": media_parts.fit(case.mix, case.names),
             "tests_read": lift_tests.section(case.mix, case.tests, case.names),
             "truth": truth.section(case.mix, None, None, case.known, case.spec, case.currency,
                                   case.names)}  # fmt: skip
    sections = cautioned(shown, tr(_FAILED), tr(_AGAIN)) | withheld(("channels", "contribution", "curves", *_PLANNED))
    return BudgetStory(
        described=_described(case),
        decision=refusal(case.mix),
        findings=unknown(case),
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
        why = Section(tr("There is no plan to show: {why}", why=plans.blocker))
        return dict.fromkeys(_PLANNED, Section(tr("None without a plan."))) | {"plan": why}
    mix, spec, advice = case.mix, case.spec, plans.advice
    near = alternatives.near(advice)
    return {
        "plan": plan_parts.plan(mix, advice, near, spec, case.currency, case.names, case.weak),
        "weeks": plan_parts.weeks(mix, advice, plans.timing, spec, case.currency, case.names),
        "what_if": what_if_section(case, advice),
        **alternatives.parts(mix, advice, move, others, spec, case.currency, case.names, case.seed),
        "next_test": next_test(mix, advice, spec, case.currency, case.names),
    }


def _described(case: Case, grounds: tuple[str, ...] = ()) -> str:
    """The data, the plan's weeks, the unit of gains, and what the grounds do not say of it already."""
    mix, spec = case.mix, case.spec
    names = listing([case.called(each) for each in mix.channels])
    ends = {"first": day(mix.weeks[0]), "last": day(mix.weeks[-1])}
    data = tr(
        "{periods} from {first} to {last}, {channels} ({names}), {spend} of spend.",
        periods=periods(len(mix.weeks), mix.step), **ends,
        channels=trn("{n} channel", "{n} channels", len(mix.channels)), names=names,
        spend=case.money(float(mix.spend.sum())),
    )  # fmt: skip
    now = tr("Now is the mean of the last {n} weeks, {money} a week.", n=spec.current_weeks,
             money=case.money(float(mix.current.sum())))  # fmt: skip
    ahead = trn("The week after them is planned.", "The {n} weeks after them are planned.", spec.horizon_weeks)
    remedy = "" if case.scale.remedy in grounds else case.scale.remedy
    level = tr("Numbers in square brackets are intervals that hold with a probability of {level:.0%}.", level=mix.level)
    return sentences(data, now, ahead, _together(mix), _worth(case), remedy, level)


def _together(mix: Mix) -> str:
    """Sentence on regions that were summed before the fit, or ""."""
    if not mix.added:
        return ""
    return tr("The {n} regions of the tables are added up, and one model is fitted to their sum.", n=len(mix.added))


def _worth(case: Case) -> str:
    """Sentence on the value of a unit of outcome."""
    scale = case.scale
    if scale.value is None:
        told = tr("Gains are told in the outcome's own unit, {outcome}, not in money.", outcome=scale.outcome)
    elif scale.margin is None:
        told = tr("The outcome is money; how much of it stays is not stated.") if scale.value == 1 else (
            tr("A unit of outcome is worth {money}; how much of it stays is not stated.", money=case.money(scale.value))
        )  # fmt: skip
    else:
        margin = number(scale.margin, "ratio")
        told = tr("The outcome is money, of which a margin of {margin} stays.", margin=margin)
        if scale.value != 1:
            told = tr("A unit of outcome is worth {money}, of which a margin of {margin} stays.",
                      money=case.money(scale.value), margin=margin)  # fmt: skip
    return told
