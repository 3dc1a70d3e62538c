"""Modules and functions that are named in text are there: no import statement would tell that one has moved."""

import ast
import importlib
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from reachbook import notebook

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib" / "reachbook"
NAME = re.compile(r"""["'](reachbook(?:\.\w+)+(?::\w+)?)["']""")


def named(name: str) -> object:
    """What "module" or "module:attribute" stands for; a module is only looked up, not run."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute) if attribute else importlib.util.find_spec(module)


IN_MODULES = sorted({name for path in LIBRARY.rglob("*.py") for name in NAME.findall(path.read_text("utf-8"))})
"""Names of modules, or of what is in them, that stand as text in one of ours."""
BOOKS = sorted(notebook.find(ROOT))


@pytest.mark.parametrize("name", IN_MODULES)
def test_in_the_library(name: str) -> None:
    assert named(name)


def test_the_commands_that_workers_are_told_are_among_them() -> None:
    assert {"reachbook.engine.make:make", "reachbook.engine.verify:verify"} <= set(IN_MODULES)


@pytest.mark.parametrize("name", BOOKS)
def test_in_a_notebook_s_metadata(name: str) -> None:
    book = notebook.read(ROOT, name)
    assert callable(named(book.spec))
    assert not book.preflight or callable(named(book.preflight))
    assert not book.doubts or callable(named(book.doubts))


@pytest.mark.parametrize("name", BOOKS)
def test_in_a_notebook_s_cells(name: str) -> None:
    nodes = [node for cell in notebook.read(ROOT, name).code for node in ast.walk(ast.parse(cell))]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and str(node.module).startswith("reachbook")]
    assert imports
    for node in imports:
        module = importlib.import_module(str(node.module))
        for alias in node.names:
            assert hasattr(module, alias.name) or importlib.util.find_spec(f"{node.module}.{alias.name}")


def test_in_pyproject() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts
    assert all(callable(named(name)) for name in scripts.values())
