"""Drafts `params/<study>/` from a team's files, and says what became of each."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reachbook import atomic, notebook, params
from reachbook.draft import circumstances
from reachbook.draft.drafted_table import DraftedTable, drafted_table, rows_by_file
from reachbook.draft.entries import YamlEntry, plain, text
from reachbook.draft.found_files import found_files
from reachbook.draft.guess import guess
from reachbook.draft.known_export import known_export
from reachbook.draft.opened import Opened, opened
from reachbook.draft.proposal import Proposal
from reachbook.draft.runnable import EFFECT, Runnable, effect_entries, notebook_entry, runnable
from reachbook.errors import DataError, ParamsError
from reachbook.params import Document
from reachbook.spec import Spec
from reachbook.study.data import cache_folder
from reachbook.study.files import is_study_name
from reachbook.study.places import outside
from reachbook.study.spec import StudySpec
from reachbook.tables.contract import CONTRACTS
from reachbook.translation import Language, language, mark, tr, trn, using

_INTRO = mark(
    "# Drafted from the files by `make new`. Every guess says why; what is commented out is a question or\n"
    "# a suggestion. All keys: docs/parameters.md.\n"
)

_OUTSIDE = mark("# Files outside the project are read where they lie; data belong under data/, which git ignores.\n")


@dataclass(frozen=True)
class Draft:
    """A drafted study.

    Attributes
    ----------
    study, effect : tuple of YamlEntry
        study.yaml, and campaign_effect.yaml where a test is among the tables.
    tables : tuple of DraftedTable
    not_placed : dict of str to str
        The sentence that says why, by file.
    rows : dict of str to int or None
        Rows that each placed file gives.
    runnable : Runnable
        Notebooks that can run.
    """

    study: tuple[YamlEntry, ...]
    effect: tuple[YamlEntry, ...]
    tables: tuple[DraftedTable, ...]
    not_placed: dict[str, str]
    rows: dict[str, int | None]
    runnable: Runnable


def new(root: Path, name: str, patterns: Sequence[str]) -> list[str]:
    """Write `params/<name>/` and return the account of it, one line each, both in the language of the files.

    Raises
    ------
    ParamsError
        The name is none, or the study exists.
    DataError
        No file is named, or none can be placed.
    """
    if not is_study_name(name):
        raise ParamsError(
            tr("STUDY: {name!r} is not a study name. Use letters, digits, _ and -, as in acme_2026-10.", name=name)
        )
    folder = root / "params" / name
    if folder.exists():
        raise ParamsError(
            tr("STUDY: params/{name} is there already, and is not overwritten. Choose another name.", name=name)
        )
    files = found_files(patterns, root)
    with using(_language(files, root)):
        made = draft(root, name, files)
        _write(folder, _files(made), cache_folder(root))
        return list(_account(made, name))


def _language(files: Sequence[str], root: Path) -> Language:
    """The language of draft and account: that of most column names; where no file can be opened, that in use."""
    names = list[str]()
    for file in files:
        with suppress(DataError):  # it is said again in the language found
            names += [name for each in opened(file, root) for name in each.names]
    return ("zh" if circumstances.are_chinese(names) else "en") if names else language()


def draft(root: Path, name: str, files: Sequence[str]) -> Draft:
    """What the study would be.

    Raises
    ------
    DataError
        No file can be placed.
    """
    proposals, not_placed = _placed(files, root)
    if not proposals:
        said = "\n".join(tr("not placed {why}", why=why) for why in not_placed.values())
        raise DataError(tr("FROM: no file is a table that is known, so there is nothing to draft.") + f"\n{said}")
    zone, currency = circumstances.timezone(proposals, root), circumstances.currency(proposals, root)
    unit = circumstances.CURRENCY if currency.off else str(currency.value)
    by_table = {table: [each for each in proposals if each.table == table] for table in CONTRACTS}
    tables = tuple(drafted_table(table, each, root, str(zone.value), unit) for table, each in by_table.items() if each)
    rows = {file: n for each in tables for file, n in rows_by_file(each, root, str(zone.value), unit).items()}
    span = circumstances.period([(each.name, each.checked, each.proposals) for each in tables], root)
    readable = {each.name: each.checked for each in tables if each.checked is not None}
    effect = effect_entries(readable) if EFFECT in notebook.find(root) else ()
    head = (
        YamlEntry("title", name.replace("_", " "), tr("above every report")),
        *circumstances.language(proposals),
        span,
        zone,
        currency,
    )
    sources = YamlEntry("tables", tuple(_source(each) for each in tables))
    spec = _spec((*head, YamlEntry("notebooks", ["none"]), sources))
    found = runnable(spec, name, root, readable, _parameters(root, effect))
    study = (*head, notebook_entry(found), *_places(proposals, root), sources)
    return Draft(study, effect, tables, not_placed, rows, found)


def _placed(files: Sequence[str], root: Path) -> tuple[list[Proposal], dict[str, str]]:
    proposals: list[Proposal] = []
    not_placed: dict[str, str] = {}
    for file in files:
        try:
            tables = list(opened(file, root))
        except DataError as error:
            not_placed[file] = _said(error, file, file)
            continue
        for each in tables:
            try:
                proposals.append(_proposal(each, root))
            except DataError as error:
                not_placed[each.shown] = _said(error, file, each.shown)
    return proposals, not_placed


def _proposal(each: Opened, root: Path) -> Proposal:
    return known_export(each, root) if each.match else guess(each, root)


def _said(error: DataError, file: str, shown: str) -> str:
    """The first line of a message, with the file's name in front."""
    first = str(error).splitlines()[0]
    return first if first.startswith(f"{file}:") and shown == file else f"{shown}: {first.removeprefix(f'{file}: ')}"


def _places(proposals: Sequence[Proposal], root: Path) -> Iterator[YamlEntry]:
    """The folders outside the project from which tables are read; without a word of them they may not be."""
    if away := outside([each.opened.name for each in proposals], root):
        yield YamlEntry("places", list(away), tr("folders outside the project that may be read"))


def _source(table: DraftedTable) -> YamlEntry:
    why = tr("cannot be read yet: {problem}", problem=table.problem.splitlines()[0]) if table.problem else ""
    rows = _counted(table.checked.rows) if table.checked else why
    return YamlEntry(table.name, table.entries, rows)


def _counted(rows: int) -> str:
    return trn("{n} row", "{n} rows", rows)


def _spec(entries: Sequence[YamlEntry]) -> StudySpec:
    return params.validated(Document(plain(entries)), StudySpec)


def _parameters(root: Path, effect: Sequence[YamlEntry]) -> dict[str, Spec]:
    if not effect:
        return {}
    return {EFFECT: params.validated(Document(plain(effect)), notebook.read(root, EFFECT).schema())}


def _files(made: Draft) -> dict[str, str]:
    notes = "".join(
        "# " + tr("not placed: {why}", why=" ".join(why.split())) + "\n" for why in made.not_placed.values()
    )
    notes += "".join(f"# {book}: {' '.join(why.split())}\n" for book, why in made.runnable.refused.items())
    outside = any(each.opened.name.startswith("..") for table in made.tables for each in table.proposals)
    notes += tr(_OUTSIDE) if outside else ""
    found = {"study.yaml": tr(_INTRO) + text(made.study) + ("\n" + notes if notes else "")}
    return found | ({f"{EFFECT}.yaml": text(made.effect)} if made.effect else {})


def _write(folder: Path, files: dict[str, str], cache: Path) -> None:
    """Write a folder beside its place and rename it into it, so that nobody sees half of it.

    Raises
    ------
    ParamsError
        Somebody else was first.
    """
    beside = atomic.beside(cache / "new" / folder.name)
    beside.mkdir(parents=True)
    try:
        for name, content in files.items():
            (beside / name).write_text(content, "utf-8")
        atomic.put(beside, folder)
    except OSError:
        if not folder.exists():
            raise
        raise ParamsError(
            tr("STUDY: params/{name} is there already, and is not overwritten.", name=folder.name)
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _account(made: Draft, name: str) -> Iterator[str]:
    for table in made.tables:
        for each in table.proposals:
            rows = made.rows[each.opened.shown]
            count = _counted(rows) if rows is not None else tr("cannot be read yet, see study.yaml")
            yield tr(
                "{file} -> {table} ({origin}): {count}",
                file=each.opened.shown,
                table=table.name,
                origin=each.origin,
                count=count,
            )
    yield from (tr("not placed {why}", why=why) for why in made.not_placed.values())
    yield from (tr("to decide  {key}: {why}", key=each.key, why=each.why) for each in made.study if each.off)
    yield tr("notebooks that can run: {names}", names=", ".join(made.runnable.able) or tr("none"))
    yield from (tr("not yet    {book}: {why}", book=book, why=why) for book, why in made.runnable.refused.items())
    yield tr("Wrote params/{name}/study.yaml. Read its comments, then: make validate STUDY={name}", name=name)
