"""Value counts of label columns, and labels that mark rows which should not count."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import is_text, text_of
from reachbook.tables.kinds.flags import parse_flag
from reachbook.tables.markers import HEADER, is_denied, is_left
from reachbook.tables.masking import mask
from reachbook.tables.problems import show
from reachbook.translation import joined, sentences, tr

FEW = 20
"""Largest number of distinct values for which a column's counts are shown."""
_LABELS = 500
"""Largest number of distinct values for which a column is searched for words of state."""
_SAMPLE = 20_000
_LONG = 40
_WORD = r"\p{Han}|[A-Za-z]{2}"
_NUMBER_OR_TIME = r"^\s*[¥￥$€£]?\s*[+-]?[\d.,:/\-年月日\sTZ%]*\s*$"

_AMOUNT = re.compile("金额|总额|数量|amount|total", re.IGNORECASE)
_MONEY = r"^\s*[¥￥$€£]?\s*[+-]?\d[\d,]*([.,]\d+)?\s*元?\s*$"
_PERSONS = re.compile(
    r"姓名|名字|昵称|收货人|收件人|联系人|地址|电话|手机|邮箱|微信号|旺旺|会员名|支付宝账号|身份证"
    r"|e-?mail|phone|mobile|address|(?:first|last|full|billing|shipping|customer|nick|user)[\s_]?name",
    re.IGNORECASE,
)

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class LabelCounts:
    """Value counts of columns with few distinct values, free text excluded.

    Attributes
    ----------
    each : mapping of str to mapping of str to int
        Number of rows by value, most frequent first, by column.
    rows : int
        Rows of the table.
    """

    each: Mapping[str, Mapping[str, int]]
    rows: int

    def few(self, ids: frozenset[str] = frozenset()) -> Counts:
        """Select the columns to show: at most 20 values, at least one of them repeated; neither ids nor personal
        data.
        """
        shown = {
            name: dict(values)
            for name, values in self.each.items()
            if name not in ids and len(values) <= FEW and max(values.values()) > 1
        }
        return {name: values for name, values in shown.items() if not _personal(name, values)}


def labels(frame: pa.Table, free: frozenset[str] = frozenset()) -> LabelCounts:
    """Count the values of text columns with few distinct values, including columns that are not read.

    Parameters
    ----------
    free : frozenset of str
        Columns of free text, which are left out; so is text of more than 40 characters on average.
    """
    counted = {
        name: counts
        for name in frame.column_names
        if name not in free and (counts := _counts(frame.column(name))) is not None
    }
    return LabelCounts(counted, frame.num_rows)


def _counts(column: pa.ChunkedArray) -> dict[str, int] | None:
    """Number of rows by value, or None for a column that does not hold labels.

    Notes
    -----
    A sample of a large column decides first, so that columns of ids need not be counted.
    """
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not is_text(kind) or column.null_count == len(column):
        return None
    if len(column) > 2 * _SAMPLE and not _few(column.slice(0, _SAMPLE)):
        return None
    found = column.cast(kind).value_counts()
    values, numbers = (found.field(i).to_pylist() for i in (0, 1))
    counts = {value: number for value, number in zip(values, numbers, strict=True) if value is not None}
    if not 0 < len(counts) <= _LABELS or not _is_label(found.field(0).drop_null()):
        return None
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _personal(name: str, values: Iterable[str]) -> bool:
    """Whether a column holds names, phones, addresses and the like, which must not be printed."""
    return bool(_PERSONS.search(name)) or any(mask(value) != value for value in values)


def _few(part: pa.ChunkedArray) -> bool:
    return len(part.unique()) <= _LABELS + 1


def _is_label(distinct: pa.Array) -> bool:
    numbers = pc.all(pc.match_substring_regex(distinct, _NUMBER_OR_TIME)).as_py()
    return not numbers and pc.sum(pc.utf8_length(distinct)).as_py() <= _LONG * len(distinct)


def left(
    found: LabelCounts,
    place: str,
    known: frozenset[tuple[str, str]],
    excluded: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Iterator[str]:
    """Yield one line for each column in which cells say that their rows were refunded, closed, cancelled or not paid.

    Parameters
    ----------
    known : frozenset of tuple of (str, str)
        (column, value) pairs that study.yaml maps explicitly, and which therefore need no warning.
    excluded : mapping of str to tuple of str
        Values that a condition leaves out already, by column; the remedy repeats them, since it takes its place.
    """
    for name, values in found.each.items():
        bad = {value: rows for value, rows in values.items() if is_left(value) and (name, value) not in known}
        if bad:
            listed = joined(tr("{value} in {rows:,}", value=show(value), rows=rows) for value, rows in bad.items())
            rule = f"where: {{{name}: {{other_than: [{', '.join((*excluded.get(name, ()), *bad))}]}}}}"
            yield (
                f"{place}: "
                + tr(
                    "{name} says {listed} of {rows:,} rows. They count like all others. Leave them out if "
                    "they should not: `{rule}`.",
                    name=show(name),
                    listed=listed,
                    rows=found.rows,
                    rule=rule,
                )
            )


def unread(raw: Raw) -> Iterator[str]:
    """Yield the lines of `left` for the files behind a query over files, for columns that the query does not use."""
    for place, table in raw.beside.items():
        skip = {*raw.frame.column_names, *(n for n in _names(table) if n.casefold() in raw.query.casefold())}
        names = [name for name in _names(table) if name not in skip]
        yield from left(labels(_frame(table, names)), place, frozenset())


def _names(table: Path | pa.Table) -> list[str]:
    """Names of text columns."""
    schema = pq.read_schema(table) if isinstance(table, Path) else table.schema
    kinds = ((f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in schema)
    return [name for name, kind in kinds if is_text(kind)]


def _frame(table: Path | pa.Table, names: list[str]) -> pa.Table:
    return pq.ParquetFile(table).read(columns=names) if isinstance(table, Path) else table.select(names)


def marked(frame: pa.Table, contract: Contract, place: str, read: frozenset[str]) -> Iterator[str]:
    """Yield one line for each unread column that marks orders as refunded or cancelled: 退款金额, Cancelled at."""
    if contract.name != "orders":
        return
    for name in frame.column_names:
        if name in read or not HEADER.fullmatch(name):
            continue
        cells = frame.column(name).combine_chunks()
        said = _says(cells)
        if said.any():
            told = tr(
                "{name} is filled in {rows:,} of {of:,} rows and is not read. They count in full.",
                name=show(name),
                rows=int(said.sum()),
                of=frame.num_rows,
            )
            yield f"{place}: {sentences(told, _remedy(name, text_of(cells).filter(pa.array(said))))}"


def _remedy(name: str, marks: pa.Array) -> str:
    """What to do about a column whose values `marks` say that orders were refunded: amounts are taken off, else rows
    left out.
    """
    values = pc.unique(marks).to_pylist()
    if not parse_flag(marks).faulty.any() and not _AMOUNT.search(name):
        listed = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
        rule = f"where: {{{name}: {{other_than: [{listed}]}}}}"
    elif pc.all(pc.match_substring_regex(marks, _MONEY)).as_py():
        rule = f"subtract: {{amount: {name}}}"
        return tr("Take it off (`{rule}`), or leave rows out by where:.", rule=rule)
    else:
        rule = f"where: {{{name}: empty}}"
    return tr("Leave them out if they should not: `{rule}`.", rule=rule)


def _says(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Rows whose cell is yes, above zero, or a text other than the words for nothing; bool array (rows,)."""
    text = text_of(column)
    nothing = pc.match_substring_regex(
        pc.fill_null(text, ""),
        r"(?i)^\s*'?(|-+|/|[¥￥$€£]?\s*-?0+([.,]0+)?|n/?a|nan|null|none|nil|false|no|n|否|无|未.*|没有.*|×|0元)\s*$",
    )
    flags = parse_flag(text)
    denied = [
        each for each in pc.unique(text.filter(pc.match_substring_regex(text, _WORD))).to_pylist() if is_denied(each)
    ]
    nothing = pc.or_(nothing, pc.is_in(text, pa.array(denied, pa.string())))
    no = pc.fill_null(pc.invert(flags.values), False)
    return ~np.asarray(pc.or_(nothing, no).to_numpy(zero_copy_only=False), dtype=bool)
