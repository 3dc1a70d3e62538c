"""Which notebooks a study with random errors may list."""

from pathlib import Path

import pytest

from helpers.tiny_project import COUNT, STUDY, Project
from reachbook.errors import ParamsError
from reachbook.study import files


def project(root: Path, privacy: str, **about: object) -> Project:
    """Write the study `tiny` with one notebook that reads orders."""
    made = Project(root)
    made.study("tiny", STUDY + privacy)
    made.notebook("count", COUNT, tables=["orders"], **about)
    return made


def test_exact_numbers_of_people_beside_random_errors_are_refused(tmp_path: Path) -> None:
    project(tmp_path, "privacy: {audience: shared, epsilon: 1}\n")
    with pytest.raises(ParamsError, match=r"study.yaml:4: count publishes exact numbers of people") as caught:
        files.load(tmp_path, "tiny")
    assert "run it in a study of its own that is internal" in str(caught.value)


def test_random_errors_need_a_statement_of_how_much(tmp_path: Path) -> None:
    project(tmp_path, "privacy: {audience: shared}\n", randomized=True)
    with pytest.raises(ParamsError, match=r"study.yaml:4: count: privacy.epsilon is not stated"):
        files.load(tmp_path, "tiny")
    project(tmp_path, "privacy: {audience: shared, epsilon: 1}\n", randomized=True)
    assert files.load(tmp_path, "tiny").notebooks[0].randomized


def test_a_notebook_without_people_may_stand_beside_it(tmp_path: Path) -> None:
    made = project(tmp_path, "privacy: {audience: shared, epsilon: 1}\n", randomized=True)
    made.notebook("weeks", COUNT, tables=["media"])
    made.study("tiny", STUDY.replace("[count]", "[count, weeks]") + "privacy: {audience: shared, epsilon: 1}\n")
    assert len(files.load(tmp_path, "tiny").notebooks) == 2
