"""A Chinese report has no English sentence, and rules read the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from pydantic import ValidationError

from helpers import known_mix
from helpers.planned_budget import compose
from helpers.repeated import repeated, told
from reachbook.budget.flight.rules import over_all
from reachbook.budget.model import gates, outliers
from reachbook.budget.model.history import history
from reachbook.budget.model.holdout import Holdout
from reachbook.budget.model.lift_tests import unused
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.optimize.constraints import on_total
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.sections.story import BudgetStory
from reachbook.budget.spec import BudgetSpec, FieldTest
from reachbook.errors import DataError
from reachbook.stats.sampling import Convergence
from reachbook.translation import tr, using
from reachbook.verdict import Gate

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three English words in a row: a sentence that was not translated."""
RULES: dict[str, Any] = {
    "change": 0.5, "horizon_weeks": 2, "tests": [FieldTest(channel="wechat", extra_spend=5.0)],
    "blackout": {"weibo": ["2026-03-05"]}, "pace": 0.5,
    "scenarios": {"more": {"weekly_budget": 110.0}, "too much": {"weekly_budget": 900.0}},
}  # fmt: skip


@pytest.fixture(scope="module", params=[{"value_per_unit": 1.0, "margin": 0.5}, {"outcome_unit": "单"}])
def story(request: pytest.FixtureRequest) -> BudgetStory:
    with using("zh"):
        mix = known_mix.mix(gates=(), dominance=(0.95, 0.5, 0.3))
        return compose(mix, BudgetSpec(**RULES, **request.param), 1, "CNY", {"douyin": "抖音"}, None,
                       known_mix.truth(mix))  # fmt: skip


def said(story: BudgetStory) -> Iterator[str]:
    """Every sentence, label and figure text of the page."""
    parts = story.sections.values()
    figures = [each for part in parts for each in part.figures] + ([story.lead] if story.lead else [])
    yield from (story.decision, story.described, *story.grounds)
    yield from (each.label for each in story.findings)
    yield from (each.detail for each in story.gates)
    yield from (part.note for part in parts)
    yield from (sheet.caption for part in parts for sheet in part.tables)
    for each in figures:
        yield each.alt
        yield from (text.get_text() for text in each.figure.findobj(Text))  # type: ignore[attr-defined]


def english(sentences: Iterator[str]) -> list[str]:
    return [each for each in sentences if ENGLISH.search(each)]


def test_no_sentence_of_a_plan_is_left_in_english(story: BudgetStory) -> None:
    assert story.advice is not None
    assert story.decision.startswith("每周把 ¥")
    assert not english(said(story))
    assert repeated(told(story)) == []


def test_words_of_our_own_in_tables_are_translated(story: BudgetStory) -> None:
    """The frames stay English, the page looks each word and each heading up."""
    with using("zh"):
        for part in story.sections.values():
            for sheet in part.tables:
                words = {str(word) for name in sheet.worded for word in sheet.frame[name] if word}
                heads = {str(name) for name in (sheet.shown or sheet.frame) if str(name).isascii()}
                data = {"weibo", "wechat", "douyin", "more"}
                left = [word for word in words | heads - data if tr(word.replace("_", " ")) == word.replace("_", " ")]
                assert set(left) <= {"ROI", "mROI"}, sheet.id


def test_a_refusal_is_chinese() -> None:
    with using("zh"):
        story = compose(known_mix.mix(gates=(Gate("holdout", False, "偏差太大。"),)), BudgetSpec(horizon_weeks=1), 1)
    assert story.decision.startswith("预算保持不变：模型还说不清哪个渠道有效。请把近期影响结果的因素")
    assert not english(said(story))
    assert repeated(told(story)) == []


def test_the_models_checks_are_chinese() -> None:
    ones = np.ones(13)
    past: Any = SimpleNamespace(channels=("a", "b"), spend=np.array([[1.0, 2.0], [3.0, 4.0]]), weeks=range(60), step=7)
    spikes: Any = SimpleNamespace(
        channels=("a",), spend=np.r_[np.full(59, 10.0), 500.0][None], value=np.r_[np.full(59, 10.0), 500.0],
        weeks=pd.date_range("2024-01-01", periods=60, freq="7D"), region="north",
    )  # fmt: skip
    with using("zh"):
        made = [
            gates._history(past, ("一条说明",)),
            gates._convergence(Convergence(1.2, 90, 80, 3, 400, "share"), 1),
            gates._convergence(Convergence(1.0, 900, 800, 0, 4000, "share"), 9),
            gates._holdout(Holdout(ones, ones, ones, ones, 0.03, 0.02, 0.9), 0.9, 7),
            *gates._coverage(Holdout(ones, ones, ones, ones, 0.03, 0.02, 0.1), 0.9, 1),
            gates._prior(past, np.array([0.9, 0.1])),
            gates._prior(past, np.array([0.5, 0.1])),
            gates._collinear(past, np.array([30.0, 2.0])),
            gates._collinear(past, np.array([3.0, 2.0])),
            gates._share(np.full((10, 2), 0.6), 0.9),
            gates._units(past, np.full((10, 2), 900.0), 1.0),
            gates._units(past, np.array([[1e-6, 2.0]] * 10), None),
            *outliers.spikes((spikes,)),
            *outliers.outcome_spikes((spikes,)),
        ]
    assert len(made) == 14
    assert not english(each.detail for each in made)


def test_rules_are_known_by_their_words_in_either_language() -> None:
    for language in ("en", "zh"):
        with using(language):
            assert on_total(tr("total of {amount}", amount="60"))
            assert on_total(tr("total at most {amount}", amount="60"))
            assert not on_total(tr("{name} at most {amount}", name="weibo", amount="60"))
            assert over_all(tr("{name} at most {amount}", name=tr("{name} over all weeks", name="weibo"), amount="60"))
            assert over_all(tr("total of {amount} over all weeks", amount="60"))
            assert not over_all(tr("{name} at most {amount} a week (observed)", name="weibo", amount="60"))
            note = tr("lift test {number} was not used: {reason}", number=2, reason="x")
            assert unused((note, "y")) == [note]


def test_mistakes_are_told_in_chinese() -> None:
    """One line with the place, the value and the remedy, as in English."""
    week = pd.date_range("2024-01-01", periods=50, freq="7D")
    outcome = pd.DataFrame({"week": week, "value": 1.0 + np.arange(50)})
    media = pd.DataFrame({"week": week, "channel": "weibo", "spend": 1.0})
    with using("zh"):
        assert not ENGLISH.search(str(Infeasible(("a 至少 5", "总额为 3"))))
        with pytest.raises(
            ValidationError, match=r"mode 为 free，需要知道结果值多少钱；请在 budget_optimization\.yaml"
        ):
            BudgetSpec(mode="free")
        with pytest.raises(DataError, match="media：weibo 在2024年1月1日这一周有两行，请合并。"):
            history(pd.concat([media, media[:1]]), outcome, MixSpec())
        with pytest.raises(DataError, match="outcome：2024年2月5日这一周与2024年2月19日之间有缺"):
            history(media, outcome.drop(index=6), MixSpec())
        with pytest.raises(DataError, match="media 的周从星期二开始，outcome 的周从星期一开始，请统一。"):
            history(media.assign(week=week + pd.Timedelta(days=1)), outcome, MixSpec())
