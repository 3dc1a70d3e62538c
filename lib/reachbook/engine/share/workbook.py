"""Every table of a published version in one Excel workbook."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from reachbook.engine.page.wording import verdict_words
from reachbook.presentation.spreadsheets import LIMITS, fitting, pictured
from reachbook.report import finding_text
from reachbook.result import Result
from reachbook.translation import mark, tr

_LONGEST = 31
"""Characters that Excel allows in the name of a sheet."""
_RESERVED = "history"
"""A name that Excel keeps for itself."""
_FIRST_YEAR = 1900
"""Days before it have no number in Excel."""
_EXACT = 10**15
"""Whole numbers from which on a cell loses digits, so that they are text: the ids of a platform are among them."""


def write(result: Result, version: str, title: str, currency: str, target: Path) -> None:
    """Write the workbook: a first sheet with decision, findings and checks, then a sheet for each table.

    Parameters
    ----------
    version : str
        Name of the version, shown on the first sheet and in every footer.
    """
    with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        open_ones = [entry.id for entry in result.tables if not entry.private]
        names = _names([tr("Summary"), *open_ones])
        frames = {id: _flat(result.table(id)) for id in open_ones}
        summary = [*_summary(result, version, title, currency), *_cut(frames)]
        _write(writer, pd.DataFrame(summary), names[0], version, header=False)
        for frame, name in zip(frames.values(), names[1:], strict=True):
            _write(writer, frame.iloc[: LIMITS["rows"], : LIMITS["columns"]], name, version)


_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}


def _write(writer: Any, frame: pd.DataFrame, name: str, version: str, header: bool = True) -> None:
    plain = frame.map(_cell).rename(columns=_cell)
    plain.to_excel(writer, sheet_name=name, index=False, header=header)
    sheet = writer.sheets[name]
    sheet.set_footer(f"&R{version}")
    sheet.freeze_panes(1 if header else 0, 0)
    for place, (column, cells) in enumerate(plain.iloc[:200].items()):
        widest = max([len(str(column)) if header else 0, *(len(str(cell)) for cell in cells)])
        sheet.set_column(place, place, min(max(widest + 2, 9), 60))


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the named levels of its index as columns, and each column under one name of its own."""
    named = [level for level, name in enumerate(frame.index.names) if name is not None]
    levels = [frame.index.get_level_values(level).to_series(index=pd.RangeIndex(len(frame))) for level in named]
    flat = pd.concat([*levels, frame.reset_index(drop=True)], axis=1)
    heads = [each.name for each in levels] + list(frame.columns)
    return flat.set_axis([" ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in heads], axis=1)


def _cut(frames: dict[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    """(name, what its sheet lacks) of each table that is larger than a sheet."""
    for id, frame in frames.items():
        for size, most, said in (
            (len(frame), LIMITS["rows"], mark("its sheet holds {most:,} of {n:,} rows; tables/{id}.parquet holds all")),
            (
                len(frame.columns),
                LIMITS["columns"],
                mark("its sheet holds {most:,} of {n:,} columns; tables/{id}.parquet holds all"),
            ),
        ):
            if size > most:
                yield id, tr(said, most=most, n=size, id=id)


def _cell(value: Any) -> Any:
    """A value as Excel can hold it: times without zones, lists and long numbers as text, missing ones empty."""
    if isinstance(value, pd.Timestamp):
        plain = value.tz_localize(None) if value.tzinfo else value
        return plain if plain.year >= _FIRST_YEAR else str(plain)
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    value = value.item() if hasattr(value, "dtype") and value.ndim == 0 else value
    if isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < _EXACT):
        return value
    return fitting(pictured(str(value)))


def _summary(result: Result, version: str, title: str, currency: str) -> list[tuple[str, str]]:
    rows = [(tr("Report"), title), (tr("Version"), version), (tr("Verdict"), verdict_words(result))]
    rows += [(tr("Decision"), result.decision)] if result.decision else []
    rows += [(each.label, finding_text(each, currency)) for each in result.findings]
    rows += [(tr("passed") if gate.passed else tr("not passed"), gate.detail) for gate in result.gates]
    return rows


def _names(wanted: list[str]) -> list[str]:
    """Names for sheets: short enough, and each once."""
    names: list[str] = []
    for name in wanted:
        short, number = name[:_LONGEST], 1
        while short.casefold() in {_RESERVED, *(each.casefold() for each in names)}:
            number += 1
            short = f"{name[: _LONGEST - 3]}_{number}"
        names.append(short)
    return names
