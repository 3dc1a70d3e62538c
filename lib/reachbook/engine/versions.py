"""What goes into a version, and its name: same inputs, same version, same bytes."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reachbook import hashing
from reachbook.engine import sources
from reachbook.engine.archive import crate
from reachbook.engine.page import render
from reachbook.errors import ParamsError, RunError
from reachbook.notebook import Notebook
from reachbook.privacy.key import Key, from_environment
from reachbook.study.files import StudyFile
from reachbook.tables.store import Checked
from reachbook.translation import tr

FORMAT = 2
"""Raised when the meaning of a key changes, so that old and new versions never share a name."""

_NO_INPUTS: dict[str, bool | set[str]] = {
    **dict.fromkeys(("extends", "reads", "notebooks", "tables", "simulate", "places"), True),
    "privacy": {"purpose", "keep_days"},
}
"""Parts of study.yaml that no page shows by themselves: what tables and other reports hold is an input of its own, and
how long a version is kept does not change it."""


def inputs_of(
    file: StudyFile, book: Notebook, tables: Mapping[str, Checked], upstream: Mapping[str, str]
) -> dict[str, Any]:
    """Collect everything that decides what a run computes, as plain data.

    Parameters
    ----------
    upstream : mapping of str to str
        Key of each run that it reads, by notebook, or by `<study>/<notebook>` for another study.
    """
    spec = file.spec.model_dump(mode="json", exclude=_NO_INPUTS)
    blind = blinding_key(file) if book.randomized else None
    return {
        "format": FORMAT,
        "study": {"name": file.name, **spec},
        "notebook": {"name": book.name, "title": book.title, "cells": hashing.of_data(book.content)},
        "parameters": file.parameters[book.name].model_dump(mode="json"),
        "defaults": book.schema()().model_dump(mode="json"),
        "tables": {name: _about(table, blind) for name, table in tables.items()},
        "modules": sources.modules(
            book.code, book.spec.partition(":")[0], language=file.spec.language, cache=file.root / ".cache"
        ),
        "lock": _lock(file.root),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "upstream": dict(upstream),
    }


def _lock(root: Path) -> str:
    """SHA-256 of the versions of all packages.

    Raises
    ------
    RunError
        The file cannot be read.
    """
    try:
        return hashing.of_file(root / "requirements.lock")
    except OSError as error:
        raise RunError(
            "requirements.lock: "
            + tr(
                "cannot be read ({error}), and a version is named by the packages that it lists. Take it back from "
                "the repository, as in `git checkout requirements.lock`, or make a new one with `make lock`.",
                error=error.strerror,
            )
        ) from None


def blinding_key(file: StudyFile) -> Key:
    """The key of a study with random errors: it draws them, and blinds the hashes of its tables.

    Raises
    ------
    ParamsError
        The key is missing or too short.
    """
    try:
        return from_environment()
    except ParamsError as error:
        place = file.document.place(("privacy", "epsilon")) or f"params/{file.name}/study.yaml"
        raise ParamsError(
            f"{place}: {error} " + tr("The random errors of privacy.epsilon are drawn from that key.")
        ) from error


def _about(table: Checked, blind: Key | None) -> dict[str, Any]:
    """What a version records of a table; with a key to blind it, neither its size nor a hash that can be guessed.

    Notes
    -----
    Whoever knows a table but for one person can work out both its hashes and see which of them is recorded.
    """
    if blind is None:
        return {"rows": table.rows, **table.facts}
    told: dict[str, Any] = {name: table.facts[name] for name in ("source", "sheet", "encoding") if name in table.facts}
    return {**told, "sha256": blind.blinded(table.facts["sha256"]), "blinded": True}


def key(inputs: Mapping[str, Any]) -> str:
    """SHA-256 of all that decides what a run computes."""
    return hashing.of_data(inputs)


def name(key: str) -> str:
    """A version's name: the first 12 hex digits of the SHA-256 over a run's key and what turns it into a page."""
    return hashing.of_data([key, page()])[:12]


def page() -> str:
    """SHA-256 of all that turns a run into a page and its metadata."""
    return hashing.of_data([render.key(), crate.key()])
