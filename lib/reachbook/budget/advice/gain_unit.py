"""In what gains are told: contribution in money where its value and margin are stated, else the outcome's own unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reachbook.budget.missing_money import asked
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from reachbook.arrays import Floats
    from reachbook.budget.spec import BudgetSpec


@dataclass(frozen=True)
class GainUnit:
    """What a unit of outcome counts as.

    value : money that it is worth, margin : part of that money which stays; None where not stated. A default would be
    a claim about somebody's money. called : what the outcome counts, as orders, or "".
    """

    value: float | None
    margin: float | None
    called: str
    currency: str

    @classmethod
    def of(cls, spec: BudgetSpec, currency: str = "CNY") -> GainUnit:
        """What the parameters state."""
        return cls(spec.value_per_unit, spec.margin, spec.outcome_unit, currency)

    @property
    def pays(self) -> bool:
        """Whether money spent can be held against money earned."""
        return self.value is not None and self.margin is not None

    @property
    def each(self) -> float:
        """What one unit of outcome is told as: contribution, or the outcome in money, or itself."""
        return self.price * self.margin if self.pays and self.margin is not None else self.price

    @property
    def price(self) -> float:
        """Money of one unit of outcome where that is stated, else 1: returns are told so, before any margin."""
        return 1.0 if self.value is None else self.value

    @property
    def even(self) -> float | None:
        """Return at which money pays for itself; None where nobody can know."""
        return 1 / self.margin if self.pays and self.margin is not None else None

    @property
    def unit(self) -> str:
        """Unit of gains, as `number` and findings take it."""
        return "" if self.value is None else "money"

    @property
    def sign(self) -> str:
        """Currency of an axis of gains, "" where they are not money."""
        return self.currency if self.value is not None else ""

    @property
    def noun(self) -> str:
        """What gains are made of."""
        if self.pays:
            return "contribution"
        return self.outcome if self.value is None else "outcome in money"

    @property
    def subject(self) -> str:
        """The same at the beginning of a sentence."""
        return f"{self.noun[0].upper()}{self.noun[1:]}"

    @property
    def returned(self) -> str:
        """What returns are made of, before any margin."""
        return self.outcome if self.value is None else "outcome in money"

    @property
    def returns(self) -> tuple[str, str]:
        """What the return of all money so far is called, and that of the next unit."""
        return ("ROI", "mROI") if self.value is not None else ("for each so far", "for one more")

    @property
    def gained(self) -> str:
        """What gains are made of, and whether the money spent is taken off."""
        return "contribution after spend" if self.pays else f"{self.noun} before any cost"

    @property
    def outcome(self) -> str:
        """What the outcome counts."""
        return self.called or "outcome"

    def amount(self, gained: float) -> str:
        """A gain or a loss, as ¥1,200, ¥1,200 of outcome, 240 orders or 240 of outcome."""
        return f"{number(gained, self.unit, self.currency)}{self._behind}"

    def interval(self, draws: Floats, level: float) -> str:
        """Median and interval of draws; where what they count is not money after spend, a gain has its plus."""
        low, middle, high = (number(each, self.unit, self.currency) for each in equal_tailed(draws, level))
        plus = "" if self.pays or equal_tailed(draws, level)[1] <= 0 else "+"
        return f"{plus}{middle} [{low}, {high}]{self._behind}"

    @property
    def _behind(self) -> str:
        if self.pays:
            return ""
        return f" {self.called}" if self.called and self.value is None else " of outcome"

    @property
    def missing(self) -> list[str]:
        """Parameters that nobody stated."""
        return [name for name, known in (("value_per_unit", self.value), ("margin", self.margin)) if known is None]

    @property
    def remedy(self) -> str:
        """What to enter to get more; "" where all is stated."""
        return f"Whether money pays for itself is not told: {asked(self.missing)}." if self.missing else ""
