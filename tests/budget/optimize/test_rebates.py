"""What is paid for a spend at list price."""

import numpy as np
import pytest

from reachbook.budget.optimize.rebates import paid, price
from reachbook.budget.optimize.rules import Rebate, Tier

TIERS = [Tier(above=50, rebate=0.1), Tier(above=80, rebate=0.2)]


@pytest.mark.parametrize(
    ("on", "spend", "money"),
    [
        ("whole", 40, 40), ("whole", 60, 54), ("whole", 100, 80),
        ("above", 40, 40), ("above", 60, 50 + 9), ("above", 100, 50 + 27 + 16),
    ],
)  # fmt: skip
def test_a_rebate_lowers_the_whole_price_or_what_lies_above(on: str, spend: float, money: float) -> None:
    rebate = Rebate(tiers=TIERS, on=on)
    assert price(rebate, spend) == pytest.approx(money)
    assert paid({"a": rebate}, ["a", "b"], np.array([spend, spend])) == pytest.approx([money, spend])
