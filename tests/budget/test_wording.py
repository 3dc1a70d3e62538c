"""Figures of a budget as text: probabilities that promise no certainty, weeks from days, and names for a reader."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reachbook.budget.wording import (
    chance,
    few,
    interval,
    likely,
    name,
    renamed,
    sentence,
    sure,
    weekly,
    within,
)

NAMES = {"douyin": "抖音", "weibo": "weibo"}


def test_an_interval_holds_its_level_with_equal_tails() -> None:
    draws = np.arange(1001) / 10_000
    assert interval(draws, 0.9, "ratio") == "5.0% [0.5%, 9.5%]"
    assert interval(-draws * 1e5, 0.9, "money", "EUR") == "−€5,000 [−€9,500, −€500]"


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(1, 5000), st.integers(0, 5000))
def test_finite_draws_are_no_proof(count: int, positive: int) -> None:
    """Laplace's rule of succession: (successes + 1) / (trials + 2)."""
    draws = np.where(np.arange(count) < positive, 1.0, -1.0)
    assert sure(draws) == pytest.approx((min(positive, count) + 1) / (count + 2))
    assert 0 < sure(draws) < 1


def test_a_share_of_draws_is_counted_strictly_above() -> None:
    draws = np.array([-1.0, 0.0, 1.0, 2.0])
    assert (chance(draws), chance(draws, 1.0)) == (0.5, 0.25)


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "less than 1%"), (0.0099, "less than 1%"), (0.01, "1%"), (0.5, "50%"), (0.99, "99%"),
     (0.9901, "more than 99%"), (1.0, "more than 99%")],
)  # fmt: skip
def test_beyond_one_and_99_percent_only_a_bound_is_told(probability: float, text: str) -> None:
    assert likely(probability) == text


@settings(deadline=None, derandomize=True, max_examples=50)
@given(arrays(float, st.tuples(st.integers(1, 3), st.integers(7, 40)), elements=st.floats(-1e6, 1e6)))
def test_days_become_weeks_that_end_with_the_last_day(values: np.ndarray) -> None:
    found = weekly(values, 1)
    assert found.shape == (len(values), values.shape[1] // 7)
    np.testing.assert_allclose(found[:, -1], values[:, -7:].sum(axis=1), atol=1e-6)
    whole = values[:, values.shape[1] % 7 :]
    np.testing.assert_allclose(found.sum(axis=1), whole.sum(axis=1), atol=1e-4)


def test_weeks_stay_as_they_are() -> None:
    values = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(weekly(values, 7), values)


@pytest.mark.parametrize(("gap", "text"), [(0.0, "0.0001%"), (1e-9, "0.0001%"), (0.001, "0.1000%")])
def test_a_gap_is_never_told_below_what_the_solver_can_know(gap: float, text: str) -> None:
    assert within(gap) == text


def test_a_channel_has_its_display_name() -> None:
    assert name("douyin", NAMES) == "抖音"
    assert name("weibo", NAMES) == "weibo", "twice the same name is told once"
    assert name("wechat", NAMES) == "wechat"
    assert name("b", {"a": "抖音", "b": "抖音"}) == "抖音 (b)", "two channels of one name are told apart"


def test_only_a_channel_or_group_at_the_beginning_is_renamed() -> None:
    assert renamed("short video at least 30%", {"short": "短", "short video": "短视频"}) == "短视频 at least 30%"
    assert renamed("douyin at most 40 (observed)", NAMES) == "抖音 at most 40 (observed)"
    assert renamed("total of douyin", NAMES) == "total of douyin"
    assert sentence("total of 60", NAMES) == "Total of 60."
    assert sentence("douyin gets nothing", NAMES) == "抖音 gets nothing."


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and 1 other"),
        (["one two three", "four five six", "seven", "eight"], "one two three, four five six and 2 others"),
        (["a name of more words than a decision holds"], "a name of more words than a decision holds"),
    ],
)
def test_a_decision_names_few_channels(names: list[str], text: str) -> None:
    assert few(names) == text
