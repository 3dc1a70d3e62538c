"""Opens an export as it lies there: its encoding, delimiter, sheets and the row of its column names."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reachbook.draft.entries import YamlEntry, plain
from reachbook.draft.first_rows import Rows, TextStart, sheet_starts, text_start
from reachbook.draft.found_files import KINDS
from reachbook.draft.kept_files import kept_file
from reachbook.draft.recognition import Match, match
from reachbook.errors import DataError
from reachbook.tables import preset
from reachbook.tables.files import locate
from reachbook.tables.formats.preamble import LOOKED, header_below
from reachbook.tables.formats.raw import Raw
from reachbook.tables.formats.read import TEXT, WORKBOOK
from reachbook.tables.source import Source
from reachbook.translation import mark, tr

_BETWEEN = {
    "\t": mark("guessed: a tab stands between the cells"),
    ";": mark("guessed: a semicolon stands between the cells"),
    "|": mark("guessed: a bar stands between the cells"),
    ",": mark("guessed: a comma stands between the cells"),
}
_VALUE = re.compile(r"[¥￥$]?[\d.,:/\-+%]*\d[\d.,:/\-+% ]*|(?:19|20)\d\d[-/年].*")


@dataclass(frozen=True)
class Opened:
    """A file, or a sheet of it, as far as it can be read without knowing what it is.

    Attributes
    ----------
    name : str
        As in study.yaml.
    options : tuple of YamlEntry
        What has to be stated to open it.
    names : tuple of str
        Its column names.
    match : Match or None
        The preset that it was recognised by.
    """

    name: str
    options: tuple[YamlEntry, ...]
    names: tuple[str, ...]
    match: Match | None

    @property
    def shown(self) -> str:
        """The file, with its sheet where that is not the first."""
        sheet = next((each.value for each in self.options if each.key == "sheet"), "")
        return f"{self.name} ({sheet})" if sheet else self.name

    def read(self, root: Path, **more: object) -> Raw:
        """The whole table as text.

        Raises
        ------
        DataError
            It cannot be read so.
        """
        stated = json.dumps({"path": self.name, **plain(self.options), **more})
        return kept_file(self.name, Source.model_validate_json(stated), root)


def opened(name: str, root: Path) -> Iterator[Opened]:
    """Yield the tables of a file, one for each sheet that holds any.

    Raises
    ------
    DataError
        The file cannot be opened, or has no column names.
    """
    suffix = locate(name, root).suffix.lower()
    if suffix not in KINDS:
        raise DataError(f"{name}: " + tr("is no kind of table file. Those are {kinds}.", kinds=" ".join(KINDS)))
    if suffix in TEXT:
        yield _text(name, root)
    elif suffix in WORKBOOK:
        yield from _sheets(name, root)
    else:
        names = tuple(kept_file(name, Source(path=name), root).frame.column_names)
        yield Opened(name, (), names, match(names))


def _text(name: str, root: Path) -> Opened:
    start = text_start(name, root)
    usual = "\t" if name.lower().endswith(".tsv") or (name.lower().endswith(".txt") and start.tabs) else ","
    stated = [YamlEntry("delimiter", start.delimiter, tr(_BETWEEN[start.delimiter]))]
    return _table(name, [*_encoding(start), *(stated if start.delimiter != usual else ())], start.rows)


def _encoding(start: TextStart) -> list[YamlEntry]:
    """The encoding where it has to be stated, and why it is guessed."""
    if not start.encoding:
        return []
    if not start.signs:
        return [YamlEntry("encoding", start.encoding, tr("guessed: digits have a byte of nought beside them"))]
    said = tr("guessed: it is not UTF-8, and begins with {signs} in this encoding", signs=start.signs)
    return [YamlEntry("encoding", start.encoding, said)]


def _sheets(name: str, root: Path) -> Iterator[Opened]:
    for i, (sheet, rows) in enumerate(sheet_starts(name, root).items()):
        if any(any(row) for row in rows):
            yield _table(name, [YamlEntry("sheet", sheet)] if i else [], rows)


def _table(name: str, options: list[YamlEntry], rows: Rows) -> Opened:
    """Find the column names.

    Raises
    ------
    DataError
        The file is blank, or begins with values.
    """
    first = next((i for i, row in enumerate(rows) if any(map(str.strip, row))), None)
    if first is None:
        raise DataError(f"{name}: " + tr("holds only blank rows. Export it again."))
    header = _header(rows, first)
    names = tuple(cell.strip() for cell in rows[header])
    known = match(names)
    if known is None and sum(bool(_VALUE.fullmatch(each)) for each in names) > len(names) / 2:
        raise DataError(f"{name}: " + tr("its first row holds values, not names. Add a row of column names on top."))
    if header != first and not (known and {"header", "comment"} & {*preset.load(known.preset).options}):
        options = [*options, *_above(rows, first, header)]
    return Opened(name, tuple(options), names, known)


def _header(rows: Rows, first: int) -> int:
    """Position of the column names: of a preset's, else below a title or a note, else the first filled row."""
    known = next((i for i, row in enumerate(rows[:LOOKED]) if match([cell.strip() for cell in row])), None)
    if known is not None:
        return known
    filled = [i for i, row in enumerate(rows) if any(map(str.strip, row))][:LOOKED]
    below = header_below([rows[i] for i in filled])
    return first if below is None else filled[below]


def _above(rows: Sequence[Sequence[str]], first: int, header: int) -> list[YamlEntry]:
    signs = {row[0][:1] for row in rows[first:header] if row and row[0]}
    if signs == {"#"} and not any(row and row[0].startswith("#") for row in rows[header:]):
        return [YamlEntry("comment", "#", tr("guessed: the lines above the column names begin with it"))]
    return [YamlEntry("header", header + 1, tr("guessed: the rows above are a title or notes"))]
