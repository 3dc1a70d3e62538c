"""The stated rate of false alarms holds on quiet tables, with Poisson noise and with more."""

import numpy as np
import pytest

from helpers.counted_rows import counted, drawn
from reachbook.quality.alarms import find, watched
from reachbook.quality.replay import KINDS_OF_ALARM, limits
from reachbook.quality.spec import QualitySpec

TABLES = 40
RATE = 0.2


@pytest.mark.parametrize(("mean", "dispersion"), [(2, 0.0), (20, 0.0), (60, 0.1)])
def test_quiet_tables_alarm_at_most_at_the_stated_rate(mean: float, dispersion: float) -> None:
    """Sudden days, shifts and late ends have three quarters of the rate: 6 of 40 tables, at most 14 in 999 of 1,000."""
    spec = QualitySpec(false_alarms=RATE)
    alarmed = 0
    for seed in range(TABLES):
        series = watched(counted(drawn(mean, dispersion, parts=1, seed=seed, days=63)), [])
        alarmed += bool(find(series, spec, limits(series, spec, seed)))
    assert pytest.approx(6) == RATE * TABLES * (KINDS_OF_ALARM - 1) / KINDS_OF_ALARM
    assert alarmed <= 14


def test_limits_come_from_the_seed_alone() -> None:
    series = watched(counted(drawn(20, 0.05)), [])
    spec = QualitySpec()
    assert limits(series, spec, 1) == limits(series, spec, 1)
    assert np.isfinite(list(limits(series, spec, 2).values())).all()
