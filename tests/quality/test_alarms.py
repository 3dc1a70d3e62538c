"""Sudden days, shifts and late ends that were planted are found on their day and platform."""

import numpy as np
import pytest

from helpers.counted_rows import BUSY, DAYS, counted, drawn
from reachbook.quality.alarms import Alarm, find, watched
from reachbook.quality.replay import limits
from reachbook.quality.spec import QualitySpec

SPEC = QualitySpec()


def alarms(parts: np.ndarray) -> list[Alarm]:
    series = watched(counted(parts), [])
    return find(series, SPEC, limits(series, SPEC, 1))


def test_a_day_that_was_exported_twice() -> None:
    parts = drawn(100, 0.01)
    parts[:, 42] *= 2
    (alarm,) = alarms(parts)
    assert (alarm.kind, alarm.part, alarm.first) == ("sudden", "", 42)
    assert alarm.ratio == pytest.approx(2, rel=0.25)


def test_half_a_day_of_one_platform() -> None:
    parts = drawn(150, 0.0, parts=3)
    parts[1, 30] //= 3
    (alarm,) = alarms(parts)
    assert (alarm.kind, alarm.part, alarm.first) == ("sudden", "p1", 30)


def test_a_level_that_doubles_is_a_shift_and_not_many_sudden_days() -> None:
    (alarm,) = alarms(drawn(np.where(np.arange(DAYS) < 50, 80, 160), 0.01, parts=1))
    assert alarm.kind == "shift"
    assert abs(alarm.first - 50) <= 1
    assert alarm.ratio == pytest.approx(2, rel=0.2)


def test_last_days_that_fill_up_later() -> None:
    parts = drawn(100, 0.01)
    parts[:, -3:] = parts[:, -3:] * np.array([0.5, 0.4, 0.2])
    (alarm,) = alarms(parts)
    assert (alarm.kind, alarm.part, alarm.last) == ("late", "", DAYS - 1)
    assert alarm.first == DAYS - 3


def test_slow_growth_is_no_alarm() -> None:
    growing = np.random.default_rng(1).poisson(100 * 1.02 ** (np.arange(DAYS) / 7) * BUSY[np.arange(DAYS) % 7])
    assert alarms(growing[None]) == []
