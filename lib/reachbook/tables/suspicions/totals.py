"""Detect rows that are sums of other rows and would count everything twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import from_arrow, to_arrow, whole
from reachbook.tables.kinds.cells import NULL, is_text, truth
from reachbook.tables.markers import PERHAPS, TOTAL, WHEN, WHEN_SIGNS
from reachbook.tables.problems import show
from reachbook.tables.screening import Signs, cast, each, may_begin, repeated
from reachbook.translation import sentences, tr

Numbers = npt.NDArray[np.float64]

_EDGE = 2
_NEAR = 0.001
_STEPS, FEW_STEPS = 1000, 50
OTHERS = 3
_FIRST, _SECOND = "合小总總汇匯彙共全SsGgTt", "计計总總部和汇UuRrOo"
_BEGINS = rf"^[\s\-—=*]*{WHEN}[{_FIRST}][{_SECOND}]"
_LEADS = bytes({sign.encode()[0] for sign in f" \t\n\v\f\r-—=*{WHEN_SIGNS}{_FIRST}"})
_SIGNS = r"[¥￥$€£,，\s%元]|(?i:US|HK|NT|CN|RMB|CNY|USD)"
_SPARE = 2000
_LONG = 1_000_000


@dataclass(frozen=True)
class Total:
    """One row that looks like a sum of others.

    Attributes
    ----------
    word, column : str
        The cell that says so, and its column; "" where none does.
    sums : tuple of str
        Columns in which it is the sum of the other rows.
    part : bool
        Whether it is that of the rows between it and the next such row only, as by month.
    """

    row: int
    word: str = ""
    column: str = ""
    sums: tuple[str, ...] = field(default=())
    part: bool = False

    @property
    def reason(self) -> str:
        """Why it looks like a total, as a clause."""
        said = tr("{column} says {word}", column=show(self.column), word=show(self.word)) if self.word else ""
        listed = ", ".join(map(show, self.sums[:3]))
        if self.part:
            return tr("{column} is the sum of the rows between it and the next such row", column=listed)
        if len(self.sums) > 3:
            sums = tr("{columns} and others are the sum of all other rows", columns=listed)
        elif len(self.sums) > 1:
            sums = tr("{columns} are the sum of all other rows", columns=listed)
        else:
            sums = tr("{column} is the sum of all other rows", column=listed) if listed else ""
        return tr("{said} and {sums}", said=said, sums=sums) if said and sums else said or sums


def totals(frame: pa.Table, free: frozenset[str] = frozenset()) -> dict[int, Total]:
    """Return the rows that look like sums of others, by position.

    Parameters
    ----------
    free : frozenset of str
        Columns of free text, in which no word is searched for.

    Notes
    -----
    A row counts if a cell says only 合计, Total or the like, unless most rows of that column do; or if it equals the
    sum of all others, but for rounding, in one column whose numbers are fine enough to exclude chance, or in two
    columns.
    """
    said = _said(frame, free)
    summed = _summed(frame, np.fromiter(said, np.int64, len(said)))
    rows = sorted({*said, *summed})
    return {row: Total(row, *said.get(row, ("", "")), tuple(summed.get(row, ()))) for row in rows}


def _said(frame: pa.Table, free: frozenset[str]) -> dict[int, tuple[str, str]]:
    """Word and column of each row that names itself a total, by position; the first such column counts."""
    found: dict[int, tuple[str, str]] = {}
    names = [name for name in frame.column_names if name not in free and _texts(frame.column(name).type)]
    for name, rows in zip(names, each(_rows_of_words, frame.select(names).columns), strict=True):
        for row in rows:
            found.setdefault(int(row), (str(frame.column(name)[int(row)].as_py()), name))
    return found


def _texts(kind: pa.DataType) -> bool:
    return is_text(kind.value_type if pa.types.is_dictionary(kind) else kind)


def _rows_of_words(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Rows whose cell names a sum; none where more than half of the rows do, because the word then names something
    else.
    """
    rows = len(column)
    short = _short(column)
    strong = short[truth(pc.match_substring_regex(_take(column, short), TOTAL))]
    edge = short[(short < _EDGE) | (short >= rows - _EDGE)]
    weak = edge[truth(pc.match_substring_regex(_take(column, edge), PERHAPS))]
    weak = weak if len(weak) == 1 and _once(column, int(weak[0])) else weak[:0]
    both = np.union1d(strong, weak) if len(weak) else strong
    return both if 2 * len(both) <= rows and rows > 1 else both[:0]


def _once(column: pa.ChunkedArray, row: int) -> bool:
    """Whether the value of a row occurs nowhere else: a repeated "all" is a label."""
    return bool(pc.sum(pc.equal(column, column[row])).as_py() == 1)


def _short(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Rows worth matching: all of a short table; of a long one the edges and rows that begin like a word for a sum."""
    rows = len(column)
    if rows <= _SPARE:
        return np.arange(rows)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    mask = _beginnings(whole(column))
    mask[:_EDGE] = mask[-_EDGE:] = True
    return np.flatnonzero(mask)


def _beginnings(text: pa.Array) -> npt.NDArray[np.bool_]:
    """Rows that begin like a word for a sum, each distinct text searched once where few repeat."""
    signs = Signs.of(text)
    possible = signs.high >= ord(min(_FIRST)) and may_begin(text, _LEADS)
    if not (possible and signs.may_hold(_FIRST) and signs.may_hold(_SECOND)):
        return np.zeros(len(text), dtype=bool)
    codes = repeated(text)
    if codes is None:
        return truth(pc.match_substring_regex(text, _BEGINS))
    return truth(pc.take(pc.match_substring_regex(codes.dictionary, _BEGINS), codes.indices))


def _take(column: pa.ChunkedArray, rows: npt.NDArray[np.int64]) -> pa.Array:
    return column.take(to_arrow(rows)).cast(pa.string()).combine_chunks()


def _summed(frame: pa.Table, said: npt.NDArray[np.int64]) -> dict[int, list[str]]:
    """Columns in which a row is the sum of all others, by position; other rows that name themselves totals are left
    out.
    """
    fine: dict[int, list[str]] = {}
    coarse: dict[int, list[str]] = {}

    def sums(column: pa.ChunkedArray) -> list[tuple[int, float]]:
        values = None if _outgrown(column, said) else numbers_of(column)
        return [] if values is None else list(_sums(values, said))

    for name, found in zip(frame.column_names, each(sums, frame.columns), strict=True):
        for row, steps in found:
            (fine if steps >= _STEPS else coarse).setdefault(row, []).append(name)
    return {
        row: [name for name in frame.column_names if name in (*fine.get(row, ()), *coarse.get(row, ()))]
        for row in {*fine, *coarse}
        if row in fine or row in said or len(coarse[row]) > 1
    }


def _outgrown(column: pa.ChunkedArray, said: npt.NDArray[np.int64]) -> bool:
    """Whether the first rows of a long column add up to more than any of its cells can say, so that none is the sum.

    Notes
    -----
    A text of n bytes says less than 10**n, where none has a sign of minus or an exponent.
    """
    if len(column) < _LONG or not is_text(column.type) or Signs.of(column).any_of(b"-eE"):
        return False
    rows = len(column) // 10
    values = numbers_of(column.slice(0, rows))
    if values is None:
        return False
    values[said[said < rows]] = 0.0
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    return bool(values.sum() - values.max() > 1.01 * 10.0**longest)


def _sums(values: Numbers, said: npt.NDArray[np.int64]) -> Iterator[tuple[int, float]]:
    """Yield rows that are the sum of the others, and the size of the sum in multiples of the column's smallest step."""
    largest = int(np.argmax(np.abs(values)))
    for row in {largest, *map(int, said[:_SPARE])}:
        others = values.copy()
        others[row] = 0.0
        others[said] = 0.0
        value, total = values[row], others.sum()
        step, summed = step_of(values), np.count_nonzero(others)
        rounding = step * (0.5 * summed + 1)  # of each summand, and of the sum
        near = _NEAR * abs(value) if row in said else min(rounding, _NEAR * abs(value))
        if value == 0 or abs(value - total) > near or summed < OTHERS:
            continue
        steps = abs(value) / step
        if steps >= FEW_STEPS and (steps >= _STEPS or abs(value - total) <= 1e-9 * abs(value)):
            yield row, steps


def step_of(values: Numbers) -> float:
    """Largest power of ten of which all values are multiples; round figures add up by chance."""
    head = values[: 10 * _SPARE]
    head = head if np.count_nonzero(head) >= _SPARE else values
    given = np.abs(head[head != 0])[:_SPARE]
    for power in range(6, -6, -1):
        ratio = given / 10.0**power
        if np.all(np.abs(ratio - np.round(ratio)) < 1e-6 * np.maximum(ratio, 1)):
            return float(10.0**power)
    return 1e-6


def numbers_of(column: pa.ChunkedArray) -> Numbers | None:
    """A column as float64 array (rows,), missing as 0; None where more than a few cells hold something else."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _filled(pc.cast(column, pa.float64(), safe=False))
    if not is_text(kind) or not _mostly_numbers(column):
        return None
    values = cast(column, pa.float64())
    return _signed_numbers(column) if values is None else _filled(values)


def _signed_numbers(column: pa.ChunkedArray) -> Numbers | None:
    """Numbers with signs of currencies, commas and the like around them; other cells count as 0."""
    text = whole(column)
    codes = repeated(text)
    if codes is not None:
        return _filled(pc.take(_without_signs(codes.dictionary), codes.indices))
    return _filled(_without_signs(text))


def _without_signs(text: pa.Array) -> pa.Array:
    """Numbers as float64, null where a cell is none."""
    quick = _with_yuan_alone(text)
    if quick is not None:
        return quick
    plain = pc.replace_substring_regex(text, _SIGNS, "")
    good = pc.match_substring_regex(plain, r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
    return pc.cast(pc.if_else(good, plain, NULL), pa.float64())


def _with_yuan_alone(text: pa.Array) -> pa.Array | None:
    """The whole column at once, where no cell holds more than ¥, digits and a point between them; None otherwise."""
    signs = Signs.of(text)
    sign = next((sign for sign in "¥￥" if signs.only(b"0123456789.", sign)), None)
    plain = text if sign is None else pc.utf8_ltrim(text, sign)
    if sign is None or pc.any(pc.or_(pc.starts_with(plain, "."), pc.ends_with(plain, "."))).as_py():
        return None
    return cast(plain, pa.float64())


def _mostly_numbers(column: pa.ChunkedArray) -> bool:
    """Whether the first rows are mostly numbers: digits without leading zeros and shorter than ids."""
    head = column.slice(0, 200).drop_null()
    plain = pc.replace_substring_regex(head, _SIGNS, "")
    good = pc.match_substring_regex(plain, r"^[+-]?(0|[1-9]\d{0,14})?(\.\d+)?$")
    return len(head) > 1 and bool(pc.sum(good).as_py() >= 0.7 * len(head))


def _filled(column: pa.ChunkedArray) -> Numbers | None:
    values: Numbers = from_arrow(column)
    values = np.where(np.isfinite(values), values, 0.0)
    return values if len(values) > OTHERS else None


def total_warnings(found: dict[int, Total], numbers: npt.NDArray[np.int64], place: str, mark: str) -> Iterator[str]:
    """Yield one warning for each row, or one for all if there are more than three."""
    more = tr("If it is one, leave it out, or all that it sums counts twice: `totals: leave_out`.")
    if len(found) <= 3:
        for row, total in found.items():
            said = tr("looks like a totals row ({reason}).", reason=total.reason)
            yield f"{place}{mark}{numbers[row]}: " + sentences(said, more)
        return
    rows = ", ".join(str(numbers[row]) for row in list(found)[:5]) + (", ..." if len(found) > 5 else "")
    first = next(iter(found.values()))
    yield (
        f"{place}: "
        + tr(
            "{n:,} rows look like totals (rows {rows}; in the first {reason}). If they are, leave "
            "them out, or all that they sum counts twice: `totals: leave_out`.",
            n=len(found),
            rows=rows,
            reason=first.reason,
        )
    )
