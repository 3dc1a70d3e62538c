"""Parameters of the campaign effect notebook."""

from typing import Literal

from pydantic import Field, model_validator

from reachbook.spec import Spec
from reachbook.translation import tr


class EffectSpec(Spec):
    """Campaign, design, outcome, priors and decision of the campaign effect notebook."""

    design: Literal["experiment", "panel", "series"] = Field(
        default="experiment", description="design of the test: randomised experiment, panel of units, or one series"
    )
    campaign: str = Field(default="", description="name of the campaign, for the report and for lift_tests")
    channel: str = Field(default="", description="channel of the campaign's spend, for lift_tests")
    outcome: str = Field(default="", description="outcome column; empty: the only one in the table")
    level: float = Field(default=0.95, gt=0.5, lt=1, description="probability level of intervals")
    rope: float = Field(
        default=0.0, ge=0, description="size of the relative lift below which an effect does not matter (a ratio)"
    )

    kind: Literal["auto", "conversion", "count", "revenue", "ratio"] = Field(
        default="auto", description="experiment: kind of outcome; auto: recognised by its values"
    )
    denominator: str = Field(
        default="", description="experiment: denominator column of a ratio metric, such as visits in orders/visits"
    )
    control: str = Field(default="", description="experiment: arm without the campaign; empty: recognised by its name")
    ratios: dict[str, float] = Field(
        default={}, description="experiment: share of units by arm in the design; {}: equal"
    )
    cluster: str = Field(default="", description="experiment: column of the clusters that were assigned as a whole")
    prior_lift: float = Field(
        default=0.4,
        ge=0.01,
        le=2,
        description="experiment: prior scale of the log relative lift (Student t, 3 degrees of freedom)",
    )
    past_tests: list[list[float]] = Field(
        default=[], description="experiment: own past tests that fit the prior: [relative lift, standard error]"
    )

    start: str = Field(default="", description="panel, series: first day of the campaign; empty: from column treated")
    end: str = Field(default="", description="panel, series: last day of the campaign; empty: last day of the table")
    cooldown_days: int = Field(
        default=0, ge=0, description="days after the campaign that still count towards its effect"
    )
    covariates: list[str] = Field(
        default=[], description="panel, series: columns used as controls; []: all numeric columns"
    )
    leave_out: list[str] = Field(default=[], description="units, arms or columns to leave out")
    confirmed: list[str] = Field(
        default=[], description="days, units or arms that were flagged, checked and found right"
    )
    calendar: Literal["china", "none"] = Field(default="china", description="series: holidays to allow for")
    sampler: Literal["pymc", "exact"] = Field(
        default="exact", description="series: exact posterior on a grid, or PyMC (NUTS)"
    )
    replays: int = Field(default=40, ge=0, description="panel, series: number of placebo replays before the campaign")

    value_per_unit: float | None = Field(
        default=None, gt=0, description="money per unit of outcome, 1 where the outcome is money; none: not stated"
    )
    margin_low: float | None = Field(
        default=None, ge=0, le=1, description="low end of the contribution margin (a ratio); none: not stated"
    )
    margin_high: float | None = Field(
        default=None, ge=0, le=1, description="high end of the contribution margin (a ratio); none: not stated"
    )
    spend: float | None = Field(
        default=None,
        description="money spent on top of the usual, negative if saved; none: as in the table",
    )
    spend_error: float = Field(
        default=0.0, ge=0, lt=1, description="relative standard deviation of the spend (a ratio)"
    )
    target: float | None = Field(
        default=None, gt=-1, description="KPI target of the relative lift (a ratio); none: no target"
    )

    periods: int | None = Field(
        default=None,
        ge=1,
        description="number of further periods, as long as the test, to decide for; none: not stated",
    )
    test_cost: float | None = Field(
        default=None,
        ge=0,
        description="cost of one more period of testing besides its spend, in money; none: not stated",
    )

    looks: int = Field(default=1, ge=1, le=365, description="experiment: number of evenly spaced looks at the result")
    plan: bool = Field(default=False, description="plan a test instead of analysing one")
    budget: float | None = Field(default=None, ge=0, description="plan: budget of the test, in money; none: not stated")
    cost_per_unit: float | None = Field(
        default=None,
        ge=0,
        description="plan: cost of a treated unit (panel: of a unit a day), in money; none: not stated",
    )

    baseline: float = Field(
        default=0.0, ge=0, description="plan: mean outcome of a unit without the campaign (conversions: their rate)"
    )
    baseline_sd: float = Field(
        default=0.0, ge=0, description="plan: standard deviation of the outcome between units; 0: conversions"
    )
    units_per_day: float = Field(
        default=0.0, ge=0, description="plan: units that can enter the test a day, all arms together"
    )
    days_most: int = Field(default=28, ge=1, description="plan: longest acceptable test, in days")

    def uses(self, table: str) -> bool:
        """Whether `table` is not the one of another design; to plan an experiment reads none."""
        if table not in ("experiment", "panel", "series"):
            return True
        return table == self.design and not (self.plan and self.design == "experiment")

    @model_validator(mode="after")
    def _ordered(self) -> "EffectSpec":
        low, high = self.margin_low, self.margin_high
        if (low is None) != (high is None):
            there, missing = ("margin_high", "margin_low") if low is None else ("margin_low", "margin_high")
            raise ValueError(
                tr(
                    "{there} is set, but {missing} is not; write both, the same twice if the margin is sure",
                    there=there,
                    missing=missing,
                )
            )
        if low is not None and high is not None and high < low:
            raise ValueError(tr("margin_high is {high}, below margin_low {low}; swap them", high=high, low=low))
        for test in self.past_tests:
            if len(test) != 2 or test[0] <= -1 or test[1] <= 0:
                raise ValueError(
                    tr("past_tests has {test}; write [relative lift above -1, standard error above 0]", test=test)
                )
        return self
