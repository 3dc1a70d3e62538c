"""docs/parameters.md is what the schemas say."""

import papers

from reachbook import notebook, reference
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
