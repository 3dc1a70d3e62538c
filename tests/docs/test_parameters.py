"""docs/parameters.md is what the schemas say."""

from datetime import date
from typing import Literal

from pydantic import Field

import papers
from reachbook import notebook, reference
from reachbook.spec import Spec
from reachbook.study.spec import StudySpec

ROOT = papers.ROOT


def test_the_page_is_what_the_schemas_give() -> None:
    """Where it is not: `python -m reachbook.reference`."""
    assert (ROOT / reference.PAGE).read_text("utf-8") == reference.page(ROOT)


def test_every_parameter_has_a_meaning() -> None:
    models = [StudySpec, *(notebook.read(ROOT, name).schema() for name in notebook.find(ROOT))]
    for model in models:
        assert [name for name, meaning in reference.meanings(model).items() if not meaning] == []


def test_every_notebook_is_on_the_page() -> None:
    anchors = papers.read(ROOT / reference.PAGE).anchors
    assert {"studyyaml", *notebook.find(ROOT)} <= anchors


class Inner(Spec):
    """A part of it. And more."""

    share: float = Field(gt=0, le=1, description="a ratio | of all, under <name>")


class Outer(Spec):
    """Something with every kind of value.

    day, days : when; kinds : which
    """

    day: date | None = None
    days: tuple[int, ...] = ()
    kinds: dict[str, Literal["a", "b"]] = Field(default_factory=dict)
    inner: dict[str, Inner] = Field(default={})


def test_types_defaults_and_limits_stand_in_words() -> None:
    table = reference.table(Outer).splitlines()
    assert table[2] == "| `day` | day or none | none | when |"
    assert table[3] == "| `days` | list of whole number | `[]` | when |"
    assert table[4] == "| `kinds` | map (name: `a` / `b`) | `{}` | which |"
    assert table[5].startswith("| `inner` | map (name: [Inner](#inner)) | `{}` |")


def test_a_cell_breaks_no_table_and_begins_no_tag() -> None:
    row = reference.table(Inner).splitlines()[2]
    assert row == r"| `share` | number (above 0, at most 1) | required | a ratio \| of all, under \<name> |"
