"""The planted truth of a campaign, picked from the simulator's table and held against the intervals."""

import numpy as np
import pandas as pd
import pytest

from helpers.known_effect import experiment
from reachbook.effects.sections.truth import covered, true_effects
from reachbook.effects.spec import EffectSpec

EFFECT = experiment({"a": (0.1, 0.02), "b": (0.2, 0.02)})
ROWS = [
    ("experiment", "creative", "a", None, "orders", "assigned", 0.1, 100.0, 1000),
    ("experiment", "creative", "b", None, "orders", "assigned", 0.2, 600.0, 3000),
    ("experiment", "creative", "b", "young", "orders", "assigned", 0.3, 90.0, 300),
    ("experiment", "creative", "b", None, "orders", "exposed", 0.4, 600.0, 1500),
    ("experiment", "creative", "b", None, "revenue", "assigned", 0.5, 600.0, 3000),
    ("experiment", "other", "b", None, "orders", "assigned", 0.6, 600.0, 3000),
    ("panel", "creative", "all", None, "orders", "treated", 0.7, 600.0, 3000),
]
COLUMNS = ["design", "campaign_id", "unit", "segment", "metric", "estimand", "relative", "total", "units"]
TRUTH = pd.DataFrame(ROWS, columns=COLUMNS)


def test_only_this_design_campaign_and_outcome_count_and_neither_segments_nor_the_exposed() -> None:
    found = true_effects(EFFECT, EffectSpec(campaign="creative"), TRUTH)
    assert list(found["name"]) == ["all", "a", "b"]
    assert list(found["planted"][1:]) == [0.1, 0.2]


def test_arms_together_are_weighted_by_their_units_and_add_up() -> None:
    """A thousand units with 10 % and three thousand with 20 % have 17.5 % together."""
    whole = true_effects(EFFECT, EffectSpec(campaign="creative"), TRUTH).iloc[0]
    assert whole["planted"] == pytest.approx(0.175)
    assert whole["total"] == pytest.approx(700.0)


def test_a_whole_that_the_simulator_states_is_taken_as_it_is() -> None:
    stated = TRUTH[:2].assign(unit=["all", "a"])
    assert list(true_effects(EFFECT, EffectSpec(), stated)["name"]) == ["all", "a"]


def test_without_a_name_every_campaign_of_the_outcome_counts() -> None:
    assert list(true_effects(EFFECT, EffectSpec(), TRUTH)["name"]) == ["all", "a", "b", "b"]


@pytest.mark.parametrize("truth", [None, TRUTH[TRUTH["metric"] == "revenue"]])
def test_where_nothing_was_planted_no_row_stands(truth: pd.DataFrame | None) -> None:
    found = true_effects(EFFECT, EffectSpec(campaign="creative"), truth)
    assert found.empty
    assert list(found) == ["name", "planted", "total"]


def test_a_truth_on_the_edge_of_its_interval_is_inside() -> None:
    low, high = np.array([0.1, 0.1, 0.1, 0.1]), np.array([0.2, 0.2, 0.2, 0.2])
    lifts = pd.DataFrame({"name": list("abcd"), "low": low, "middle": 0.15, "high": high})
    known = pd.DataFrame({"name": list("abcx"), "planted": [0.1, 0.2, 0.21, 0.0]})
    found = covered(lifts, known)
    assert list(found["name"]) == ["a", "b", "c"], "rows that one table lacks are compared with nothing"
    assert list(found["inside"]) == [True, True, False]
