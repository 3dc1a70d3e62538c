"""Parameters of the data-quality report."""

from typing import Literal

from pydantic import Field

from reachbook.spec import Spec


class QualitySpec(Spec):
    """What counts as a fault of the data, and which accounts are suspected to be bots."""

    false_alarms: float = Field(
        default=0.05, gt=0, le=0.5, description="chance of any alarm on the rows of a table without a fault (a ratio)"
    )
    sudden_factor: float = Field(
        default=1.5,
        gt=1,
        le=100,
        description="a day or a lasting shift alarms at this many times its past, or 1 over it",
    )
    late_share: float = Field(
        default=0.8, gt=0, lt=1, description="last days that hold less than this share of what their past says are late"
    )
    most_missing: float = Field(
        default=0.02, ge=0, lt=1, description="share of a table's expected rows in gaps above which it blocks"
    )
    most_duplicates: float = Field(
        default=0.01, ge=0, lt=1, description="share of rows that repeat another one above which it blocks"
    )
    most_day_only: float = Field(
        default=0.33, gt=0, lt=1, description="share of times at one second of the day above which times are days only"
    )
    most_alone: float = Field(
        default=0.95, gt=0, lt=1, description="share of people known on one platform only above which it warns"
    )
    most_weight: float = Field(
        default=0.05, gt=0, lt=1, description="share of a main figure from likely bots above which it blocks"
    )
    events_a_day: int = Field(default=500, ge=1, description="likely bot: more interactions than this in a day")
    comments_a_day: int = Field(default=100, ge=1, description="likely bot: more comments than this in a day")
    orders_a_day: int = Field(default=30, ge=1, description="likely bot: more orders than this in a day")
    pause_hours: float = Field(default=4.0, gt=0, le=24, description="pause that every person makes within a day")
    sleepless_days: int = Field(
        default=3, ge=1, description="likely bot: so many whole days without a pause of pause_hours"
    )
    same_text_accounts: int = Field(
        default=10, ge=2, description="likely bots: so many accounts, or more, with the same text"
    )
    same_text_times: int = Field(
        default=10, ge=2, description="likely bot: the same text so many times, or more, from one account"
    )
    text_length: int = Field(default=10, ge=1, description="characters below which equal texts mean nothing")
    burst_events: int = Field(
        default=20, ge=2, description="likely bot: so many events, or more, all within burst_seconds of the next"
    )
    burst_seconds: float = Field(
        default=5.0, gt=0, description="longest pause between the events of an account that only bursts"
    )
    calendar: Literal["china", "none"] = Field(
        default="china", description="holidays and shopping festivals named beside an alarm"
    )
