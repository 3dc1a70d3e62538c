"""Stored tables without the erased are byte for byte those that reading the sources again gives."""

import json
import shutil
from pathlib import Path

import pytest

from helpers.consenting import CONSENT, KEY, STUDY, people, person
from reachbook.cli import main
from reachbook.study import files
from reachbook.study.data import Data

STATED = STUDY.replace("{path: data/orders.csv}", "{path: data/orders.csv, where: {order_id: {other_than: [o3]}}}")


def stored(root: Path) -> dict[str, tuple[bytes, dict[str, object]]]:
    """Bytes and notes of each table that a read finds or makes."""
    data = Data(files.load(root, "people"))
    paths = {name: data[name].path for name in data}
    return {
        name: (path.read_bytes(), json.loads(path.with_suffix(".json").read_text())) for name, path in paths.items()
    }


def erase(*numbers: int) -> None:
    assert main(["erase", "--study", "people", "--ids", ",".join(map(person, numbers)), "--by", "A"]) == 0


@pytest.mark.parametrize("privacy", ["", CONSENT, "privacy: {minimum: 2}\n"])
@pytest.mark.parametrize("numbers", [range(1, 4), range(1, 60)])
def test_they_equal_a_read_of_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, privacy: str, numbers: range
) -> None:
    """Two erasures, one after the other, of few and of many people, with and without consent."""
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    people(tmp_path, 120, STATED + privacy)
    stored(tmp_path)
    for part in (numbers, range(61, 64)):
        erase(*part)
        made = {path.name for path in (tmp_path / ".cache/tables").glob("*.parquet")}
        assert len(made) >= (5 if privacy == CONSENT else 6), "they were made when the people were erased"
        here = stored(tmp_path)
        assert made == {path.name for path in (tmp_path / ".cache/tables").glob("*.parquet")} or privacy == CONSENT
        shutil.rmtree(tmp_path / ".cache")
        assert here == stored(tmp_path)


def test_rows_that_were_not_kept_for_their_fewness_are_counted_from_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    people(tmp_path, 120)
    stored(tmp_path)
    erase(*range(1, 11))
    erase(*range(11, 31))
    assert not list((tmp_path / ".cache/tables").glob("interactions-*.parquet"))
    assert stored(tmp_path)["interactions"][1]["about"]["forgotten"] == {"people": 30, "rows": 60}
