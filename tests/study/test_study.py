"""The object a notebook starts from."""

from pathlib import Path

import pytest

from helpers.tiny_project import STUDY, Project
from reachbook.errors import ParamsError
from reachbook.study import Study
from reachbook.study.study import find_root


@pytest.fixture
def study(project: Project, monkeypatch: pytest.MonkeyPatch) -> Study:
    project.notebook("shape", [], spec="reachbook.segmentation.spec:SegmentationSpec", tables=["orders"])
    project.study("tiny", STUDY.replace("[count]", "[count, shape]"))
    project.write("params/tiny/shape.yaml", "k_max: 5\n")
    monkeypatch.chdir(project.root / "notebooks")
    return Study.load("tiny")


def test_it_is_found_from_the_notebooks_folder(study: Study, project: Project) -> None:
    assert study.drafts == project.root / "reports" / "tiny"
    assert (study.start.isoformat(), study.currency, study.seed) == ("2026-07-01", "CNY", 7)


def test_a_table_is_as_its_contract_says(study: Study) -> None:
    orders = study.table("orders")
    assert len(orders) == 12
    assert str(orders["amount"].dtype) == "float64"
    assert orders["amount"].sum() == pytest.approx(sum(10 + i for i in range(12)))


def test_a_table_that_is_not_there(study: Study) -> None:
    with pytest.raises(ParamsError, match=r"table 'users' is not there. Tables here: orders."):
        study.table("users")


def test_no_truth_is_known_of_real_data(study: Study) -> None:
    assert study.truth("segments") is None


def test_nothing_is_published_yet(study: Study) -> None:
    assert study.result("count") is None


def test_the_yaml_rules_over_the_default_and_the_cell_over_the_yaml(study: Study) -> None:
    default = study.params("shape", {}).__class__().k_max
    assert study.params("shape", {"k_max": default}).k_max == 5
    assert study.params("shape", {"k_max": 4}).k_max == 4


def test_a_wrong_value_in_the_cell_is_refused(study: Study) -> None:
    with pytest.raises(ParamsError, match='parameters cell: k_max is "many"'):
        study.params("shape", {"k_max": "many"})


def test_parameters_of_a_notebook_that_the_study_does_not_list(study: Study) -> None:
    with pytest.raises(ParamsError, match="notebook 'other' is not listed under `notebooks:`"):
        study.params("other", {})


def test_outside_a_project(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="not inside a Reachbook project"):
        find_root(tmp_path)
