"""Lift tests, the study's own and published ones, as input of the model, and a section on their use."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reachbook.budget.model.lift_tests import unused
from reachbook.budget.wording import ended, interval, name
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.section import Section, Table
from reachbook.translation import joined, listing, mark, sentences, tr
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from reachbook.budget.model.mix import Mix
    from reachbook.result import Result

_TABLE, _INDEX = "lift_tests", "sentiment_index"
_FILE = mark("own table")


def read_table(table: pd.DataFrame | Path) -> pd.DataFrame:
    """Table, or content of a Parquet file, without columns that are empty throughout; money as float."""
    frame = table if isinstance(table, pd.DataFrame) else pd.read_parquet(table)
    frame = frame.dropna(axis=1, how="all")
    money = [name for name in frame if isinstance(frame[name].dropna().get(frame[name].first_valid_index()), Decimal)]
    return frame.astype(dict.fromkeys(money, float))


@dataclass(frozen=True)
class GatheredTests:
    """Lift tests of channels.

    Attributes
    ----------
    frame : DataFrame or None
        Tests that the model may read, each with its `study`.
    other : tuple of str
        Tests left out because they measured another metric, in words.
    twice : tuple of str
        Own tests left out because they were published too, in words.
    """

    frame: pd.DataFrame | None
    other: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


def gather_tests(
    published: Iterable[Result], own: pd.DataFrame | None = None, metrics: Sequence[str] = ()
) -> GatheredTests:
    """All lift tests: those of the study's own table, then the published ones.

    Parameters
    ----------
    published : iterable of Result
        Published results of other notebooks.
    own : DataFrame, optional
        The study's table `lift_tests`.
    metrics : sequence of str
        Metrics that are in the unit of the outcome. Tests of others are left out and named: a lift in conversions read
        as money would be wrong by the value of a conversion. A test without a metric is taken to be in that unit.

    Returns
    -------
    GatheredTests
        The tests; an own test that was also published counts once.

    Raises
    ------
    DataError
        If a test of the own table has neither a standard error nor an interval.
    """
    tables = [] if own is None or own.empty else [_own(own).assign(study=_FILE)]
    for each in published:
        if _TABLE in {entry.id for entry in each.tables}:
            tables.append(each.table(_TABLE).assign(study=each.study))
    if not tables:
        return GatheredTests(None)
    frame = pd.concat(tables, ignore_index=True)
    metric = frame["metric"] if "metric" in frame else pd.Series(None, index=frame.index, dtype=object)
    other = metric.notna() & ~metric.isin(list(metrics))
    days, mine = frame[["channel", "start", "end"]].astype(str).agg("|".join, axis=1), frame["study"] == _FILE
    twice = mine & ~other & days.isin(days[~mine & ~other])
    kept = frame[~(other | twice)].reset_index(drop=True)
    return GatheredTests(
        None if kept.empty else kept,
        tuple(
            tr("{test}, measured in {metric}", test=_called(row), metric=row["metric"])
            for row in frame[other].to_dict("records")
        ),
        tuple(tr("{test}, which was published too", test=_called(row)) for row in frame[twice].to_dict("records")),
    )


def _called(row: Mapping[Hashable, Any]) -> str:
    told = {"channel": row["channel"], "start": row["start"], "study": tr(str(row["study"]))}
    return tr("the test of {channel} from {start} ({study})", **told)


def check(tests: GatheredTests) -> tuple[Gate, ...]:
    """Gate on tests that were left out for their metric; none if there are none."""
    if not tests.other:
        return ()
    told = tr(
        "Left out: {tests}. If that is the outcome here, in the same unit, name it in `metrics`; if not, have the test "
        "read again in the outcome's unit.",
        tests=listing(tests.other),
    )
    return (Gate("tests", False, told, "warn"),)


def _own(table: pd.DataFrame) -> pd.DataFrame:
    """The study's own tests with their standard error, derived from the interval where only that is given."""
    frame = read_table(table).copy()
    blank = pd.Series(np.nan, index=frame.index)
    low, high, level, error = (
        frame.get(name, blank).astype(float) for name in ("lift_low", "lift_high", "level", "lift_se")
    )
    known = (level > 0) & (level < 1) & (high > low)
    told = (high - low) / (2 * ndtri((1 + level.where(known)) / 2))
    frame["lift_se"] = error.fillna(told)
    for number, missing in enumerate(frame["lift_se"].isna(), start=1):
        if missing:
            raise DataError(
                tr(
                    "lift_tests, row {number}: how sure the lift is is not known; give lift_se, or lift_low "
                    "below lift_high with their level (as 0.95).",
                    number=number,
                )
            )
    return frame


def comment_index(published: Result | None, brand: str) -> pd.DataFrame | None:
    """Published comment index of one brand, or None if it was not published or has no rows.

    Raises
    ------
    ParamsError
        If the index covers several brands and `brand` is none of them.
    """
    if published is None or _INDEX not in {entry.id for entry in published.tables}:
        return None
    index = published.table(_INDEX)
    if "brand" in index and index["brand"].nunique() > 1:
        known = sorted(set(index["brand"]))
        if brand not in known:
            raise ParamsError(
                tr(
                    "budget: brand is {brand!r}; sentiment_index knows {known}. Name one of them.",
                    brand=brand,
                    known=joined(known),
                )
            )
        index = index[index["brand"] == brand]
    return None if index.empty else index


def section(mix: Mix, given: GatheredTests, names: Mapping[str, str]) -> Section:
    """Section on the lift tests that calibrate the returns."""
    left_out = [tr("Left out: {test}.", test=each) for each in (*given.other, *given.twice)]
    tests = given.frame
    if tests is None:
        none = tr(
            "No test of a channel is part of the model, so that returns are told from spend and outcome over time "
            "alone. A test of the channel that gets most of the money would say more than another year of weeks."
        )
        return Section(sentences(none, *left_out))
    unread = unused(mix.notes)
    count = {"used": len(tests) - len(unread), "n": len(tests) + len(given.other) + len(given.twice)}
    note = tr("{used} of {n} tests are part of the model, which reads them in the outcome's unit.", **count)
    metrics = sorted(set(tests["metric"].dropna().astype(str))) if "metric" in tests else []
    measured = tr("They measured {metrics}.", metrics=listing(metrics)) if metrics else ""
    note = sentences(note, measured, *map(ended, unread), *left_out)
    frame = tests.copy()
    frame["name"] = [name(str(each), names) for each in tests["channel"]]
    for end in ("start", "end"):
        frame[end] = frame[end].astype(str)
    frame["return"] = tests["lift"] / tests["spend"].where(tests["spend"] > 0)
    frame["return_se"] = tests["lift_se"] / tests["spend"].where(tests["spend"] > 0)
    caption = tr("return: outcome for each unit of money on top.")
    if mix.passed:
        frame["model"] = [_next_unit(mix, str(each)) for each in tests["channel"]]
        caption = sentences(caption, tr("model: that of the next unit now, with all tests in it."))
    shown = [c for c in ("name", "study", "design", "spend", "lift", "return", "return_se", "model") if c in frame]
    return Section(
        note, tables=(Table("tests", frame, caption, {"spend": "money"}, False, shown, ("study", "design")),)
    )


def _next_unit(mix: Mix, channel: str) -> str:
    known = channel in mix.channels
    return interval(mix.mroi[:, mix.channels.index(channel)], mix.level) if known else tr("no such channel")
