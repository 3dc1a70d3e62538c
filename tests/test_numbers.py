"""Numbers as a reader sees them."""

import math

import pytest

from reachbook.numbers import number


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0534, "ratio", "5.3%"),
        (-0.0534, "ratio", "−5.3%"),
        (0.0082, "points", "0.8 pp"),
        (38.0, "money", "¥38.00"),
        (1234567.4, "money", "¥1,234,567"),
        (4660.2, "count", "4,660"),
        (12.0, "days", "12 days"),
        (0.91234, "", "0.912"),
        (0.0, "", "0"),
        (0.00012345, "", "0.000123"),
        (math.nan, "money", "unknown"),
    ],
)
def test_units(value: float, unit: str, shown: str) -> None:
    assert number(value, unit) == shown


def test_currencies() -> None:
    assert number(5.0, "money", "USD") == "$5.00"
    assert number(5.0, "money", "CHF") == "CHF 5.00"
