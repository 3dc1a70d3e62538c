"""Content hashes of tables, and checked tables in the cache; light to import while no table has changed."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reachbook import atomic, hashing
from reachbook.errors import DataError
from reachbook.stamped import StampedValues, stamp
from reachbook.tables.contract import CONTRACTS, empty
from reachbook.tables.files import locate
from reachbook.tables.leaving import Leaving, Left, counts, unnamed
from reachbook.tables.masking import masked
from reachbook.tables.preset import for_table, resolved
from reachbook.tables.source import Source
from reachbook.translation import language, tr

if TYPE_CHECKING:
    import pyarrow as pa

    from reachbook.tables.check import CheckOutcome
    from reachbook.tables.formats.raw import Raw

__all__ = ["Checked", "checked", "empty", "fingerprint"]


@dataclass(frozen=True)
class Checked:
    """A table that satisfies its contract.

    Attributes
    ----------
    path : Path
        Parquet file in the cache.
    rows : int
        Number of rows.
    facts : dict
        Where it came from and how it was read (source, encoding, sheet, columns ...), for provenance. `sha256` is the
        hash of `path`, `source_sha256` that of the source's content; `warnings` only if there are any.
    warnings : tuple of str
        What looks wrong about its rows, one line each; a function of the content.
    counts : mapping of str to mapping of str to int
        Number of rows by value, by "table: column", for text columns with few distinct values, including columns that
        are not read.
    left_out : tuple of str
        What stated rules have left out, one sentence a rule.
    about : mapping
        Sums about the people who stayed and those who left, see `reachbook.privacy.sums`; empty where nobody had to
        leave.
    """

    path: Path
    rows: int
    facts: dict[str, Any]
    warnings: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)


def fingerprint(source: Source, root: Path, cache: Path) -> str:
    """SHA-256 of the content of a table: the bytes of its files, or the rows its database query returns.

    Raises
    ------
    DataError
        A file is missing, or the database cannot be queried.
    """
    return _content(resolved(source), root, cache)[0]


def checked(
    name: str,
    source: Source,
    root: Path,
    cache: Path,
    timezone: str,
    now: datetime,
    currency: str = "",
    leaving: Leaving | None = None,
) -> Checked:
    """Return the table `name` in the form of its contract, from the cache or read and checked now.

    Parameters
    ----------
    name : str
        Name of a contract.
    root : Path
        The project's folder, where relative paths start.
    timezone : str
        The study's zone; times come out as its naive local time.
    now : datetime
        Events after it are refused; naive means in `timezone`.
    currency : str
        The study's currency; money stated in another one is refused. "" skips this check.
    leaving : Leaving or None
        Who leaves before the table is stored.

    Raises
    ------
    DataError
        The table cannot be used; up to 20 lines, each naming file, row, column, value and remedy.
    """
    if name not in CONTRACTS:
        raise DataError(f"{name}: " + tr("there is no such table. Tables are {tables}.", tables=", ".join(CONTRACTS)))
    for_table(source, name)
    source = resolved(source)
    before = _stamps(source, root)
    content, raw = _first_read(name, source, root, cache) or _content(source, root, cache)
    path = _place(name, source, cache, content, timezone, currency, leaving.digest if leaving else "")
    if not (path.is_file() and path.with_suffix(".json").is_file()):
        from reachbook.tables.writing import writer

        with writer(path) as writing:
            begin = writing.begin if leaving is None else None
            found = _check(name, source, raw, root, timezone, now, currency, begin)
            if _stamps(source, root) != before:
                raise DataError(
                    f"{source.describe()}: " + tr("changed while it was being read. Run again when it is complete.")
                )
            stated = [each.describe() for each in found.left_out]
            if leaving is None:
                left, values, warnings = Left(found.table), found.counts, found.warnings
            else:
                left = leaving.leave(found.table)
                values, warnings = counts(left.table, CONTRACTS[name]), unnamed(found.warnings, left.gone)
            facts = {**found.facts, "columns": found.columns}
            sha = writing.finish(left.table)
        _keep(path, name, left, facts, content, sha, warnings, stated, values)
    return _kept(path)


def shrunk(
    name: str, source: Source, cache: Path, timezone: str, currency: str, old: Checked, left: Left, digest: str
) -> Checked:
    """Store what is left of a stored table as reading its source again would store it.

    Parameters
    ----------
    old : Checked
        The stored table.
    left : Left
        What is left of it; its sentences and sums are those of the source as a whole.
    digest : str
        `Leaving.digest` by which it will be looked for.
    """
    from reachbook.tables.writing import writer

    content = old.facts["source_sha256"]
    path = _place(name, resolved(source), cache, content, timezone, currency, digest)
    made = ("rows", "warnings", "left_out", "sha256", "source_sha256", "about_sha256")
    facts = {key: each for key, each in old.facts.items() if key not in made}
    with writer(path) as writing:
        sha = writing.finish(left.table)
    values, warnings = counts(left.table, CONTRACTS[name]), unnamed(old.facts.get("warnings", ()), left.gone)
    _keep(path, name, left, facts, content, sha, warnings, (), values)
    return _kept(path)


def _place(name: str, source: Source, cache: Path, content: str, timezone: str, currency: str, rights: str) -> Path:
    """Where a table is kept, by everything that decides its rows and sentences."""
    more = [rights] if rights else []
    key = _digest(content, source.model_dump_json(), timezone, name, currency, _own_source(), language(), *more)
    return cache / "tables" / f"{name}-{key[:24]}.parquet"


def _keep(
    path: Path,
    name: str,
    left: Left,
    facts: Mapping[str, Any],
    content: str,
    sha: str,
    warnings: Sequence[str],
    stated: Sequence[str],
    values: Mapping[str, Mapping[str, int]],
) -> None:
    """Write the notes of a table; facts that are empty are left away, so that quiet tables keep their records.

    Notes
    -----
    Sentences may quote cells and stand on pages: personal details in them are masked.
    """
    lists = {"warnings": masked(warnings), "left_out": masked([*stated, *left.lines])}
    known = {
        **facts,
        "rows": left.table.num_rows,
        **{key: lines for key, lines in lists.items() if lines},
        "sha256": sha,
        "source_sha256": content,
        **({"about_sha256": hashing.of_data(left.about)} if left.about else {}),
    }
    counted = {f"{name}: {column}": each for column, each in values.items()}
    notes = {"rows": left.table.num_rows, "facts": known, "counts": counted, "about": left.about}
    atomic.write_text(path.with_suffix(".json"), json.dumps(notes, ensure_ascii=False))


def _kept(path: Path) -> Checked:
    kept = json.loads(path.with_suffix(".json").read_text("utf-8"))
    facts = kept["facts"]
    return Checked(
        path,
        kept["rows"],
        facts,
        tuple(facts.get("warnings", ())),
        kept.get("counts", {}),
        tuple(facts.get("left_out", ())),
        kept.get("about", {}),
    )


def copies(name: str, table: Checked, cache: Path) -> list[tuple[Path, bool]]:
    """Other copies of a table from the same source in the cache, older ones or with other people in them.

    Returns
    -------
    list of tuple of (Path, bool)
        Parquet file, and whether people had to leave it.
    """
    found = []
    for notes in sorted((cache / "tables").glob(f"{name}-*.json")):
        kept = json.loads(notes.read_text("utf-8"))
        if notes.stem != table.path.stem and kept["facts"].get("source") == table.facts.get("source"):
            found.append((notes.with_suffix(".parquet"), bool(kept.get("about"))))
    return found


def remove(path: Path) -> None:
    """Remove a table from the cache."""
    path.with_suffix(".json").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _check(
    name: str,
    source: Source,
    raw: "Raw | None",
    root: Path,
    timezone: str,
    now: datetime,
    currency: str,
    ready: "Callable[[pa.Table], None] | None",
) -> "CheckOutcome":
    from reachbook.tables.check import check
    from reachbook.tables.formats.read import read
    from reachbook.tables.parts import together

    contract = CONTRACTS[name]
    if not source.parts:
        return check(raw or read(source, root), contract, source, timezone, now, currency, ready)
    parts = [
        (part.describe(), check(read(part, root), contract, part, timezone, now, currency)) for part in source.parts
    ]
    return together(parts, contract)


def _content(source: Source, root: Path, cache: Path) -> "tuple[str, Raw | None]":
    """Content hash, and for a database also the rows, so that the rows hashed are the rows checked."""
    if source.url:
        from reachbook.tables.formats.database import digest
        from reachbook.tables.formats.read import read

        raw = read(source, root)
        return digest(raw, source.query or ""), raw
    if source.parts:
        return _digest(*(_content(part, root, cache)[0] for part in source.parts)), None
    if source.path:
        return _hash_file(locate(source.path, root), cache), None
    if source.paths:
        files = [f"{name}={_hash_file(locate(name, root), cache)}" for name, _ in source.named(root)]
        return _digest(*files), None
    parts = [f"{name}={_hash_file(locate(file, root), cache)}" for name, file in sorted(source.files.items())]
    return _digest(*parts, locate(source.sql or "", root).read_text("utf-8")), None


def _first_read(name: str, source: Source, root: Path, cache: Path) -> "tuple[str, Raw] | None":
    """As `_content`, of a file that is hashed while it is read, because no such table can be in the cache; None of
    other sources.
    """
    if not source.path or any((cache / "tables").glob(f"{name}-*.parquet")):
        return None
    path = locate(source.path, root)
    with ThreadPoolExecutor(1) as pool:
        content = pool.submit(_hash_file, path, cache)
        from reachbook.tables.formats.read import read

        raw = read(source, root)
        return content.result(), raw


def _hash_file(path: Path, cache: Path) -> str:
    """SHA-256 of a file, from the cache while its size, times and inode are unchanged."""
    book = StampedValues(cache / "hashes.json")
    value: str = book.of(path, hashing.of_file)
    book.save()
    return value


def _stamps(source: Source, root: Path) -> list[list[int]]:
    return [stamp(path) for path in source.all_files(root)]


@once
def _own_source() -> str:
    """Hash of the code that reads and checks, and of its sentences: another one may give another table, or say it
    otherwise.
    """
    here = Path(__file__).parent
    beside = [here.parent / name for name in ("query.py", "arrays.py")]
    inside = [*sorted(here.rglob("*.py")), *sorted(here.rglob("*.po"))]
    return _digest(*(path.read_text("utf-8") for path in [*inside, *beside]))


def _digest(*parts: str) -> str:
    """SHA-256 of several texts; their lengths distinguish ("ab", "c") from ("a", "bc")."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()
