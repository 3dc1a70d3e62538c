"""How a plan's outcome over all posterior draws is summed up in one figure: mean, mean of the worst, low quantile."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.rules import Rules
from reachbook.presentation.numbers import number


@dataclass(frozen=True)
class Measure:
    """`kind` expected, cvar or quantile; `tail` the share of worst draws; `caution` the weight of the CVaR."""

    kind: str
    tail: float
    caution: float

    @classmethod
    def of(cls, rules: Rules) -> "Measure":
        """What the rules aim at."""
        return cls(rules.objective, rules.tail, rules.caution if rules.objective == "cvar" else 0.0)

    @property
    def words(self) -> str:
        """Its name for a reader."""
        if self.kind == "expected" or (self.kind == "cvar" and self.caution == 0):
            return "expected outcome"
        worst = number(self.tail, "ratio")
        if self.kind == "quantile":
            return f"outcome that is missed with a probability of {worst}"
        mean = f"mean outcome of the worst {worst} of cases"
        return mean if self.caution == 1 else f"{number(self.caution, 'ratio')} {mean}, the rest expected outcome"

    def value(self, outcome: Floats) -> float:
        """The figure for the outcomes of all draws, (draws,)."""
        if self.kind == "quantile":
            return float(np.sort(outcome)[self.spared(len(outcome))])
        return float(self.weights(outcome) @ outcome)

    def spared(self, draws: int) -> int:
        """quantile: how many draws may fall short of it."""
        return min(int(self.tail * draws + 1e-9), draws - 1)

    def weights(self, outcome: Floats) -> Floats:
        """Weights of the draws, (draws,), whose weighted mean is the figure, and for any other plan no less than its.

        Rockafellar & Uryasev (2000), "Optimization of conditional value-at-risk": the CVaR is the least weighted mean
        over all weights that sum to one and put at most 1 / (tail * draws) on a draw.
        """
        draws = len(outcome)
        even = np.full(draws, 1 / draws)
        if self.caution == 0:
            return even
        filled = np.clip(self.tail * draws - np.arange(draws), 0, 1) / (self.tail * draws)
        worst = np.empty(draws)
        worst[np.argsort(outcome, kind="stable")] = filled
        return np.asarray((1 - self.caution) * even + self.caution * worst)
