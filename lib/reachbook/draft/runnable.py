"""Which notebooks a draft's tables are enough for, and what the others lack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pyarrow.types as kinds

from reachbook import notebook
from reachbook.draft.entries import YamlEntry
from reachbook.engine import refusals
from reachbook.errors import ReachbookError
from reachbook.notebook import Notebook
from reachbook.params import Document
from reachbook.spec import Spec
from reachbook.study.files import StudyFile
from reachbook.study.spec import StudySpec
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.store import Checked
from reachbook.translation import tr

EFFECT = "campaign_effect"
_BEFORE = re.compile(r"前|before|^pre(?![a-z])", re.IGNORECASE)
"""In the name of what units did before the test, which is no outcome."""


@dataclass(frozen=True)
class Runnable:
    """What can run.

    Attributes
    ----------
    able : tuple of str
        Notebooks that accept the tables.
    refused : dict of str to str
        What the others said or lack.
    close : tuple of str
        Those among the refused whose tables are there.
    """

    able: tuple[str, ...]
    refused: dict[str, str]
    close: tuple[str, ...]


def runnable(
    spec: StudySpec, name: str, root: Path, tables: Mapping[str, Checked], parameters: Mapping[str, Spec]
) -> Runnable:
    """Ask every notebook of the project but those with random errors, which a study lists alone and for a purpose.

    Parameters
    ----------
    tables : mapping of str to Checked
        Tables that can be read.
    parameters : mapping of str to Spec
        Drafted parameters by notebook; the defaults elsewhere.
    """
    able: list[str] = []
    close: list[str] = []
    refused: dict[str, str] = {}
    for each in notebook.find(root):
        book = notebook.read(root, each)
        if book.randomized:
            continue
        wanted = book.any_of or book.tables
        if not {*wanted} & {*spec.tables}:
            refused[each] = (
                tr("needs a table {names}", names=tr(" or ").join(wanted))
                if wanted
                else tr("needs a table that it names")
            )
        elif said := _refusal(spec, name, root, book, tables, parameters.get(each) or book.schema()()):
            refused[each] = said
            close.append(each)
        else:
            able.append(each)
    return Runnable(tuple(able), refused, tuple(close))


def _refusal(
    spec: StudySpec, name: str, root: Path, book: Notebook, tables: Mapping[str, Checked], parameters: Spec
) -> str:
    """What the notebook says against the tables; "" for nothing."""
    broken = [each for each in book.tables if each in spec.tables and each not in tables]
    if broken:
        return tr("needs the table {broken} first, which cannot be read yet", broken=tr(" and ").join(broken))
    if book.name == "budget_optimization" and "outcome" not in tables:
        return tr("needs a table outcome beside media: what was sold, by week or day")
    file = StudyFile(name, root, spec, (book,), {book.name: parameters}, Document({}))
    read = {each: tables[each] for each in book.tables if each in tables}
    try:
        refusals.refuse(file, book, read)
    except ReachbookError as error:
        return str(error).splitlines()[0]
    return ""


def effect_entries(tables: Mapping[str, Checked]) -> tuple[YamlEntry, ...]:
    """Parameters of the campaign's effect that the tables ask for: the design, and the outcome where it is clear."""
    design = next((each for each in ("experiment", "panel", "series") if each in tables), "")
    if not design:
        return ()
    lines = [YamlEntry("design", design, tr("by the table that is there"))]
    if design == "experiment":
        outcomes = _outcomes(tables[design].path)
        if len(outcomes) > 1:
            others = tr(" or ").join(outcomes[1:])
            lines.append(
                YamlEntry(
                    "outcome",
                    outcomes[0],
                    tr("or {others}? Which was the test for: take the # away", others=others),
                    True,
                )
            )
    return tuple(lines)


def _outcomes(path: Path) -> list[str]:
    """The user's own numeric columns, the last first: outcomes stand behind what was known before."""
    own = [field for field in pq.read_schema(path) if CONTRACTS["experiment"].column(field.name) is None]
    own = [field for field in own if not _BEFORE.search(field.name)]
    return [field.name for field in reversed(own) if kinds.is_floating(field.type) or kinds.is_integer(field.type)]


def notebook_entry(found: Runnable) -> YamlEntry:
    """The list of notebooks, and those to add once a question is answered; where none can run, the first whose tables
    are there, because a study needs one.
    """
    if found.able:
        later = tr(" and ").join(found.close)
        why = tr("add {later} once what the end of this file asks for is done", later=later) if later else ""
        return YamlEntry("notebooks", list(found.able), why)
    first: Sequence[str] = found.close or tuple(found.refused)
    return YamlEntry("notebooks", [first[0]], tr("it cannot run yet; the end of this file says why"))
