"""Lift tests of single channels as the model reads them: additional spend and the outcome it added."""

from collections.abc import Container, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.errors import DataError
from reachbook.translation import day, joined, tr

_COLUMNS = ("channel", "spend", "lift", "lift_se", "start", "end")
LONGEST = 26
"""Longest duration of a test that is modelled, in weeks."""


@dataclass(frozen=True)
class LiftTests:
    """Lift tests that passed their checks.

    Attributes
    ----------
    channel : int64 array (tests,)
        Index of the channel.
    extra : float array (tests,)
        Spend a period on top of the table's, in money.
    running : float array (tests, longest)
        1 for each period of the test, then 0; `LONGEST` weeks long.
    window : float array (tests, periods)
        Weights that average the adstock to which the test was added.
    lift, error : float array (tests,)
        Added outcome and its standard error.
    share : float array (tests,)
        Share of the market, or of its region, in which the test ran and its money was spent.
    region : tuple of str
        Region of each test, "" for everywhere.
    notes : tuple of str
        Tests that were not used, and why.
    """

    channel: npt.NDArray[np.int64]
    extra: Floats
    running: Floats
    window: Floats
    lift: Floats
    error: Floats
    share: Floats
    region: tuple[str, ...]
    notes: tuple[str, ...]

    def by_region(self, pasts: tuple[History, ...]) -> Floats:
        """Additional spend by region, money a period, (tests, regions); national tests follow the channel's spend."""
        spent = np.stack([past.spend.sum(axis=1)[self.channel] for past in pasts], axis=1)
        parts = spent / spent.sum(axis=1, keepdims=True)
        for j, name in enumerate(self.region):
            if name:
                parts[j] = [float(past.region == name) for past in pasts]
        return self.extra[:, None] * parts


def lift_tests(
    frame: pd.DataFrame | None,
    past: History,
    regions: tuple[str, ...] = ("",),
    idle: Container[tuple[str, str]] = (),
) -> LiftTests:
    """Read and check lift tests.

    A test that failed its own checks, or lacks a channel, spend or dates, is not used, and a note says so. A test
    outside the table's periods is read at the mean adstock of all periods.

    Parameters
    ----------
    frame : DataFrame or None
        Columns channel, spend, lift, lift_se, start, end; optionally passed, region and share. `share` is the part of
        the market (or of the region) in which the test ran, as in an experiment with a few cities: there the same money
        went further up the curve, elsewhere nothing changed. The default is 1.
    past : History
        All regions together.
    regions : tuple of str
        Names of the regions.
    idle : container of (str, str)
        Pairs of region and channel without any spend, whose tests say nothing about a curve.

    Returns
    -------
    LiftTests
        Tests that can be used.

    Raises
    ------
    DataError
        If a column is missing, or a lift, standard error, pair of dates or share is not valid.
    """
    rows, notes = [], []
    given = pd.DataFrame(columns=list(_COLUMNS)) if frame is None else frame
    for name in _COLUMNS:
        if name not in given:
            raise DataError(tr("lift_tests: no column {name}; give {columns}.", name=name, columns=joined(_COLUMNS)))
    for number, row in enumerate(given.to_dict("records"), start=1):
        reason = _unfit(row, past, regions, idle)
        if reason:
            notes.append(tr("lift test {number} was not used: {reason}", number=number, reason=reason))
        else:
            rows.append(_row(row, number, past))
    size = len(rows)
    channel, extra, running, window, lift, error, share, region = zip(*rows, strict=True) if rows else ([],) * 8
    return LiftTests(
        np.array(channel, dtype=np.int64), np.array(extra, dtype=float),
        np.array(running, dtype=float).reshape(size, past.periods(LONGEST)),
        np.array(window, dtype=float).reshape(size, len(past.weeks)),
        np.array(lift, dtype=float), np.array(error, dtype=float), np.array(share, dtype=float), tuple(region),
        tuple(notes),
    )  # fmt: skip


def unused(notes: tuple[str, ...]) -> list[str]:
    """Those of the model's notes that name a test which was not used."""
    head = tr("lift test {number} was not used: {reason}", number="\0", reason="").partition("\0")[0]
    return [note for note in notes if note.startswith(head)]


def _unfit(row: dict[Hashable, Any], past: History, regions: tuple[str, ...], idle: Container[tuple[str, str]]) -> str:
    if row["channel"] not in past.channels:
        return tr("its channel {channel!r} is not in media", channel=row["channel"])
    if row.get("passed") is not None and not bool(row["passed"]):
        return tr("its own checks failed")
    if pd.isna(row["lift"]):
        return tr("its lift is not told")
    if pd.isna(row["start"]) or pd.isna(row["end"]):
        return tr("its first and last day are not known")
    if region_of(row) not in ("", *regions):
        return tr("its region {region!r} is not in media", region=row["region"])
    if (region_of(row), str(row["channel"])) in idle:
        return tr(
            "{channel} spends nothing in {region} but for the test", channel=row["channel"], region=region_of(row)
        )
    if not float(str(row["spend"])) > 0:
        return tr("its spend is not known")
    start, end = pd.Timestamp(str(row["start"])), pd.Timestamp(str(row["end"])) + pd.Timedelta(days=1)
    inside = past.value[(past.weeks > start - pd.Timedelta(days=past.step)) & (past.weeks < end)]
    most = float(inside.sum() if len(inside) else past.value.max() * max((end - start).days / past.step, 1))
    if float(str(row["lift"])) > most:
        return tr(
            "it says that {lift:,.0f} came on top, more than the whole outcome of its days, "
            "{most:,.0f}: it was measured in another unit",
            lift=float(str(row["lift"])),
            most=most,
        )
    return ""


def _row(row: dict[Hashable, Any], number: int, past: History) -> tuple[Any, ...]:
    start, end = pd.Timestamp(str(row["start"])), pd.Timestamp(str(row["end"]))
    lift, error, spend = (float(str(row[name])) for name in ("lift", "lift_se", "spend"))
    if not (np.isfinite([lift, error]).all() and error > 0 and end >= start):
        raise DataError(
            tr(
                "lift_tests, row {number}: lift {lift}, lift_se {error}, {start} to {end}; give a lift, "
                "a standard error above 0, and days in order.",
                number=number,
                lift=lift,
                error=error,
                start=day(start),
                end=day(end),
            )
        )
    longest, days = past.periods(LONGEST), (end - start).days + 1
    periods = int(np.clip(round(days / past.step), 1, longest))
    inside = (past.weeks > start - pd.Timedelta(days=past.step)) & (past.weeks <= end)
    window = np.asarray(inside if inside.any() else np.ones(len(past.weeks)), dtype=float)
    running = (np.arange(longest) < periods).astype(float)
    position = past.channels.index(str(row["channel"]))
    return position, spend / periods, running, window / window.sum(), lift, error, share_of(row, number), region_of(row)


def share_of(row: dict[Hashable, Any], number: int) -> float:
    """Share of the market, or of its region, in which a test ran; 1 by default.

    Raises
    ------
    DataError
        If it does not lie above 0 and at most at 1.
    """
    given = row.get("share")
    share = 1.0 if given is None or pd.isna(given) else float(str(given))
    if not 0 < share <= 1:
        raise DataError(
            tr(
                "lift_tests, row {number}: share is {share:g}; write the part of the market in which the "
                "test ran, a ratio above 0 and at most 1.",
                number=number,
                share=share,
            )
        )
    return share


def region_of(row: dict[Hashable, Any]) -> str:
    """Region of a test, "" for everywhere."""
    given = row.get("region")
    return "" if given is None or pd.isna(given) else str(given)
