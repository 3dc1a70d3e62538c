"""Every gate that the package makes has a name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reachbook
from reachbook.engine.page.gate_names import NAMES, gate_name
from reachbook.quality.labels import CHECKS
from reachbook.translation import LANGUAGES, Language, using

MAKERS = ("Gate", "self.gate", "_influence_gate")
LIB = Path(reachbook.__file__).parent


def ids() -> Iterator[str]:
    """Ids that stand as text in a call that makes a gate, and those of the checks of data quality."""
    yield from CHECKS
    for path in LIB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in MAKERS:
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def test_every_gate_has_a_name_and_every_name_a_gate() -> None:
    assert set(ids()) | {"data_quality"} == set(NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_short_enough_for_a_line(language: Language) -> None:
    with using(language):
        assert max(len(gate_name(id)) for id in NAMES) <= 40
