"""Every notebook reads as prose, holds its schema's parameters and is kept without outputs."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from reachbook import notebook
from reachbook.notebook import Notebook
from reachbook.spec import Spec

ROOT = Path(__file__).parents[2]
LINES = 5


@pytest.fixture(params=sorted(notebook.find(ROOT)))
def book(request: pytest.FixtureRequest) -> Notebook:
    return notebook.read(ROOT, request.param)


def raw(book: Notebook) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(book.path.read_text("utf-8"))
    return content


def parameters(book: Notebook) -> ast.Module:
    (source,) = [source for kind, source, tags in book.cells if kind == "code" and "parameters" in tags]
    return ast.parse(source)


def test_it_has_no_outputs_and_stable_cell_names(book: Notebook) -> None:
    cells = raw(book)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_it_says_what_it_is(book: Notebook) -> None:
    assert book.title
    assert book.tables
    assert issubclass(book.schema(), Spec)


def test_there_is_at_least_as_much_prose_as_code(book: Notebook) -> None:
    kinds = [kind for kind, _, _ in book.cells]
    assert kinds.count("markdown") >= kinds.count("code")


def test_code_only_calls(book: Notebook) -> None:
    for kind, source, tags in book.cells:
        if kind != "code" or "parameters" in tags:
            continue
        assert len(source.strip().splitlines()) <= LINES, source
        computing = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, computing)], source


def test_prose_states_no_number_by_hand(book: Notebook) -> None:
    for kind, source, _ in book.cells:
        if kind == "markdown":
            assert not re.search(r"\d+([.,]\d+)?\s?(%|pp|percent|¥)|[¥$]\s?\d", source), source


def test_the_parameters_cell_holds_the_schema(book: Notebook) -> None:
    lines = [node for node in parameters(book).body if isinstance(node, ast.AnnAssign)]
    assert len(lines) == len(parameters(book).body)
    named = {node.target.id: node for node in lines if isinstance(node.target, ast.Name)}
    assert named.pop("study_name", None) is not None
    schema = book.schema()
    assert list(named) == list(schema.model_fields)
    defaults = schema().model_dump(mode="json")
    for name, node in named.items():
        assert node.value is not None
        assert ast.literal_eval(node.value) == defaults[name], name
        assert ast.unparse(node.annotation) == builtin(defaults[name], schema, name), name


def builtin(default: Any, schema: type[Spec], name: str) -> str:
    """How a notebook writes the type of a field: as the plain type that JSON and papermill carry."""
    optional = type(None) in getattr(schema.model_fields[name].annotation, "__args__", ())
    if default is None or optional:
        kinds = [each for each in schema.model_fields[name].annotation.__args__ if each is not type(None)]  # type: ignore[union-attr]
        return f"{kinds[0].__name__} | None"
    return type(default).__name__
