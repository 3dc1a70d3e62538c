"""Constraints of a plan as a person writes them: in money, by channel name."""

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from reachbook.errors import ParamsError
from reachbook.spec import Spec
from reachbook.translation import tr


def _amount(value: float) -> float:
    if value < 0:
        raise ValueError(tr("is {value:g}; write 0 or more", value=value))
    return value


def _price(value: float) -> float:
    if value <= 0:
        raise ValueError(tr("is {value:g}; write the price of a package, above 0", value=value))
    return value


Amount = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_amount)]
"""Money, or a ratio, of 0 or more."""
Price = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_price)]
"""Price of one package, in money."""


class Finite(Spec):
    """Base of rules: infinite and NaN values are rejected."""

    model_config = ConfigDict(allow_inf_nan=False)

    @classmethod
    def of(cls, given: Any) -> Self:
        """`given`, or the default rules for None.

        Raises
        ------
        ParamsError
            If `given` is of another class.
        """
        rules = cls() if given is None else given
        if not isinstance(rules, cls):
            raise ParamsError(
                tr(
                    "budget rules: got {name}, not {wanted}; build them as {wanted}(mode='at_most'): "
                    "optimize takes Rules, schedule takes FlightRules.",
                    name=type(given).__name__,
                    wanted=cls.__name__,
                )
            )
        return rules


class Limits(Finite):
    """Least and most spend of a channel, in money."""

    low: Amount | None = Field(default=None, description="least spend, in money")
    high: Amount | None = Field(default=None, description="most spend, in money")

    @model_validator(mode="after")
    def _ordered(self) -> "Limits":
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(
                tr("low is {low}, above high {high}; swap them, or drop one", low=self.low, high=self.high)
            )
        return self


class Share(Finite):
    """Least and most share of all money spent for a group of channels."""

    channels: list[str] = Field(min_length=1, description="channels of the group")
    low: float | None = Field(default=None, ge=0, le=1, description="least share of all spend (0 to 1)")
    high: float | None = Field(default=None, ge=0, le=1, description="most share of all spend (0 to 1)")

    @model_validator(mode="after")
    def _ordered(self) -> "Share":
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(
                tr("low is {low}, above high {high}; swap them, or drop one", low=self.low, high=self.high)
            )
        if len(set(self.channels)) < len(self.channels):
            raise ValueError(tr("channels has {channels}; name each channel once", channels=self.channels))
        return self


class Tier(Finite):
    """A rebate that applies from a threshold on."""

    above: float = Field(gt=0, description="spend at list price from which the rebate holds, in money")
    rebate: float = Field(ge=0, lt=1, description="share of the list price that is paid back")


class Rebate(Finite):
    """Rebate tiers of a channel, on all of the spend or on what exceeds the threshold."""

    tiers: list[Tier] = Field(min_length=1, description="thresholds and their rebates")
    on: Literal["whole", "above"] = Field(
        default="whole",
        description="the rebate is on all spend once the threshold is reached (whole), or on what exceeds it (above)",
    )

    @model_validator(mode="after")
    def _rising(self) -> "Rebate":
        thresholds = [tier.above for tier in self.tiers]
        if any(after <= before for before, after in pairwise(thresholds)):
            raise ValueError(
                tr("tiers begin at {thresholds}; list them from the lowest, each once", thresholds=thresholds)
            )
        return self


class Rules(Finite):
    """Objective and constraints of a plan."""

    objective: Literal["expected", "cvar", "quantile"] = Field(
        default="expected",
        description="what is maximised: expected outcome, mean of its worst draws (cvar), or a low quantile "
        "(exact up to 60 draws, else a good plan with a proven gap of some percent)",
    )
    tail: float = Field(default=0.2, gt=0, lt=1, description="cvar, quantile: share of draws that count as the worst")
    caution: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="cvar: weight of the worst draws; the rest is the weight of the expected outcome",
    )
    mode: Literal["fixed", "at_most", "free", "target"] = Field(
        default="fixed",
        description="fixed: spend the whole total; at_most: spend up to it; free: spend as long as one "
        "more unit of money returns more than `hurdle`; target: least money that brings the outcome `target`",
    )
    hurdle: float = Field(default=1.0, ge=0, description="free: outcome that one more unit of money must return")
    target: float | None = Field(default=None, gt=0, description="target: outcome to reach, in units of outcome")
    roas: float | None = Field(default=None, gt=0, description="least mean outcome per unit of money")
    cac: float | None = Field(default=None, gt=0, description="most money per unit of outcome, on average")

    limits: dict[str, Limits] = Field(default={}, description="least and most spend by channel, in money")
    fixed: dict[str, Amount] = Field(
        default={}, description="spend by channel, for channels whose spend is settled, in money"
    )
    shares: dict[str, Share] = Field(default={}, description="least and most share of all spend for groups of channels")
    minimum: dict[str, Amount] = Field(
        default={}, description="least spend of a channel if it is used at all, in money"
    )
    change: float | None = Field(
        default=None, ge=0, description="largest change of each channel's spend from current spend (a ratio)"
    )
    changes: dict[str, Amount] = Field(
        default={}, description="largest change by channel, in place of `change` (ratios)"
    )
    packages: dict[str, Price] = Field(
        default={}, description="price of a package by channel, for channels bought in packages, in money"
    )
    rebates: dict[str, Rebate] = Field(default={}, description="rebates by channel")
    beyond: float = Field(
        default=0.0,
        ge=0,
        description="how far spend may leave the observed range, up or down (a ratio; 1: down to nothing)",
    )

    gap: float = Field(
        default=1e-3, gt=0, lt=1, description="largest proven gap to the best plan that is accepted (a ratio)"
    )
    nodes: int = Field(
        default=50_000,
        ge=1,
        description="effort limit of one search, in branch-and-bound nodes: the same on any machine",
    )

    @model_validator(mode="after")
    def _coherent(self) -> "Rules":
        if (self.mode == "target") != (self.target is not None):
            raise ValueError(
                tr(
                    "mode is {mode} and target is {target}; a target needs mode target, and back",
                    mode=self.mode,
                    target=self.target,
                )
            )
        if self.roas is not None and self.cac is not None:
            raise ValueError(tr("roas and cac say the same thing twice; drop one"))
        if self.objective == "quantile" and (self.mode == "target" or self.efficiency is not None):
            raise ValueError(tr("objective quantile does not go with target, roas or cac; take expected or cvar"))
        return self

    @property
    def charged(self) -> float:
        """Outcome required of each unit of money in the objective: `hurdle` in mode free, else 0."""
        return self.hurdle if self.mode == "free" else 0.0

    @property
    def efficiency(self) -> float | None:
        """Least outcome per unit of money, `roas` or the inverse of `cac`; None if neither is set."""
        return self.roas if self.cac is None else 1 / self.cac
