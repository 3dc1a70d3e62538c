"""Rebates: what a spend at list price costs."""

from collections.abc import Mapping, Sequence

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.rules import Rebate


def price(rebate: Rebate | None, spend: float) -> float:
    """Money paid for `spend` at list price."""
    paid = [offset + rate * spend for start, _, offset, rate in tiers(rebate) if start <= spend * (1 + 1e-12)]
    return min(paid, default=0.0)


def paid(rebates: Mapping[str, Rebate], channels: Sequence[str], spend: Floats) -> Floats:
    """Money paid by channel for `spend` (channels,) at list price, float array (channels,)."""
    return np.array([price(rebates.get(name), float(x)) for name, x in zip(channels, spend, strict=True)])


def tiers(rebate: Rebate | None) -> list[tuple[float, float, float, float]]:
    """Tiers as (start, stop, offset, rate), where money paid is offset + rate * spend."""
    made = [(0.0, np.inf, 0.0, 1.0)]
    for tier in rebate.tiers if rebate else ():
        start, _, offset, rate = made[-1]
        made[-1] = (start, tier.above, offset, rate)
        below = 0.0 if rebate and rebate.on == "whole" else offset + (rate - 1 + tier.rebate) * tier.above
        made.append((tier.above, np.inf, below, 1 - tier.rebate))
    return made
