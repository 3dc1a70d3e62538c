"""What cells of exports hold: times in the ways that exporters write them."""

from zoneinfo import ZoneInfo

from helpers.exports import Cell, Row

_BEIJING = ZoneInfo("Asia/Shanghai")


def counted(name: str, factor: int = 1) -> Cell:
    """A time as counted since 1970: in seconds, or with 1000 in milliseconds."""
    return lambda row: str(int(row[name].replace(tzinfo=_BEIJING).timestamp()) * factor)


def written(name: str, form: str) -> Cell:
    """A time or a day in a format of strftime."""
    return lambda row: format(row[name], form)


def cut(name: str, row: Row, **parts: int) -> Row:
    """The row with a time cut, with `second=0` to the minute."""
    return row | {name: row[name].replace(**parts)}
