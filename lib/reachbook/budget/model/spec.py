"""Parameters of the media-mix model."""

from typing import Literal

from pydantic import Field, model_validator

from reachbook.spec import Spec

REGIONS = 4
"""Most regions that are modelled separately: the most for which fits were checked against a known truth."""


class MixSpec(Spec):
    """Parameters of the media-mix model: functional forms, priors, holdout and sampling."""

    saturation: Literal["hill", "michaelis_menten", "logistic"] = Field(
        default="hill", description="shape of the response: hill may be S-shaped, the others always diminish"
    )
    adstock: Literal["geometric", "delayed", "weibull"] = Field(
        default="geometric", description="how spend works on: most at once, or, delayed and weibull, with a later peak"
    )
    lags: int = Field(default=13, ge=1, le=26, description="weeks that spend works for; what is left falls in the last")
    retention: float = Field(
        default=0.4, gt=0, lt=0.9, description="part of the adstock kept from week to week, believed before (mean)"
    )
    delay: float = Field(
        default=1.0, gt=0, le=8, description="weeks until spend works most, believed before (delayed adstock only)"
    )
    media_share: float = Field(
        default=0.3, gt=0, lt=0.9, description="share of the outcome that all media bring, believed before (mean)"
    )
    channel_shares: dict[str, float] = Field(
        default={}, description="the same for single channels; {}: media_share, parted by spend"
    )
    season: int = Field(default=3, ge=0, le=8, description="waves of the yearly season (Fourier order)")
    calendar: Literal["china", "none"] = Field(
        default="china", description="holidays and shopping festivals, unless the outcome table has its own columns"
    )
    regions: Literal["auto", "each", "sum"] = Field(
        default="auto", description="regions modelled each, or added up first; auto: each where there are 4 at most"
    )
    leave_out: list[str] = Field(
        default=[], description="outcome columns or channels not to use, as what media itself moves (a mediator)"
    )
    customers: str = Field(
        default="orders", description="outcome column that counts orders or customers, for their cost; no control"
    )
    current_weeks: int = Field(default=13, ge=1, le=52, description="last weeks whose mean spend is the current spend")
    holdout_weeks: int = Field(default=13, ge=4, le=26, description="last weeks that the model must forecast")
    level: float = Field(default=0.9, gt=0.5, lt=1, description="probability that intervals hold")
    points: int = Field(default=101, ge=11, le=1001, description="points of each response curve")
    draws: int = Field(default=800, ge=100, description="posterior draws of each of four chains")
    sampler: Literal["loops", "pymc"] = Field(
        default="loops", description="the model as compiled loops, or the same written in PyMC (slow to compile)"
    )
    value_per_unit: float | None = Field(
        default=None, gt=0, description="money that one unit of outcome is worth, 1 where it is money; none: not told"
    )

    @model_validator(mode="after")
    def _shares(self) -> "MixSpec":
        for name, share in self.channel_shares.items():
            if not 0 < share < 1:
                raise ValueError(f"channel_shares.{name} is {share}; write a ratio between 0 and 1")
        return self

    def adds_up(self, regions: int) -> bool:
        """Whether this many regions are summed before the fit."""
        return regions > 1 and (self.regions == "sum" or (self.regions == "auto" and regions > REGIONS))
