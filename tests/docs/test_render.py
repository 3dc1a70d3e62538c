"""Module pages: every module has one, and lists in docstrings stay lists."""

import importlib.util

from papers import ROOT
from source_names import known

SPEC = importlib.util.spec_from_file_location("render", ROOT / "docs" / "render.py")
assert SPEC is not None
assert SPEC.loader is not None
render = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(render)


def test_every_module_is_rendered() -> None:
    names = render.modules()
    assert {"reachbook", "reachbook.result", "reachbook.budget.model.adstock"} <= set(names)
    assert all(known(name) for name in names)


def test_entries_become_a_list() -> None:
    text = "Found.\n\nlow, high : limits,\n    in money; raw : as it was. by : who\nkind : of it\n\nRaises ValueError."
    items = "- **low, high**: limits,\n    in money\n- **raw**: as it was.\n- **by**: who\n- **kind**: of it"
    assert render.listed(text) == f"Found.\n\n{items}\n\nRaises ValueError."


def test_a_docstring_without_entries_stays() -> None:
    assert render.listed("Whole days: from a to b.") == "Whole days: from a to b."


def test_what_python_writes_itself_is_left_out() -> None:
    assert render.listed("Alias for field number 0") == ""


def test_numpy_headings_are_left_to_pdoc() -> None:
    text = "Sum.\n\nParameters\n----------\na : int\n    First."
    assert render.listed(text) == text
