"""Lists hold hashes of people who may be reached, and nobody else; the hold-out is random, planned and stays."""

import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from helpers import listed_people
from helpers.listed_people import KEY, PEOPLE, PRIVACY, STUDY, listed, person, published, says, segment_of
from helpers.shelved import shelved
from reachbook.cli import main
from reachbook.privacy.key import Key
from reachbook.report_paths import WITHDRAWN

HASH = Key(KEY.encode()).hash


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return listed(tmp_path)


def lists(root: Path, number: int = 1) -> Path:
    return root / "lists/listed" / f"{number:012x}"


def activate(*more: str) -> int:
    return main(["activate", "--study", "listed", *more])


def refusal(capsys, *more: str) -> str:
    assert activate(*more) == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert "zq" not in said
    return said


def assignment(root: Path, number: int = 1) -> pd.DataFrame:
    return pd.read_csv(lists(root, number) / "assignment.csv", dtype=str)


def test_a_segment_that_the_shared_page_hides_gets_no_list(project, capsys):
    """Of version 2 only the first segment is told."""
    told = listed_people.audience()
    told["sizes"] = told["sizes"].head(1)
    day = "2026-10-02T08:00:00+00:00"
    shelved(project.root, 2, day, study="listed", notebook=listed_people.NOTEBOOK, published=told)
    assert activate() == 0
    said = capsys.readouterr().out
    for number, name in ((2, "Bargain hunters"), (3, "Few")):
        assert f"segment {number} ({name}): the shared page does not tell it" in said
    assert {path.name for path in lists(project.root, 2).glob("segment-*.csv")} == {"segment-1.csv"}
    assert "Bargain" not in (lists(project.root, 2) / "list.json").read_text("utf-8")
    assert set(assignment(project.root, 2)["segment"]) == {"1"}


def test_a_list_holds_hashes_of_those_who_agreed_and_no_id(project, capsys):
    assert activate() == 0
    said = capsys.readouterr().out
    assert "120 people have not consented and were left out" in said
    assert "rules.sql: not written, because the tables of today no longer give the published segments" in said
    assert not (lists(project.root) / "rules.sql").exists()
    assert "segment 3 (Few): fewer than 20 people may be listed (privacy.minimum)" in said
    frame = pd.read_csv(lists(project.root) / "segment-1.csv", dtype=str, encoding="utf-8-sig")
    arms = assignment(project.root).set_index("id")["arm"]
    agreed = {HASH(person(n)) for n in range(PEOPLE) if segment_of(n) == 0 and says(n) == "是"}
    assert set(frame["id"]) == {each for each in agreed if arms[each] == "treated"}
    assert set(frame["purpose"]) == {"To tell members of new products."}
    assert set(frame["use_until"]) == {"2036-09-28"}
    sheet = load_workbook(lists(project.root) / "segment-1.xlsx").active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["id", *frame["id"]]
    assert not (lists(project.root) / "segment-3.csv").exists()
    every = b"".join(path.read_bytes() for path in lists(project.root).iterdir() if path.suffix != ".xlsx")
    assert b"zq" not in every


def test_nobody_held_out_is_on_a_list_or_in_the_seed_and_all_of_them_are_suppressed(project):
    activate()
    held = assignment(project.root).query("arm == 'holdout'")
    on = {name: set(pd.read_csv(lists(project.root) / f"{name}.csv", dtype=str, encoding="utf-8-sig")["id"])
          for name in ("segment-1", "segment-2", "seed", "suppression")}  # fmt: skip
    assert not set(held["id"]) & (on["segment-1"] | on["segment-2"] | on["seed"])
    assert set(held["id"]) == on["suppression"]
    assert on["seed"] == on["segment-2"]
    about = json.loads((lists(project.root) / "list.json").read_text("utf-8"))
    share = len(held) / len(assignment(project.root))
    assert 0.05 <= about["holdout"] <= 0.5
    assert abs(share - about["holdout"]) < 4 * (about["holdout"] / len(assignment(project.root))) ** 0.5


def test_one_segment_after_the_other_gives_the_same_arms_as_both_at_once(project, tmp_path):
    activate("--segment", "1")
    activate("--segment", "Bargain hunters")
    apart = assignment(project.root)
    for path in lists(project.root).iterdir():
        path.unlink()
    activate()
    pd.testing.assert_frame_equal(apart, assignment(project.root))


def test_a_later_list_keeps_the_share_and_refuses_another(project, capsys):
    activate("--holdout", "0.3")
    before = assignment(project.root)
    assert activate("--suppress", f"{person(1)},{HASH(person(2))},nobody") == 0
    said = capsys.readouterr().out
    assert "2 people were left out by SUPPRESS" in said
    assert "1 ids of SUPPRESS stand in no segment, at places 3 of the input" in said
    pd.testing.assert_frame_equal(before, assignment(project.root))
    left = pd.read_csv(lists(project.root) / "suppression.csv", dtype=str, encoding="utf-8-sig")
    assert {HASH(person(1)), HASH(person(2))} <= set(left["id"])
    listed_now = pd.read_csv(lists(project.root) / "segment-2.csv", dtype=str, encoding="utf-8-sig")
    assert HASH(person(1)) not in set(listed_now["id"])
    assert "lists of this version hold out 30%" in refusal(capsys, "--holdout", "0.2")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--segment", "9"), "SEGMENT: '9' is no segment of"),
        (("--suppress", "nobody"), "SUPPRESS: none of its 1 ids stands in the version"),
        (("--suppress", "data/none.csv"), "SUPPRESS: looks like a file"),
        (("--until", "soon"), "UNTIL: 'soon' is no day"),
        (("--until", "2020-01-01"), "UNTIL: 2020-01-01 has passed"),
        (("--until", "2099-01-01"), "UNTIL: 2099-01-01 is after 2036-09-28"),
        (("--holdout", "1.5"), "HOLDOUT: '1.5' is no share"),
        (("--version", "ffff"), "VERSION: no published version begins with 'ffff'"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(project, capsys, typed, said):
    assert said in refusal(capsys, *typed)
    assert not (project.root / "lists").exists()


def test_a_missing_short_or_changed_key_is_one_line_each(project, monkeypatch, capsys):
    activate()
    capsys.readouterr()
    monkeypatch.setenv("REACHBOOK_KEY", "f" * 64)
    assert "these lists were made with the key" in refusal(capsys)
    monkeypatch.setenv("REACHBOOK_KEY", "short")
    assert "REACHBOOK_KEY: has 5 characters" in refusal(capsys)
    monkeypatch.delenv("REACHBOOK_KEY")
    assert "REACHBOOK_KEY: is not set" in refusal(capsys)


def test_nothing_leaves_where_checks_fail_where_no_basis_is_stated_or_without_a_last_day(project, capsys):
    published(project.root, 2, passed=False)
    assert "do not allow to act by segment" in refusal(capsys)
    project.study("listed", STUDY)
    assert "no list leaves without a purpose and a basis" in refusal(capsys, "--version", f"{1:012x}")
    project.study("listed", STUDY + PRIVACY.replace(", keep_days: 3650", ""))
    assert "UNTIL: say until when" in refusal(capsys, "--version", f"{1:012x}")


def test_without_segments_there_is_no_list(project, capsys, monkeypatch):
    monkeypatch.setattr(listed_people, "segment_of", lambda number: 0)
    published(project.root, 2)
    assert "it found no segments that can be defended" in refusal(capsys)


@pytest.mark.parametrize(
    ("odd", "said"), [(["a", "a "], "1 ids differ from another only by spaces"), (["\u200b", "b"], "1 ids are empty")]
)
def test_ids_that_cannot_be_told_apart_are_refused(project, capsys, odd, said):
    published(project.root, 2, ids=[*odd, *(person(n) for n in range(2, PEOPLE))])
    assert said in refusal(capsys)


def test_who_is_erased_is_on_no_list_and_lists_of_withdrawn_versions_are_gone(project, capsys):
    activate()
    folder = lists(project.root)
    assert folder.is_dir()
    assert main(["erase", "--study", "listed", "--ids", person(1)]) == 0
    assert not folder.exists()
    assert [path.name for path in (project.root / "reports/listed/audience_segmentation" / folder.name).iterdir()] == [
        WITHDRAWN
    ]
    capsys.readouterr()
    assert "was withdrawn" in refusal(capsys, "--version", folder.name)
    published(project.root, 2)
    assert activate() == 0
    assert "1 person is to be forgotten and was left out" in capsys.readouterr().out
    assert HASH(person(1)) not in set(assignment(project.root, 2)["id"])


def test_another_basis_leaves_out_who_said_no_and_a_plan_needs_orders(project, capsys):
    project.study(
        "listed", STUDY.replace("  orders: {path: data/orders.csv}\n", "") + PRIVACY.replace("consent", "contract")
    )
    assert "the study has no orders" in refusal(capsys)
    assert activate("--holdout", "0.5") == 0
    assert "120 people have not consented" in capsys.readouterr().out
