"""Times and dates: year first, from text or native, into naive wall time of the study's zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import from_arrow, to_arrow
from reachbook.tables.kinds.cells import NULL, Fault, Mask, Parsed, is_text, text_of, truth
from reachbook.tables.kinds.zones import DAY, Micros, from_utc, to_utc
from reachbook.tables.screening import Signs, cast
from reachbook.translation import mark, tr

_PARTS = (
    r"^\s*(?P<y>\d{4})[-/.年](?P<mo>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:(?:[Tt\s]\s*)?(?P<h>\d{1,2})(?:[:时點点](?:(?P<mi>\d{1,2})(?:[:分](?:(?P<s>\d{1,2})秒?(?:\.(?P<f>\d{1,9}))?)?)?)?)?"
    r"\s*(?P<z>[Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?)?\s*$"
)
_COMPACT = r"^\s*(\d{4})(\d{2})(\d{2})(?:[Tt ]?(\d{2})(\d{2})(\d{2}))?\s*$"
_DAY_FIRST = r"^\s*\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})\b"
_CLOCKED = re.compile(r"\s*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[Tt\s]*\d{1,2}[:时點点]")
EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
"""Microseconds in one count of each way of counting since 1970."""
_DIGITS = 18
_NONE = -(1 << 15)
_FIRST, _EPOCH_FROM, _LAST = (int(np.datetime64(f"{year}-01-01", "us").astype(np.int64)) for year in (1800, 1990, 2200))

Minutes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Clock:
    """Text read as times.

    wall : microseconds since 1970 on the clock that wrote them, shape (rows,); 0 where there is no time
    offset : minutes east of UTC, or -32768 where none is written, shape (rows,)
    good, bad, day_first : rows that are times, are not, or put the day or month first, shape (rows,)
    """

    wall: Micros
    offset: Minutes
    good: Mask
    bad: Mask
    day_first: Mask


def parse_time(
    column: pa.Array, zone: str, study_zone: str, form: str | None = None, *, name: str = "at", kind: str = "time"
) -> Parsed:
    """Times as naive wall time of `study_zone`.

    zone : of times without an offset
    form : strptime format where times are not year-first
    name, kind : what messages call the column and its cells
    """
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        utc, good, faults = _in_range(_micros(pc.cast(column, pa.timestamp("us", tz="UTC"), safe=False)), column)
        return _finish(from_utc(utc, study_zone), good, faults)
    native = pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
    if form in EPOCHS and not native:
        return _from_epoch(column, EPOCHS[form], study_zone)
    quick = pc.cast(column, pa.timestamp("us"), safe=False) if native else None
    if quick is None and not is_text(column.type):
        return Parsed(
            pa.nulls(len(column), pa.timestamp("us")),
            [
                (
                    truth(pc.is_valid(column)),
                    _not_a_time(
                        None,
                        kind,
                        name,
                        tr(
                            "is a number, not a {kind}. Export it as in {example}.",
                            kind=tr(kind),
                            example=_example(kind),
                        ),
                    ),
                )
            ],
        )
    quick = _quick(column) if quick is None and form is None else quick
    if quick is not None:
        wall, good, faults = _in_range(_micros(quick), quick)
        return _to_study(wall, good, zone, study_zone, faults)
    return _from_text(_read(column, form), zone, study_zone, form, name, kind)


def _from_epoch(column: pa.Array, unit: int, study_zone: str) -> Parsed:
    """Instants counted since 1970 in UTC, whatever zone is stated for times on a clock.

    unit : microseconds in one count
    """
    quick = _counts(column, unit)
    if quick is not None:
        return _finish(from_utc(quick, study_zone), truth(pc.is_valid(column)), [])
    text = pc.utf8_trim_whitespace(text_of(column))
    good = truth(pc.match_substring_regex(text, rf"^\d{{1,{_DIGITS}}}(\.\d+)?$"))
    counts = pc.cast(pc.if_else(pa.array(good), text, None), pa.float64())  # exact to the microsecond until 2255
    values = np.rint(np.asarray(pc.fill_null(counts, 0.0)) * unit)
    values = np.clip(values, -1, float(_LAST)).astype(np.int64)
    bad = truth(pc.is_valid(text)) & ~good
    inside = (values >= _EPOCH_FROM) & (values < _LAST)
    far = good & ~inside
    return _finish(
        from_utc(np.where(inside, values, 0), study_zone),
        good & inside,
        [
            (bad, _tell(tr("is no count since 1970, as formats: states. Mend it, or the format."))),
            (
                far,
                _tell(
                    tr("lies outside the years 1990 to 2200 in this unit. Seconds are epoch_s, milliseconds epoch_ms.")
                ),
            ),
        ],
    )


def _counts(column: pa.Array, unit: int) -> Micros | None:
    """The whole column at once as microseconds, where every cell is whole and in range; None otherwise."""
    if not is_text(column.type) or not Signs.of(column).only(b"0123456789"):
        return None
    counts = cast(column, pa.int64())
    if counts is None:
        return None
    ends = pc.min_max(counts).as_py()
    if ends["min"] is None or ends["min"] * unit < _EPOCH_FROM or ends["max"] * unit >= _LAST:
        return None
    if pc.max(pc.binary_length(column)).as_py() > _DIGITS:
        return None
    return _micros(counts) * unit


def looks_like_time(value: str) -> bool:
    """Whether a text begins like a year-first time with a clock, as in 2026-07-01 09:05."""
    return bool(_CLOCKED.match(value))


def parse_date(column: pa.Array, study_zone: str, form: str | None = None, *, name: str = "date") -> Parsed:
    """Calendar days. A time of day other than midnight is refused: it means the column is not a date."""
    times = parse_time(column, study_zone, study_zone, form, name=name, kind="date")
    timed = (_micros(times.values) % DAY != 0) & truth(pc.is_valid(times.values))
    days = pc.cast(pc.if_else(pa.array(timed), None, times.values), pa.date32())
    return Parsed(
        days, [*times.faults, (timed, _tell(tr("has a time of day where a date belongs. Export the day alone.")))]
    )


def _quick(column: pa.Array) -> pa.Array | None:
    """The whole column at once, where every cell is in ISO 8601 without offset; None otherwise."""
    return cast(column, pa.timestamp("us"))


def _micros(column: pa.Array) -> Micros:
    micros: Micros = from_arrow(column.cast(pa.int64()))
    return micros


def _finish(wall: Micros, good: Mask, faults: list[Fault]) -> Parsed:
    times = to_arrow(wall)
    return Parsed((times if good.all() else pc.if_else(to_arrow(good), times, NULL)).cast(pa.timestamp("us")), faults)


def _in_range(micros: Micros, column: pa.Array) -> tuple[Micros, Mask, list[Fault]]:
    """Times that clocks and frames can hold, which rows have one, and the fault of the others."""
    far = (micros < _FIRST) | (micros >= _LAST)
    given = truth(pc.is_valid(column))
    return (
        np.where(far, 0, micros),
        given & ~far,
        [(given & far, _tell(tr("lies outside the years 1800 to 2200. Mend it.")))],
    )


def _read(column: pa.Array, form: str | None) -> Clock:
    """Distinct texts are read once: a column of times repeats itself."""
    codes = column.dictionary_encode()
    distinct = codes.dictionary.cast(pa.string())
    clock = _read_form(distinct, form) if form else _read_year_first(distinct)
    index = np.asarray(pc.fill_null(codes.indices, len(distinct)).to_numpy(zero_copy_only=False))

    def spread[T: np.generic](values: npt.NDArray[T], missing: object) -> npt.NDArray[T]:
        return np.append(values, np.asarray([missing], dtype=values.dtype))[index]

    return Clock(
        spread(clock.wall, 0),
        spread(clock.offset, _NONE),
        spread(clock.good, False),
        spread(clock.bad, False),
        spread(clock.day_first, False),
    )


def _read_year_first(text: pa.Array) -> Clock:
    spelled = pc.replace_substring_regex(text, _COMPACT, r"\1-\2-\3 \4:\5:\6")
    spelled = pc.replace_substring_regex(spelled, r" ::$", "")
    parts = pc.extract_regex(spelled, _PARTS)
    matched = truth(pc.is_valid(parts))

    def part(name: str, default: int) -> Micros:
        field = pc.struct_field(parts, name) if len(parts) else pa.array([], pa.string())
        return np.asarray(
            pc.fill_null(pc.cast(pc.if_else(pc.equal(field, ""), None, field), pa.int64()), default).to_numpy(
                zero_copy_only=False
            ),
            dtype=np.int64,
        )

    year, month, day = part("y", 1970), part("mo", 1), part("d", 1)
    hour, minute, second = part("h", 0), part("mi", 0), part("s", 0)
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(pc.fill_null(pc.struct_field(parts, "f"), ""), 6, "0"), 0, 6)
    micros = np.asarray(pc.cast(fraction, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)
    offset, sane_offset = _offsets(pc.fill_null(pc.struct_field(parts, "z"), ""))
    fits = (
        (month >= 1)
        & (month <= 12)
        & (hour < 24)
        & (minute < 60)
        & (second < 60)
        & (year >= 1800)
        & (year < 2200)
        & sane_offset
    )
    first = (np.where(fits, year - 1970, 0) * 12 + np.where(fits, month - 1, 0)).astype("M8[M]")
    length = ((first + np.timedelta64(1, "M")).astype("M8[D]") - first.astype("M8[D]")).astype(np.int64)
    good = matched & fits & (day >= 1) & (day <= length)
    days = first.astype("M8[D]").astype(np.int64) + day - 1
    wall = days * DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros
    day_first = truth(pc.match_substring_regex(text, _DAY_FIRST)) & ~good
    return Clock(np.where(good, wall, 0), offset, good, ~good & ~day_first & truth(pc.is_valid(text)), day_first)


def _offsets(text: pa.Array) -> tuple[Minutes, Mask]:
    """Minutes east of UTC, and whether any clock on earth shows them."""
    distinct = text.dictionary_encode()
    minutes = [_offset(value) for value in distinct.dictionary.to_pylist()]
    each = np.asarray([*minutes, _NONE], dtype=np.int64)[np.asarray(distinct.indices.to_numpy(zero_copy_only=False))]
    return each, (each == _NONE) | (np.abs(each) <= 14 * 60)


def _offset(text: str) -> int:
    if not text:
        return _NONE
    if text.upper() in ("Z", "UTC"):
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    return (-1 if text[0] == "-" else 1) * (int(digits[:2]) * 60 + int(digits[2:]))


def _read_form(text: pa.Array, form: str) -> Clock:
    """Distinct texts by a strptime format."""
    wall, offset = np.zeros(len(text), np.int64), np.full(len(text), _NONE, np.int64)
    good = np.zeros(len(text), bool)
    for i, value in enumerate(text.to_pylist()):
        try:
            read = datetime.strptime(value.strip(), form)
        except ValueError:
            continue
        shift = read.utcoffset()
        offset[i] = _NONE if shift is None else int(shift.total_seconds() // 60)
        wall[i] = (read.replace(tzinfo=None) - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        good[i] = _FIRST <= wall[i] < _LAST
    none = np.zeros(len(text), bool)
    return Clock(wall, offset, good, ~good, none)


def _from_text(clock: Clock, zone: str, study_zone: str, form: str | None, name: str, kind: str) -> Parsed:
    faults: list[Fault] = [
        (clock.bad, _not_a_time(form, kind, name)),
        (
            clock.day_first,
            _tell(
                tr(
                    "could be day-month or month-day. Write the year first, or state the order, as in "
                    'formats: {{{name}: "{form}"}}.',
                    name=name,
                    form="%d/%m/%Y" if kind == "date" else "%d/%m/%Y %H:%M",
                )
            ),
        ),
    ]
    if not (clock.offset[clock.good] != _NONE).any():
        return _to_study(clock.wall, clock.good, zone, study_zone, faults)
    odd, tell = _mixed(clock)
    utc = clock.wall - np.where(clock.offset == _NONE, 0, clock.offset) * 60_000_000
    return _finish(from_utc(utc, study_zone), clock.good & ~odd, [*faults, (odd, tell)])


def _not_a_time(form: str | None, kind: str, name: str, plain: str = "") -> Callable[[str], str]:
    if form:
        return _tell(tr("is not in the format {form}. Mend it, or the format in formats:.", form=form))
    plain = plain or tr(
        "is not a {kind}. Write it as in {example}, or state the format in formats:.",
        kind=tr(kind),
        example=_example(kind),
    )
    return lambda value: f"{value} {_counted(value, name) or plain}"


_EPOCHS_SAID = {
    10: mark("counts seconds since 1970. State it: `formats: {{{name}: epoch_s}}`."),
    13: mark("counts milliseconds since 1970. State it: `formats: {{{name}: epoch_ms}}`."),
}
"""What to say of a count by its number of digits."""


def _counted(value: str, name: str) -> str:
    """What to say of seconds or milliseconds since 1970, which are read only where they are stated; "" else."""
    found = _EPOCHS_SAID.get(len(value))
    if found is None or not re.fullmatch(r"1\d+", value):
        return ""
    return tr(found, name=name)


def _example(kind: str) -> str:
    return "2026-07-01" if kind == "date" else "2026-07-01 09:05:00"


def _mixed(clock: Clock) -> Fault:
    """Rows that lack an offset where others have one, or the reverse; written offsets may differ."""
    bare, written = clock.good & (clock.offset == _NONE), clock.good & (clock.offset != _NONE)
    if not bare.any():
        return bare, str
    few, what = (
        (bare, tr("has no UTC offset, other rows have one. Export all times in one way."))
        if bare.sum() <= written.sum()
        else (written, tr("has a UTC offset, other rows have none. Export all times in one way."))
    )
    return few, _tell(what)


def _to_study(wall: Micros, good: Mask, zone: str, study_zone: str, faults: list[Fault]) -> Parsed:
    """Wall time of `zone` as wall time of the study."""
    if zone == study_zone:
        return _finish(wall, good, faults)
    utc, twice, never = to_utc(np.where(good, wall, 0), zone)
    return _finish(
        from_utc(utc, study_zone),
        good & ~twice & ~never,
        [
            *faults,
            (
                twice & good,
                _tell(
                    tr(
                        "happened twice in {zone}, when clocks went back. Export times with their UTC offset.",
                        zone=zone,
                    )
                ),
            ),
            (
                never & good,
                _tell(
                    tr("never happened in {zone}, where clocks went forward. State the zone in timezone:.", zone=zone)
                ),
            ),
        ],
    )


def _tell(what: str) -> Callable[[str], str]:
    return lambda value: f"{value} {what}"
