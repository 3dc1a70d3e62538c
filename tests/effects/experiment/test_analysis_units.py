"""What was assigned is what is compared: units, or totals of clusters."""

import numpy as np
import pytest

from helpers.experiment_tables import table
from reachbook.effects.experiment.analysis_units import AnalysisUnits, means_of, members_of
from reachbook.effects.experiment.units import read
from reachbook.effects.spec import EffectSpec

ARMS = (np.array([0.0, 1.0, 5.0, 9.0]), np.array([2.0, 5.0, 5.0]))


@pytest.mark.parametrize(
    ("count", "left"), [(1, ([0, 1, 5], [2, 5, 5])), (2, ([0, 1], [2, 5, 5])), (4, ([0, 1], [2])), (5, ([0, 1], []))]
)
def test_without_leaves_out_the_largest_of_all_arms_together(count: int, left: tuple[list[int], list[int]]) -> None:
    found = AnalysisUnits("revenue", ARMS).without(count)
    assert [each.tolist() for each in found.over] == [list(left[0]), list(left[1])]


def test_the_most_influential_member_moves_its_arm_most_when_it_goes() -> None:
    members = AnalysisUnits("ratio", (np.array([1.0, 2.0, 30.0]), np.array([4.0, 5.0])), (np.ones(3), np.ones(2)))
    arm, place = members.most_influential()
    assert (arm, place) == (0, 2)
    assert members.without_one(arm, place).over[0].tolist() == [1.0, 2.0]
    assert members.residual(0).sum() == pytest.approx(0)


def test_a_cluster_is_one_member_with_its_totals() -> None:
    frame = table({"control": np.arange(6.0), "a": np.arange(6.0) + 1}, cluster=np.repeat(["p", "q", "r", "s"], 3))
    members = members_of(read(frame, EffectSpec()))
    assert members.kind == "ratio"
    assert [sorted(each) for each in members.over] == [[3.0, 12.0], [6.0, 15.0]]
    assert members.under is not None
    assert [each.tolist() for each in members.under] == [[3.0, 3.0], [3.0, 3.0]]


def test_means_of_conversions_have_jeffreys_posterior() -> None:
    """Beta(k + 1/2, n - k + 1/2): its mean is (k + 1/2) / (n + 1); 4 standard errors of 4000 draws."""
    outcome = (np.repeat([0.0, 1.0], [90, 10]), np.repeat([0.0, 1.0], [60, 40]))
    mean = means_of(AnalysisUnits("conversion", outcome), seed=3).mean.mean(axis=1)
    assert mean == pytest.approx([10.5 / 101, 40.5 / 101], abs=4 * 0.05 / np.sqrt(4000))
