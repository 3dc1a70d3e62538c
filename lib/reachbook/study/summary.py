"""What a person checks in a table that was read: rows, what was left out, period, gaps, empty cells, first rows."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reachbook.tables.contract import CONTRACTS, Contract
from reachbook.tables.masking import mask
from reachbook.tables.problems import show
from reachbook.tables.store import Checked
from reachbook.translation import joined, mark, tr

_FIRST = 2
_WIDE = 30


def summary(name: str, table: Checked, period: tuple[str, str]) -> Iterator[str]:
    """Yield the lines about one table, without personal data.

    Parameters
    ----------
    name : str
        Name of its contract.
    period : tuple of (str, str)
        First and last day of the study.
    """
    if name not in CONTRACTS:
        return
    contract = CONTRACTS[name]
    there = [c.name for c in contract.columns if c.name in table.facts.get("columns", {})]
    if not there:
        return
    frame = pq.read_table(table.path, columns=there)
    yield "  " + tr(
        "{name}: {rows:,} rows from {source}", name=name, rows=table.rows, source=table.facts.get("source", "")
    )
    yield from (f"    {line}" for line in table.left_out)
    yield from (f"    {line}" for line in _days(frame, contract, period))
    yield from (f"    {line}" for line in _empty(frame))
    yield from ("    " + tr("as read: {line}", line=line) for line in _rows(frame, contract))


_COVERED = {
    (True, False): mark("{first} to {last}, {n:,} days with rows, none missing"),
    (True, True): mark("{first} to {last}, {n:,} days with rows, {without:,} without, the first after {gap}"),
    (False, False): mark("{first} to {last}, {n:,} dates {usual} days apart with rows, none missing"),
    (False, True): mark(
        "{first} to {last}, {n:,} dates {usual} days apart with rows, {without:,} without, the first after {gap}"
    ),
}
"""What to say of the dates of a table, by (whether each day has rows, whether any is missing)."""


def _days(frame: pa.Table, contract: Contract, period: tuple[str, str]) -> Iterator[str]:
    """The period that the rows cover, rows outside the study's, and days between without a row."""
    column = next((c for c in contract.columns if c.needed and c.kind in ("time", "date")), None)
    if column is None or column.name not in frame.column_names:
        return
    days = pc.unique(frame.column(column.name).drop_null().cast(pa.date32(), safe=False)).sort()
    if not len(days):
        return
    first, last = days[0].as_py(), days[-1].as_py()
    counts = [day.isoformat() for day in days.to_pylist()]
    outside = sum(day < period[0] or day > period[1] for day in counts)
    steps = [(b - a).days for a, b in zip(days.to_pylist(), days.to_pylist()[1:], strict=False)]
    usual = min(steps, default=1)
    gaps = [(a, step // usual - 1) for a, step in zip(days.to_pylist(), steps, strict=False) if step > usual]
    said = tr(
        _COVERED[usual == 1, bool(gaps)],
        first=first,
        last=last,
        n=len(days),
        usual=usual,
        without=sum(n for _, n in gaps),
        gap=gaps[0][0] if gaps else "",
    )
    yield tr("{said}; {n:,} outside the study's period", said=said, n=outside) if outside else said


def _empty(frame: pa.Table) -> Iterator[str]:
    shares = {name: frame.column(name).null_count / max(frame.num_rows, 1) for name in frame.column_names}
    listed = [f"{name} {share:.0%}" for name, share in shares.items() if share > 0]
    if listed:
        yield tr("empty cells: {listed}", listed=joined(listed))


def _rows(frame: pa.Table, contract: Contract) -> Iterator[str]:
    for row in frame.slice(0, _FIRST).to_pylist():
        yield joined(f"{name} {_cell(value, contract, name)}" for name, value in row.items() if value is not None)


def _cell(value: object, contract: Contract, name: str) -> str:
    """A cell for the terminal: ids of people not in clear, texts short."""
    if name in ("user_id", "unit_id"):
        return tr("(an id)")
    column = contract.column(name)
    if column is not None and column.kind == "money":
        return f"{value:f}".rstrip("0").rstrip(".")
    text = str(value) if column is not None and column.kind == "id" else mask(str(value))
    return show(text if len(text) <= _WIDE else text[: _WIDE - 3] + "...")
