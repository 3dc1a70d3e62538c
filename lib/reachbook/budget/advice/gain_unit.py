"""Unit of gains: contribution in money where value and margin are known, else the unit of the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reachbook.budget.missing_money import instruction
from reachbook.presentation.numbers import number, spread
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.arrays import Floats
    from reachbook.budget.spec import BudgetSpec


@dataclass(frozen=True)
class GainUnit:
    """What a unit of outcome counts as.

    Attributes
    ----------
    value : float or None
        Money that a unit of outcome is worth; None if not stated, since a default would be a claim about somebody's
        money.
    margin : float or None
        Share of that money that remains as contribution; None if not stated.
    called : str
        What the outcome counts, such as orders, or "".
    currency : str
        Currency code.
    """

    value: float | None
    margin: float | None
    called: str
    currency: str

    @classmethod
    def of(cls, spec: BudgetSpec, currency: str = "CNY") -> GainUnit:
        """Unit that the parameters imply."""
        return cls(spec.value_per_unit, spec.margin, spec.outcome_unit, currency)

    @property
    def pays(self) -> bool:
        """Whether both value and margin are known, so that spend can be compared with contribution."""
        return self.value is not None and self.margin is not None

    @property
    def each(self) -> float:
        """Reported amount per unit of outcome: contribution, else `price`."""
        return self.price * self.margin if self.pays and self.margin is not None else self.price

    @property
    def price(self) -> float:
        """Money per unit of outcome where stated, else 1; returns are reported at this price, before any margin."""
        return 1.0 if self.value is None else self.value

    @property
    def even(self) -> float | None:
        """Break-even return, or None if unknown."""
        return 1 / self.margin if self.pays and self.margin is not None else None

    @property
    def unit(self) -> str:
        """Unit of gains as `number` and findings expect it: "money" or ""."""
        return "" if self.value is None else "money"

    @property
    def sign(self) -> str:
        """Currency for an axis of gains; "" if they are not money."""
        return self.currency if self.value is not None else ""

    @property
    def noun(self) -> str:
        """Noun for gains."""
        return tr("contribution") if self.pays else self.returned

    @property
    def subject(self) -> str:
        """`noun` with a capital letter, to begin a sentence."""
        return f"{self.noun[0].upper()}{self.noun[1:]}"

    @property
    def returned(self) -> str:
        """Noun for returns, before any margin."""
        return self.outcome if self.value is None else tr("outcome in money")

    @property
    def returns(self) -> tuple[str, str]:
        """Names of the average and of the marginal return, in English, as the tables' columns have them."""
        return ("ROI", "mROI") if self.value is not None else ("for each so far", "for one more")

    @property
    def gain_noun(self) -> str:
        """Noun for gains that says whether spend is deducted."""
        return tr("contribution after spend") if self.pays else tr("{outcome} before any cost", outcome=self.noun)

    @property
    def outcome(self) -> str:
        """Noun for the outcome."""
        return self.called or tr("outcome")

    def amount(self, gained: float) -> str:
        """A gain or loss as text, such as ¥1,200, ¥1,200 of outcome, 240 orders or 240 of outcome."""
        return self._counted(number(gained, self.unit, self.currency))

    def interval(self, draws: Floats, level: float) -> str:
        """Median and equal-tailed interval of `draws` (draws,) as text; a gain before costs carries a plus sign."""
        low, middle, high = spread(*equal_tailed(draws, level), self.unit, self.currency)
        plus = "" if self.pays or equal_tailed(draws, level)[1] <= 0 else "+"
        return self._counted(f"{plus}{middle} [{low}, {high}]")

    def signed(self, draws: Floats, level: float) -> str:
        """A gain with its interval for the decision, signed."""
        low, middle, high = spread(*equal_tailed(draws, level), self.unit, self.currency)
        plus = "+" if equal_tailed(draws, level)[1] > 0 else ""
        return self._counted(f"{plus}{middle} [{low}, {high}]")

    def brief(self, draws: Floats, level: float) -> str:
        """The same as a gain a week."""
        gain = self.signed(draws, level)
        return tr("{gain} a week after spend", gain=gain) if self.pays else tr("{gain} a week", gain=gain)

    def _counted(self, amount: str) -> str:
        if self.pays:
            return amount
        if self.called and self.value is None:
            return tr("{number} {unit}", number=amount, unit=self.called)
        return tr("{amount} of outcome", amount=amount)

    @property
    def missing(self) -> list[str]:
        """Names of value and margin parameters that are not stated."""
        return [name for name, known in (("value_per_unit", self.value), ("margin", self.margin)) if known is None]

    @property
    def remedy(self) -> str:
        """What to enter for gains in contribution; "" if nothing is missing."""
        if not self.missing:
            return ""
        return tr("Whether money pays for itself is not told: {remedy}.", remedy=instruction(self.missing))
