"""Writes a minimal .xlsx, as Office Open XML has it: text, numbers, dates, flags and errors, at any row."""

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.utility import xl_rowcol_to_cell

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


class Error(str):
    """An error cell, as in `#N/A`."""


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> None:
    """`sheets`: name -> rows from row 1 on; an empty row is left out of the file, as Excel does."""
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr(
            "[Content_Types].xml",
            (
                f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/></Types>'
            ),
        )
        parts.writestr(
            "_rels/.rels",
            (
                f'<Relationships xmlns="{_PACK}"><Relationship Id="rId1" Type="{_REL}/officeDocument" '
                'Target="xl/workbook.xml"/></Relationships>'
            ),
        )
        entries = "".join(f'<sheet name={quoteattr(n)} sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(sheets, 1))
        parts.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{entries}</sheets></workbook>'
        )
        links = "".join(
            f'<Relationship Id="rId{i}" Type="{_REL}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            (
                f'<Relationships xmlns="{_PACK}">{links}'
                f'<Relationship Id="rId99" Type="{_REL}/styles" Target="styles.xml"/></Relationships>'
            ),
        )
        parts.writestr(
            "xl/styles.xml",
            (
                f'<styleSheet xmlns="{_MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="22"/>'
                '<xf numFmtId="14"/></cellXfs></styleSheet>'
            ),
        )
        for i, rows in enumerate(sheets.values(), 1):
            parts.writestr(f"xl/worksheets/sheet{i}.xml", _sheet(rows))


def _sheet(rows: Sequence[Sequence[object]]) -> str:
    lines = [
        f'<row r="{r}">{"".join(_cell(v, xl_rowcol_to_cell(r - 1, c)) for c, v in enumerate(row))}</row>'
        for r, row in enumerate(rows, 1)
        if row
    ]
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(value: object, place: str) -> str:
    match value:
        case None:
            return ""
        case Error():
            return f'<c r="{place}" t="e"><v>{value}</v></c>'
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case dt.datetime():
            days = (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
            return f'<c r="{place}" s="1"><v>{days!r}</v></c>'
        case dt.date():
            return f'<c r="{place}" s="2"><v>{(value - dt.date(1899, 12, 30)).days}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value!r}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
