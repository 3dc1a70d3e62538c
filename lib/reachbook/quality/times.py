"""Times that are days only: one second of the day that stands for no hour at all."""

from dataclasses import dataclass
from pathlib import Path

from reachbook import query
from reachbook.quality.layout import Subject
from reachbook.quality.rows import Rows
from reachbook.stats.hours import NEVER, mostly_no_hour, no_hour
from reachbook.tables.contract import CONTRACTS

SQL = Path(__file__).parent


@dataclass(frozen=True)
class Times:
    """Times of day of one table.

    Attributes
    ----------
    events : float
        Rows of the table in the period.
    share : float
        Share of them at the commonest second of the day.
    second : int
        That second: 0 for midnight; of dates read in another time zone it is another one.
    coarse : float
        Share of rows at a whole minute, 1 where no time has seconds.
    limit : float
        Share above which times are days only.
    towers : bool
        Whether the commonest second stands for "no hour known" in some rows, by `reachbook.stats.hours.no_hour`.
    """

    events: float
    share: float
    second: int
    coarse: float
    limit: float
    towers: bool = False

    @property
    def day_only(self) -> bool:
        """Whether times say the day and not the hour."""
        return mostly_no_hour(self.share * self.events, self.events, self.limit)

    @property
    def stamp(self) -> int:
        """The second that stands for "no hour known", or `NEVER`."""
        return self.second if self.towers or self.day_only else NEVER

    @property
    def to_the_second(self) -> bool:
        """Whether pauses of seconds can be told: few times are at a whole minute, where chance has one in sixty."""
        return self.coarse < 1 / 3

    @property
    def clock(self) -> str:
        """The commonest second as a clock shows it."""
        return f"{self.second // 3600:02d}:{self.second // 60 % 60:02d}:{self.second % 60:02d}"


def times(rows: Rows, limit: float) -> Times | None:
    """Read the times of a table's rows; None for a table that has days by contract."""
    subject: Subject = rows.subject
    column = CONTRACTS[subject.name].column(subject.layout.time)
    if column is None or column.kind != "time":
        return None
    given = {"time": subject.layout.time, "first": rows.first, "last": rows.last}
    seen = query.run(SQL / "times.sql", {"source": subject.path}, given).iloc[0]
    events, commonest = float(seen["events"]), float(seen["commonest"])
    towers = no_hour(commonest, float(seen["next_commonest"]), events, limit)
    return Times(
        events, commonest / events, int(seen["second_of_day"]), float(seen["whole_minutes"]) / events, limit, towers
    )
