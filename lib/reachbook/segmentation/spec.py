"""Parameters of the audience segmentation."""

import math

from pydantic import Field, model_validator

from reachbook.spec import Spec
from reachbook.translation import tr


class SegmentationSpec(Spec):
    """The behaviour that is counted, and how strong the evidence for a segment must be."""

    money_window_days: int = Field(
        default=0, ge=0, description="orders of this many last days count; 0: those of the whole period"
    )
    top_topics: int = Field(
        default=6, ge=0, le=30, description="number of topics whose share of a person's attention is a feature"
    )
    active_days: int = Field(default=14, ge=1, description="active: last event at most this many days before the end")
    lapsing_days: int = Field(
        default=42, ge=1, description="lapsing: last event at most this many days before the end; dormant: earlier"
    )
    new_days: int = Field(default=30, ge=1, description="new: first event at most this many days before the end")
    share_strength: float = Field(
        default=5.0, ge=0, description="average behaviour mixed into each share, in events (shrinkage)"
    )
    k_min: int = Field(default=2, ge=2, le=30, description="smallest number of segments considered")
    k_max: int = Field(default=10, ge=2, le=30, description="largest number of segments considered")
    smallest_share: float = Field(
        default=0.04, gt=0, lt=0.5, description="share of people that each segment holds at least"
    )
    correlation_limit: float = Field(
        default=0.95, gt=0, le=1, description="|Spearman correlation| above which one of two features is dropped"
    )
    valley_limit: float = Field(
        default=0.62, gt=0, lt=1, description="highest density between two segments, as a share of the lower peak"
    )
    stability_limit: float = Field(
        default=0.75, gt=0, lt=1, description="least bootstrap Jaccard index of each segment"
    )
    null_level: float = Field(
        default=0.05, gt=0, lt=1, description="largest p-value against the null reference, over all numbers of segments"
    )
    null_draws: int = Field(default=24, ge=19, le=999, description="number of null reference tables")
    bootstrap_draws: int = Field(default=16, ge=10, le=999, description="number of bootstrap samples for stability")

    @model_validator(mode="after")
    def _ordered(self) -> "SegmentationSpec":
        if self.k_max < self.k_min:
            raise ValueError(tr("k_max is {high}, below k_min {low}; swap them", high=self.k_max, low=self.k_min))
        if self.lapsing_days <= self.active_days:
            raise ValueError(
                tr(
                    "lapsing_days is {lapsing}, not above active_days {active}",
                    lapsing=self.lapsing_days,
                    active=self.active_days,
                )
            )
        if (fewest := math.ceil(round(1 / self.null_level, 9)) - 1) > self.null_draws:
            raise ValueError(
                tr(
                    "null_draws is {draws}, too few to see a null_level of {level}; write {fewest}",
                    draws=self.null_draws,
                    level=self.null_level,
                    fewest=fewest,
                )
            )
        return self
