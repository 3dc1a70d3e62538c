"""A study's tables: located, checked against their contracts, and cached as Parquet under .cache/."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reachbook import hashing
from reachbook.errors import DataError
from reachbook.privacy.people import USERS
from reachbook.stamped import StampedValues
from reachbook.study import leftovers, places, simulated
from reachbook.study.files import StudyFile
from reachbook.study.rights import StudyRights
from reachbook.tables.source import Source
from reachbook.tables.store import Checked, checked
from reachbook.translation import tr, trn, using

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
            leaving = self.rights.leaving(name, self._or_none)
            try:
                places.refuse(source, self._file.root, spec.places)
                found = checked(name, source, self._file.root, self._cache, spec.timezone, now, spec.currency, leaving)
            except DataError as error:
                place = self._file.document.place(("tables", name))
                raise DataError(f"{place}: " + tr("table {name} cannot be used:", name=name) + f"\n{error}") from error
            if leaving is not None:
                leftovers.remove(self._file, name, found, self._cache)
            return self._asked(name, found)

    def _or_none(self, name: str) -> Checked | None:
        return self[name] if name in set(self) else None

    def _asked(self, name: str, found: Checked) -> Checked:
        """Warn of people who have said no where the study does not say why their data may be used."""
        if (
            name != USERS
            or self._file.spec.privacy.basis is not None
            or "consent" not in found.facts.get("columns", {})
        ):
            return found
        refusing = self._of_file(found.path, "refusing.json", _refusing)
        if not refusing:
            return found
        line = trn(
            "{n} person has not consented, and is used all the same. Write in study.yaml what allows it, or "
            "`privacy: {{purpose: ..., basis: consent}}` to leave such people out.",
            "{n} people have not consented, and are used all the same. Write in study.yaml what allows it, or "
            "`privacy: {{purpose: ..., basis: consent}}` to leave such people out.",
            refusing,
        )
        return replace(found, warnings=(*found.warnings, line))

    def _checked_simulation(self, name: str) -> Checked:
        spec, root = self._file.spec, self._file.root
        source = Source(path=str(self._simulated[name].relative_to(root)))
        found = checked(name, source, root, self._cache, spec.timezone, datetime.max)
        facts = {"source": "simulated", "sha256": found.facts["sha256"]}
        about = simulated.about(self._simulated[name])
        if not about:
            return Checked(found.path, found.rows, facts)
        with using(spec.language):
            lines = self.rights.lines(name, about)
        facts |= {"left_out": list(lines)} if lines else {}
        facts |= {"about_sha256": hashing.of_data(about)}
        return Checked(found.path, found.rows, facts, left_out=lines, about=about)

    def _truth(self, name: str) -> Checked:
        path = self._simulated[name]
        rows, sha256 = self._of_file(path, "truths.json", _rows_and_hash)
        return Checked(path, rows, {"source": "simulated", "sha256": sha256})

    def _of_file(self, path: Path, book: str, compute: Callable[[Path], Any]) -> Any:
        """What `compute` says of a file, kept in the cache while the file stays."""
        known = StampedValues(self._cache / book)
        value = known.of(path, compute)
        known.save()
        return value

    @cached_property
    def rights(self) -> StudyRights:
        """Who has to leave the tables."""
        return StudyRights(self._file)

    @cached_property
    def _simulated(self) -> dict[str, Path]:
        """Files of the simulated tables by name, generated if they do not exist yet."""
        if self._file.spec.simulate is None:
            return {}
        own = self[USERS] if USERS in self._file.spec.tables else None
        folder = simulated.folder(self._file, self.rights, own, self._cache)
        return {path.stem: path for path in sorted(folder.glob("*.parquet"))}


def _refusing(users: Path) -> int:
    """People whose consent is no."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    said = pq.read_table(users, columns=["consent"]).column("consent")
    return int(pc.sum(pc.invert(said)).as_py() or 0)


def warned(tables: Mapping[str, Checked]) -> tuple[tuple[str, str], ...]:
    """Collect (table, line) for all rows that look wrong without breaking a contract: refunds, totals, odd ids."""
    return tuple((name, line) for name, table in tables.items() for line in table.warnings)


def left_out(tables: Mapping[str, Checked]) -> tuple[tuple[str, str], ...]:
    """Collect (table, sentence) for all rows that stated rules have left out."""
    return tuple((name, line) for name, table in tables.items() for line in table.left_out)


def departed(tables: Mapping[str, Checked]) -> dict[str, dict[str, Any]]:
    """Collect sums about those who stayed and those who left, by table that anybody has left, without hashes."""
    return {
        name: {group: _without_hashes(sums) for group, sums in table.about.items()}
        for name, table in tables.items()
        if len(table.about) > 1
    }


def _without_hashes(sums: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in sums.items() if key != "hashes"}


def cache_folder(root: Path) -> Path:
    """Folder of a project for files that can be generated again."""
    return root / ".cache"


def _rows_and_hash(path: Path) -> list[Any]:
    import pyarrow.parquet as pq

    return [pq.read_metadata(path).num_rows, hashing.of_file(path)]
