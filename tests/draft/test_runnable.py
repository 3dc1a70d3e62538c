"""Notebooks are drafted as able only where their own checks accept the tables."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reachbook.draft.entries import plain
from reachbook.draft.new import Draft, draft, new
from reachbook.draft.runnable import Runnable, effect_entries, notebook_entry
from reachbook.tables.store import Checked

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def experiment(root: Path, more: str = "") -> Draft:
    rows = [f"u{i},{('control', 'treatment')[i % 2]},{i % 7}" + (f",{i % 3}" if more else "") for i in range(200)]
    (root / "a.csv").write_text("\n".join([f"unit_id,arm,spent{more}", *rows]) + "\n")
    return draft(root, "acme", ["a.csv"])


def test_one_outcome_is_enough(root: Path) -> None:
    made = experiment(root)
    assert made.runnable.able == ("campaign_effect", "data_quality")
    assert plain(made.effect) == {"design": "experiment"}
    assert "outcome" not in {each.key for each in made.effect}


def test_of_two_outcomes_a_person_chooses(root: Path) -> None:
    made = experiment(root, ",visits")
    assert made.runnable.able == ("data_quality",)
    assert "visits could each be it" in made.runnable.refused["campaign_effect"]
    (asked,) = (each for each in made.effect if each.key == "outcome")
    assert asked.off
    assert "spent" in asked.why
    (listed,) = (each for each in made.study if each.key == "notebooks")
    assert listed.value == ["data_quality"]
    assert listed.why == "add campaign_effect once what the end of this file asks for is done"


def test_media_without_what_was_sold_wants_an_outcome(root: Path) -> None:
    (root / "m.csv").write_text("week,channel,spend\n2026-07-06,douyin,5\n2026-07-13,douyin,6\n")
    made = draft(root, "acme", ["m.csv"])
    assert "needs a table outcome" in made.runnable.refused["budget_optimization"]


def test_a_panel_s_design_is_written(root: Path) -> None:
    rows = [f"c{c},2026-06-{d + 1:02d},{100 + c + d},{int(c == 0 and d > 20)}" for c in range(6) for d in range(30)]
    (root / "p.csv").write_text("\n".join(["city,date,sales,treated", *rows]) + "\n")
    new(root, "acme", ["p.csv"])
    assert (root / "params/acme/campaign_effect.yaml").read_text().startswith("design: panel")


def test_an_outcome_is_a_number_and_nothing_from_before_the_test(tmp_path: Path) -> None:
    columns = {
        "unit_id": ["u"],
        "visits": [1.0],
        "pre_spent": [1.0],
        "city": ["x"],
        "活动前消费": [1.0],
        "spent": [2.0],
    }
    pq.write_table(pa.table(columns), tmp_path / "e.parquet")
    tables = {"experiment": Checked(tmp_path / "e.parquet", 1, {}), "panel": Checked(tmp_path / "p.parquet", 1, {})}
    design, outcome = effect_entries(tables)
    assert (design.value, outcome.value, outcome.off) == ("experiment", "spent", True)
    assert outcome.why.startswith("or visits?")
    assert [each.value for each in effect_entries({"panel": tables["panel"]})] == ["panel"]
    assert effect_entries({}) == ()


@pytest.mark.parametrize(
    ("able", "close", "listed"),
    [(("a", "b"), (), ["a", "b"]), ((), ("y",), ["y"]), ((), (), ["x"])],
)
def test_a_study_has_a_notebook_even_where_none_can_run(
    able: tuple[str, ...], close: tuple[str, ...], listed: list[str]
) -> None:
    entry = notebook_entry(Runnable(able, {"x": "needs a table", "y": "needs more"}, close))
    assert entry.value == listed
    assert ("it cannot run yet" in entry.why) is not bool(able)
