"""Every table of a published version in one Excel workbook."""

from pathlib import Path
from typing import Any

import pandas as pd

from reachbook.engine.page.wording import VERDICTS
from reachbook.report import finding_text
from reachbook.result import Result
from reachbook.translation import tr

_LONGEST = 31
"""Characters that Excel allows in the name of a sheet."""
_ROWS = 1_048_575
"""Rows below the heading that a sheet can hold."""


def write(result: Result, version: str, title: str, currency: str, target: Path) -> None:
    """Write the workbook: a first sheet with decision, findings and checks, then a sheet for each table.

    Parameters
    ----------
    version : str
        Name of the version, shown on the first sheet and in every footer.
    """
    with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        names = _names([tr("Summary"), *(entry.id for entry in result.tables)])
        _write(writer, _summary(result, version, title, currency), names[0], version, header=False)
        for entry, name in zip(result.tables, names[1:], strict=True):
            frame = result.table(entry.id)
            named = any(each is not None for each in frame.index.names)
            _write(writer, (frame.reset_index() if named else frame).head(_ROWS), name, version)


_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}


def _write(writer: Any, frame: pd.DataFrame, name: str, version: str, header: bool = True) -> None:
    plain = frame.map(_cell)
    plain.to_excel(writer, sheet_name=name, index=False, header=header)
    sheet = writer.sheets[name]
    sheet.set_footer(f"&R{version}")
    sheet.freeze_panes(1 if header else 0, 0)
    for place, column in enumerate(plain.columns):
        widest = max([len(str(column)) if header else 0, *(len(str(cell)) for cell in plain[column].head(200))])
        sheet.set_column(place, place, min(max(widest + 2, 9), 60))


def _cell(value: Any) -> Any:
    """A value as Excel can hold it: times without zones, lists and the like as text, missing ones empty."""
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None) if value.tzinfo else value
    if isinstance(value, (str, int, float, bool)) or hasattr(value, "dtype"):
        return None if isinstance(value, float) and value != value else value
    return None if value is None or value is pd.NaT or value is pd.NA else str(value)


def _summary(result: Result, version: str, title: str, currency: str) -> pd.DataFrame:
    rows = [(tr("Report"), title), (tr("Version"), version), (tr("Verdict"), tr(VERDICTS[result.verdict]))]
    rows += [(tr("Decision"), result.decision)] if result.decision else []
    rows += [(each.label, finding_text(each, currency)) for each in result.findings]
    rows += [(tr("passed") if gate.passed else tr("not passed"), gate.detail) for gate in result.gates]
    return pd.DataFrame(rows)


def _names(wanted: list[str]) -> list[str]:
    """Names for sheets: short enough, and each once."""
    names: list[str] = []
    for name in wanted:
        short, number = name[:_LONGEST], 1
        while short.casefold() in {each.casefold() for each in names}:
            number += 1
            short = f"{name[: _LONGEST - 3]}_{number}"
        names.append(short)
    return names
