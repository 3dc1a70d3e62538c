"""What is said of a cell that is no number names the options that read it."""

import pyarrow as pa
import pytest

from reachbook.tables.kinds.numbers import COLUMN, parse_number
from reachbook.tables.option_types import NumberRule
from reachbook.tables.options.numbers import formatted


@pytest.mark.parametrize(
    ("cell", "rules", "named"),
    [
        ("< 10", ("below_as_limit",), "below_as_limit"),
        ("< 10%", ("below_as_limit", "percent"), "[below_as_limit, percent]"),
        ("3.1%", ("percent",), "percent"),
        ("1.2万", ("rounded",), "rounded"),
        ("10+", ("at_least",), "at_least"),
        ("¥1,234.50", ("currency",), "currency"),
        ("1分20秒", ("duration",), "duration"),
    ],
)
def test_the_options_that_a_refusal_names_read_the_cell(cell: str, rules: tuple[NumberRule, ...], named: str) -> None:
    (mask, tell), *_ = [fault for fault in parse_number(pa.array([cell])).faults if fault[0].any()]
    assert mask.all()
    assert f"numbers: {{{COLUMN}: {named}}}" in tell(cell)
    assert not parse_number(formatted(pa.array([cell]), rules, ".").values).faulty.any()
