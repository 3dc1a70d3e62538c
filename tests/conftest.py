"""Fixtures that several rooms share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.tiny_project import Project, tiny
from reachbook.engine.kernel import THREADS
from reachbook.translation import prefer, use

# As in a kernel, and before NumPy is imported: threads that outnumber the cores spend most of their time waiting.
os.environ.update({f"{library}_NUM_THREADS": "1" for library in THREADS})


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English, whatever the one before has loaded."""
    use("en")
    prefer("")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A tiny project to run the engine on: one study with a table of orders, one notebook that counts them."""
    return tiny(tmp_path)


@pytest.fixture
def make(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`python -m reachbook ...` inside the tiny project, in this process; returns the exit code."""
    from reachbook.cli import main

    monkeypatch.chdir(project.root)
    return lambda *arguments: main(list(arguments))
