"""What would be made: for every study and notebook the version that today's inputs give, and whether it is there."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reachbook import hashing, reportfolder
from reachbook.errors import ParamsError, ReachbookError
from reachbook.notebook import Notebook
from reachbook.reports import render, sources
from reachbook.study import files
from reachbook.study.data import Data
from reachbook.study.files import StudyFile
from reachbook.tables.store import Checked

FORMAT = 1
"""Raised when the meaning of a key changes, so that old and new versions never share a name."""


@dataclass(frozen=True)
class Job:
    """One report: a study and a notebook with everything that decides its content.

    inputs : plain data; its SHA-256 is the key of the run. tables : checked files.
    needs : names of jobs that must be made before. published : notebook -> folder of the version it reads from.
    """

    file: StudyFile
    notebook: Notebook
    inputs: dict[str, Any]
    tables: Mapping[str, Checked]
    needs: tuple[str, ...]
    published: Mapping[str, Path]

    @property
    def name(self) -> str:
        """<study>/<notebook>."""
        return f"{self.file.name}/{self.notebook.name}"

    @cached_property
    def key(self) -> str:
        """SHA-256 of all that decides what the run computes."""
        return hashing.of_data(self.inputs)

    @cached_property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 over the run's key and the page's template."""
        return hashing.of_data([self.key, render.key()])[:12]

    @property
    def home(self) -> Path:
        """reports/<study>/<notebook>/."""
        return reportfolder.reports(self.file.root) / self.file.name / self.notebook.name

    @property
    def folder(self) -> Path:
        """Where the version is, or will be."""
        return self.home / self.version

    @property
    def is_made(self) -> bool:
        """Whether the version has been published."""
        return self.folder.is_dir()


def studies(root: Path, study: str | None) -> list[StudyFile]:
    """The study asked for, or all. Raises ParamsError with every mistake of every study."""
    wanted = [study] if study else files.names(root)
    if not wanted:
        raise ParamsError("params: there is no study yet. Write params/<study>/study.yaml; params/demo shows how.")
    return _all(lambda name: files.load(root, name), wanted)


def jobs(root: Path, study: str | None = None, notebook: str | None = None) -> list[Job]:
    """Every report asked for, upstream first.

    Raises ParamsError or DataError with every mistake found, before anything runs.
    """
    chosen = studies(root, study)
    known = {book.name for file in chosen for book in file.notebooks}
    if notebook and notebook not in known:
        raise ParamsError(
            f"NOTEBOOK: no study here has a notebook {notebook!r}. Notebooks: {', '.join(sorted(known))}."
        )
    studied: list[list[Job]] = _all(of_study, chosen)
    planned = [job for each in studied for job in each]
    return _with_needs(planned, [job for job in planned if notebook in (None, job.notebook.name)])


def of_study(file: StudyFile, data: Data | None = None) -> list[Job]:
    """The reports of one study, upstream first. data : its tables, where the caller reads them too."""
    data, made = Data(file) if data is None else data, dict[str, Job]()
    read = dict.fromkeys(name for book in file.notebooks for name in book.tables if name in set(data))
    _all(lambda name: data[name], read)  # so that the mistakes of all tables are said at once
    for book in _ordered(file):
        made[book.name] = _job(file, book, data, tuple(made[name] for name in book.needs if name in made))
    return list(made.values())


def _job(file: StudyFile, book: Notebook, data: Data, needs: tuple[Job, ...]) -> Job:
    present = [name for name in book.tables if name in set(data)]
    if book.any_of and not set(book.any_of) & set(present):
        raise ParamsError(
            f"{file.document.place(('tables',))}: {book.name} needs a table {' or '.join(book.any_of)}, "
            f"and the study has neither. Describe one under `tables:`, or take {book.name} out of `notebooks:`."
        )
    tables = {name: data[name] for name in present}
    upstream = {each.notebook.name: each.key for each in needs}
    published = {each.notebook.name: each.folder for each in needs}
    inputs = inputs_of(file, book, tables, upstream)
    return Job(file, book, inputs, tables, tuple(each.name for each in needs), published)


def inputs_of(
    file: StudyFile, book: Notebook, tables: Mapping[str, Checked], upstream: Mapping[str, str]
) -> dict[str, Any]:
    """All that decides what a run computes, as plain data. upstream : notebook -> key of the run that it reads."""
    spec = file.spec.model_dump(mode="json", exclude={"extends", "notebooks", "tables", "simulate"})
    return {
        "format": FORMAT,
        "study": {"name": file.name, **spec},
        "notebook": {"name": book.name, "title": book.title, "cells": hashing.of_data(book.cells)},
        "parameters": file.parameters[book.name].model_dump(mode="json"),
        "defaults": book.schema()().model_dump(mode="json"),
        "tables": {name: _about(table) for name, table in tables.items()},
        "modules": sources.modules(book.code, book.spec.partition(":")[0]),
        "lock": hashing.of_file(file.root / "requirements.lock"),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "upstream": dict(upstream),
    }


def _about(table: Checked) -> dict[str, Any]:
    return {"rows": table.rows, **table.facts}


def _ordered(file: StudyFile) -> list[Notebook]:
    """Upstream notebooks before those that need them. Raises ParamsError for a circle."""
    waiting, done = list(file.notebooks), list[Notebook]()
    names = {book.name for book in waiting}
    while waiting:
        ready = [book for book in waiting if not (set(book.needs) & names) - {each.name for each in done}]
        if not ready:
            circle = ", ".join(book.name for book in waiting)
            raise ParamsError(f"notebooks: {circle} need each other in a circle. Take one name out of `needs`.")
        done += ready
        waiting = [book for book in waiting if book not in ready]
    return done


def _with_needs(planned: list[Job], chosen: list[Job]) -> list[Job]:
    """The chosen jobs with all that they read from; planned jobs stand upstream first, and so do these."""
    by_name, wanted = {job.name: job for job in planned}, [job.name for job in chosen]
    for name in wanted:
        wanted += [need for need in by_name[name].needs if need not in wanted]
    return [job for job in planned if job.name in wanted]


def _all[A, B](do: Any, items: Iterable[A]) -> list[B]:
    """`do` for each item; mistakes of all items are collected before any is raised."""
    done: list[B] = []
    mistakes: list[ReachbookError] = []
    for item in items:
        try:
            done.append(do(item))
        except ReachbookError as error:
            mistakes.append(error)
    if mistakes:
        raise type(mistakes[0])("\n".join(dict.fromkeys(str(each) for each in mistakes)))
    return done
