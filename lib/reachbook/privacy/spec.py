"""Schema of `privacy:` in study.yaml."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from reachbook.spec import Spec
from reachbook.translation import tr

LEAST, MOST = 0.01, 3.0
"""Bounds of `epsilon`."""


class Privacy(Spec):
    """What the study may do with the people in its tables."""

    purpose: str = Field(default="", description="what the people's data are used for, in words that they would know")
    basis: Literal["consent", "contract", "legal_duty", "published"] | None = Field(
        default=None,
        description="why they may be used: `consent` leaves out everybody whose `consent` in the table users is not "
        "yes; the others are a contract with the person, a duty by law, and what the person has published",
    )
    audience: Literal["internal", "shared"] = Field(
        default="internal",
        description="who reads the pages: `shared` leaves out rows about single people and what they wrote, hides "
        "segments of fewer than `minimum` people, and refuses a page where that cannot be, or with such an arm",
    )
    minimum: int = Field(
        default=20,
        ge=1,
        description="smallest group of people that a page tells: smaller cells of the grid and platforms are hidden, "
        "with as many others as it takes that no sum gives them away; of fewer who left the tables no sums are kept",
    )
    keep_days: int | None = Field(
        default=None,
        ge=1,
        description="days after which `make prune` removes a version that was made from people's data",
    )

    epsilon: float | None = Field(
        default=None,
        description="how much a version may give away about one person: with `audience: shared`, the notebook "
        "people_counts publishes counts with a random error (differential privacy); from 0.01, which hides well and "
        "blurs much, to 3",
    )

    @field_validator("epsilon")
    @classmethod
    def _sensible(cls, epsilon: float | None) -> float | None:
        if epsilon is None:
            return None
        if not epsilon > 0:
            raise ValueError(
                tr(
                    "{epsilon:g} is not above 0: the numbers would have to be pure chance. Write 1, or "
                    "less to hide people better.",
                    epsilon=epsilon,
                )
            )
        if epsilon < LEAST:
            raise ValueError(
                tr(
                    "{epsilon:g} is below {least:g}: each count would be off by {error:,} people and more. Write 1, or "
                    "publish no counts.",
                    epsilon=epsilon,
                    least=LEAST,
                    error=round(3 / epsilon),
                )
            )
        if epsilon > MOST:
            raise ValueError(
                tr(
                    "{epsilon:g} is above {most:g}: counts would be nearly exact and hide nobody. Write 1, or leave "
                    "epsilon out and say so.",
                    epsilon=epsilon,
                    most=MOST,
                )
            )
        return epsilon

    @model_validator(mode="after")
    def _shared(self) -> "Privacy":
        if self.epsilon is not None and self.audience != "shared":
            raise ValueError(
                tr(
                    "epsilon is for shared pages, and the audience is internal. Write `audience: shared`, or leave "
                    "epsilon out."
                )
            )
        return self

    @model_validator(mode="after")
    def _purposeful(self) -> "Privacy":
        if self.basis is not None and not self.purpose:
            raise ValueError(tr("basis is stated without a purpose. Write what the data are used for: `purpose: ...`."))
        return self
