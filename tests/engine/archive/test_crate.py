"""Every version is an RO-Crate that says the same bytes each time."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from rocrate.rocrate import ROCrate

from helpers.shelved import name, shelved
from reachbook.engine import kept
from reachbook.engine.archive import crate


def written(root: Path, number: int = 1, finished: str = "2026-10-01T08:00:00+00:00") -> Path:
    folder = shelved(root, number, finished, published={"segments": pd.DataFrame({"segment": ["a"]})})
    crate.write(folder, kept.read(folder).inputs, folder.name)
    return folder


def test_a_reader_of_ro_crates_finds_every_file_with_its_hash(tmp_path: Path) -> None:
    folder = written(tmp_path)
    read = ROCrate(folder)
    files = {each.id: each for each in read.data_entities}
    assert set(files) == {"report.html", "notebook.ipynb", "result.json", "run.json", "tables/segments.parquet"}
    for id in set(files) - {"run.json"}:
        content = (folder / id).read_bytes()
        assert files[id]["sha256"] == hashlib.sha256(content).hexdigest()
        assert files[id]["contentSize"] == str(len(content))
    assert "sha256" not in files["run.json"]
    assert read.root_dataset["identifier"] == f"tiny/count/{name(1)}"
    assert read.root_dataset["temporalCoverage"] == "2026-07-01/2026-09-30"


def test_the_run_is_an_action_from_tables_and_parameters_to_the_report(tmp_path: Path) -> None:
    (run,) = ROCrate(written(tmp_path)).get_by_type("CreateAction")
    assert {each.id for each in run["object"]} == {"#table-orders", "#parameter-level"}
    assert "report.html" in {each.id for each in run["result"]}
    assert run["instrument"]["name"] == "Reachbook"


def test_every_reference_leads_somewhere(tmp_path: Path) -> None:
    graph = json.loads((written(tmp_path) / crate.CRATE).read_text("utf-8"))["@graph"]
    ids = [each["@id"] for each in graph]
    assert len(ids) == len(set(ids))
    referred = {part["@id"] for each in graph for value in each.values() if isinstance(value, list) for part in value}
    assert referred <= set(ids)


def test_another_clock_and_another_machine_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a"), written(tmp_path / "b", finished="2027-01-01T00:00:00+00:00")
    assert (first / "run.json").read_bytes() != (second / "run.json").read_bytes()
    assert (first / crate.CRATE).read_bytes() == (second / crate.CRATE).read_bytes()


@pytest.mark.parametrize(
    ("notice", "said"), [("", "No license is stated"), ("Not for other use.", "Not for other use.")]
)
def test_the_notice_of_the_study_is_its_license(tmp_path: Path, notice: str, said: str) -> None:
    folder = shelved(tmp_path, 1, study_about={"notice": notice})
    crate.write(folder, kept.read(folder).inputs, folder.name)
    assert str(ROCrate(folder).root_dataset["license"]).startswith(said)
