"""A notebook on disk: its cells, and the declarations in its metadata."""

import ast
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reachbook.errors import ParamsError
from reachbook.spec import Spec
from reachbook.translation import tr


@dataclass(frozen=True)
class Notebook:
    """One .ipynb file that can become a report.

    Attributes
    ----------
    name : str
        File name without .ipynb; also the name of its parameter file.
    title : str
        The question that it answers.
    spec : str
        "module:Class" of its typed parameters.
    preflight : str
        "module:function", called with (parameters, Parquet files by name, first day, last day) before anything runs,
        which raises the errors the notebook would raise for its parameters and tables; "" for none.
    doubts : str
        "module:function", called with the same, which returns sentences on parameters that will be accepted but look
        wrong; "" for none.
    tables : tuple of str
        Tables that it may read; those that the study has are part of its version.
    any_of : tuple of str
        Tables of which the study must have at least one.
    needs : tuple of str
        Notebooks whose published results it reads.
    of_others : bool
        Whether it reads, of its tables, only those that the study's other notebooks use.
    randomized : bool
        Whether it shows of people only counts with random errors, see `reachbook.privacy.release`.
    cells : tuple of tuple of (str, str, tuple of str)
        (cell type, source, tags) of each cell, in order.
    """

    name: str
    path: Path
    title: str
    spec: str
    preflight: str
    tables: tuple[str, ...]
    any_of: tuple[str, ...]
    needs: tuple[str, ...]
    cells: tuple[tuple[str, str, tuple[str, ...]], ...]
    of_others: bool = False
    randomized: bool = False
    doubts: str = ""

    @property
    def code(self) -> tuple[str, ...]:
        """Source of the code cells."""
        return tuple(source for kind, source, _ in self.cells if kind == "code")

    @property
    def content(self) -> list[Any]:
        """The cells as far as they decide what a run computes.

        Notes
        -----
        Values set in a parameters cell are left out, because `make` takes every parameter from the schema and the
        study's YAML. Only lines that do something else count.
        """
        names = {"study_name", *self.schema().model_fields}
        return [
            [kind, _beside(source, names) if _is_parameters(kind, tags) else source, list(tags)]
            for kind, source, tags in self.cells
        ]

    def saved(self) -> dict[str, str]:
        """Parameters whose value in the parameters cell differs from the schema's default, as source text."""
        defaults = self.schema()().model_dump(mode="json")
        cells = [_parsed(source) for kind, source, tags in self.cells if _is_parameters(kind, tags)]
        given = {name: value for cell in cells for node in cell for name, value in _assigned(node)}
        return {
            name: ast.unparse(value)
            for name, value in given.items()
            if name in defaults and _literal(value) != defaults[name]
        }

    def schema(self) -> type[Spec]:
        """The class of its parameters.

        Raises
        ------
        ParamsError
            `spec` cannot be imported.
        """
        schema: type[Spec] = self._named("spec", self.spec, "module:Class")
        return schema

    def refuse(self, parameters: Spec, tables: Mapping[str, Path], start: date, end: date) -> None:
        """Call the notebook's preflight check, if it has one, which raises for unusable parameters or tables."""
        if self.preflight:
            self._named("preflight", self.preflight, "module:function")(parameters, tables, start, end)

    def doubt(self, parameters: Spec, tables: Mapping[str, Path], start: date, end: date) -> tuple[str, ...]:
        """Sentences on parameters that `refuse` accepts and that look wrong all the same."""
        if not self.doubts:
            return ()
        return tuple(self._named("doubts", self.doubts, "module:function")(parameters, tables, start, end))

    def _named(self, key: str, name: str, form: str) -> Any:
        module, _, attribute = name.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise ParamsError(
                f"notebooks/{self.name}.ipynb:1: "
                + tr(
                    '{key} {name!r} cannot be imported ({error}). Write it as "{form}".',
                    key=key,
                    name=name,
                    error=error,
                    form=form,
                )
            ) from error


def find(root: Path) -> dict[str, Path]:
    """Paths of a project's notebooks, by name."""
    return {path.stem: path for path in sorted((root / "notebooks").glob("*.ipynb"))}


def read(root: Path, name: str) -> Notebook:
    """Read the notebook `name` of the project at `root`.

    Raises
    ------
    ParamsError
        There is no such notebook, or it cannot be read.

    Notes
    -----
    A notebook without `reachbook` in its metadata has no parameters and reads no table.
    """
    path = root / "notebooks" / f"{name}.ipynb"
    shown = f"notebooks/{name}.ipynb"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(find(root)) or "none"
        raise ParamsError(
            f"{shown}: " + tr("there is no such notebook. Notebooks here: {known}.", known=known)
        ) from error
    except (ValueError, OSError) as error:
        raise ParamsError(
            f"{shown}: " + tr("not a readable notebook ({error}). Restore it from version control.", error=error)
        ) from error
    if not isinstance(content, dict):
        raise ParamsError(
            f"{shown}:1: "
            + tr(
                "is no map of cells and metadata but a {kind}. Restore it from version control.",
                kind=type(content).__name__,
            )
        )
    try:
        return _from_content(name, path, content, shown)
    except (AttributeError, KeyError, TypeError) as error:
        raise ParamsError(
            f"{shown}: " + tr("not a notebook (lacks {error}). Restore it from version control.", error=error)
        ) from error


def _from_content(name: str, path: Path, content: dict[str, Any], shown: str) -> Notebook:
    about = content.get("metadata", {}).get("reachbook", {})
    if not isinstance(about, dict):
        raise ParamsError(
            f"{shown}:1: "
            + tr('metadata "reachbook" is {about!r}. Write a map such as {{"tables": ["users"]}}.', about=about)
        )
    return Notebook(
        name=name,
        path=path,
        title=about.get("title", name.replace("_", " ").capitalize()),
        spec=about.get("spec", "reachbook.spec:Spec"),
        preflight=about.get("preflight", ""),
        tables=tuple(about.get("tables", ())),
        any_of=tuple(about.get("any_of", ())),
        needs=tuple(about.get("needs", ())),
        cells=tuple(_cell(cell) for cell in content.get("cells", ())),
        of_others=about.get("of_others") is True,
        randomized=about.get("randomized") is True,
        doubts=about.get("doubts", ""),
    )


def _cell(cell: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    return cell["cell_type"], text, tuple(cell.get("metadata", {}).get("tags", ()))


def _is_parameters(kind: str, tags: tuple[str, ...]) -> bool:
    return kind == "code" and "parameters" in tags


def _parsed(source: str) -> list[ast.stmt]:
    """Statements of a cell; source that is not valid Python becomes one string, because running it will report the
    error.
    """
    try:
        return ast.parse(source).body
    except SyntaxError:
        return [ast.Expr(ast.Constant(source))]


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Name and value of a statement that only assigns to one name; empty for any other statement."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        return [(node.target.id, node.value)]
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return [(node.targets[0].id, node.value)]
    return []


def _beside(source: str, names: set[str]) -> list[str]:
    """Source of the statements in a parameters cell other than assignments to `names`."""
    return [ast.unparse(node) for node in _parsed(source) if not any(name in names for name, _ in _assigned(node))]


def _literal(value: ast.expr) -> Any:
    """Value of a literal in JSON's types, so that (1, 2) equals [1, 2]; other code as its source."""
    try:
        return json.loads(json.dumps(ast.literal_eval(value)))
    except (ValueError, TypeError):
        return f"`{ast.unparse(value)}`"
