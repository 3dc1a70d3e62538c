"""Tests of single channels that other reports published, as the model is given them, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reachbook.budget.part import Part, Sheet
from reachbook.budget.words import interval, name
from reachbook.errors import ParamsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reachbook.budget.mix import Mix
    from reachbook.result import Result

_TABLE, _INDEX = "lift_tests", "sentiment_index"


def given(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the optional columns that the study does not have, which hold nothing."""
    return table.dropna(axis=1, how="all")


def gathered(published: Iterable[Result]) -> pd.DataFrame | None:
    """All published tests in one table, each with its `study`; None where nobody published one."""
    found = [
        each.table(_TABLE).assign(study=each.study)
        for each in published
        if _TABLE in {entry.id for entry in each.tables}
    ]
    return pd.concat(found, ignore_index=True) if found else None


def heard(published: Result | None, brand: str) -> pd.DataFrame | None:
    """The published index of comments on one brand; None where none was published, or no share could be stated.

    Raises ParamsError where the index knows several brands and `brand` names none of them.
    """
    if published is None or _INDEX not in {entry.id for entry in published.tables}:
        return None
    index = published.table(_INDEX)
    if "brand" in index and index["brand"].nunique() > 1:
        known = sorted(set(index["brand"]))
        if brand not in known:
            raise ParamsError(
                f"budget: brand is {brand!r}; sentiment_index knows {', '.join(known)}. Name one of them."
            )
        index = index[index["brand"] == brand]
    return None if index.empty else index


def part(mix: Mix, tests: pd.DataFrame | None, names: Mapping[str, str]) -> Part:
    """What the returns were calibrated by."""
    if tests is None or tests.empty:
        return Part(
            "No test of a channel was published, so that returns are told from spend and outcome over time alone. A "
            "test of the channel that gets most of the money would say more than another year of weeks."
        )
    left = [note for note in mix.notes if note.startswith("lift test")]
    metrics = ", ".join(sorted(set(tests["metric"].astype(str)))) if "metric" in tests else "the outcome"
    note = (
        f"{len(tests) - len(left)} of {len(tests)} published tests are part of the model. They count {metrics}; the "
        "outcome here has to be the same thing in the same unit. "
        + " ".join(f"{each[0].upper()}{each[1:]}." for each in left)
    )
    frame = tests.copy()
    frame["name"] = [name(str(each), names) for each in tests["channel"]]
    for end in ("start", "end"):
        frame[end] = frame[end].astype(str)
    frame["return"] = tests["lift"] / tests["spend"].where(tests["spend"] > 0)
    frame["return_se"] = tests["lift_se"] / tests["spend"].where(tests["spend"] > 0)
    caption = "return: outcome for each unit of money on top."
    if mix.passed:
        frame["model"] = [_next_unit(mix, str(each)) for each in tests["channel"]]
        caption += " model: that of the next unit now, with all tests in it."
    shown = [c for c in ("name", "study", "design", "spend", "lift", "return", "return_se", "model") if c in frame]
    return Part(note.strip(), tables=(Sheet("tests", frame, caption, {"spend": "money"}, False, shown),))


def _next_unit(mix: Mix, channel: str) -> str:
    known = channel in mix.channels
    return interval(mix.mroi[:, mix.channels.index(channel)], mix.level) if known else "no such channel"
