"""A study's tables: located, checked against their contracts, and cached as Parquet under .cache/."""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reachbook import hashing
from reachbook.errors import DataError
from reachbook.stamped import StampedValues
from reachbook.study.files import StudyFile
from reachbook.tables.source import Source
from reachbook.tables.store import Checked, checked
from reachbook.translation import tr, using

TRUTH = "truth_"


class Data(Mapping[str, Checked]):
    """Tables of a study by name, each read and checked on first access.

    Notes
    -----
    Simulated tables and their truths (`truth_*`) are generated once and cached. Truths have no contract, because only
    the simulator writes them.
    """

    def __init__(self, file: StudyFile) -> None:
        self._file = file
        self._cache = cache_folder(file.root)
        self._checked: dict[str, Checked] = {}

    def __getitem__(self, name: str) -> Checked:
        """Return the table `name`.

        Raises
        ------
        KeyError
            The study has no such table.
        DataError
            The table breaks its contract.
        """
        if name not in self._checked:
            self._checked[name] = self._truth(name) if name.startswith(TRUTH) else self._check(name)
        return self._checked[name]

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys([*self._file.spec.tables, *self._simulated])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _check(self, name: str) -> Checked:
        spec = self._file.spec
        if name not in spec.tables:
            return self._checked_simulation(name)
        source = spec.tables[name]
        now = datetime.now(ZoneInfo(spec.timezone)).replace(tzinfo=None)
        with using(spec.language):
            try:
                return checked(name, source, self._file.root, self._cache, spec.timezone, now, spec.currency)
            except DataError as error:
                place = self._file.document.place(("tables", name))
                raise DataError(f"{place}: " + tr("table {name} cannot be used:", name=name) + f"\n{error}") from error

    def _checked_simulation(self, name: str) -> Checked:
        spec, root = self._file.spec, self._file.root
        source = Source(path=str(self._simulated[name].relative_to(root)))
        found = checked(name, source, root, self._cache, spec.timezone, datetime.max)
        return Checked(found.path, found.rows, {"source": "simulated", "sha256": found.facts["sha256"]})

    def _truth(self, name: str) -> Checked:
        path, book = self._simulated[name], StampedValues(self._cache / "truths.json")
        rows, sha256 = book.of(path, _rows_and_hash)
        book.save()
        return Checked(path, rows, {"source": "simulated", "sha256": sha256})

    @cached_property
    def _simulated(self) -> dict[str, Path]:
        """Files of the simulated tables by name, generated if they do not exist yet."""
        spec = self._file.spec
        if spec.simulate is None:
            return {}
        period = [spec.period.start.isoformat(), spec.period.end.isoformat()]
        key = hashing.of_data([spec.simulate.model_dump(mode="json"), period, spec.seed, _simulator()])
        folder = self._cache / "demo" / key[:24]
        if not folder.is_dir():
            self._simulate(folder)
        return {path.stem: path for path in sorted(folder.glob("*.parquet"))}

    def _simulate(self, folder: Path) -> None:
        from reachbook.demo.store import write

        spec = self._file.spec
        beside = folder.with_name(f".{folder.name}.{os.getpid()}")
        try:
            assert spec.simulate is not None
            write(spec.simulate, spec.period.start, spec.period.end, spec.seed, beside)
            beside.replace(folder)
        except OSError:
            if not folder.is_dir():  # another process may have been first, with the same bytes
                raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def warned(tables: Mapping[str, Checked]) -> tuple[tuple[str, str], ...]:
    """Collect (table, line) for all rows that look wrong without breaking a contract: refunds, totals, odd ids."""
    return tuple((name, line) for name, table in tables.items() for line in table.warnings)


def left_out(tables: Mapping[str, Checked]) -> tuple[tuple[str, str], ...]:
    """Collect (table, sentence) for all rows that stated rules have left out."""
    return tuple((name, line) for name, table in tables.items() for line in table.left_out)


def cache_folder(root: Path) -> Path:
    """Folder of a project for files that can be generated again."""
    return root / ".cache"


def _rows_and_hash(path: Path) -> list[Any]:
    import pyarrow.parquet as pq

    return [pq.read_metadata(path).num_rows, hashing.of_file(path)]


def _simulator() -> str:
    """SHA-256 of the simulator's source."""
    folder = Path(__file__).parents[1] / "demo"
    return hashing.of_data([hashing.of_file(path) for path in sorted(folder.rglob("*.py"))])
