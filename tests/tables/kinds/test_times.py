"""Times come out as the wall clock of the study's zone, or are refused where that cannot be known."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.kinds import times
from reachbook.tables.kinds.times import parse_time
from reachbook.tables.kinds.zones import from_utc, to_utc

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"


def wall(texts: list[str | None], zone: str = SHANGHAI, study: str = SHANGHAI, form: str | None = None) -> list[object]:
    parsed = parse_time(pa.array(texts, pa.string()), zone, study, form)
    assert not parsed.faulty.any()
    return parsed.values.to_pylist()


def faults(texts: list[str | None], zone: str = SHANGHAI, study: str = SHANGHAI) -> list[tuple[int, str]]:
    parsed = parse_time(pa.array(texts, pa.string()), zone, study)
    return [(int(row), tell("V")) for mask, tell in parsed.faults for row in np.flatnonzero(mask)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 09:05:00",
        "2026-07-01T09:05:00",
        "2026-07-01 09:05",
        "2026/7/1 9:05",
        "2026/07/01 09:05:00.000",
        "2026.07.01 9:05:00",
        "2026年7月1日 9:05",
        "20260701 090500",
        "20260701T090500",
        "20260701090500",
        "2026-07-01T09:05:00+08:00",
        "2026-07-01T01:05:00Z",
        "2026-07-01 01:05:00 UTC",
        "2026-06-30T21:05:00-0400",
        " 2026-07-01 09:05 ",
    ],
)
def test_year_first_spellings_mean_the_same_time(text: str) -> None:
    assert wall([text, None]) == [dt.datetime(2026, 7, 1, 9, 5), None]


@pytest.mark.parametrize("text", ["2026-07-01", "2026/7/1", "20260701", "2026年7月1日"])
def test_a_day_alone_is_its_midnight(text: str) -> None:
    assert wall([text]) == [dt.datetime(2026, 7, 1)]


def test_fractions_of_a_second_are_kept() -> None:
    assert wall(["2026-07-01T09:05:00.5", "2026/7/1 9:05:00.123456"]) == [
        dt.datetime(2026, 7, 1, 9, 5, 0, 500000),
        dt.datetime(2026, 7, 1, 9, 5, 0, 123456),
    ]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("01/07/2026 09:05", "%d/%m/%Y %H:%M"),
        ("07/01/2026 09:05 AM", "%m/%d/%Y %I:%M %p"),
        ("01.07.26 03:05 +0200", "%d.%m.%y %H:%M %z"),
    ],
)
def test_a_stated_format_is_followed(text: str, form: str) -> None:
    assert wall([text], form=form) == [dt.datetime(2026, 7, 1, 9, 5)]


@pytest.mark.parametrize("text", ["31/02/2026 09:05", "2026-07-01 09:05", "1/7/2026"])
def test_what_is_not_in_the_stated_format_is_refused(text: str) -> None:
    parsed = parse_time(pa.array([text]), SHANGHAI, SHANGHAI, "%d/%m/%Y %H:%M")
    assert [tell(text) for mask, tell in parsed.faults if mask.any()] == [
        f"{text} is not in the format %d/%m/%Y %H:%M. Mend it, or the format in formats:."
    ]


@pytest.mark.parametrize("text", ["03/04/2026", "3-4-2026 10:00", "25/12/2026", "03.04.26"])
def test_day_and_month_in_doubt_are_refused(text: str) -> None:
    assert "could be day-month or month-day" in faults([text])[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-01",
        "2026-00-10",
        "2026-02-29",
        "2026-04-31 10:00",
        "2026-07-01 24:00",
        "2026-07-01 10:60",
        "2026-7",
        "2026-07-01 10:00:60",
        "2026-07-01 10:00+19:00",
        "1751328000",
        "10:00",
        "2026-07-01 下午 3:00",
        "9999-01-01 00:00+01:00",
    ],
)
def test_what_no_calendar_has_is_refused(text: str) -> None:
    assert faults([text, "2026-07-01"])[0][0] == 0


def test_offsets_in_some_rows_only_are_refused_at_the_rarer_rows() -> None:
    some = ["2026-07-01 09:00", "2026-07-01 09:00", "2026-07-01 09:00+08:00"]
    assert faults(some) == [(2, "V has a UTC offset, other rows have none. Export all times in one way.")]
    most = ["2026-07-01 09:00+08:00", "2026-07-01 09:00", "2026-07-01 09:00+08:00"]
    assert faults(most) == [(1, "V has no UTC offset, other rows have one. Export all times in one way.")]


def test_written_offsets_may_differ_because_each_time_is_an_instant() -> None:
    texts = ["2026-07-02 10:14:02 +0800", "2026-07-03 11:14:02 -0400"]
    for zone in (BERLIN, SHANGHAI):
        assert wall(texts, zone) == [dt.datetime(2026, 7, 2, 10, 14, 2), dt.datetime(2026, 7, 3, 23, 14, 2)]


@pytest.mark.parametrize("zone", ["UTC", BERLIN, SHANGHAI])
@pytest.mark.parametrize(("form", "unit"), [("epoch_s", 1), ("epoch_ms", 1000)])
def test_counts_since_1970_are_instants_whatever_zone_is_stated(form: str, unit: int, zone: str) -> None:
    texts = pa.array([str(1782864000 * unit), f" {1782864061 * unit} ", None])
    found = times.parse_time(texts, zone, SHANGHAI, form)
    assert found.values.to_pylist() == [dt.datetime(2026, 7, 1, 8), dt.datetime(2026, 7, 1, 8, 1, 1), None]
    assert not found.faulty.any()
    numbers = times.parse_time(pa.array([1782864000 * unit]), zone, SHANGHAI, form)
    assert numbers.values.to_pylist() == [dt.datetime(2026, 7, 1, 8)]


def test_a_count_in_the_other_unit_is_refused() -> None:
    for text, form in (("1782864000", "epoch_ms"), ("1782864000000", "epoch_s"), ("2026-07-01", "epoch_s")):
        assert times.parse_time(pa.array([text]), SHANGHAI, SHANGHAI, form).faulty.all()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026年7月2日20时", dt.datetime(2026, 7, 2, 20)),
        ("2026年07月02日20时05分09秒", dt.datetime(2026, 7, 2, 20, 5, 9)),
        ("2026年7月2日 20点05分", dt.datetime(2026, 7, 2, 20, 5)),
        ("2026年7月2日", dt.datetime(2026, 7, 2)),
        ("20260702", dt.datetime(2026, 7, 2)),
    ],
)
def test_times_in_chinese_words_are_read(text: str, read: dt.datetime) -> None:
    assert wall([text], SHANGHAI) == [read]


def test_times_of_another_zone_become_those_of_the_study() -> None:
    assert wall(["2026-07-01 09:00"], "UTC") == [dt.datetime(2026, 7, 1, 17)]
    assert wall(["2026-01-01 09:00", "2026-07-01 09:00"], BERLIN) == [
        dt.datetime(2026, 1, 1, 16),
        dt.datetime(2026, 7, 1, 15),
    ]


def test_hours_that_a_zone_has_twice_or_never_are_refused() -> None:
    told = faults(["2026-10-25 02:30", "2026-03-29 02:30", "2026-03-29 03:30"], BERLIN)
    assert [row for row, _ in told] == [0, 1]
    assert "happened twice in Europe/Berlin" in told[0][1]
    assert "never happened in Europe/Berlin" in told[1][1]


@given(
    st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2035, 1, 1)), min_size=1, max_size=20),
    st.sampled_from([SHANGHAI, BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_zones_agree_with_the_standard_library(moments: list[dt.datetime], zone: str) -> None:
    utc = np.array([(m - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1) for m in moments], np.int64)
    truth = [m.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)) for m in moments]
    local = from_utc(utc, zone)
    assert pa.array(local).cast(pa.timestamp("us")).to_pylist() == [t.replace(tzinfo=None) for t in truth]
    back, twice, never = to_utc(local, zone)
    assert not never.any()
    for i, moment in enumerate(truth):
        other = moment.replace(fold=1 - moment.fold).utcoffset()
        assert bool(twice[i]) == (other != moment.utcoffset())
        assert twice[i] or back[i] == utc[i]


def test_summer_time_goes_on_after_2037() -> None:
    assert wall(["2060-07-01 12:00"], "UTC", BERLIN) == [dt.datetime(2060, 7, 1, 14)]


@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)), min_size=1, max_size=20))
def test_what_python_writes_is_read_back(moments: list[dt.datetime]) -> None:
    assert wall([m.isoformat() for m in moments]) == moments
    assert wall([m.strftime("%Y/%m/%d %H:%M:%S.%f") for m in moments] + ["2026/1/1"])[:-1] == moments


def test_native_times_with_a_zone_are_instants(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    at = pa.array([dt.datetime(2026, 7, 1, 1, 5, tzinfo=dt.UTC)], pa.timestamp("ns", tz="UTC"))
    pq.write_table(pa.table({"order_id": ["o"], "user_id": ["u"], "at": at, "amount": [1]}), tmp_path / "o.parquet")
    assert load("orders", path="o.parquet").column("at").to_pylist() == [dt.datetime(2026, 7, 1, 9, 5)]


def test_native_midnights_are_dates_whatever_the_zone_of_times(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    week = pa.array([dt.datetime(2026, 7, 6)], pa.timestamp("us"))
    pq.write_table(pa.table({"week": week, "value": [1]}), tmp_path / "o.parquet")
    assert load("outcome", path="o.parquet", timezone="UTC").column("week").to_pylist() == [dt.date(2026, 7, 6)]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            pa.array([1751328000]),
            "o.parquet:1: at: 1751328000 counts seconds since 1970. State it: `formats: {at: epoch_s}`.",
        ),
        (
            pa.array([17]),
            "o.parquet:1: at: 17 is a number, not a time. Export it as in 2026-07-01",
        ),
        (
            pa.array([dt.datetime(1700, 1, 1)]),
            "o.parquet:1: at: 1700-01-01 00:00:00 lies outside the years 1800 to 2200",
        ),
    ],
)
def test_native_values_that_are_no_times(
    column: pa.Array, said: str, tmp_path: Path, refuse: Callable[..., str]
) -> None:
    pq.write_table(pa.table({"order_id": ["o"], "user_id": ["u"], "at": column, "amount": [1]}), tmp_path / "o.parquet")
    assert said in refuse("orders", path="o.parquet")


def test_now_is_a_moment_not_a_wall_clock(
    orders: Callable[..., str], check: Callable[..., object], refuse: Callable[..., str]
) -> None:
    path = orders("o1,u1,2026-10-01 12:00:00,1")
    check("orders", path=path, now=dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC))
    message = refuse(
        "orders", path=orders("o1,u1,2026-10-01 12:00:01,1"), now=dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)
    )
    assert "lies after now (2026-10-01 12:00, Asia/Shanghai)" in message
