"""Options for rows that should not count: totals, doubles, refunds and closed orders."""

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.draft.entries import YamlEntry
from reachbook.tables.contract import CONTRACTS, Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.markers import HEADER, is_left
from reachbook.tables.suspicions.labels import labels
from reachbook.tables.suspicions.totals import totals
from reachbook.translation import tr, trn

_CHANGED = re.compile(
    r"last[_ ]?modif\w*|updated?[_ ]?(?:at|time|ts)?|modified\w*|.*(?:更新|修改|抓取|采集|爬取)时间", re.IGNORECASE
)
_REFUNDED = re.compile(r"退款|refund", re.IGNORECASE)
_AMOUNT = re.compile(r"[\s¥￥$€£]*(\d[\d,]*(?:\.\d*)?)\s*元?")


def total_rows(raw: Raw, contract: Contract, found: Mapping[str, str]) -> Iterator[YamlEntry]:
    """Yield `totals: leave_out` where a row sums others."""
    free = frozenset(found[c.name] for c in contract.columns if c.kind == "text" and c.name in found)
    sums = totals(raw.frame, free)
    if sums:
        row = min(sums)
        yield YamlEntry(
            "totals", "leave_out", tr("guessed: row {row} ({reason})", row=raw.numbers[row], reason=sums[row].reason)
        )


def undone(raw: Raw, contract: Contract, decided: Mapping[str, object]) -> Iterator[YamlEntry]:
    """Yield suggestions for orders that were refunded, closed or not paid; whether they count is for a person to say.

    Parameters
    ----------
    decided : mapping of str to object
        Conditions that are stated already, by column.
    """
    if contract.name != "orders":
        return
    sums = np.fromiter(totals(raw.frame), np.int64)
    raw = raw.only(np.setdiff1d(np.arange(raw.frame.num_rows, dtype=np.int64), sums))
    for name, counts in labels(raw.frame).each.items():
        already = _left_out(decided.get(name))
        left = [value for value in counts if is_left(value)]
        if already is not None and any(value not in already for value in left):
            rows = sum(counts[value] for value in left)
            condition = {name: {"other_than": sorted({*already, *left})}}
            yield YamlEntry(
                "where",
                condition,
                trn(
                    "suggested: {n} row says so; take the # away if none counts",
                    "suggested: {n} rows say so; take the # away if none counts",
                    rows,
                ),
                True,
            )
    for name in raw.frame.column_names:
        if HEADER.fullmatch(name) and _REFUNDED.search(name) and (rows := _amounts(raw, name)):
            yield YamlEntry(
                "subtract",
                {"amount": name},
                trn("suggested: {n} row holds a refund", "suggested: {n} rows hold a refund", rows),
                True,
            )


def _left_out(condition: object) -> list[str] | None:
    """Values that a stated condition leaves out; None where it lists what counts, so that nothing is open."""
    if condition is None:
        return []
    return list(condition["other_than"]) if isinstance(condition, dict) else None


def _amounts(raw: Raw, name: str) -> int:
    """Rows with an amount above zero."""
    cells = raw.frame.column(name).cast(pa.string()).to_pylist()
    found = (_AMOUNT.fullmatch(cell) for cell in cells if cell)
    return sum(float(match[1].replace(",", "")) > 0 for match in found if match)


def doubles(raw: Raw, table: str, found: Mapping[str, str]) -> Iterator[YamlEntry]:
    """Yield the option, or the question, for several rows with one id."""
    keys = [found[name] for name in CONTRACTS[table].key if name in found]
    number = _doubled(raw, keys) if keys else 0
    if not number:
        return
    if table == "media":
        yield YamlEntry(
            "lines",
            "sum",
            tr("guessed: the rows of one channel and day are its campaigns, {number:,} times", number=number),
        )
    elif table == "orders":
        yield from _lines_of_orders(raw, keys[0], found.get("amount"), number)
    elif table in ("comments", "contents", "users", "reviews"):
        by = changed(raw)
        rule = f"newest by {by}" if by else "last"
        yield YamlEntry(
            "keep",
            rule,
            tr("guessed: {number:,} ids stand there more than once, as versions of one row", number=number),
        )
    else:
        yield YamlEntry(
            "lines",
            "sum",
            tr("{number:,} times several rows are one: only if they add up", number=number),
            True,
        )


def changed(raw: Raw) -> str | None:
    """The column that says when a row was changed last, by its name."""
    return next((name for name in raw.frame.column_names if _CHANGED.fullmatch(name.strip())), None)


def _doubled(raw: Raw, keys: list[str]) -> int:
    counts = raw.frame.select(keys).group_by(keys).aggregate([([], "count_all")])
    known = counts.filter(pc.is_valid(counts.column(keys[0])))
    return int(np.count_nonzero(np.asarray(known.column("count_all")) > 1))


def _lines_of_orders(raw: Raw, key: str, amount: str | None, number: int) -> Iterator[YamlEntry]:
    """`lines: first` where only the first line of an order holds an amount; else it is for a person to say."""
    given = raw.frame if amount is None else raw.frame.filter(pc.is_valid(raw.frame.column(amount)))
    if amount is not None and not _doubled(raw.only(_positions(raw, amount)), [key]) and given.num_rows:
        yield YamlEntry(
            "lines", "first", tr("guessed: {number:,} ids have further lines, without an amount", number=number)
        )
        return
    why = tr(
        "{number:,} ids stand in several lines: first if each repeats the order's amount, sum if they add up",
        number=number,
    )
    yield YamlEntry("lines", "first", why, True)


def _positions(raw: Raw, name: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.flatnonzero(np.asarray(raw.frame.column(name).is_valid())).astype(np.int64)
