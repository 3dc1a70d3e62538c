"""A checked table written beside its place, from the moment its rows are known, and put there once it is right."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reachbook import atomic, hashing

_SAMPLE = 20_000


class Writer:
    """Writes one table on a thread of its own."""

    def __init__(self, path: Path, pool: ThreadPoolExecutor) -> None:
        self._path, self._pool = path, pool
        self._beside = atomic.beside(path)
        self._begun: tuple[pa.Table, Future[str]] | None = None

    def begin(self, table: pa.Table) -> None:
        """Start to write a table whose last checks are still to come."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._begun = table, self._pool.submit(_written, table, self._beside)

    def finish(self, table: pa.Table) -> str:
        """Put the table in its place, and return the SHA-256 of the file, which is the table's content in versions."""
        if self._begun is None or self._begun[0] is not table:
            self.drop()
            self.begin(table)
        assert self._begun is not None
        sha = self._begun[1].result()
        atomic.put(self._beside, self._path)
        return sha

    def drop(self) -> None:
        """Wait for what was begun, and remove it unless it is in its place."""
        if self._begun is not None:
            self._begun[1].exception()
        self._beside.unlink(missing_ok=True)


@contextmanager
def writer(path: Path) -> Iterator[Writer]:
    """A writer for the file `path`, which stays away where an error ends the block."""
    with ThreadPoolExecutor(1) as pool:
        here = Writer(path, pool)
        try:
            yield here
        finally:
            here.drop()


def _written(table: pa.Table, path: Path) -> str:
    numbers = [field.name for field in table.schema if not pa.types.is_string(field.type)]
    try:
        pq.write_table(table, path, compression="zstd", use_dictionary=_repeating(table), write_statistics=numbers)
    except OSError as error:
        error.filename = str(path)  # its message alone says which
        raise
    return hashing.of_file(path)


def _repeating(table: pa.Table) -> list[str]:
    """Columns whose values repeat themselves: of others a dictionary only costs time."""
    sample = table.slice(0, _SAMPLE)
    flat = [field.name for field in table.schema if not pa.types.is_nested(field.type)]
    return [name for name in flat if 20 * len(sample.column(name).unique()) <= sample.num_rows]
