"""Fixtures that several rooms share."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from helpers.reliability import pytest_addoption, pytest_configure, trial, unsoaked
from helpers.tiny_project import Project, tiny
from reachbook.engine.kernel import THREADS
from reachbook.translation import prefer, use

__all__ = ["pytest_addoption", "pytest_configure", "trial"]  # for pytest, which looks for them here

# As in a kernel, and before NumPy is imported: threads that outnumber the cores spend most of their time waiting.
os.environ.update({f"{library}_NUM_THREADS": "1" for library in THREADS})

# How long an example takes says how busy the machine is, nothing about the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

LONGEST = (
    "docs/test_example.py",
    "sentiment/test_story.py",
    "engine/test_shared.py",
    "engine/test_make.py",
    "sentiment/test_prevalence.py",
    "segmentation/test_segments.py",
    "engine/test_reads.py",
    "engine/test_interrupt.py",
    "sentiment/test_opinion.py",
)
"""Files that take half a minute and more, longest first: run last, one would leave the other processes without work.

One that asks for models which another trains stands well after it, so that it finds them made.
"""


def place(item: pytest.Item) -> int:
    """Where the file of a test stands in `LONGEST`; after all of them where it is not there."""
    path = item.path.as_posix()
    return next((number for number, name in enumerate(LONGEST) if path.endswith(name)), len(LONGEST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files, and leave out what only `make soak` runs."""
    items.sort(key=place)
    unsoaked(config, items)


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English, whatever the one before has loaded."""
    use("en")
    prefer("")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A tiny project to run the engine on: one study with a table of orders, one notebook that counts them."""
    return tiny(tmp_path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny project with its report made once; not to be changed."""
    from reachbook.cli import main

    project = tiny(tmp_path_factory.mktemp("made"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        assert main(["reports"]) == 0
    return project


@pytest.fixture
def reported(project: Project, made: Project) -> Project:
    """The tiny project as `make reports` leaves it."""
    shutil.copytree(made.root, project.root, dirs_exist_ok=True)
    return project


@pytest.fixture
def make(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`python -m reachbook ...` inside the tiny project, in this process; returns the exit code."""
    from reachbook.cli import main

    monkeypatch.chdir(project.root)
    return lambda *arguments: main(list(arguments))
