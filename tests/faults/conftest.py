"""Projects to run while something breaks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.runs import Runs, second_notebook
from helpers.tiny_project import Project


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder with a path short enough for the sockets of kernels."""
    with tempfile.TemporaryDirectory(prefix="rb", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def runs(project: Project, temporary: Path) -> Runs:
    """Runs of the tiny project."""
    return Runs(project, temporary)


@pytest.fixture
def two_notebooks(runs: Runs) -> Runs:
    """Runs of the tiny project with a second notebook."""
    second_notebook(runs.project)
    return runs
