"""What a plan assumes about its weeks, in one sentence on their dates, season, price and festivals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix, known_plan
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.assumptions import assumed


@pytest.fixture(scope="module")
def mix() -> Mix:
    """Sixty weeks from 6 January 2025 on; the first planned one begins on 2 March 2026."""
    return known_mix.mix()


def told(mix: Mix, **more: object) -> str:
    return " ".join(assumed(known_plan.case(mix, known_plan.spec(**more))))


def test_the_planned_weeks_follow_the_last_one_without_a_gap(mix: Mix) -> None:
    found = told(mix)
    assert found.startswith("Planned: the 4 weeks from 2026-03-02 to 2026-03-29. Media are taken to work as they ")
    assert "on average from 2025-01-06 to 2026-02-23, whatever the season. No week has a peak." in found
    assert told(mix, horizon_weeks=1).startswith("Planned: the week from 2026-03-02 to 2026-03-08.")


def test_days_are_planned_from_the_day_after_the_last(mix: Mix) -> None:
    daily = replace(mix, step=1, weeks=pd.date_range("2026-01-01", periods=60))
    assert told(daily).startswith("Planned: the 4 weeks from 2026-03-02 to 2026-03-29.")


def test_price_and_promotion_stay_as_they_were(mix: Mix) -> None:
    others = pd.DataFrame({"price": np.r_[np.full(59, 9.5), 12.0], "promotion": [0.0] * 60, "index": [1.0] * 60})
    found = told(replace(mix, others=others))
    assert "of price (9.54 on average, 12 at the end) and promotion (0 on average, 0 at the end) is not coun" in found
    assert "index" not in found, "only what the page knows by name"
    assert "What becomes of" not in told(replace(mix, others=others[["index"]]))


def test_a_festival_in_the_planned_weeks_is_said_to_change_nothing(mix: Mix) -> None:
    """Sixteen weeks from 2 March on reach Qingming, Labour Day, the Dragon Boat festival and 618."""
    found = told(mix, horizon_weeks=16)
    assert (
        "No week has a peak. Festivals in these weeks (Qingming, Labour Day, Dragon Boat, 618 run-up and 618)" in found
    )
    assert "Festivals" not in told(mix), "none falls into March"
    assert "Festivals" not in told(mix, horizon_weeks=16, calendar="none")


def test_a_week_with_a_peak_is_named_by_its_first_day(mix: Mix) -> None:
    found = told(mix, horizon_weeks=16, peaks={"2026-06-18": 1.5})
    assert "The weeks of 2026-06-15 (1.5 times) work better, as `peaks` says. Festivals in these weeks (" in found
