"""What was spent on top of the usual, and what that is called."""

import pytest

from reachbook.effects.value.incremental_spend import IncrementalSpend


@pytest.mark.parametrize(
    ("spent", "way"),
    [
        (IncrementalSpend(100.0, 100.0, 0.0), "on"),
        (IncrementalSpend(50.0, 150.0, 100.0), "more"),
        (IncrementalSpend(-40.0, 60.0, 100.0), "less"),
        (IncrementalSpend(-100.0, 0.0, 100.0), "off"),
        (IncrementalSpend(-99.5, 0.5, 100.0), "off"),
        (IncrementalSpend(-98.0, 2.0, 100.0), "less"),
        (IncrementalSpend(), "on"),
    ],
)
def test_a_campaign_came_on_top_or_ads_were_off(spent: IncrementalSpend, way: str) -> None:
    """Up to a hundredth of the usual spend counts as switched off."""
    assert spent.way == way


def test_where_the_table_cannot_say_what_came_on_top_its_two_sums_still_name_the_way() -> None:
    assert IncrementalSpend(None, 0.0, 100.0, "not steady").way == "off"
