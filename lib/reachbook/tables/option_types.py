"""Types of the options of a source: what each may hold, checked when study.yaml is read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from reachbook.translation import tr

NumberRule = Literal["currency", "rounded", "at_least", "below_as_limit", "below_as_missing", "percent", "duration"]
"""A way of writing numbers that is read only where it is stated."""
_KEEP = re.compile(r"(newest|oldest) by (\S.*)|first|last")


def _whole_factors(value: Any) -> Any:
    """Convert integer factors to float, because YAML allows 100 for 100.0."""
    if not isinstance(value, Mapping):
        return value
    return {k: float(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in value.items()}


def _usable_factors(value: dict[str, float]) -> dict[str, float]:
    for column, factor in value.items():
        if not 0 < factor < float("inf"):
            raise ValueError(
                tr("scale of {column} is {factor}; it must be above zero and finite", column=column, factor=factor)
            )
    return value


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(tr("{value!r} is not a time zone; write one like Asia/Shanghai or UTC", value=value)) from None
    return value


def _known_encoding(value: str) -> str:
    try:
        "".encode(value)
    except LookupError:
        raise ValueError(
            tr("{value!r} is not an encoding; write one like utf-8, gb18030 or big5", value=value)
        ) from None
    return value


def _counted_from_one(value: Any) -> Any:
    if isinstance(value, int) and value < 1:
        raise ValueError(tr("is {value}; rows are counted from 1", value=value))
    return value


def _whole_formats(value: dict[str, str]) -> dict[str, str]:
    for column, form in value.items():
        if fault := _fault_of_format(form):
            raise ValueError(tr("of {column} is {form!r}; {fault}", column=column, form=form, fault=fault))
    return value


def _known_rule(value: str) -> str:
    if not _KEEP.fullmatch(value):
        raise ValueError(
            tr("is {value!r}; write `newest by <column>`, `oldest by <column>`, `first` or `last`", value=value)
        )
    return value


def _readable_pattern(value: dict[str, str]) -> dict[str, str]:
    for column, pattern in value.items():
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(tr("of {column} is no regular expression ({error})", column=column, error=error)) from None
        if groups > 1:
            raise ValueError(
                tr(
                    "of {column} has {groups} groups; put brackets around one part at most",
                    column=column,
                    groups=groups,
                )
            )
    return value


def _fault_of_format(form: str) -> str:
    """What is wrong with a format of times; "" for nothing."""
    if form in ("epoch_s", "epoch_ms"):
        return ""
    if "%Z" in form:
        return tr("names of zones (%Z) are not read: state timezone:, or use %z for offsets")
    if not any(sign in form for sign in ("%Y", "%y", "%G", "%c", "%x")):
        return tr("it has no year")
    if any(sign in form for sign in ("%W", "%U", "%V")) and not any(s in form for s in ("%w", "%u", "%a", "%A")):
        return tr("a week has no day: export the day, or take it from a query")
    try:
        datetime.strptime(datetime(2026, 7, 1, 9, 5, tzinfo=UTC).strftime(form), form)
    except (ValueError, re.error) as error:
        return tr("it is no format ({error})", error=error)
    return ""


Factors = Annotated[dict[str, float], BeforeValidator(_whole_factors), AfterValidator(_usable_factors)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]
Header = Annotated[int | str | tuple[str, ...] | None, AfterValidator(_counted_from_one)]
Footer = Annotated[int | Annotated[str, Field(min_length=1)] | None, AfterValidator(_counted_from_one)]
Formats = Annotated[dict[str, str], AfterValidator(_whole_formats)]
Keep = Annotated[str, AfterValidator(_known_rule)]
Patterns = Annotated[dict[str, str], AfterValidator(_readable_pattern)]
