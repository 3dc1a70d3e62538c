"""Parameters of the media-mix model."""

from typing import Literal

from pydantic import Field, model_validator

from reachbook.spec import Spec
from reachbook.translation import tr

REGIONS = 4
"""Most regions that are modelled separately: the most for which fits were checked against a known truth."""


class MixSpec(Spec):
    """Parameters of the media-mix model: functional forms, priors, holdout and sampling."""

    saturation: Literal["hill", "michaelis_menten", "logistic"] = Field(
        default="hill",
        description="shape of the response to spend: hill may be S-shaped, the others always diminish",
    )
    adstock: Literal["geometric", "delayed", "weibull"] = Field(
        default="geometric",
        description="how spend works on: geometric works most at once, delayed and weibull may peak later",
    )
    lags: int = Field(
        default=13,
        ge=1,
        le=26,
        description="weeks for which spend works on; all that remains after them counts in the last",
    )
    retention: float = Field(
        default=0.4, gt=0, lt=0.9, description="prior mean of the share of adstock that carries over from week to week"
    )
    delay: float = Field(
        default=1.0, gt=0, le=8, description="prior guess of the weeks until spend works most (delayed adstock only)"
    )
    media_share: float = Field(
        default=0.3, gt=0, lt=0.9, description="prior mean of the share of the outcome that all media bring"
    )
    channel_shares: dict[str, float] = Field(
        default={}, description="prior mean share of the outcome by channel; {}: media_share, divided by spend"
    )
    season: int = Field(
        default=3, ge=0, le=8, description="number of waves of the yearly season (Fourier order); 0: no season"
    )
    calendar: Literal["china", "none"] = Field(
        default="china",
        description="holidays and shopping festivals to allow for, unless the outcome table has columns of its own",
    )
    regions: Literal["auto", "each", "sum"] = Field(
        default="auto", description="model each region, or their sum; auto: each region up to 4, else the sum"
    )
    leave_out: list[str] = Field(
        default=[], description="outcome columns or channels to leave out, such as what media itself moves (a mediator)"
    )
    customers: str = Field(
        default="orders",
        description="outcome column that counts orders or customers, to state what one costs; never a control",
    )
    current_weeks: int = Field(
        default=13, ge=1, le=52, description="number of last weeks whose mean spend counts as current spend"
    )
    holdout_weeks: int = Field(
        default=13, ge=4, le=26, description="number of last weeks held out to test the forecast"
    )
    level: float = Field(default=0.9, gt=0.5, lt=1, description="probability level of intervals")
    points: int = Field(default=101, ge=11, le=1001, description="number of points of each response curve")
    draws: int = Field(default=800, ge=100, description="posterior draws of each of the four chains")
    sampler: Literal["loops", "pymc"] = Field(
        default="loops",
        description="how the model is computed: compiled loops, or the same model in PyMC (slow to compile)",
    )
    value_per_unit: float | None = Field(
        default=None, gt=0, description="money per unit of outcome, 1 where the outcome is money; none: not stated"
    )

    @model_validator(mode="after")
    def _shares(self) -> "MixSpec":
        for name, share in self.channel_shares.items():
            if not 0 < share < 1:
                raise ValueError(
                    tr("channel_shares.{name} is {share}; write a ratio between 0 and 1", name=name, share=share)
                )
        return self

    def adds_up(self, regions: int) -> bool:
        """Whether this many regions are summed before the fit."""
        return regions > 1 and (self.regions == "sum" or (self.regions == "auto" and regions > REGIONS))
