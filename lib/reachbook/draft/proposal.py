"""What a file is taken for: a table, and the options by which it is read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from reachbook.draft.entries import YamlEntry, plain
from reachbook.draft.opened import Opened
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import is_text
from reachbook.tables.source import Source

_MOST = 200_000


@dataclass(frozen=True)
class Proposal:
    """One file or sheet as a source of a table.

    Attributes
    ----------
    table : str
        Our name of the table.
    options : tuple of YamlEntry
        Everything but the file's name; suggestions and questions among them are commented out.
    origin : str
        By what it was taken for that table, as "preset taobao_orders".
    """

    opened: Opened
    table: str
    options: tuple[YamlEntry, ...]
    origin: str

    @property
    def source(self) -> Source:
        """The source as study.yaml would hold it."""
        return source_of(self.opened.name, self.options)


def source_of(name: str, options: Sequence[YamlEntry], **more: object) -> Source:
    """The source that a file's name and options make."""
    return Source.model_validate_json(json.dumps({"path": name, **plain(options), **more}))


def values_of(raw: Raw, name: str) -> list[str]:
    """Distinct values of a text column, empty cells left out; none where the file holds numbers or times as such."""
    there = {each.strip(): each for each in raw.frame.column_names} | {each: each for each in raw.frame.column_names}
    column = raw.frame.column(there[name])
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not is_text(kind):
        return []
    found: list[str | None] = pc.unique(column.slice(0, _MOST).cast(pa.string())).to_pylist()
    return [each for each in found if each is not None and each.strip()]
