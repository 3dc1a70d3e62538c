"""Parameters of the audience segmentation."""

import math

from pydantic import Field, model_validator

from reachbook.spec import Spec


class SegmentationSpec(Spec):
    """The behaviour that is counted, and how strong the evidence for a segment must be."""

    money_window_days: int = Field(
        default=0, ge=0, description="orders of the last so many days count; 0: the whole period"
    )
    top_topics: int = Field(
        default=6, ge=0, le=30, description="topics whose share of a person's attention is a feature"
    )
    active_days: int = Field(default=14, ge=1, description="last event at most so long before the end: active")
    lapsing_days: int = Field(
        default=42, ge=1, description="last event at most so long before the end: lapsing; else dormant"
    )
    new_days: int = Field(default=30, ge=1, description="first event at most so long before the end: new")
    share_strength: float = Field(
        default=5.0, ge=0, description="events' worth of average behaviour mixed into each share"
    )
    k_min: int = Field(default=2, ge=2, le=30, description="fewest segments considered")
    k_max: int = Field(default=10, ge=2, le=30, description="most segments considered")
    smallest_share: float = Field(
        default=0.04, gt=0, lt=0.5, description="a segment holds at least this share of people"
    )
    correlation_limit: float = Field(
        default=0.95, gt=0, le=1, description="|Spearman| above which one of two features goes"
    )
    valley_limit: float = Field(
        default=0.62, gt=0, lt=1, description="highest pass between segments, share of the lower peak"
    )
    stability_limit: float = Field(default=0.75, gt=0, lt=1, description="lowest bootstrap Jaccard of any segment")
    null_level: float = Field(default=0.05, gt=0, lt=1, description="largest p against the null reference, over all k")
    null_draws: int = Field(default=24, ge=19, le=999, description="reference tables drawn")
    bootstrap_draws: int = Field(default=16, ge=10, le=999, description="bootstrap samples for the stability")

    @model_validator(mode="after")
    def _ordered(self) -> "SegmentationSpec":
        if self.k_max < self.k_min:
            raise ValueError(f"k_max is {self.k_max}, below k_min {self.k_min}; swap them")
        if self.lapsing_days <= self.active_days:
            raise ValueError(f"lapsing_days is {self.lapsing_days}, not above active_days {self.active_days}")
        if (fewest := math.ceil(round(1 / self.null_level, 9)) - 1) > self.null_draws:
            raise ValueError(
                f"null_draws is {self.null_draws}, too few to see a null_level of {self.null_level}; write {fewest}"
            )
        return self
