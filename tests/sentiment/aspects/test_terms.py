"""Terms as phrases, who holds them, words that mark nothing by chance, and aspects of comments whose theme is known."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from reachbook.demo import simulate
from reachbook.demo.spec import DemoSpec
from reachbook.sentiment.aspects import aspects
from reachbook.sentiment.aspects.log_odds import associations
from reachbook.sentiment.aspects.terms import mine, present
from reachbook.sentiment.aspects.tokens import JUDGEMENT, THING

THEMES = {"electronics", "travel", "books"}


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    """Simulated comments with the theme and the polarity behind each."""
    spec = DemoSpec(
        comments=6000, users=300, contents=60, interactions=0, orders=0, labels=0, units=30, weeks=20, cities=6,
        treated_cities=1,
    )  # fmt: skip
    tables = simulate(spec, date(2026, 7, 1), date(2026, 9, 30), 5)
    return tables["comments"].to_pandas().merge(tables["truth_comments"].to_pandas(), on="comment_id")


def test_neighbours_that_hold_together_are_one_phrase_in_both_languages() -> None:
    rng, texts = np.random.default_rng(2), []
    fill = ["昨天", "今天", "周末", "晚上", "公司", "家里", "朋友", "超市"]
    for _ in range(400):
        said = rng.choice(["送餐慢", "客服态度差", "没有热水", "the battery life", "customer service"])
        texts.append(f"{rng.choice(fill)}{said}{rng.choice(fill)},{rng.choice(fill)}见")
    terms = mine(texts)
    kinds = dict(zip(terms.names, terms.kinds, strict=True))
    assert {"送餐慢", "客服态度差", "没有热水", "battery life", "customer service"} <= kinds.keys()
    assert (kinds["battery life"], kinds["客服态度差"], kinds["没有热水"]) == (THING, JUDGEMENT, JUDGEMENT)
    assert not {"的", "the", "送餐", "battery"} & kinds.keys()


def test_a_given_term_is_found_inside_chinese_words_and_as_whole_latin_words() -> None:
    texts = ["大床房很好", "BATTERY Life is short", "batteries", "繁體:電池", "", "screenplay", "5G手机screen坏了"]
    found = present(texts, ["床", "battery life", "电池", "screen", "没有的"])
    held = {name: found.presence[:, j].nonzero()[0].tolist() for j, name in enumerate(found.names)}
    assert held == {"床": [0], "battery life": [1], "电池": [3], "screen": [6]}
    assert present([], ["床"]).names == ()


def test_each_found_aspect_is_about_one_theme(told: pd.DataFrame) -> None:
    terms = mine(told["text"].tolist())
    found = aspects.from_data(terms)
    theme, best = told["theme"].to_numpy(dtype=object), {}
    for name, flags in found.members.items():
        shares = pd.Series(theme[flags]).value_counts(normalize=True)
        assert shares.iloc[0] > 0.75, name
        best.setdefault(shares.index[0], []).append(flags)
    assert set(best) == THEMES
    for name, members in best.items():
        assert np.any(members, axis=0)[theme == name].mean() > 0.6, name
    said = aspects.opinions(terms, found, np.eye(3)[np.where(told["polarity"] == "negative", 0, 2)])
    assert len(said) >= 15
    assert not set(said["term"]) & {"的", "我们", "自己", "不错", "失望", "酒店", "电脑"}


def test_shuffled_groups_differ_in_almost_nothing(told: pd.DataFrame) -> None:
    """30 shuffles, about 600 terms each: any false term in at most 5 (stated: 5 % of shuffles, 1.5 expected)."""
    terms = mine(told["text"].tolist())
    rng, wrong = np.random.default_rng(6), 0
    for _ in range(30):
        these = rng.permutation(len(told)) < len(told) // 3
        wrong += bool(associations(terms.presence, terms.names, these, ~these)["significant"].any())
    assert wrong <= 5
