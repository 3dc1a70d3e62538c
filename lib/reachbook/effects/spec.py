"""Parameters of the campaign effect notebook."""

from typing import Literal

from pydantic import Field, model_validator

from reachbook.spec import Spec


class EffectSpec(Spec):
    """Campaign, design, outcome, priors and decision of the campaign effect notebook."""

    design: Literal["experiment", "panel", "series"] = Field(default="experiment", description="how it was tested")
    campaign: str = Field(default="", description="name of the campaign, for the report and for lift_tests")
    channel: str = Field(default="", description="channel that the money went to, for lift_tests")
    outcome: str = Field(default="", description="outcome column; empty: the only one that the table has")
    level: float = Field(default=0.95, gt=0.5, lt=1, description="probability that intervals hold")
    rope: float = Field(default=0.0, ge=0, description="relative lift below which it does not matter (a ratio)")

    kind: Literal["auto", "conversion", "count", "revenue", "ratio"] = Field(
        default="auto", description="experiment: what the outcome is"
    )
    denominator: str = Field(
        default="", description="experiment: column under a ratio metric, as visits in orders/visit"
    )
    control: str = Field(default="", description="experiment: the arm without the campaign; empty: told from its name")
    ratios: dict[str, float] = Field(default={}, description="experiment: the design's share of each arm; {}: equal")
    cluster: str = Field(default="", description="experiment: column of the clusters that were assigned together")
    prior_lift: float = Field(
        default=0.4,
        ge=0.01,
        le=2,
        description="experiment: scale of the log relative lift believed before (Student t, 3 degrees of freedom)",
    )
    past_tests: list[list[float]] = Field(
        default=[], description="experiment: [relative lift, its standard error] of own past tests, to fit the prior"
    )

    start: str = Field(default="", description="panel, series: first day of the campaign; empty: from `treated`")
    end: str = Field(default="", description="panel, series: last day of the campaign; empty: the table's last")
    cooldown_days: int = Field(default=0, ge=0, description="days after the campaign that still count as its effect")
    covariates: list[str] = Field(default=[], description="panel, series: columns used as controls; []: all numeric")
    leave_out: list[str] = Field(default=[], description="units, arms or columns that are not to be used")
    confirmed: list[str] = Field(
        default=[], description="panel, series: days or units that stand out, were looked at and are right"
    )
    calendar: Literal["china", "none"] = Field(default="china", description="series: holidays to allow for")
    sampler: Literal["pymc", "exact"] = Field(
        default="exact", description="series: the posterior on a grid, coefficients integrated, or PyMC (NUTS)"
    )
    replays: int = Field(default=40, ge=0, description="panel, series: placebo replays before the campaign")

    value_per_unit: float | None = Field(
        default=None, gt=0, description="money that one unit of outcome is worth (outcome in money: 1), or not stated"
    )
    margin_low: float | None = Field(
        default=None, ge=0, le=1, description="contribution margin, low end (a ratio), or not stated"
    )
    margin_high: float | None = Field(
        default=None, ge=0, le=1, description="contribution margin, high end (a ratio), or not stated"
    )
    spend: float | None = Field(
        default=None,
        description="money spent on top of the usual, negative: saved; not stated: as the table says",
    )
    spend_error: float = Field(
        default=0.0, ge=0, lt=1, description="uncertainty of the spend (standard deviation, a ratio)"
    )
    target: float | None = Field(default=None, gt=-1, description="KPI target of the relative lift (a ratio), or none")

    periods: int | None = Field(
        default=None, ge=1, description="decision: further periods as long as the test that it is for, or not stated"
    )
    test_cost: float | None = Field(
        default=None,
        ge=0,
        description="decision: what one more period of testing costs besides the spend, or not stated",
    )

    looks: int = Field(default=1, ge=1, le=365, description="experiment: times the result is looked at, evenly spread")
    plan: bool = Field(default=False, description="plan a test instead of reading one")
    budget: float | None = Field(default=None, ge=0, description="plan: money for the test, or not stated")
    cost_per_unit: float | None = Field(
        default=None, ge=0, description="plan: cost of one treated unit (or unit and day), or not stated"
    )

    baseline: float = Field(
        default=0.0, ge=0, description="plan: mean outcome of a unit without the campaign (conversions: their rate)"
    )
    baseline_sd: float = Field(
        default=0.0, ge=0, description="plan: standard deviation of the outcome between units; 0: conversions"
    )
    units_per_day: float = Field(default=0.0, ge=0, description="plan: units that can enter the test a day, all arms")
    days_most: int = Field(default=28, ge=1, description="plan: longest test that can be waited for, in days")

    @model_validator(mode="after")
    def _ordered(self) -> "EffectSpec":
        low, high = self.margin_low, self.margin_high
        if (low is None) != (high is None):
            there, missing = ("margin_high", "margin_low") if low is None else ("margin_low", "margin_high")
            raise ValueError(f"{there} is set, but {missing} is not; write both, the same twice if the margin is sure")
        if low is not None and high is not None and high < low:
            raise ValueError(f"margin_high is {self.margin_high}, below margin_low {self.margin_low}; swap them")
        for test in self.past_tests:
            if len(test) != 2 or test[0] <= -1 or test[1] <= 0:
                raise ValueError(f"past_tests has {test}; write [relative lift above -1, standard error above 0]")
        return self
