"""Figures of an effect: what is drawn is what the alternative text says, and both are the numbers handed over."""

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from helpers.drawn import legend, loss_and_gain, titles
from helpers.known_effect import STANDARD
from reachbook.effects.counterfactual.placebo import Replay, weigh
from reachbook.effects.planning.experiment import ExperimentPlan
from reachbook.effects.planning.matched_markets import Matched
from reachbook.effects.planning.panel import PanelPlan
from reachbook.effects.sections.figures import assurance, contribution, cumulative, lengths, over_time, placebos, ranges
from reachbook.presentation import style
from reachbook.presentation.svg import inline
from reachbook.verdict import Gate

NAN = float("nan")
ROWS = pd.DataFrame([("a", 0.05, 0.1, 0.15), ("plain means", NAN, 0.2, NAN)], columns=["name", "low", "middle", "high"])


def segments(collection: Any) -> np.ndarray:
    """Ends of drawn lines, (lines, ends, 2)."""
    return np.array(collection.get_segments())


def test_every_interval_is_drawn_where_it_is_said() -> None:
    drawn = ranges(ROWS, {"zero": 0.0, "break-even": 0.08}, "Lift of orders by arm")
    assert drawn.alt == (
        "Lift of orders by arm. a 10.0% [5.0%, 15.0%]; plain means 20.0%. Lines: zero 0.0%, break-even 8.0%."
    )
    axis = drawn.figure.axes[0]
    first, second = cast("Any", axis.collections[0]).get_segments()
    assert first.tolist() == [[0.05, 1.0], [0.15, 1.0]], "the first row stands at the top"
    assert len(second) == 0
    assert axis.lines[0].get_xdata().tolist() == [0.1, 0.2]
    assert legend(drawn.figure) == ["estimate, with interval", "zero (0.0%)", "break-even (8.0%)"]


@pytest.mark.parametrize(("planted", "known"), [([0.1, NAN], True), ([NAN, NAN], False)])
def test_a_truth_is_drawn_where_one_is_known(planted: list[float], known: bool) -> None:
    drawn = ranges(ROWS.assign(planted=planted), {"zero": 0.0}, "Lift")
    assert ("planted" in legend(drawn.figure)) == known


def test_names_are_never_mathematics() -> None:
    drawn = ranges(ROWS.assign(name=["$5_off_$20", "$y_1$"]), {}, "Lift")
    svg = inline(drawn.figure, "lift", drawn.alt)
    assert ">$5_off_$20</text>" in svg
    assert ">$y_1$</text>" in svg
    assert "Lines:" not in drawn.alt


def test_each_row_has_its_height() -> None:
    few, many = (ranges(pd.concat([ROWS] * times), {}, "Lift").figure for times in (1, 10))
    assert many.get_figheight() > few.get_figheight() + 18 * 0.3


def bands(units: int) -> pd.DataFrame:
    """Sixty days of cities that sell 100 k, the last ten of them in the campaign and half of these above the band."""
    dates = pd.date_range("2026-03-01", periods=60)
    days = np.arange(60)
    parts = [
        pd.DataFrame(
            {
                "unit": f"city {k}", "date": dates, "middle": 100.0 * k, "low": 100.0 * k - 10, "high": 100.0 * k + 10,
                "observed": 100.0 * k + 20.0 * (days >= 55), "campaign": days >= 50,
            }
        )
        for k in range(1, units + 1)
    ]  # fmt: skip
    return pd.concat([*parts, parts[0].assign(unit="all", observed=1e9)], ignore_index=True)


def test_the_largest_units_are_drawn_and_the_sum_of_all_is_not() -> None:
    drawn = over_time(bands(6), "orders")
    assert titles(drawn.figure) == ["city 6", "city 5", "city 4", "city 3"]
    assert "2 smaller units are in the table alone." in drawn.alt
    assert "smaller units" not in over_time(bands(2), "orders").alt


def test_periods_of_the_campaign_outside_the_band_are_counted() -> None:
    assert "shaded 50% of periods lie outside the band" in over_time(bands(2), "orders").alt


def test_history_is_drawn_only_as_far_as_it_can_be_read() -> None:
    """Four weeks before a campaign of ten days."""
    drawn = over_time(bands(1), "orders").figure.axes[0].lines[0].get_xdata()
    assert pd.Timestamp(cast("Any", drawn)[0]) == pd.Timestamp("2026-03-23")


def test_what_would_have_been_is_drawn_where_the_simulator_knows_it() -> None:
    table = bands(2)
    without = pd.DataFrame({"unit": table["unit"], "date": table["date"].dt.date, "counterfactual": table["middle"]})
    assert "planted" in legend(over_time(table, "orders", without).figure)
    assert "planted" not in legend(over_time(table, "orders", without[:0]).figure)


def test_the_total_at_the_end_is_the_last_row() -> None:
    frame = pd.DataFrame(
        {"date": pd.date_range("2026-03-01", periods=3), "low": [0, 1, 2.5], "middle": [1, 3, 5], "high": [2, 5, 7.5]}
    )
    plain, known = cumulative(frame, "orders"), cumulative(frame, "orders", planted=6.0)
    assert plain.alt == "What was added up to each day. At its end 5 [2.50, 7.50]."
    assert plain.figure.axes[0].get_legend() is None
    assert known.figure.axes[0].lines[-1].get_ydata().tolist() == [6.0]


def test_a_placebo_misses_where_its_widened_interval_lies_beyond_zero() -> None:
    """Nineteen errors of a tenth of their deviation, and one of twenty times it."""
    start = pd.Timestamp("2026-01-05")
    replays = weigh([Replay("c", start, 7, error, 0.01) for error in [0.001] * 19 + [0.2]], 0.95)
    drawn = placebos(replays, (0.05, 0.1, 0.15))
    assert replays.describe() in drawn.alt
    assert legend(drawn.figure) == ["placebo, holds zero", "placebo, misses", "the campaign"]
    held, missed, own = (segments(each) for each in drawn.figure.axes[0].collections[:3])
    assert (len(held), len(missed)) == (19, 1)
    assert missed[0, :, 1].min() > 0
    assert own[0, :, 1].tolist() == [0.05, 0.15]
    calm = placebos(weigh([Replay("c", start, 7, 0.001, 0.01)] * 5, 0.95), (0.05, 0.1, 0.15))
    assert "placebo, misses" not in legend(calm.figure)


@pytest.mark.parametrize("mean", [-1.0, 1.0, 30.0])
def test_the_orange_area_is_the_probability_of_a_loss(mean: float) -> None:
    """No bar crosses zero; up to two in a thousand draws lie outside what is drawn."""
    draws = mean + STANDARD
    paid = float((draws > 0).mean())
    drawn = contribution(draws, "a", "CNY", paid)
    loss, gain = loss_and_gain(drawn.figure)
    assert loss == pytest.approx(1 - paid, abs=0.0021)
    assert gain == pytest.approx(paid, abs=0.0041)
    assert f"Half of it lies above {'−' if mean < 0 else ''}¥{abs(mean):.2f}; " in drawn.alt


def plan(target: float | None, chosen: int | None) -> ExperimentPlan:
    units = np.geomspace(100, 10_000, 5).astype(np.int64)
    grows = np.linspace(0.1, 0.9, 5)
    gate = Gate("plan", chosen is not None, "1,000 units in each arm answer.")
    return ExperimentPlan(units, units / 100, units * 1.0, grows, grows**2, 1 - grows, target, chosen, None, (gate,))


@pytest.mark.parametrize(("target", "chosen", "lines"), [(None, None, 1), (0.1, None, 2), (0.1, 3, 3)])
def test_a_plan_draws_its_target_and_its_choice_only_where_there_are_some(
    target: float | None, chosen: int | None, lines: int
) -> None:
    drawn = assurance(plan(target, chosen))
    assert drawn.alt == "What each size of test would answer. 1,000 units in each arm answer."
    assert len(drawn.figure.axes[0].lines) == len(drawn.figure.axes[1].lines) == lines
    assert ("finds 10.0%" in legend(drawn.figure)) == (target is not None)


def panel_plan(target: float | None) -> PanelPlan:
    frame = pd.DataFrame(
        {
            "treated": [("c1",), ("c1",), ("c1", "c2")], "size": [1, 1, 2], "periods": [14, 7, 7], "spread": 0.05,
            "assurance": [0.6, 0.5, 0.7], "power": [0.5, 0.4, 0.9], "detectable": [0.2, 0.3, 0.1], "cost": NAN,
        }
    )  # fmt: skip
    return PanelPlan(frame, target, None if target is None else 2, cast("Matched", None), 9, "")


@pytest.mark.parametrize(("target", "title"), [(None, "Probability of an answer"), (0.1, "Finds the target")])
def test_lengths_have_a_line_for_each_number_of_units(target: float | None, title: str) -> None:
    drawn = lengths(panel_plan(target))
    assert legend(drawn.figure)[:2] == ["1 unit", "2 units"]
    assert ("target" in legend(drawn.figure)) == (target is not None)
    left = drawn.figure.axes[0]
    assert left.get_title("left") == title
    assert left.lines[0].get_xdata().tolist() == [7, 14], "a line goes from left to right"
    assert panel_plan(target).check().detail in drawn.alt


def test_all_have_the_width_of_the_page_and_one_sentence_as_a_caption() -> None:
    made = [ranges(ROWS, {}, "Lift"), contribution(STANDARD, "a", "CNY", 0.5), assurance(plan(0.1, 3)),
            over_time(bands(1), "orders")]  # fmt: skip
    assert {each.figure.get_figwidth() for each in made} == {6.6}
    assert made[0].figure.get_figwidth() < style.WIDTH
    assert all(each.alt.endswith(".") for each in made)
