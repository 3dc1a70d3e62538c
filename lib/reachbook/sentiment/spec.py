"""Parameters of the sentiment analysis."""

from typing import Literal

from pydantic import Field

from reachbook.spec import Spec


class SentimentSpec(Spec):
    """What the classifier learns from, and how like it the comments must be before shares are stated."""

    base: Literal["reviews", "none"] = Field(
        default="reviews", description="corpus learnt before the study's labels: reviews, or none"
    )
