"""A budget plan with its certificate of optimality."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import clauses, sentences, tr


class Infeasible(ParamsError):
    """Rules that cannot all hold; `conflict` is an irreducible subset of them, in words."""

    def __init__(self, conflict: tuple[str, ...], remedy: str = "") -> None:
        self.conflict = conflict
        self.fact = _fact(conflict)
        self.remedy = remedy or tr("Relax one of them.")
        super().__init__(sentences(tr("budget rules: {fact}", fact=self.fact), self.remedy))

    def by_week(self) -> str:
        """The same of rules by week."""
        return sentences(tr("budget rules by week: {fact}", fact=self.fact), self.remedy)


def _fact(conflict: tuple[str, ...]) -> str:
    rules = clauses(conflict)
    if len(conflict) == 1:
        return tr("no plan keeps {rules}.", rules=rules)
    return tr("no plan keeps all of these, and without any one of them there is one: {rules}.", rules=rules)


@dataclass(frozen=True)
class SpendPlan:
    """Spend by channel, and the proof that no plan under the same rules is better by more than `gap`.

    Attributes
    ----------
    channels : tuple of str
        Names, in the order of the arrays.
    spend : float array (channels,)
        Spend at list price, in money, to which the response curve refers.
    paid : float array (channels,)
        Spend after rebates, in money, which counts towards the total.
    value : float
        Outcome by `measure` (expected, CVaR or quantile).
    bound : float
        Upper bound on the value of any plan. Mode target: lower bound on money. Mode free: upper bound on value minus
        hurdle times money paid.
    gap : float
        Distance of the plan from the bound, as a ratio of the objective.
    binding : tuple of str
        Binding rules, in words.
    contribution : float array (draws, channels)
        Outcome of each channel.
    measure : str
        What `value` is, in words.
    total : float or None
        Money that was to be spent.
    beyond : tuple of str
        Channels above their largest observed spend.
    notes : tuple of str
        What else a reader must know.
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
        """Outcome of the plan by draw, float array (draws,)."""
        return np.asarray(self.contribution.sum(axis=1))

    @property
    def unspent(self) -> float:
        """Part of the total that the plan does not spend, in money."""
        return 0.0 if self.total is None else max(self.total - float(self.paid.sum()), 0.0)

    def describe(self) -> str:
        """The plan in one sentence."""
        shares = "; ".join(f"{name} {number(amount)}" for name, amount in zip(self.channels, self.spend, strict=True))
        return tr(
            "{shares}. {measure} {value}, proven within {gap} of the best.",
            shares=shares,
            measure=f"{self.measure[0].upper()}{self.measure[1:]}",
            value=number(self.value),
            gap=number(self.gap, "ratio"),
        )
