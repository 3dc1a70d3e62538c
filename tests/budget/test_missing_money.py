"""What to enter where a message needs money that was not stated."""

import pytest

from reachbook.budget.missing_money import asked


@pytest.mark.parametrize(
    ("missing", "named"),
    [(["margin"], ["`margin`"]), (["value_per_unit", "margin"], ["`value_per_unit`", " and `margin`"])],
)
def test_the_parameters_are_named_with_what_they_mean_and_their_file(missing: list[str], named: list[str]) -> None:
    told = asked(missing)
    assert told.startswith("write `")
    assert told.endswith(" in budget_optimization.yaml")
    assert all(each in told for each in named)
    assert told.count("(") == len(missing), "each is explained"
