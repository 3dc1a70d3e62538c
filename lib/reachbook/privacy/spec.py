"""Schema of `privacy:` in study.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from reachbook.spec import Spec
from reachbook.translation import tr


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
        description="who reads the pages: `shared` leaves out rows about single people and what they wrote, and "
        "refuses a page whose segments or arms have fewer than `minimum` people",
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

    @model_validator(mode="after")
    def _purposeful(self) -> "Privacy":
        if self.basis is not None and not self.purpose:
            raise ValueError(tr("basis is stated without a purpose. Write what the data are used for: `purpose: ...`."))
        return self
