"""Outcomes of listed people, joined by hash, are an experiment that the campaign effect reads by segment."""

import pandas as pd
import pytest

from helpers.listed_people import KEY, PEOPLE, PRIVACY, STUDY, listed, person, says
from reachbook.cli import main
from reachbook.effects.design_table import read
from reachbook.effects.experiment.estimate import estimate
from reachbook.effects.spec import EffectSpec
from reachbook.privacy.key import Key
from reachbook.study import files
from reachbook.study.data import Data

HASH = Key(KEY.encode()).hash


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Lists of `listed` went out; in `after`, which extends it, everybody treated orders twice from 1 October on."""
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    made = listed(tmp_path)
    assert main(["activate", "--study", "listed", "--holdout", "0.3"]) == 0
    arms = pd.read_csv(folder(made) / "assignment.csv", dtype=str).set_index("id")["arm"]
    bought = ["x1,stranger,2026-10-10 10:00:00,9", f"x2,{person(1)},2026-11-20 10:00:00,9"]
    for each in range(PEOPLE):
        times = 2 if arms.get(HASH(person(each))) == "treated" else each % 2
        bought += [f"n{each}-{i},{person(each)},2026-10-{i + 3:02d} 10:00:00,10.5" for i in range(times)]
    made.write("data/after.csv", "\n".join(["order_id,user_id,at,amount", *bought]) + "\n")
    made.study("after", "extends: listed\nperiod: {start: 2026-10-01, end: 2026-11-30}\n"
               "tables: {orders: {path: data/after.csv}}\n")  # fmt: skip
    return made


def folder(project):
    return project.root / "lists/listed/000000000001"


def outcomes(*more: str) -> int:
    return main(["outcomes", "--study", "after", "--start", "2026-10-01", *more])


def test_each_listed_person_has_their_orders_of_the_window_under_a_hash(project, capsys):
    assert outcomes() == 0
    said = capsys.readouterr().out
    assert "ratios: {holdout: 0.3, treated: 0.7}" in said
    table = pd.read_csv(folder(project) / "outcomes.csv", dtype={"unit_id": str}).set_index("unit_id")
    arms = pd.read_csv(folder(project) / "assignment.csv", dtype={"id": str}).set_index("id")
    assert set(table.index) == set(arms.index)
    assert (table["arm"] == arms["arm"].reindex(table.index)).all()
    for each in range(1, 60):
        if says(each) == "是":
            row = table.loc[HASH(person(each))]
            assert row["orders"] == (2 if row["arm"] == "treated" else each % 2)
            assert row["money"] == row["orders"] * 10.5
    assert b"zq" not in (folder(project) / "outcomes.csv").read_bytes()


def test_the_campaign_effect_reads_them_by_segment(project):
    outcomes()
    project.study("read", "extends: after\ntables: {experiment: {path: lists/listed/000000000001/outcomes.csv}}\n")
    frame = read({"experiment": Data(files.load(project.root, "read"))["experiment"].path}, EffectSpec())
    spec = EffectSpec(outcome="orders", ratios={"holdout": 0.3, "treated": 0.7})
    found = estimate(frame, spec, 1)
    assert found.detail.control == "holdout"
    assert [each.segment for each in found.detail.segments] == ["1", "2"]
    assert next(gate for gate in found.gates if gate.id == "sample_ratio").passed


def test_who_left_since_is_left_out_of_both_arms_and_told(project, capsys):
    text = (project.root / "data/users.csv").read_text("utf-8")
    project.write("data/users.csv", text.replace(f"{person(7)},是", f"{person(7)},否"))
    assert outcomes() == 0
    assert "Left out since" in capsys.readouterr().out
    table = pd.read_csv(folder(project) / "outcomes.csv", dtype=str)
    assert HASH(person(7)) not in set(table["unit_id"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--days", "90"), "the window runs from 2026-10-01 to 2026-12-29, and the orders end on 2026-11-20"),
        (("--days", "0"), "DAYS: '0' is no whole number"),
        (("--start", "soon"), "START: 'soon' is no day"),
        (("--version", "ffff"), "VERSION: no list of after, listed was made from a version 'ffff'"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(project, capsys, typed, said):
    assert outcomes(*typed) == 2
    told = capsys.readouterr().err.strip()
    assert said in told
    assert len(told.splitlines()) == 1


def test_another_key_or_a_lost_assignment_is_said(project, capsys, monkeypatch):
    (folder(project) / "assignment.csv").unlink()
    assert outcomes() == 2
    assert "nobody knows who was held out" in capsys.readouterr().err
    monkeypatch.setenv("REACHBOOK_KEY", "f" * 64)
    assert outcomes() == 2
    assert "these lists were made with the key" in capsys.readouterr().err


def test_a_study_without_orders_is_told_so(project, capsys):
    project.study("listed", STUDY.replace("  orders: {path: data/orders.csv}\n", "") + PRIVACY)
    project.study("after", "extends: listed\n")
    assert outcomes() == 2
    assert "the study has no orders" in capsys.readouterr().err
