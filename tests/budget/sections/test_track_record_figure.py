"""The figure of promised and realised gains: plans that a gate allowed, by kind of brand."""

import numpy as np
import pandas as pd
import pytest

from helpers.drawn import legend
from reachbook.budget.advice.track_record import WORLDS, TrackRecord, record
from reachbook.budget.sections.track_record_figure import realised_gains


def plans(realised: list[float], world: str = "demo") -> pd.DataFrame:
    """Plans that promised a hundred thousand."""
    return pd.DataFrame({"realised": realised, "world": world, "passed": True, "promised": 1e5})


def test_losses_and_kept_promises_are_counted_over_the_plans_that_were_allowed() -> None:
    frame = pd.concat([plans([-5e4, 5e4]), plans([1e5, 3e5], "drawn"), plans([-9e5]).assign(passed=False)])
    drawn = realised_gains(TrackRecord(frame))
    assert drawn.alt == (
        "The gain that each plan promised against the one that came: 1 of 4 lost, 2 brought what they promised or more."
    )
    dots = {line.get_label(): line.get_ydata() for line in drawn.figure.axes[0].lines[2:]}
    assert {label: list(values) for label, values in dots.items()} == {
        WORLDS["demo"]: [-5e4, 5e4],
        WORLDS["drawn"]: [1e5, 3e5],
    }
    assert legend(drawn.figure) == ["as promised", *WORLDS.values()]


@pytest.mark.parametrize("least", [-1e5, 1e3])
def test_ticks_stay_within_what_is_drawn(least: float) -> None:
    axis = realised_gains(TrackRecord(plans([least, 3e5]))).figure.axes[0]
    assert min(axis.get_xticks()) >= min(least, 1e5)
    assert max(axis.get_yticks()) <= 3e5
    assert [label.get_text() for label in axis.get_xticklabels()][-1] == "¥100k"


def test_the_record_as_shipped_is_drawn_whole() -> None:
    found = record()
    drawn = realised_gains(found)
    allowed = found.frame[found.frame["passed"]]
    assert sum(len(np.asarray(line.get_xdata())) for line in drawn.figure.axes[0].lines[2:]) == len(allowed)
    assert f"of {len(allowed)} lost" in drawn.alt
