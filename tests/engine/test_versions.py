"""What a version's name is made from."""

import hashlib
import json
import sys
from dataclasses import replace

import pytest

from helpers.tiny_project import COUNT, STUDY, Project
from reachbook import hashing
from reachbook.engine import plan, versions
from reachbook.engine.archive import crate
from reachbook.engine.page import render
from reachbook.engine.plan import Job

SPEC = "reachbook.segmentation.spec:SegmentationSpec"


@pytest.fixture
def job(project: Project) -> Job:
    """A notebook with parameters, one of which the study sets."""
    project.notebook("count", COUNT, title="How many orders?", spec=SPEC, tables=["orders"])
    project.write("params/tiny/count.yaml", "k_max: 5\n")
    (found,) = plan.jobs(project.root)
    return found


def collected(job: Job, **upstream: str) -> dict[str, object]:
    return versions.inputs_of(job.file, job.notebook, job.tables, upstream)


def test_everything_that_decides_a_run_is_in_it_as_plain_data(job: Job) -> None:
    found = collected(job, shape="0" * 64)
    assert json.loads(json.dumps(found)) == found
    assert found["format"] == versions.FORMAT
    assert found["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert found["lock"] == hashing.of_file(job.file.root / "requirements.lock")
    assert found["upstream"] == {"shape": "0" * 64}
    assert found["parameters"] == {**found["defaults"], "k_max": 5}
    assert found["defaults"]["k_max"] != 5
    assert found["tables"]["orders"]["rows"] == 12
    assert found["tables"]["orders"]["sha256"] == hashing.of_file(job.tables["orders"].path)
    assert {"reachbook.report", "reachbook.study", "reachbook.segmentation.spec"} <= set(found["modules"])


def test_the_study_is_in_it_but_not_which_tables_and_notebooks_it_lists(job: Job) -> None:
    study = collected(job)["study"]
    assert (study["name"], study["seed"], study["title"]) == ("tiny", 7, "Tiny 小店")
    assert study["period"] == {"start": "2026-07-01", "end": "2026-09-30"}
    assert not {"extends", "reads", "notebooks", "tables", "simulate"} & set(study)


def test_a_second_way_to_say_the_same_study_is_the_same_version(project: Project) -> None:
    (before,) = plan.jobs(project.root)
    project.study("tiny", STUDY.replace("[count]", "\n- count") + "reads: []\n")
    (after,) = plan.jobs(project.root)
    assert after.inputs == before.inputs
    assert after.version == before.version


def test_a_name_is_twelve_hex_digits_of_the_key_and_the_page() -> None:
    inputs = {"b": [1, "小"], "a": {"y": 1.5, "x": None}}
    key = versions.key(inputs)
    assert key == versions.key(dict(reversed(inputs.items()))), "the order of keys is no input"
    assert key != versions.key({**inputs, "b": [1, "大"]})
    assert len(key) == hashlib.sha256().digest_size * 2
    assert versions.name(key) == hashing.of_data([key, hashing.of_data([render.key(), crate.key()])])[:12]


def test_another_page_renames_a_run_that_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.name("key")
    monkeypatch.setattr(render, "key", lambda: "another page")
    assert versions.name("key") != before


def test_how_long_versions_are_kept_and_what_for_makes_no_new_version(job: Job) -> None:
    def made(**privacy: object) -> str:
        stated = job.file.spec.privacy.model_copy(update=privacy)
        file = replace(job.file, spec=job.file.spec.model_copy(update={"privacy": stated}))
        return versions.key(versions.inputs_of(file, job.notebook, job.tables, {}))

    assert made(keep_days=30, purpose="To plan campaigns.") == made(keep_days=365, purpose="To plan.") == made()
    assert made(basis="contract") != made()
    assert made(minimum=50) != made()
