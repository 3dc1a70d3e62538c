"""Modules that a notebook depends on, found by following its imports, and the hashes of their sources."""

import ast
from functools import cache
from pathlib import Path

import reachbook
from reachbook import hashing

PACKAGE = Path(reachbook.__file__).parent
BOUNDARY = frozenset({"reachbook.study.study"})
"""Modules whose source counts, but not what they import: what they load (parameters, tables, upstream results) enters a
version by its content.
"""


def modules(code: tuple[str, ...], *also: str, language: str = "en", package: Path = PACKAGE) -> dict[str, str]:
    """Return the SHA-256 of the source of each module of the package that `code` reaches, by module name.

    Parameters
    ----------
    code : tuple of str
        Source of a notebook's cells.
    also : str
        Names of further modules that it reaches.
    language : str
        Language of the report.

    Notes
    -----
    A .sql file counts with the modules of its folder, and so do CSV files in its subfolder `data`. The catalogue of a
    package counts with its `__init__`.
    """
    found: dict[str, str] = {}
    waiting = [*also, *(name for cell in code for name in _imported(_parsed(cell), "", package))]
    while waiting:
        name = waiting.pop()
        path = _path(name, package)
        if path is None or name in found:
            continue
        found[name] = _content(path, language)
        waiting += _parents(name)
        if name not in BOUNDARY:
            waiting += _imports_of(path, name, package)
    return dict(sorted(found.items()))


def _content(path: Path, language: str) -> str:
    folder = path.parent
    beside = [*sorted(folder.glob("*.sql")), *sorted(folder.glob("data/*.csv"))]
    if path.name == "__init__.py":
        beside += folder.glob(f"locale/{language}.po")
    return hashing.of_data([hashing.of_file(each) for each in (path, *beside)])


def _parsed(cell: str) -> ast.Module:
    """Parse a cell without IPython's own lines; one that is not valid Python imports nothing, and running it will
    fail.
    """
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.Module([], [])


@cache
def _imports_of(path: Path, name: str, package: Path) -> list[str]:
    inside = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return _imported(ast.parse(path.read_text(encoding="utf-8")), inside, package)


def _imported(tree: ast.Module, inside: str, package: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, inside)
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [name for name in names if name.split(".")[0] == package.name]


def _absolute(node: ast.ImportFrom, inside: str) -> str:
    if not node.level:
        return node.module or ""
    base = inside.split(".")[: len(inside.split(".")) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _path(name: str, package: Path) -> Path | None:
    base = package.joinpath(*name.split(".")[1:])
    candidates = (base / "__init__.py", base.with_suffix(".py")) if base != package else (package / "__init__.py",)
    return next((path for path in candidates if path.is_file()), None)
