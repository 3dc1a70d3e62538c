"""Schema of `params/<study>/study.yaml`."""

from datetime import date
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from reachbook.demo.spec import DemoSpec
from reachbook.spec import Spec
from reachbook.tables.source import Source


class Period(Spec):
    """First and last day of a study, both inclusive."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> "Period":
        if self.start > self.end:
            raise ValueError(f"start {self.start} lies after end {self.end}. Swap the two.")
        return self


class StudySpec(Spec):
    """One brand over one period: `params/<study>/study.yaml`.

    Attributes
    ----------
    extends : str or None
        Another study, from which everything is inherited that this one does not state.
    reads : tuple of str
        Other studies whose published results this one's notebooks may read besides its own. It is inherited through
        `extends` like everything else; `reads: []` clears it.
    notice : str
        What a reader must know about the data, shown above the report.
    channels : dict of str to str
        Display name of each channel, by its name in the tables: {douyin: 抖音}.
    """

    extends: str | None = None
    reads: tuple[str, ...] = ()
    title: str = Field(min_length=1)
    notice: str = ""
    period: Period
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$")
    language: Literal["en", "zh"] = "en"
    timezone: str = "Asia/Shanghai"
    seed: int = Field(default=0, ge=0, lt=2**32)
    channels: dict[str, str] = Field(default_factory=dict)
    notebooks: tuple[str, ...] = Field(min_length=1)
    tables: dict[str, Source] = Field(default_factory=dict)
    simulate: DemoSpec | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"{zone!r} is not a time zone. Write an IANA name such as Asia/Shanghai.")
        return zone

    @model_validator(mode="after")
    def _has_data(self) -> "StudySpec":
        if not self.tables and self.simulate is None:
            raise ValueError("the study has no data. Describe at least one table under `tables:`.")
        return self
