"""Schema of `params/<study>/study.yaml`."""

from datetime import date
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from reachbook.demo.spec import DemoSpec
from reachbook.privacy.spec import Privacy
from reachbook.spec import Spec
from reachbook.tables.source import Source
from reachbook.translation import tr


class Period(Spec):
    """First and last day of a study, both inclusive."""

    start: date = Field(description="first day")
    end: date = Field(description="last day, included")

    @model_validator(mode="after")
    def _ordered(self) -> "Period":
        if self.start > self.end:
            raise ValueError(tr("start {start} lies after end {end}. Swap the two.", start=self.start, end=self.end))
        return self


class StudySpec(Spec):
    """One brand over one period: `params/<study>/study.yaml`."""

    extends: str | None = Field(
        default=None,
        description="another study, from which everything is taken over that this one does not state; `{}` or `[]` "
        "takes a map or list back, as in `where: {}`",
    )
    reads: tuple[str, ...] = Field(
        default=(),
        description="other studies whose published results this one's notebooks may read besides its own; taken over "
        "through `extends` like everything else, and cleared by `reads: []`",
    )
    title: str = Field(min_length=1, description="title of the study, above every report")
    notice: str = Field(default="", description="what a reader must know about the data, shown above every report")
    period: Period = Field(description="first and last day that count")
    currency: str = Field(
        default="CNY", pattern="^[A-Z]{3}$", description="currency of all amounts, three capital letters (ISO 4217)"
    )
    language: Literal["en", "zh"] = Field(default="en", description="language of the reports")
    timezone: str = Field(default="Asia/Shanghai", description="time zone of the study's days, an IANA name")
    seed: int = Field(
        default=0, ge=0, lt=2**32, description="start of every random draw: the same seed gives the same bytes"
    )
    channels: dict[str, str] = Field(
        default_factory=dict, description="name to show for each channel of the tables, as in `{douyin: 抖音}`"
    )
    names: dict[str, str] = Field(
        default_factory=dict,
        description="name to show for any other value of the tables: a brand, a campaign, an arm, a column of "
        "outcomes, a level of a trait, as in `{brand_a: 甲牌, tier_1: 一线城市}`; pages show it, Parquet files keep "
        "the value",
    )
    notebooks: tuple[str, ...] = Field(min_length=1, description="notebooks to run, by file name without .ipynb")
    tables: dict[str, Source] = Field(
        default_factory=dict, description="where each table comes from, by our name of the table"
    )
    places: tuple[str, ...] = Field(
        default=(),
        description="folders outside the project and hosts of databases on other machines that tables may be read "
        "from, as in `places: [/mnt/exports, db.acme.com]`",
    )
    privacy: Privacy = Field(default_factory=Privacy, description="what may be done with the people in the tables")
    simulate: DemoSpec | None = Field(default=None, description="a simulated brand in place of tables to read")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(tr("{zone!r} is not a time zone. Write an IANA name such as Asia/Shanghai.", zone=zone))
        return zone

    @model_validator(mode="after")
    def _has_data(self) -> "StudySpec":
        if not self.tables and self.simulate is None:
            raise ValueError(tr("the study has no data. Describe at least one table under `tables:`."))
        return self
