"""A study's tables: read when they are asked for, checked once, simulated where the study says so."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from helpers.tiny_project import STUDY, Project
from reachbook import hashing
from reachbook.demo import store
from reachbook.errors import DataError
from reachbook.study import files
from reachbook.study.data import Data, cache_folder, warned
from reachbook.tables.store import Checked

SMALL = "users: 50, contents: 30, interactions: 300, orders: 40, comments: 60, labels: 10, units: 30, cities: 6"
SIMULATED = STUDY.split("tables:")[0] + f"simulate: {{{SMALL}}}\n"


def data(project: Project, study: str = STUDY) -> Data:
    project.study("tiny", study)
    return Data(files.load(project.root, "tiny"))


def test_a_table_is_read_when_it_is_asked_for_and_only_once(project: Project) -> None:
    found = data(project, STUDY + "  users: {path: data/not_there.csv}\n")
    assert list(found) == ["orders", "users"]
    assert len(found) == 2
    orders = found["orders"]
    assert orders.rows == 12
    (project.root / "data/orders.csv").unlink()
    assert found["orders"] is orders
    with pytest.raises(DataError, match="not_there"):
        found["users"]


def test_a_table_that_the_study_does_not_have(project: Project) -> None:
    found = data(project)
    assert "users" not in found
    for name in ("users", "truth_users"):
        with pytest.raises(KeyError, match=name):
            found[name]


def test_a_table_that_breaks_its_contract_is_told_with_the_line_that_names_it(project: Project) -> None:
    project.orders(first=-3.5)
    with pytest.raises(DataError) as error:
        data(project)["orders"]
    first, second, *_ = str(error.value).splitlines()
    assert first == "params/tiny/study.yaml:6: table orders cannot be used:"
    assert second.startswith("data/orders.csv:2: amount: -3.5 is negative.")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose study is simulated, its tables made."""
    project = Project(tmp_path_factory.mktemp("simulated"))
    project.notebook("count", [], tables=["orders"])
    assert len(data(project, SIMULATED)) > 5
    return project


def test_simulated_tables_keep_their_contracts_and_truths_come_as_they_are(simulated: Project) -> None:
    found = data(simulated, SIMULATED)
    assert {"users", "orders", "comments", "truth_comments"} <= set(found)
    orders, truth = found["orders"], found["truth_comments"]
    assert (orders.rows, truth.rows) == (40, 60)
    assert set(orders.facts) == {"source", "sha256"}
    assert orders.facts["source"] == truth.facts["source"] == "simulated"
    assert truth.facts["sha256"] == hashing.of_file(truth.path)
    assert pq.read_metadata(orders.path).num_rows == 40


def test_they_are_generated_once_for_the_same_period_seed_and_sizes(
    simulated: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "write", lambda *_: pytest.fail("generated again"))
    assert data(simulated, SIMULATED)["orders"].rows == 40


@pytest.mark.parametrize(
    ("old", "new"), [("seed: 7", "seed: 8"), ("2026-09-30", "2026-09-29"), ("orders: 40", "orders: 41")]
)
def test_another_seed_period_or_size_is_another_folder(
    simulated: Project, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    asked: list[Path] = []

    def write(spec: object, start: object, end: object, seed: object, folder: Path) -> None:
        asked.append(folder)
        folder.mkdir(parents=True)

    monkeypatch.setattr(store, "write", write)
    assert list(data(simulated, SIMULATED.replace(old, new))) == []
    assert len(asked) == 1
    assert asked[0].parent == cache_folder(simulated.root) / "demo"


def test_own_tables_stand_before_simulated_ones_of_the_same_name(simulated: Project) -> None:
    simulated.orders(rows=5)
    found = data(simulated, SIMULATED + "tables:\n  orders: {path: data/orders.csv}\n")
    assert found["orders"].rows == 5
    assert found["orders"].facts["source"] == "data/orders.csv"
    assert next(iter(found)) == "orders"
    assert list(found).count("orders") == 1


def test_a_simulation_that_stops_leaves_nothing_half(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(spec: object, start: object, end: object, seed: object, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "orders.parquet").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "write", write)
    with pytest.raises(KeyboardInterrupt):
        list(data(project, SIMULATED))
    assert list((cache_folder(project.root) / "demo").iterdir()) == []


def test_another_process_may_have_been_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(spec: object, start: object, end: object, seed: object, folder: Path) -> None:
        for place in (folder, folder.with_name(folder.name.split(".")[1])):
            place.mkdir(parents=True)
            (place / "orders.parquet").write_bytes(b"")

    monkeypatch.setattr(store, "write", write)
    assert list(data(project, SIMULATED)) == ["orders"]
    assert len(list((cache_folder(project.root) / "demo").iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_not_hidden(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "write", write)
    with pytest.raises(OSError, match="no space left"):
        list(data(project, SIMULATED))


def test_warnings_are_collected_in_the_order_of_tables() -> None:
    tables = {
        name: Checked(Path(name), 1, {}, lines) for name, lines in {"b": ("one", "two"), "c": (), "a": ("x",)}.items()
    }
    assert warned(tables) == (("b", "one"), ("b", "two"), ("a", "x"))


def test_a_chinese_study_is_told_in_chinese_what_is_wrong_with_its_tables(project: Project) -> None:
    project.orders(first=-3.5)
    with pytest.raises(DataError) as error:
        data(project, "language: zh\n" + STUDY)["orders"]
    first, second, *_ = str(error.value).splitlines()
    assert first == "params/tiny/study.yaml:7: 表 orders 无法使用："
    assert second.startswith("data/orders.csv:2: amount: -3.5 为负。")
