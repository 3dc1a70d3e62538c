"""Schema of a table's source in study.yaml."""

import difflib
import importlib.util
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from reachbook.errors import DataError
from reachbook.spec import Spec
from reachbook.tables.address import holds_secret, told

_PACKAGE = "package://"
_KINDS = (
    {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".pq"},
    {".db", ".sqlite", ".sqlite3", ".duckdb"},
    {".sql"},
)
"""Suffixes of files that can replace each other; only these are suggested for a missing file."""
_MENTION = re.compile(r"\$\{(\w+)\}")


class Source(Spec):
    """One table: a file, the result of a database query, or DuckDB SQL over named files.

    Attributes
    ----------
    path : str or None
        File relative to the project root: .csv .tsv .txt .xlsx .xls .xlsm .xlsb .ods .parquet, or
        `package://<package>/<file>` for a file inside an installed package.
    url : str or None
        Any SQLAlchemy URL; `${NAME}` is taken from the environment, so that a password stays out of the file.
    query : str or None
        SELECT that returns the rows; goes with `url`.
    files : dict of str to str
        File by its name in the SQL.
    sql : str or None
        File with the DuckDB SQL; goes with `files`.
    encoding, delimiter : str or None
        For text files.
    sheet : str or None
        For workbooks; the first sheet by default.
    columns : dict of str to str
        Name in the file, by our name.
    values : dict of str to dict of str to str
        Our value by the value in the file, by our column.
    scale : dict of str to float
        Factor by our column (0.01 where the file holds fen).
    formats : dict of str to str
        strptime format by our column, for dates that are not year-first.
    timezone : str or None
        Zone of times written without an offset; the study's by default.

    Notes
    -----
    Exactly one of `path`, `url` with `query`, or `files` with `sql` is given.
    """

    path: str | None = None
    url: str | None = None
    query: str | None = None
    files: dict[str, str] = Field(default_factory=dict)
    sql: str | None = None
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    scale: dict[str, float] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    timezone: str | None = None

    @field_validator("scale", mode="before")
    @classmethod
    def _whole_factors(cls, value: Any) -> Any:
        """Convert integer factors to float, because YAML allows 100 for 100.0."""
        if not isinstance(value, Mapping):
            return value
        return {k: float(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in value.items()}

    @field_validator("scale")
    @classmethod
    def _usable_factors(cls, value: dict[str, float]) -> dict[str, float]:
        for column, factor in value.items():
            if not 0 < factor < float("inf"):
                raise ValueError(f"scale of {column} is {factor}; it must be above zero and finite")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"{value!r} is not a time zone; write one like Asia/Shanghai or UTC") from None
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                "".encode(value)
            except LookupError:
                raise ValueError(f"{value!r} is not an encoding; write one like utf-8, gb18030 or big5") from None
        return value

    @model_validator(mode="after")
    def _files_are_files(self) -> Self:
        """Refuse a URL in place of a file's name, which would appear in every message about that file."""
        for option, name in (
            ("path", self.path),
            ("sql", self.sql),
            *(("files", each) for each in self.files.values()),
        ):
            if name and not name.startswith(_PACKAGE) and ("://" in name or holds_secret(name)):
                raise ValueError(
                    f"{option} holds a URL ({told(name)}) where a file's name belongs; write a database under url:, "
                    "with its query:, and save a file from the web in the project first."
                )
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [n for n, v in (("path", self.path), ("url", self.url), ("files", self.files)) if v]
        if len(given) != 1:
            raise ValueError(f"a table needs exactly one of path, url or files; here: {', '.join(given) or 'none'}")
        if bool(self.url) != bool(self.query):
            raise ValueError("url and query go together: the query says which rows of the database to read")
        if bool(self.files) != bool(self.sql):
            raise ValueError("files and sql go together: sql names the file with the query over the files")
        return self

    def paths(self, root: Path) -> list[Path]:
        """Every file that this table is made from; empty for a database.

        Raises
        ------
        DataError
            A file is missing.
        """
        named = [self.path, *self.files.values(), self.sql]
        return [locate(name, root) for name in named if name]

    def describe(self) -> str:
        """Name of the source in messages: never a password, never a path of this machine that the user did not
        write.
        """
        if self.path:
            return self.path.removeprefix(_PACKAGE)
        return self.sql or hidden(self.url or "")


def hidden(url: str) -> str:
    """Reduce a URL to what may be shown: scheme, host and database."""
    return told(url)


def expand(url: str) -> str:
    """Replace `${NAME}` in a URL from the environment.

    Raises
    ------
    DataError
        A variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise DataError(
                f"{hidden(url)}: the environment variable {match[1]} is not set. "
                f"Set it before the command, as in {match[1]}=... make reports."
            )
        return os.environ[match[1]]

    return _MENTION.sub(value, url)


def locate(name: str, root: Path) -> Path:
    """Find the file called `name`: relative to `root`, absolute, or inside an installed package.

    Raises
    ------
    DataError
        It is missing, a directory, or empty; the message suggests similar names.
    """
    path = _in_package(name) if name.startswith(_PACKAGE) else root / name
    if path.is_dir():
        inside = ", ".join(sorted(p.name for p in path.iterdir() if p.is_file())[:5])
        raise DataError(
            f"{name}: is a directory, not a file. Name a file in it{f', one of {inside}' if inside else ''}."
        )
    if not path.is_file():
        raise DataError(f"{name}: there is no such file. {_near(path, name)}")
    if path.stat().st_size == 0:
        raise DataError(f"{name}: is empty (0 bytes). Export it again.")
    return path


def _in_package(name: str) -> Path:
    package, _, inner = name.removeprefix(_PACKAGE).partition("/")
    found = importlib.util.find_spec(package) if package.isidentifier() else None
    if found is None or not found.submodule_search_locations:
        raise DataError(f"{name}: the package {package} is not installed. Add it to the environment, or mend its name.")
    return Path(found.submodule_search_locations[0]) / inner


def _near(path: Path, name: str) -> str:
    if not path.parent.is_dir():
        return f"Its folder is missing too; paths start at the project's root. Mend {name!r}."
    kinds = next((each for each in _KINDS if path.suffix.lower() in each), _KINDS[0])
    there = sorted(p.name for p in path.parent.iterdir() if p.is_file() and p.suffix.lower() in kinds)
    near = difflib.get_close_matches(path.name, there, n=3, cutoff=0.5) or there[:3]
    if not near:
        return "Its folder holds no such file of any name; put it there, or mend the path."
    folder = name.rpartition("/")[0]
    return f"Did you mean {' or '.join(f'{folder}/{each}' if folder else each for each in near)}?"
