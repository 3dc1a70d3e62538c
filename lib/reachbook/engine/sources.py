"""Modules that a notebook depends on, found by following its imports, and the hashes of their sources."""

import ast
import os
from functools import cache
from pathlib import Path
from typing import Any

import reachbook
from reachbook import hashing
from reachbook.stamped import StampedValues

PACKAGE = Path(reachbook.__file__).parent
BOUNDARY = frozenset({"reachbook.study.study"})
"""Modules whose source counts, but not what they import: what they load (parameters, tables, upstream results) enters a
version by its content.
"""


def modules(
    code: tuple[str, ...], *also: str, language: str = "en", package: Path = PACKAGE, cache: Path | None = None
) -> dict[str, str]:
    """Return the SHA-256 of the source of each module of the package that `code` reaches, by module name.

    Parameters
    ----------
    code : tuple of str
        Source of a notebook's cells.
    also : str
        Names of further modules that it reaches.
    language : str
        Language of the report.
    cache : Path or None
        Folder that keeps hashes and imports of unchanged files (`StampedValues` says when that is); None for none.

    Notes
    -----
    A .sql file counts with the modules of its folder, and so do CSV files in its subfolder `data`. The catalogue of a
    package counts with its `__init__`.
    """
    tree, found, seen = _Tree(package, language, cache), dict[str, str](), set[str]()
    waiting = [*also, *(name for cell in code for name in _imported(_parsed(cell), "", package))]
    while waiting:
        name = waiting.pop()
        path = None if name in seen else tree.path(name)
        seen.add(name)
        if path is None:
            continue
        found[name] = tree.content(path)
        waiting += _parents(name)
        if name not in BOUNDARY:
            waiting += tree.imports(path)
    tree.save()
    return dict(sorted(found.items()))


class _Tree:
    """The package's files, of which each is read at most once."""

    def __init__(self, package: Path, language: str, cache: Path | None) -> None:
        self._package, self._language = package, language
        self._known = _known(cache) if cache else None
        self._root = str(package)
        self._names = dict[str, frozenset[str]]()

    def path(self, name: str) -> Path | None:
        """File of a module, or None where there is none."""
        _, *inside = name.split(".")
        base = os.path.join(self._root, *inside)
        if "__init__.py" in self._inside(base):
            return Path(base, "__init__.py")
        folder, module = os.path.split(f"{base}.py")
        return Path(folder, module) if inside and module in self._inside(folder) else None

    def content(self, path: Path) -> str:
        """SHA-256 of a module and of what counts with it."""
        folder = path.parent
        names = self._inside(str(folder))
        beside = [folder / name for name in sorted(names) if name.endswith(".sql")]
        if "data" in names:
            data = folder / "data"
            beside += [data / name for name in sorted(self._inside(str(data))) if name.endswith(".csv")]
        if path.name == "__init__.py" and f"{self._language}.po" in self._inside(str(folder / "locale")):
            beside.append(folder / "locale" / f"{self._language}.po")
        return hashing.of_data([self._about(each)[0] for each in (path, *beside)])

    def imports(self, path: Path) -> list[str]:
        """Names of what a module imports from the package: modules, and perhaps names in them."""
        names: list[str] = self._about(path)[1]
        return names

    def save(self) -> None:
        """Keep what was read."""
        if self._known:
            self._known.save()

    def _about(self, path: Path) -> list[Any]:
        return self._known.of(path, self._read) if self._known else self._read(path)

    def _read(self, path: Path) -> list[Any]:
        """SHA-256 of a file, and what it imports if it is a module."""
        content = path.read_bytes()
        inside = ".".join([self._package.name, *path.parent.relative_to(self._package).parts])
        names = _imported(ast.parse(content), inside, self._package) if path.suffix == ".py" else []
        return [hashing.of_bytes(content), list(dict.fromkeys(names))]

    def _inside(self, folder: str) -> frozenset[str]:
        """Names in a folder, whose path is a text because it is asked for at each import."""
        if folder not in self._names:
            self._names[folder] = frozenset(os.listdir(folder) if os.path.isdir(folder) else ())
        return self._names[folder]


@cache
def _known(folder: Path) -> StampedValues:
    """What this version of this module has kept of files."""
    return StampedValues(folder / f"modules-{hashing.of_file(Path(__file__))[:12]}.json")


def _parsed(cell: str) -> ast.Module:
    """Parse a cell without IPython's own lines; one that is not valid Python imports nothing, and running it will
    fail.
    """
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.Module([], [])


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
