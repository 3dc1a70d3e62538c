"""What no plan can be made from is refused before a fit, with one sentence, and the same by the spec alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reachbook.budget import preflight
from reachbook.budget.preflight import ready
from reachbook.budget.spec import BudgetSpec, FieldTest
from reachbook.errors import DataError, ParamsError, ReachbookError

WEEKS = 60


def tables(quiet: int = 0, start: str = "2024-01-01") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two channels, without spend in the last weeks."""
    rng = np.random.default_rng(5)
    week = pd.date_range(start, periods=WEEKS, freq="7D")
    spend = rng.uniform(1, 9, (2, WEEKS)) * (np.arange(WEEKS) < WEEKS - quiet)
    media = [pd.DataFrame({"week": week, "channel": name, "spend": row}) for name, row in zip("ab", spend, strict=True)]
    return pd.concat(media, ignore_index=True), pd.DataFrame({"week": week, "value": rng.uniform(90, 110, WEEKS)})


def moved(frame: pd.DataFrame, days: int) -> pd.DataFrame:
    return frame.assign(week=frame["week"] + pd.Timedelta(days=days))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (lambda m, o: (m, moved(o, 6)), "media's weeks begin on Mondays, outcome's on Sundays; write both by the same"),
        (lambda m, o: (m, moved(o, -1)), "media's weeks begin on Mondays, outcome's on Sundays"),
        (lambda m, o: (moved(m, 2), o), "media's weeks begin on Wednesdays, outcome's on Mondays"),
        (
            lambda m, o: (moved(m, 0).where(m["channel"] == "a", moved(m, 1)), o),
            r"media: weeks begin on (Monday|Tuesday)s and (Monday|Tuesday)s \(the first",
        ),
        (
            lambda m, o: (m.loc[m.index.repeat(7)].assign(week=daily(m)), o),
            "media: one row a day, where outcome has one a week; add media up",
        ),
    ],
)
def test_weeks_that_begin_on_other_days_are_named(
    given: Callable[[pd.DataFrame, pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]], told: str
) -> None:
    """Never 'write 0': what is missing is the same calendar, not spend."""
    with pytest.raises(DataError, match=told) as caught:
        ready(*given(*tables()), BudgetSpec())
    assert "write 0" not in str(caught.value)


def daily(media: pd.DataFrame) -> pd.Series:
    repeated = media["week"].loc[media.index.repeat(7)]
    return repeated + pd.to_timedelta(np.tile(np.arange(7), len(media)), unit="D")


def test_regions_with_other_weekdays_are_named() -> None:
    media, outcome = tables()
    regions = [pd.concat([frame.assign(region=name) for name in "ns"]) for frame in (media, moved(outcome, 6))]
    with pytest.raises(DataError, match="media's weeks begin on Mondays, outcome's on Sundays"):
        ready(*regions, BudgetSpec())


@pytest.mark.parametrize(
    "given", [{}, {"current_weeks": 26}, {"value_per_unit": 1.0, "margin": 0.5, "mode": "at_most"}]
)
def test_without_spend_lately_the_budget_is_asked_for(given: dict[str, Any]) -> None:
    told = r"no spend in the last 26 weeks \(the last is of 2024-08-19\).*; write weekly_budget or horizon_budget\."
    with pytest.raises(ParamsError, match=told):
        ready(*tables(quiet=26), BudgetSpec(**given))


@pytest.mark.parametrize("given", [{"weekly_budget": 9.0}, {"horizon_budget": 90.0}, {"current_weeks": 52}])
def test_with_a_budget_or_spend_in_what_is_called_now_nothing_is_asked(given: dict[str, Any]) -> None:
    ready(*tables(quiet=20), BudgetSpec(**given))


def test_changes_from_nothing_are_refused() -> None:
    with pytest.raises(ParamsError, match="change and changes are ratios of what is spent now, and nothing is"):
        ready(*tables(quiet=26), BudgetSpec(weekly_budget=9.0, change=0.3))


def written(folder: Path, media: pd.DataFrame, outcome: pd.DataFrame) -> dict[str, Path]:
    found = {}
    for name, frame in (("media", media), ("outcome", outcome)):
        found[name] = folder / f"{name}.parquet"
        frame.to_parquet(found[name])
    return found


def constant(channel: str) -> Callable[[pd.DataFrame, pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]]:
    return lambda m, o: (m.assign(spend=m["spend"].where(m["channel"] != channel, 0.0)), o)


@pytest.mark.parametrize(
    ("spoil", "given", "told"),
    [
        (lambda m, o: (m, moved(o, 6)), {}, "media's weeks begin on Mondays, outcome's on Sundays"),
        (lambda m, o: (m[m["week"] < "2024-06-01"], o[o["week"] < "2024-06-01"]), {}, "22 weeks are too few"),
        (lambda m, o: (m.assign(region="n"), o), {}, "media: has a column region, outcome has none"),
        (lambda m, o: (m.drop(index=3), o), {}, "no row for a in the week of 2024-01-22"),
        (constant("b"), {}, "b spent nothing in any of 60 weeks"),
        (lambda m, o: (m, o), {"blackout": {"a": ["2024-01-01"]}}, "blackout.a names 2024-01-01; write days as"),
        (lambda m, o: (m, o), {"peaks": {"2025-12-24": 2.0}}, "peaks names 2025-12-24"),
        (lambda m, o: (m, o), {"leave_out": ["c"]}, r"leave_out names c"),
        (lambda m, o: (m, o), {"leave_out": ["b"], "limits": {"b": {"high": 2.0}}}, "limits names b, which has no"),
        (lambda m, o: (m, o), {"leave_out": ["b"], "scenarios": {"x": {"fixed": {"b": 0.0}}}}, "fixed names b"),
        (lambda m, o: (m, o), {"tests": [FieldTest(channel="a", extra_spend=99.0)]}, "its curve ends at"),
    ],
)  # fmt: skip
def test_the_spec_alone_refuses_what_the_notebook_would(
    tmp_path: Path,
    spoil: Callable[[pd.DataFrame, pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]],
    given: dict[str, Any],
    told: str,
) -> None:
    spec = BudgetSpec.model_validate(given)
    media, outcome = spoil(*tables())
    with pytest.raises(ReachbookError, match=told) as first:
        preflight.refuse(spec, written(tmp_path, media, outcome), date(2024, 1, 1), date(2025, 3, 1))
    with pytest.raises(ReachbookError) as second:
        ready(media, outcome, spec)
    assert str(first.value) == str(second.value)
    assert "\n" not in str(first.value)


def test_what_is_right_is_not_refused(tmp_path: Path) -> None:
    preflight.refuse(BudgetSpec(change=0.3), written(tmp_path, *tables()), date(2024, 1, 1), date(2025, 3, 1))
    preflight.refuse(BudgetSpec(), {}, date(2024, 1, 1), date(2025, 3, 1))
