"""Files with mistakes: what people, programs and disks make of a good file, drawn with a seed."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from helpers.workbook_writer import write_xlsx

ODD = (
    "", " ", "\t", "\u3000", "null", "~", "yes", "no", ".nan", "-.inf", "1e999", "-1", "0", "0x1f", "1_000", "12:30",
    "99999999999999999999999999", "2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31", "[]", "{}", "[[[[", "}}}}",
    "!!python/name:len", "!!binary x", "!x", "&a", "*a", "<<", "? a", "- ", ": ", "#", "|", ">", "%YAML 9.9", "---",
    "...", "@", "`", "'", '"', "\\", "\\x00", "{{ 7*7 }}", "${HOME}", "$(true)", "../../x", "/dev/null", "a" * 5000,
    "抖音", "é", "\u202e", "\u200b", "\ud7ff", "\ufeff", "\x00", "\x1b[31m", "\r", "\x85", "\u2028", "😀", "：", "，",
    "true", "file:///x", "sqlite:///x", "postgresql://h/d", "package://x/y", "con", "nul", "*", "**", "[", "a/b/c",
    "~/x", "1,5",
)  # fmt: skip
"""Values that stand where they should not."""

_VALUE = re.compile(r"(?<=: )[^\n#]+")
_WORD = re.compile(r"\w+")
TextMutation = Callable[[Random, str], str]


def mutated_text(rng: Random, text: str) -> str:
    """Make one to three mistakes in a file of text."""
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(_TEXT)(rng, text)
    return text


def _lines(change: Callable[[Random, list[str]], None]) -> TextMutation:
    def changed(rng: Random, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if lines:
            change(rng, lines)
        return "".join(lines)

    return changed


def _drop(rng: Random, lines: list[str]) -> None:
    del lines[rng.randrange(len(lines))]


def _double(rng: Random, lines: list[str]) -> None:
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))


def _swap(rng: Random, lines: list[str]) -> None:
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _shift(rng: Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" ", "    ", "\t", "- ")) + lines[at] if rng.random() < 0.6 else lines[at].lstrip()


def _put(rng: Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(ODD) + text[at:]


def _cut(rng: Random, text: str) -> str:
    start = rng.randint(0, len(text))
    return text[:start] + text[start + rng.randint(1, 12) :]


def _end(rng: Random, text: str) -> str:
    return text[: rng.randint(0, len(text))]


def _replaced(pattern: re.Pattern[str]) -> TextMutation:
    def changed(rng: Random, text: str) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        at = rng.choice(found)
        other = rng.choice(ODD) if rng.random() < 0.7 else rng.choice(found)[0]
        return text[: at.start()] + other + text[at.end() :]

    return changed


def _letter(rng: Random, text: str) -> str:
    if not text:
        return text
    at = rng.randrange(len(text))
    return text[:at] + chr(rng.choice((rng.randrange(128), rng.randrange(0x4E00, 0x9FFF)))) + text[at + 1 :]


_TEXT: tuple[TextMutation, ...] = (
    *(_lines(change) for change in (_drop, _double, _swap, _shift)),
    *(_put, _cut, _end, _letter),
    *(_replaced(pattern) for pattern in (_VALUE, _VALUE, _WORD)),
)

Rows = list[list[str]]
KINDS = (".csv", ".csv", ".tsv", ".txt", ".xlsx", ".json", ".jsonl", ".parquet", ".ods", ".xls", ".xml")


def mutated_table(rng: Random, rows: Rows, folder: Path) -> Path:
    """Write a table with mistakes in its cells, then often with mistakes in its bytes; the first row is the header."""
    rows = [list(row) for row in rows]
    for _ in range(rng.randint(0, 3)):
        rng.choice(_CELLS)(rng, rows)
    ending = rng.choice(KINDS)
    path = folder / f"table{ending}"
    _WRITERS.get(ending, _as_text)(rng, rows, path)
    if rng.random() < 0.5:
        path.write_bytes(_mutated_bytes(rng, path.read_bytes()))
    return path


def _cell(rng: Random, rows: Rows) -> None:
    row = rng.choice(rows)
    if row:
        row[rng.randrange(len(row))] = rng.choice(ODD)


def _row(rng: Random, rows: Rows) -> None:
    match rng.randrange(4):
        case 0:
            rows.insert(rng.randint(0, len(rows)), rng.choice(rows))
        case 1 if len(rows) > 1:
            del rows[rng.randrange(len(rows))]
        case 2:
            rows.insert(rng.randint(0, len(rows)), [rng.choice(ODD) for _ in range(rng.randint(0, 8))])
        case _:
            rng.shuffle(rows)


def _column(rng: Random, rows: Rows) -> None:
    at = rng.randrange(max(map(len, rows), default=0) + 1)
    match rng.randrange(3):
        case 0:
            for row in rows:
                del row[at : at + 1]
        case 1:
            for row in rows:
                row.insert(at, row[at] if at < len(row) else "")
        case _:
            for row in rows[1:]:
                row[at : at + 1] = [rng.choice(ODD)]


_CELLS = (_cell, _cell, _row, _column)


def _as_text(rng: Random, rows: Rows, path: Path) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=rng.choice(",,,;\t|")).writerows(rows)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-32", "latin-1", "cp1252"))
    path.write_bytes(text.getvalue().encode(encoding, "replace"))


def _as_workbook(rng: Random, rows: Rows, path: Path) -> None:
    kept = [[re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", "?", cell) for cell in row] for row in rows]
    write_xlsx(path, {"Sheet1": kept})


def _as_json(rng: Random, rows: Rows, path: Path) -> None:
    records: list[Any] = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]] if rows else []
    if records and rng.random() < 0.3:
        records[rng.randrange(len(records))] = rng.choice((None, 7, "x", [], [[1]], {"a": {"b": {"c": [1]}}}))
    whole: Any = rng.choice((records, {"data": {"list": records}}, {"a": records, "b": records}))
    path.write_text(json.dumps(whole, ensure_ascii=rng.random() < 0.5), "utf-8")


def _as_lines(rng: Random, rows: Rows, path: Path) -> None:
    records = (
        [json.dumps(dict(zip(rows[0], row, strict=False)), ensure_ascii=False) for row in rows[1:]] if rows else []
    )
    path.write_text("\n".join(records), "utf-8")


def _as_parquet(rng: Random, rows: Rows, path: Path) -> None:
    names = [f"{name}" for name in dict.fromkeys(rows[0])] if rows else []
    columns = {name: [row[at] if at < len(row) else None for row in rows[1:]] for at, name in enumerate(names)}
    kinds = (pa.string(), pa.binary(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()))
    arrays = {name: pa.array(cells, pa.string()).cast(rng.choice(kinds)) for name, cells in columns.items()}
    pq.write_table(pa.table(arrays), path)


def _as_danmaku(rng: Random, rows: Rows, path: Path) -> None:
    nodes = "".join(f'<d p="{",".join(row)}">{"".join(row)}</d>' for row in rows)
    path.write_text(f"<i><chatid>1</chatid>{nodes}</i>", "utf-8")


_WRITERS: dict[str, Callable[[Random, Rows, Path], None]] = {
    ".xlsx": _as_workbook,
    ".json": _as_json,
    ".jsonl": _as_lines,
    ".parquet": _as_parquet,
    ".xml": _as_danmaku,
}
"""All others are written as text, whatever their name says."""


def _mutated_bytes(rng: Random, content: bytes) -> bytes:
    """Flip, cut, repeat or exchange bytes; a workbook also inside one of its parts."""
    if content.startswith(b"PK") and rng.random() < 0.6:
        return _with_part_mutated(rng, content)
    if not content:
        return b"\x00"
    at, size = rng.randrange(len(content)), rng.randint(1, 64)
    match rng.randrange(5):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + rng.randbytes(size) + content[at + size :]
        case 2:
            return content[:at] + content[at + size :]
        case 3:
            return content[:at] + content[at : at + size] * 5 + content[at:]
        case _:
            return rng.choice((b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x1f\x8b", b"%PDF")) + content[4:]


def _with_part_mutated(rng: Random, content: bytes) -> bytes:
    parts = {each.filename: zipfile.ZipFile(io.BytesIO(content)).read(each) for each in _infos(content)}
    name = rng.choice(list(parts))
    match rng.randrange(3):
        case 0:
            del parts[name]
        case 1:
            parts[name] = mutated_text(rng, parts[name].decode("utf-8")).encode("utf-8", "replace")
        case _:
            parts[name] = parts[name][: rng.randrange(len(parts[name]) + 1)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, text in parts.items():
            archive.writestr(each, text)
    return out.getvalue()


def _infos(content: bytes) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(io.BytesIO(content)).infolist()
