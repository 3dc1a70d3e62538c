"""A steady plan for the hand-made mix, in half a second."""

from __future__ import annotations

from collections.abc import Mapping

from reachbook.budget.advice.steady_plan import SteadyPlan, advise, plannable
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.case import Case
from reachbook.budget.sections.lift_tests import GatheredTests
from reachbook.budget.sections.truth import true_parameters
from reachbook.budget.spec import BudgetSpec


def spec(**more: object) -> BudgetSpec:
    """Four weeks; a unit of outcome is worth 1, of which half stays, and no channel changes by more than half."""
    plain: dict[str, object] = {"value_per_unit": 1.0, "margin": 0.5, "change": 0.5, "horizon_weeks": 4}
    return BudgetSpec.model_validate(plain | more)


def unpriced(**more: object) -> BudgetSpec:
    """The same without any money that a unit of outcome is worth; it counts orders."""
    return spec(**{"value_per_unit": None, "margin": None, "outcome_unit": "orders"} | more)


def steady(mix: Mix, asked: BudgetSpec) -> SteadyPlan:
    """The plan that is asked for."""
    return advise(plannable(mix, asked, 1), asked, oracles=2)


def case(mix: Mix, asked: BudgetSpec, names: Mapping[str, str] | None = None) -> Case:
    """What all sections share, of real data."""
    return Case(mix, asked, 1, "CNY", names or {}, true_parameters(mix, None), GatheredTests(None))
