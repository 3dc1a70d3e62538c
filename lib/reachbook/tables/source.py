"""Schema of a table's source in study.yaml."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from reachbook.errors import DataError
from reachbook.spec import Spec
from reachbook.tables.address import holds_secret, shown_url
from reachbook.tables.condition import Condition
from reachbook.tables.files import PACKAGE, locate, matching
from reachbook.tables.option_types import Encoding, Factors, Footer, Formats, Header, Keep, NumberRule, Patterns, Zone
from reachbook.translation import tr

_MENTION = re.compile(r"\$\{(\w+)\}")


_CLEARED = (
    *("delimiter", "decimal", "comment", "encoding", "header", "footer", "totals", "sheet", "block", "records"),
    *("columns", "constants", "from_name", "values", "missing", "trim", "numbers", "scale", "formats", "timezone"),
    *("lines", "keep", "refund_rows", "where", "subtract"),
)
"""Options that can be taken back where a preset or another study states them."""


def _tuples(value: Any) -> Any:
    """Lists as tuples, at any depth: behind a validator strict schemas take no list for a tuple."""
    if isinstance(value, Mapping):
        return {key: _tuples(each) for key, each in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value


class Source(Spec):
    """One table: files, the result of a database query, or DuckDB SQL over named files.

    Notes
    -----
    Exactly one of `path`, `paths`, `parts`, `url` with `query`, or `files` with `sql` is given. Nothing is left out,
    cleaned or converted unless an option here, or in the preset, says so; what is left out is counted and shown. An
    option stated as `{}`, `[]` or null counts as not stated, and takes back what a preset or `extends` says; so does a
    column of `where:` or `refund_rows:` that is stated as null.
    """

    preset: str | None = Field(
        default=None, description="options for a known export, listed by `make presets`, as in `preset: taobao_orders`"
    )
    path: str | None = Field(
        default=None,
        description="file relative to the project root (.csv .tsv .txt .json .jsonl .xml .xlsx .xls .xlsm .xlsb .ods "
        ".parquet), or `package://<package>/<file>` for a file inside an installed package",
    )
    paths: str | tuple[str, ...] | dict[str, dict[str, str]] | None = Field(
        default=None,
        description="several files with the same columns, by name or pattern, as in `paths: data/acme/weibo_*.csv`; "
        "with constants for each: `paths: {data/acme/weibo_*.csv: {platform: weibo}}`",
    )
    parts: tuple["Source", ...] = Field(
        default=(),
        description="sources that together are the table, each with its own options, as in "
        "`parts: [{preset: mediacrawler_xhs_comments, path: data/acme/xhs.csv}, ...]`",
    )
    url: str | None = Field(
        default=None,
        description="any SQLAlchemy URL; `${NAME}` is taken from the environment, so that a password stays out of the "
        "file",
    )
    query: str | None = Field(default=None, description="one SELECT: the rows of the database to read")
    most_seconds: int = Field(
        default=300, ge=1, description="seconds that a database may take for the query; a longer one is stopped"
    )
    files: dict[str, str] = Field(default_factory=dict, description="file by its name in the SQL")
    sql: str | None = Field(default=None, description="file with the DuckDB SQL over `files`")

    encoding: Encoding | None = Field(
        default=None,
        description="encoding of a text file, as in `encoding: big5`; left out: UTF-8, else GB18030; what looks like "
        "Big5 is refused",
    )
    delimiter: str | None = Field(
        default=None,
        min_length=1,
        max_length=1,
        description="character between the cells of a text file; left out: found in the file",
    )
    decimal: Literal[".", ","] = Field(
        default=".", description='sign between units and decimals; with `decimal: ","`, 1.234,50 is 1234.5'
    )
    comment: str | None = Field(
        default=None,
        min_length=1,
        max_length=3,
        description='lines that begin with this are left out, as in `comment: "#"`',
    )
    header: Header = Field(
        default=None,
        description="row of the column names: its number (`header: 3`), or a name in it (`header: 消耗`; several names "
        "are alternatives); left out: the first row",
    )
    footer: Footer = Field(
        default=None,
        description="rows to leave out at the end: how many (`footer: 2`), or all from the last row whose first filled "
        "cell begins so (`footer: Total of`)",
    )
    totals: Literal["keep", "leave_out"] = Field(
        default="keep",
        description="`leave_out` drops rows that name themselves 合计, Total or the like, or are the sum of all others",
    )
    sheet: str | None = Field(default=None, description="sheet of a workbook; left out: the first")
    block: str | None = Field(
        default=None, pattern="^[A-Z]{1,3}:[A-Z]{1,3}$", description="columns of a block of the sheet, as in `F:K`"
    )
    most_columns: int = Field(
        default=1_000, ge=1, description="columns that a file may have; a wider one is refused before it is read"
    )
    most_cells: int = Field(
        default=50_000_000,
        ge=1,
        description="cells from the first to the last filled one that a sheet may have; a stray cell far outside the "
        "table makes more",
    )
    most_groups: int = Field(
        default=200,
        ge=2,
        description="different values that platform, channel and arm may have, each of which has its own figures",
    )
    most_unpacked: int = Field(
        default=2_000, ge=1, description="megabytes that a workbook may take when it is unpacked"
    )
    records: str | None = Field(
        default=None, description="where the rows stand in a JSON file, as in `records: data.list`; left out: found"
    )

    columns: dict[str, str | tuple[str, ...]] = Field(
        default_factory=dict,
        description="name in the file, by our name; several are alternatives, as in `columns: {spend: [消耗, 花费]}`",
    )
    constants: dict[str, str] = Field(
        default_factory=dict, description="value of a column that the file lacks, as in `constants: {platform: weibo}`"
    )
    from_name: Patterns = Field(
        default_factory=dict,
        description=r"value of a column taken from the file's name by a regular expression, as in "
        r"`from_name: {week: '\d{4}-\d{2}-\d{2}'}`",
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="our value by the value in the file, by our column"
    )
    missing: tuple[str, ...] = Field(
        default=(), description='cells that mean "no value", in every column, as in `missing: ["--", "无"]`'
    )
    trim: bool = Field(
        default=False,
        description='take off what exports put around values: ="...", a leading apostrophe, spaces and tabs; texts '
        "stay as they are",
    )
    numbers: dict[str, NumberRule | tuple[NumberRule, ...]] = Field(
        default_factory=dict,
        description="how numbers may be written, by our column: `currency` (¥1,234), `rounded` (1.2万, 3w, 4k), "
        "`at_least` (10+ is 10), `below_as_limit` (< 10 is 10), `below_as_missing`, `percent` (3.1% is 0.031), "
        "`duration` (1分20秒 is 80)",
    )
    scale: Factors = Field(
        default_factory=dict,
        description="factor by our column: 0.01 where the file holds fen, or percent points without a sign",
    )
    formats: Formats = Field(
        default_factory=dict,
        description="format of times by our column where they are not year-first: strptime's, as in `%d/%m/%Y`, or "
        "`epoch_s`, `epoch_ms` (counted since 1970 in UTC); also of the column that keep: goes by",
    )
    timezone: Zone | None = Field(
        default=None, description="zone of times written without an offset; left out: the study's"
    )

    lines: Literal["first", "sum"] | None = Field(
        default=None,
        description="several lines for one row: `first` takes the first (the others must not differ in what is read; "
        "elsewhere they are counted), `sum` adds up money and numbers, and counts where other columns differ",
    )
    keep: Keep | None = Field(
        default=None,
        description="which of several rows with one id stays, as in `keep: newest by last_modify_ts`; also "
        "`oldest by ...`, `first`, `last`",
    )
    refund_rows: dict[str, Condition] = Field(
        default_factory=dict,
        description="rows that are refunds of the order with the same id, as in `refund_rows: {类型: [退款]}`: their "
        "money is taken off it; where: does not apply to them",
    )
    where: dict[str, Condition] = Field(
        default_factory=dict,
        description="rows that count, by a column of the file: one of some values (`where: {订单状态: [交易成功]}`), "
        "`filled`, `empty`, or `{other_than: [交易关闭]}`; `where: {}` takes back what a preset or `extends` states, "
        "`where: {订单状态: null}` one column of it",
    )
    subtract: dict[str, str | tuple[str, ...]] = Field(
        default_factory=dict,
        description="columns to take off one of ours, as in `subtract: {amount: Refunded Amount}`; empty cells are 0",
    )

    @field_validator(*_CLEARED, mode="before")
    @classmethod
    def _stated_or_cleared(cls, value: Any, info: ValidationInfo) -> Any:
        """Take `{}`, `[]` and null for "as if not stated", and lists for tuples; one text is a list of one."""
        name = str(info.field_name)
        if value is None or (isinstance(value, (list, tuple, dict)) and not value):
            return cls.model_fields[name].get_default(call_default_factory=True)
        return (value,) if name == "missing" and isinstance(value, str) else _tuples(value)

    @model_validator(mode="after")
    def _files_are_files(self) -> Self:
        """Refuse a URL in place of a file's name, which would appear in every message about that file."""
        for option, name in (
            ("path", self.path),
            *(("paths", each) for each in self.patterns),
            ("sql", self.sql),
            *(("files", each) for each in self.files.values()),
        ):
            if name and not name.startswith(PACKAGE) and ("://" in name or holds_secret(name)):
                raise ValueError(
                    tr(
                        "{option} holds a URL ({url}) where a file's name belongs; write a database under "
                        "url:, with its query:, and save a file from the web in the project first.",
                        option=option,
                        url=shown_url(name),
                    )
                )
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = {
            "path": self.path,
            "paths": self.paths,
            "parts": self.parts,
            "url": self.url,
            "files": self.files,
        }
        given = [name for name, value in kinds.items() if value]
        if len(given) != 1:
            raise ValueError(
                tr(
                    "a table needs exactly one of path, paths, parts, url or files; here: {given}",
                    given=", ".join(given) or tr("none"),
                )
            )
        if bool(self.url) != bool(self.query):
            raise ValueError(tr("url and query go together: the query says which rows of the database to read"))
        if bool(self.files) != bool(self.sql):
            raise ValueError(tr("files and sql go together: sql names the file with the query over the files"))
        others = [name for name in type(self).model_fields if self.states(name) and name != "parts"]
        if self.parts and others:
            raise ValueError(
                tr("parts stands alone: write {others} inside each part that needs it", others=", ".join(others))
            )
        if any(part.parts for part in self.parts):
            raise ValueError(tr("parts holds a part with parts of its own: list them all on one level"))
        return self

    @model_validator(mode="after")
    def _rows_agree(self) -> Self:
        if self.lines and self.keep:
            raise ValueError(
                tr(
                    "lines and keep contradict each other: either several rows with one id are lines of one "
                    "row (lines), or versions of it (keep)"
                )
            )
        if self.refund_rows and (self.lines or self.keep):
            raise ValueError(
                tr(
                    "refund_rows and {option} contradict each other: which refunds belong to which row would "
                    "be a guess. Put the rows together in SQL (files, sql)",
                    option="lines" if self.lines else "keep",
                )
            )
        fixed = {column for constants in self.patterns.values() for column in constants}
        twice = sorted({*self.constants, *self.from_name} & {*self.columns})
        twice += sorted({*self.constants, *fixed} & {*self.from_name}) + sorted(fixed & {*self.columns})
        if twice:
            raise ValueError(
                tr("{twice} has two origins; keep one of columns, constants and from_name for it", twice=twice[0])
            )
        return self

    def states(self, option: str) -> bool:
        """Whether an option has another value than its default."""
        default = type(self).model_fields[option].get_default(call_default_factory=True)
        return bool(getattr(self, option) != default)

    @property
    def patterns(self) -> dict[str, dict[str, str]]:
        """Constants by pattern of `paths`."""
        if self.paths is None:
            return {}
        if isinstance(self.paths, str):
            return {self.paths: {}}
        return dict(self.paths) if isinstance(self.paths, dict) else {each: {} for each in self.paths}

    def named(self, root: Path) -> list[tuple[str, dict[str, str]]]:
        """Name of each file of `path` or `paths` with its constants, each file once.

        Raises
        ------
        DataError
            A pattern matches no file, or two patterns match one file.
        """
        if self.path:
            return [(self.path, {})]
        listed = [(name, fixed) for pattern, fixed in self.patterns.items() for name in matching(pattern, root)]
        names = [name for name, _ in listed]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise DataError(f"{twice}: " + tr("matches two patterns of paths:. Make them exclude each other."))
        return listed

    def all_files(self, root: Path) -> list[Path]:
        """Every file that this table is made from; empty for a database.

        Raises
        ------
        DataError
            A file is missing.
        """
        inner = [path for part in self.parts for path in part.all_files(root)]
        named = [*(name for name, _ in self.named(root)), *self.files.values(), *([self.sql] if self.sql else [])]
        return [*inner, *(locate(name, root) for name in named)]

    def describe(self) -> str:
        """Name of the source in messages: never a password, never a path of this machine that the user did not
        write.
        """
        if self.parts:
            return ", ".join(part.describe() for part in self.parts)
        if self.path or self.paths:
            return ", ".join(each.removeprefix(PACKAGE) for each in ([self.path] if self.path else self.patterns))
        return self.sql or hidden(self.url or "")


def hidden(url: str) -> str:
    """Reduce a URL to what may be shown: scheme, host and database."""
    return shown_url(url)


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
                f"{hidden(url)}: "
                + tr(
                    "the environment variable {name} is not set. Set it before the command, as in "
                    "{name}=... make reports.",
                    name=match[1],
                )
            )
        return os.environ[match[1]]

    return _MENTION.sub(value, url)
