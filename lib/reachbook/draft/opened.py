"""Opens an export as it lies there: its encoding, delimiter, sheets and the row of its column names."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reachbook.draft.entries import YamlEntry, plain
from reachbook.draft.found_files import KINDS
from reachbook.draft.kept_files import kept_file
from reachbook.draft.recognition import Match, match
from reachbook.errors import DataError
from reachbook.tables import preset
from reachbook.tables.files import locate
from reachbook.tables.formats.big5 import big5, first_signs
from reachbook.tables.formats.encoding import recode
from reachbook.tables.formats.preamble import LOOKED, header_below
from reachbook.tables.formats.raw import Raw
from reachbook.tables.formats.read import TEXT, WORKBOOK
from reachbook.tables.kinds.cells import cell_text
from reachbook.tables.source import Source
from reachbook.translation import mark, tr

Rows = list[list[str]]
_DELIMITERS = ",\t;|"
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
    data, encoding = _decoded(locate(name, root).read_bytes(), name)
    delimiter, rows = _split(data)
    usual = "\t" if name.lower().endswith(".tsv") or _tabs(name, data) else ","
    stated = [YamlEntry("delimiter", delimiter, tr(_BETWEEN[delimiter]))]
    return _table(name, [*encoding, *(stated if delimiter != usual else ())], rows)


def _tabs(name: str, data: bytes) -> bool:
    return name.lower().endswith(".txt") and b"\t" in data.partition(b"\n")[0]


def _decoded(data: bytes, name: str) -> tuple[bytes, list[YamlEntry]]:
    """The file as UTF-8, and its encoding where that has to be stated.

    Raises
    ------
    DataError
        No encoding fits.
    """
    head = data[:4000]
    if b"\0" in head and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        other = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return recode(data, name, other)[0], [
            YamlEntry("encoding", other, tr("guessed: digits have a byte of nought beside them"))
        ]
    try:
        return recode(data, name, None)[0], []
    except DataError as first:
        other = big5(data) or "big5"
        try:
            text = recode(data, name, other)[0]
        except DataError:
            raise first from None
        said = tr(
            "guessed: it is not UTF-8, and begins with {signs} in this encoding",
            signs=first_signs(data, other),
        )
        return text, [YamlEntry("encoding", other, said)]


def _split(data: bytes) -> tuple[str, Rows]:
    """The delimiter by which most rows have the same number of cells, and the first rows."""
    heads = {each: _head(data, each) for each in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: _evenness(heads[each]))
    return best, heads[best]


def _head(data: bytes, delimiter: str) -> Rows:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    try:
        return list(islice(csv.reader(lines, delimiter=delimiter), 3 * LOOKED))
    except csv.Error:
        return []


def _evenness(rows: Rows) -> tuple[int, int]:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return count, width


def _sheets(name: str, root: Path) -> Iterator[Opened]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(locate(name, root)) as book:
            sheets = {each: book.get_sheet_by_name(each).to_python(skip_empty_area=False) for each in book.sheet_names}
    except CalamineError as error:
        raise DataError(
            f"{name}: " + tr("is not a readable workbook ({error}). Save it again, without a password.", error=error)
        ) from None
    for i, (sheet, cells) in enumerate(sheets.items()):
        rows = [[cell_text(cell) or "" for cell in row] for row in cells[: 3 * LOOKED]]
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
