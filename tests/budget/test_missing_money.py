"""What to enter where a message needs money that was not stated."""

import pytest

from reachbook.budget.missing_money import instruction


@pytest.mark.parametrize(
    ("missing", "named"),
    [(["margin"], ["`margin`"]), (["value_per_unit", "margin"], ["`value_per_unit`", " and `margin`"])],
)
def test_the_parameters_are_named_with_what_they_mean_and_their_file(missing: list[str], named: list[str]) -> None:
    written = instruction(missing)
    assert written.startswith("write `")
    assert written.endswith(" in budget_optimization.yaml")
    assert all(each in written for each in named)
    assert written.count("(") == len(missing), "each is explained"
