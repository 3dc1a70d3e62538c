"""Writes tables as crawlers, platforms, ads consoles and shops do, with the lines that should not count."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from helpers.workbook_writer import write_xlsx

Row = dict[str, Any]
"""A row of the contract, by our column."""
Line = dict[str, str]
"""A line of the file, by the exporter's column."""
Cell = str | Callable[[Row], str]
"""What a cell holds: the value of one of our columns, or what a function makes of the row."""


@dataclass(frozen=True)
class Export:
    """How an exporter writes a table.

    Attributes
    ----------
    header : tuple of str
        Its columns, in its order.
    cells : dict of str to Cell
        What the columns hold that we read; others stay empty.
    spoil : function
        Makes of the lines of good rows what the exporter writes: doubled, unpaid, split and summed lines.
    fit : function
        Reduces a row to what the export can say, as a time to its day.
    above : tuple of rows
        Rows above the header.
    quoted : bool
        Whether every cell stands in quotes but the formulas ="...", by which shops keep spreadsheets off their ids.
    left : int
        Columns of other blocks that stand on the left in the same sheet.
    stated : dict
        What a person has to state beside the preset's name.
    """

    header: tuple[str, ...]
    cells: dict[str, Cell]
    spoil: Callable[[list[Line]], list[Line]] = list
    fit: Callable[[Row], Row] = dict
    suffix: str = ".csv"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    above: tuple[tuple[str, ...], ...] = ()
    quoted: bool = False
    left: int = 0
    stated: dict[str, Any] = field(default_factory=dict)

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """The lines that the exporter writes for these rows."""
        blank = dict.fromkeys(self.header, "")
        return self.spoil([blank | {name: _value(cell, row) for name, cell in self.cells.items()} for row in rows])


def write(export: Export, rows: Sequence[Row], folder: Path, names: Mapping[str, str] | None = None) -> str:
    """Write the rows into a file of `folder` as the exporter does, and give the file's name.

    Parameters
    ----------
    names : mapping of str to str
        Other names of its columns, as another version of the exporter has them.
    """
    path, other = folder / f"export{export.suffix}", names or {}
    lines = [{other.get(name, name): cell for name, cell in line.items()} for line in export.lines(rows)]
    header = tuple(other.get(name, name) for name in export.header)
    _WRITERS[export.suffix](path, replace(export, header=header), lines)
    return path.name


def _value(cell: Cell, row: Row) -> str:
    return str(row[cell]) if isinstance(cell, str) else cell(row)


def _as_text(path: Path, export: Export, lines: list[Line]) -> None:
    rows = [*export.above, export.header, *(tuple(line.values()) for line in lines)]
    text = io.StringIO(newline="")
    if export.quoted:
        text.writelines(",".join(map(_quoted, row)) + "\r\n" for row in rows)
    else:
        csv.writer(text, delimiter=export.delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(export.encoding))


def _quoted(cell: str) -> str:
    return cell if cell.startswith('="') else '"' + cell.replace('"', '""') + '"'


def _as_workbook(path: Path, export: Export, lines: list[Line]) -> None:
    empty: list[str | None] = [None] * export.left
    beside = [f"另一列{i}" for i in range(export.left)]
    rows = [*export.above, [*beside, *export.header], *([*empty, *line.values()] for line in lines)]
    rows += [[str(i)] * export.left for i in range(3) if export.left]
    sheet = export.stated.get("sheet")
    write_xlsx(path, {"First": [["other"], ["1"]], sheet: rows} if sheet else {"Sheet1": rows})


def _as_json(path: Path, export: Export, lines: list[Line]) -> None:
    path.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")


def _as_json_lines(path: Path, export: Export, lines: list[Line]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _as_danmaku(path: Path, export: Export, lines: list[Line]) -> None:
    nodes = [
        f'<d p="12.5,1,25,16777215,{line["sent_at"]},0,{line["sender_hash"]},{line["danmaku_id"]},10">'
        f"{escape(line['text'])}</d>"
        for line in lines
    ]
    chat = f"<chatid>{lines[0]['chat_id']}</chatid>"
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?><i>{chat}{"".join(nodes)}</i>', encoding="utf-8")


_WRITERS: dict[str, Callable[[Path, Export, list[Line]], None]] = {
    ".csv": _as_text,
    ".xlsx": _as_workbook,
    ".json": _as_json,
    ".jsonl": _as_json_lines,
    ".xml": _as_danmaku,
}
