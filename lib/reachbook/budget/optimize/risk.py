"""Figures of merit of a plan's outcome over posterior draws: mean, CVaR and low quantile."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.rules import Rules
from reachbook.presentation.numbers import number
from reachbook.translation import tr


@dataclass(frozen=True)
class Measure:
    """Figure of merit.

    Attributes
    ----------
    kind : str
        "expected", "cvar" or "quantile".
    tail : float
        Share of worst draws.
    caution : float
        Weight of the CVaR; the rest is on the mean.
    """

    kind: str
    tail: float
    caution: float

    @classmethod
    def of(cls, rules: Rules) -> "Measure":
        """Figure of merit that the rules ask for."""
        return cls(rules.objective, rules.tail, rules.caution if rules.objective == "cvar" else 0.0)

    @property
    def words(self) -> str:
        """Description for a reader."""
        if self.kind == "expected" or (self.kind == "cvar" and self.caution == 0):
            return tr("expected outcome")
        worst = number(self.tail, "ratio")
        if self.kind == "quantile":
            return tr("outcome that is missed with a probability of {worst}", worst=worst)
        if self.caution == 1:
            return tr("mean outcome of the worst {worst} of cases", worst=worst)
        return tr("{share} mean outcome of the worst {worst} of cases, the rest expected outcome",
                  share=number(self.caution, "ratio"), worst=worst)  # fmt: skip

    def value(self, outcome: Floats) -> float:
        """Figure of merit of `outcome` (draws,)."""
        if self.kind == "quantile":
            return float(np.sort(outcome)[self.spared(len(outcome))])
        return float(self.weights(outcome) @ outcome)

    def spared(self, draws: int) -> int:
        """Number of draws that may fall short of the quantile."""
        return min(int(self.tail * draws + 1e-9), draws - 1)

    def weights(self, outcome: Floats) -> Floats:
        """Weights of the draws, float array (draws,), whose weighted mean of `outcome` (draws,) is the figure of merit.

        For any other plan the same weights give a mean that is no less than its figure of merit.

        References
        ----------
        Rockafellar & Uryasev (2000), "Optimization of conditional value-at-risk": the CVaR is the least weighted mean
        over all weights that sum to one and are at most 1 / (tail * draws).
        """
        draws = len(outcome)
        even = np.full(draws, 1 / draws)
        if self.caution == 0:
            return even
        filled = np.clip(self.tail * draws - np.arange(draws), 0, 1) / (self.tail * draws)
        worst = np.empty(draws)
        worst[np.argsort(outcome, kind="stable")] = filled
        return np.asarray((1 - self.caution) * even + self.caution * worst)
