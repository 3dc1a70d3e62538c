"""What the labels of a table say about its rows: how often each stands, and which mark rows that should not count."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reachbook.tables.cells import is_text, parse_flag, text_of
from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.markers import HEADER, is_left
from reachbook.tables.masking import mask
from reachbook.tables.problems import show

FEW = 20
"""A column of at most so many values is shown with their counts."""
_LABELS = 500
"""A column of at most so many values is one of labels, in which words of state are looked for."""
_SAMPLE = 20_000
_LONG = 40
_NUMBER_OR_TIME = r"^\s*[¥￥$€£]?\s*[+-]?[\d.,:/\-年月日\sTZ%]*\s*$"

_PERSONS = re.compile(
    r"姓名|名字|昵称|收货人|收件人|联系人|地址|电话|手机|邮箱|微信号|旺旺|会员名|支付宝账号|身份证"
    r"|e-?mail|phone|mobile|address|(?:first|last|full|billing|shipping|customer|nick|user)[\s_]?name",
    re.IGNORECASE,
)

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class LabelCounts:
    """Columns of few values, free text left out.

    each : column -> value -> rows, most frequent first
    rows : rows of the table
    """

    each: Mapping[str, Mapping[str, int]]
    rows: int

    def few(self, ids: frozenset[str] = frozenset()) -> Counts:
        """Columns to show: at most 20 values, some of which stand more than once; neither ids nor personal data."""
        shown = {
            name: dict(values)
            for name, values in self.each.items()
            if name not in ids and len(values) <= FEW and max(values.values()) > 1
        }
        return {name: values for name, values in shown.items() if not _personal(name, values)}


def labels(frame: pa.Table, free: frozenset[str] = frozenset()) -> LabelCounts:
    """The columns of text with few values, read or unread.

    free : columns of free text, which are left out; so is text of more than 40 characters on average
    """
    counted = {
        name: counts
        for name in frame.column_names
        if name not in free and (counts := _counts(frame.column(name))) is not None
    }
    return LabelCounts(counted, frame.num_rows)


def _counts(column: pa.ChunkedArray) -> dict[str, int] | None:
    """Value -> rows; None for a column that is not one of labels. A sample spares the columns of ids their counting."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not is_text(kind) or column.null_count == len(column):
        return None
    if len(column) > 2 * _SAMPLE and not _few(column.slice(0, _SAMPLE)):
        return None
    found = column.cast(kind).value_counts()
    values, numbers = (found.field(i).to_pylist() for i in (0, 1))
    counts = {value: number for value, number in zip(values, numbers, strict=True) if value is not None}
    if not 0 < len(counts) <= _LABELS or not _is_label(list(counts)):
        return None
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _personal(name: str, values: Iterable[str]) -> bool:
    """Whether a column holds names, phones, addresses and the like, which are nobody's to print."""
    return bool(_PERSONS.search(name)) or any(mask(value) != value for value in values)


def _few(part: pa.ChunkedArray) -> bool:
    return len(part.unique()) <= _LABELS + 1


def _is_label(values: list[str]) -> bool:
    text = pa.array(values)
    numbers = pc.all(pc.match_substring_regex(text, _NUMBER_OR_TIME)).as_py()
    return not numbers and sum(map(len, values)) <= _LONG * len(values)


def left(found: LabelCounts, place: str, known: frozenset[tuple[str, str]]) -> Iterator[str]:
    """One line a column in which cells say that their rows were refunded, closed, cancelled or not paid.

    known : cells that study.yaml maps by name, so that somebody has decided about them
    """
    for name, values in found.each.items():
        bad = {value: rows for value, rows in values.items() if is_left(value) and (name, value) not in known}
        if bad:
            listed = ", ".join(f"{show(value)} in {rows:,}" for value, rows in bad.items())
            yield (
                f"{place}: {show(name)} says {listed} of {found.rows:,} rows. They count like all others: "
                "leave them out of the file if they should not."
            )


def unread(raw: Raw) -> Iterator[str]:
    """The same for files behind a query over files, of which it names no such column and hands none on."""
    for place, table in raw.beside.items():
        skip = {*raw.frame.column_names, *(n for n in _names(table) if n.casefold() in raw.query.casefold())}
        names = [name for name in _names(table) if name not in skip]
        yield from left(labels(_frame(table, names)), place, frozenset())


def _names(table: Path | pa.Table) -> list[str]:
    """Columns of text."""
    schema = pq.read_schema(table) if isinstance(table, Path) else table.schema
    kinds = ((f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in schema)
    return [name for name, kind in kinds if is_text(kind)]


def _frame(table: Path | pa.Table, names: list[str]) -> pa.Table:
    return pq.ParquetFile(table).read(columns=names) if isinstance(table, Path) else table.select(names)


def marked(frame: pa.Table, contract: Contract, place: str, read: frozenset[str]) -> Iterator[str]:
    """One line an unread column that says that some orders were refunded or cancelled: 退款金额, Cancelled at."""
    if contract.name != "orders":
        return
    for name in frame.column_names:
        if name in read or not HEADER.fullmatch(name):
            continue
        rows = int(_says(frame.column(name).combine_chunks()).sum())
        if rows:
            yield (
                f"{place}: {show(name)} is filled in {rows:,} of {frame.num_rows:,} rows and is not read. "
                "Their amounts count in full: write them net of it, or leave out the rows that should not count."
            )


def _says(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Rows whose cell is yes, above zero, or a text that is none of the words for nothing."""
    text = text_of(column)
    nothing = pc.match_substring_regex(
        pc.fill_null(text, ""),
        r"(?i)^\s*'?(|-+|/|[¥￥$€£]?\s*-?0+([.,]0+)?|n/?a|nan|null|none|nil|false|no|n|否|无|未.*|没有.*|×|0元)\s*$",
    )
    flags = parse_flag(text)
    no = pc.fill_null(pc.invert(flags.values), False)
    return ~np.asarray(pc.or_(nothing, no).to_numpy(zero_copy_only=False), dtype=bool)
