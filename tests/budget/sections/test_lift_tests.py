"""Tests of channels on their way to the model: the study's own and published ones, and what is left out."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from reachbook.budget.model.history import history
from reachbook.budget.model.lift_tests import lift_tests
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.sections.lift_tests import GatheredTests, check, gather_tests, section
from reachbook.errors import DataError
from reachbook.result import Result, TableEntry
from reachbook.study.spec import StudySpec
from reachbook.study.study import Study
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.source import Source
from reachbook.tables.store import checked

ROW = {
    "channel": "douyin", "metric": "revenue", "spend": 10.0, "lift": 20.0, "lift_se": 5.0,
    "start": "2025-03-01", "end": "2025-03-28",
}  # fmt: skip
OWN = pd.DataFrame([{**ROW, "lift_se": None, "lift_low": 10.2, "lift_high": 29.8, "level": 0.95, "share": None}])


def published(folder: Path, study: str, frame: pd.DataFrame) -> Result:
    (folder / study / "tables").mkdir(parents=True)
    frame.to_parquet(folder / study / "tables" / "lift_tests.parquet")
    return Result(study, "other", folder / study, tables=(TableEntry("lift_tests", len(frame), tuple(frame), ""),))


def test_published_tests_are_gathered(tmp_path: Path) -> None:
    one = published(tmp_path, "one", pd.DataFrame([ROW]))
    other = published(tmp_path, "other", pd.DataFrame([{**ROW, "channel": "weibo"}]))
    tests = gather_tests((one, other), metrics=["revenue"])
    assert tests.frame is not None
    assert tests.frame["study"].tolist() == ["one", "other"]
    assert section(known_mix.mix(), tests, {}).note.startswith("2 of 2 tests are part of the model")
    assert gather_tests(()) == GatheredTests(None)


def test_another_metric_is_not_mixed_in_but_named(tmp_path: Path) -> None:
    """Three conversions are not three yuan."""
    both = published(tmp_path, "one", pd.DataFrame([ROW, {**ROW, "metric": "orders", "lift": 3.0}]))
    tests = gather_tests((both,), metrics=["revenue"])
    assert tests.frame is not None
    assert tests.frame["lift"].tolist() == [20.0]
    told = section(known_mix.mix(), tests, {}).note
    assert told.startswith("1 of 2 tests")
    assert "Left out: the test of douyin from 2025-03-01 (one), measured in orders." in told
    asked = check(tests)[0]
    assert (asked.passed, asked.level) == (False, "warn")
    assert "name it in `metrics`" in asked.detail
    none = gather_tests((both,), metrics=[])
    assert none.frame is None
    assert len(none.other) == 2
    assert "Left out" in section(known_mix.mix(), none, {}).note


def test_a_study_tells_its_own_tests_by_error_or_interval() -> None:
    frame = gather_tests((), OWN, ["revenue"]).frame
    assert frame is not None
    assert frame["lift_se"].iloc[0] == pytest.approx(5.0, rel=1e-3)
    assert frame["study"].tolist() == ["own table"]
    assert "share" not in frame, "an empty column says nothing"
    unnamed = gather_tests((), OWN.drop(columns="metric")).frame
    assert unnamed is not None


def test_a_test_that_was_published_too_counts_once(tmp_path: Path) -> None:
    tests = gather_tests((published(tmp_path, "one", pd.DataFrame([ROW])),), OWN, ["revenue"])
    assert tests.frame is not None
    assert tests.frame["study"].tolist() == ["one"]
    assert "which was published too" in tests.twice[0]
    assert check(tests) == ()


@pytest.mark.parametrize("spoilt", [{"level": None}, {"level": 95.0}, {"lift_high": 9.0}, {"lift_low": None}])
def test_a_lift_without_an_error_is_refused(spoilt: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"lift_tests, row 1: .* give lift_se, or lift_low below lift_high"):
        gather_tests((), OWN.assign(**spoilt))


def test_the_contract_is_what_the_model_reads() -> None:
    contract = CONTRACTS["lift_tests"]
    assert {c.name for c in contract.columns if c.needed} == {"channel", "start", "end", "spend", "lift"}
    assert {"lift_se", "lift_low", "lift_high", "level", "metric", "share", "region", "passed"} <= set(contract.names)


def test_a_file_of_tests_reaches_the_model(tmp_path: Path) -> None:
    """Money as exact decimals, an empty flag and days as dates, as a study's checked table has them."""
    text = (
        "渠道,开始,结束,花费,增量,lift_se,passed,region\n"
        "a,2024-03-04,2024-03-17,14.00,9.5,2,,\n"
        "b,2024-03-04,2024-03-17,14.00,3.5,1,no,\n"
    )
    (tmp_path / "tests.csv").write_text(text, encoding="utf-8")
    theirs = {"channel": "渠道", "start": "开始", "end": "结束", "spend": "花费", "lift": "增量"}
    source = Source(path="tests.csv", columns=theirs)
    table = checked("lift_tests", source, tmp_path, tmp_path / ".cache", "Asia/Shanghai", datetime(2026, 1, 1)).path
    study = StudySpec.model_validate_json(
        '{"title": "t", "period": {"start": "2026-01-01", "end": "2026-03-31"}, "notebooks": ["b"], "simulate": {}}'
    )
    own = Study("made", study, {"lift_tests": table}, {}, tmp_path, tmp_path / "out").table("lift_tests")
    tests = gather_tests((), own)
    week = pd.date_range("2024-01-01", periods=60, freq="7D")
    spend = np.random.default_rng(5).uniform(1, 9, (2, 60))
    media = pd.concat(
        [pd.DataFrame({"week": week, "channel": c, "spend": s}) for c, s in zip("ab", spend, strict=True)]
    )
    past = history(media, pd.DataFrame({"week": week, "value": 100 + spend.sum(axis=0)}), MixSpec())
    read = lift_tests(tests.frame, past)
    assert read.lift.tolist() == [9.5]
    assert read.error.tolist() == [2.0]
    assert read.notes == ("lift test 2 was not used: its own checks failed",)
