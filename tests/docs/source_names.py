"""Which names a module defines, read from its syntax tree without importing it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from papers import ROOT


@cache
def defined(source: Path) -> frozenset[str]:
    """Names that a module defines or imports at its top level; members of its classes as Class.member."""
    return frozenset(_names(ast.parse(source.read_text("utf-8"))))


def known(dotted: str) -> bool:
    """Whether a dotted name is a module of the library, or a name that one of its modules defines."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        source = _module(parts[:length])
        if source is not None:
            return length == len(parts) or ".".join(parts[length:]) in defined(source)
    return False


def _module(parts: list[str]) -> Path | None:
    base = ROOT.joinpath("lib", *parts)
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _names(tree: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name
                yield from (f"{name}.{member}" for member in _names(node))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (each.asname or each.name for each in names)
            case ast.TypeAlias(name=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
