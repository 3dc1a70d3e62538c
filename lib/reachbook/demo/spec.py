"""Sizes of the simulated brand; the period and the seed come from the study."""

from typing import Self

from pydantic import Field, model_validator

from reachbook.spec import Spec
from reachbook.translation import tr


class DemoSpec(Spec):
    """Sizes of the simulated tables.

    Notes
    -----
    Each table draws from its own random stream, so that changing one size leaves unrelated tables unchanged.
    `interactions`, `orders`, `comments` and `units` are exact row counts.
    """

    users: int = Field(6_000, ge=50, le=1_000_000, description="people, in five planted segments")
    contents: int = Field(600, ge=30, le=100_000, description="posts of the brand on six platforms")
    interactions: int = Field(400_000, ge=0, le=50_000_000, description="events, view to click")
    orders: int = Field(18_000, ge=0, le=10_000_000, description="orders")
    comments: int = Field(8_000, ge=0, le=5_000_000, description="comments on the brand and on a competitor")
    labels: int = Field(400, ge=0, le=100_000, description="comments with a human label, a simple random sample")
    units: int = Field(40_000, ge=30, le=10_000_000, description="people in the experiment")
    cities: int = Field(24, ge=6, le=1_000, description="cities in the panel")
    treated_cities: int = Field(3, ge=1, le=500, description="cities that get the campaign; the first is the largest")
    stagger_days: int = Field(0, ge=0, le=14, description="each further treated city starts this many days later")
    panel_days: int = Field(150, ge=100, le=2_000, description="days in the panel, up to the end of the period")
    campaign_days: int = Field(42, ge=7, le=180, description="last days of the panel in which the campaign runs")
    series_days: int = Field(365, ge=150, le=2_000, description="days in the series with controls")
    weeks: int = Field(156, ge=20, le=520, description="whole weeks of media spend, up to the end of the period")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.panel_days < self.campaign_days + 90:
            raise ValueError(
                tr(
                    "panel_days is {days}, but campaign_days {campaign} needs 90 days before it. Set panel_days to "
                    "{least} or more.",
                    days=self.panel_days,
                    campaign=self.campaign_days,
                    least=self.campaign_days + 90,
                )
            )
        if self.treated_cities > self.cities // 2:
            raise ValueError(
                tr(
                    "treated_cities is {treated}, more than half of cities {cities}. Lower it.",
                    treated=self.treated_cities,
                    cities=self.cities,
                )
            )
        if self.stagger_days * (self.treated_cities - 1) >= self.campaign_days:
            raise ValueError(tr("stagger_days leaves a treated city without a single day of campaign. Lower it."))
        return self
