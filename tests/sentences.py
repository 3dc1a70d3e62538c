"""Every sentence that the product can say in an error, a check, a finding or a decision, read from the code.

`python tests/sentences.py [folder or file ...]` prints them as `file:line: what: sentence`; without an argument, all of
lib/reachbook. Values that a sentence takes in stand as {their code}. For reading: which of them can be false?
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib" / "reachbook"
MAKERS = {"Gate", "Finding", "Section", "Drawing", "Figure", "Table", "Problem", "Unfit"}
TRANSLATORS = {"tr", "trn", "mark"}
METHODS = {"gate", "finding", "decision", "note", "figure", "table"}
WORDS = 3
"""A text of fewer words is a label, a unit or a key, and is left out unless it is raised."""


@dataclass(frozen=True)
class Sentence:
    """place : file:line. kind : the error or maker that says it, or "text" for any other sentence."""

    place: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.text}"


def sentences(path: Path, translated: bool = True) -> Iterator[Sentence]:
    """The sentences of one module, in its order, with or without those that the catalogues hold."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = _docstrings(tree) | _inside_others(tree)
    silent |= set() if translated else _in_catalogues(tree)
    said = _said(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in silent:
            text, kind = _text(node).strip(), said.get(id(node), "text")
            words = len(text.split())
            if words >= WORDS or (words > 1 and kind != "text") or any(c > "⺀" for c in text):
                shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
                yield Sentence(f"{shown}:{node.lineno}", kind, " ".join(text.split()))


def _said(tree: ast.Module) -> dict[int, str]:
    """Which texts are raised, or handed to a maker of checks, findings and the like."""
    found: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name(node.func)) in MAKERS | METHODS:
            found |= {id(each): name for each in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            found |= {id(each): f"raise {_name(node.exc.func)}" for each in ast.walk(node.exc)}
    return found


def _in_catalogues(tree: ast.Module) -> set[int]:
    """Texts that are translated where they stand, or later by their mark."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in TRANSLATORS)
    return {id(each) for call in calls for given in call.args for each in ast.walk(given)}


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _docstrings(tree: ast.Module) -> set[int]:
    lone = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(each) for each in lone if isinstance(each, ast.Constant | ast.JoinedStr)}


def _inside_others(tree: ast.Module) -> set[int]:
    """Pieces of f-strings: the whole is told once. Texts inside their {...} are sentences of their own."""
    return {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else _hole(part) for part in node.values)
    return node.value if isinstance(node.value, str) else ""


def _hole(part: ast.expr) -> str:
    return f"{{{ast.unparse(part.value)}}}" if isinstance(part, ast.FormattedValue) else ""


def main(arguments: list[str]) -> None:
    """Print the sentences of the modules named, or of all."""
    for given in [Path(each).resolve() for each in arguments] or [LIBRARY]:
        for path in sorted(given.rglob("*.py")) if given.is_dir() else [given]:
            for sentence in sorted(sentences(path), key=lambda each: int(each.place.rpartition(":")[2])):
                print(sentence)


if __name__ == "__main__":
    main(sys.argv[1:])
