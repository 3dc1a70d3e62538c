"""A budget plan with its certificate."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number


class Infeasible(ParamsError):
    """Rules that cannot all be kept; `conflict` is a set of them of which none can be left out."""

    def __init__(self, conflict: tuple[str, ...], remedy: str = "") -> None:
        self.conflict = conflict
        listed = "; ".join(conflict)
        needed = "all of these, and without any one of them there is one: " if len(conflict) > 1 else ""
        super().__init__(f"budget rules: no plan keeps {needed}{listed}. {remedy or 'Relax one of them.'}")


@dataclass(frozen=True)
class SpendPlan:
    """How to spend the money, and the proof that no plan under the same rules is better by more than `gap`.

    channels : names, in the order of the arrays.
    spend : money of each channel at list price, which is what its curve answers to, (channels,).
    paid : the same after rebates, which is what the total counts, (channels,).
    value : outcome of the plan by `measure` (expected, CVaR or quantile).
    bound : value that no plan can exceed; for mode target: money that no plan can go below; for mode free: on value
        less hurdle times the money paid.
    gap : how far the bound is from the plan, a ratio of what is optimised.
    binding : rules that the plan touches, in words.
    contribution : outcome of each channel in each draw, (draws, channels).
    measure : what `value` is, in words.
    total : the money that was to be spent, or None; unspent : what of it is left.
    beyond : channels that go beyond their largest observed spend.
    notes : what a reader must know besides, in words.
    """

    channels: tuple[str, ...]
    spend: Floats
    paid: Floats
    value: float
    bound: float
    gap: float
    binding: tuple[str, ...]
    contribution: Floats
    measure: str
    total: float | None
    beyond: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def outcome(self) -> Floats:
        """Outcome of the whole plan in each draw, (draws,)."""
        return np.asarray(self.contribution.sum(axis=1))

    @property
    def unspent(self) -> float:
        """Money of the total that the plan does not pay out."""
        return 0.0 if self.total is None else max(self.total - float(self.paid.sum()), 0.0)

    def describe(self) -> str:
        """The plan in one sentence."""
        shares = "; ".join(f"{name} {number(amount)}" for name, amount in zip(self.channels, self.spend, strict=True))
        return (f"{shares}. {self.measure[0].upper()}{self.measure[1:]} {number(self.value)}, "
                f"proven within {number(self.gap, 'ratio')} of the best.")  # fmt: skip
