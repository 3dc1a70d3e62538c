"""Detect lines that stand in two files, as downloads of overlapping periods do, and would be added up twice.

Pages show what is said here, so that no id is quoted: its row says where it stands.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import text_of, truth
from reachbook.tables.rules import hashes
from reachbook.translation import tr

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]


def twice_added(raw: Raw, contract: Contract, found: Mapping[str, str], typed: pa.Table) -> Iterator[str]:
    """Yield one line where `lines: sum` adds up lines of several files that look like one.

    Parameters
    ----------
    typed : pyarrow.Table
        The table in the types of its contract, in the rows of `raw`.

    Notes
    -----
    What has one id and one time, as an order, stands in one file unless downloads overlap. Lines of a day, a week or a
    person may be spread over files, and count where one, which is not all zero, says word for word the same in two.
    """
    if raw.origin is None:
        return
    single = len(contract.key) == 1 and any(column.kind == "time" and column.needed for column in contract.columns)
    flat = [each.name for each in raw.frame.schema if not pa.types.is_nested(each.type)]
    hashed = _hashed(raw, [found[contract.key[0]]] if single else flat)
    rows = _in_several(hashed, raw.origin, np.ones(len(hashed), bool) if single else _counts(typed, contract))
    if not len(rows):
        return
    first = int(rows[0])
    other = int(np.flatnonzero((hashed == hashed[first]) & (raw.origin != raw.origin[first]))[0])
    if single:
        yield f"{raw.at(first)}: " + tr(
            "this {what} has lines in {other} too, and so {n:,} in all: `lines: sum` adds them up. If the "
            "downloads overlap, that counts them twice: download periods that do not, or state `keep: last` in place "
            "of lines: where one row is a whole {what}.",
            other=raw.at(other),
            n=len(np.unique(hashed[rows])),
            what=tr(contract.row),
        )
        return
    yield f"{raw.at(first)}: " + tr(
        "says word for word what {other} says, and so {n:,} in all: `lines: sum` adds up both. If the downloads "
        "overlap, that counts them twice: download periods that do not.",
        other=raw.at(other),
        n=len(rows),
    )


def _hashed(raw: Raw, names: list[str]) -> Hashes:
    """A number for what each row says in some columns, uint64 array (rows,)."""
    texts = [text_of(_plain(raw.frame.column(name))) for name in names]
    return hashes(pa.table({f"c{place}": text for place, text in enumerate(texts)}))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _counts(typed: pa.Table, contract: Contract) -> npt.NDArray[np.bool_]:
    """Rows in which any money or number is not zero, bool array (rows,)."""
    counts = np.zeros(typed.num_rows, bool)
    for column in contract.columns:
        if column.kind in ("money", "number"):
            values = pc.cast(typed.column(column.name), pa.float64(), safe=False)
            counts |= truth(pc.not_equal(values, 0.0).combine_chunks())
    return counts


def _in_several(hashed: Hashes, origin: Rows, counts: npt.NDArray[np.bool_]) -> Rows:
    """Positions of rows behind the first file, among those that count, whose number an earlier file has too."""
    rows = np.flatnonzero(counts)
    numbers, code = np.unique(hashed[rows], return_inverse=True)
    earliest = np.full(len(numbers), np.iinfo(np.int64).max)
    np.minimum.at(earliest, code, origin[rows])
    return rows[origin[rows] > earliest[code]]
