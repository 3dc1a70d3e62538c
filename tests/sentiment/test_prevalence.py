"""Intervals of shares: coverage under models that are wrong in known ways, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulators import SHARES, WAYS, classifier

from reachbook.errors import DataError
from reachbook.sentiment.prevalence import trend
from reachbook.sentiment.prevalence.label_quality import bought
from reachbook.sentiment.prevalence.pooling import Pooled, combinations, pool
from reachbook.sentiment.prevalence.shares import plan, prevalence


def drawn(seed: int, way: str, n: int = 100, share: str = "even", texts: int = 2000) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng([seed, 77])
    truth = rng.choice(3, texts, p=SHARES[share])
    return classifier(rng, truth, way), rng.choice(texts, n, replace=False), truth


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("share", ["even", "rare negative"])
def test_intervals_cover_whatever_the_model_does(way: str, share: str) -> None:
    """60 repetitions x 3 shares at 95 %: with true coverage .95, 160 of 180 or fewer happen less than once in 300."""
    covered = 0
    for seed in range(60):
        p, index, truth = drawn(seed, way, 60, share)
        found = prevalence(p, index, truth[index])
        covered += int(((found.low <= SHARES[share]) & (SHARES[share] <= found.high)).sum())
    assert covered > 160


def test_a_good_model_narrows_the_interval_and_a_bad_one_does_not_widen_it() -> None:
    width = {}
    for way in ("calibrated", "useless"):
        runs = [drawn(seed, way, 200) for seed in range(10)]
        width[way] = np.mean([prevalence(p, i, t[i]).half_width[0] for p, i, t in runs])
    assert width["calibrated"] < 0.85 * width["useless"]
    assert width["useless"] < 1.1 * 1.96 * np.sqrt(0.35 * 0.65 / 200)


def test_counting_is_far_off_where_the_estimate_is_not() -> None:
    p, index, truth = drawn(3, "biased", 300)
    found = prevalence(p, index, truth[index])
    assert abs(found.counted[0] - (truth == 0).mean()) > 0.15
    assert abs(found.middle[0] - (truth == 0).mean()) < 0.05
    assert "counting the model's answers gives" in found.describe()


def test_reading_every_text_leaves_no_doubt_about_these_texts() -> None:
    p, _, truth = drawn(1, "useless", texts=300)
    found = prevalence(p, np.arange(300), truth, finite=True)
    assert found.middle == pytest.approx(np.bincount(truth, minlength=3) / 300, abs=1e-3)
    assert found.half_width.max() < 1e-3


def test_an_unseen_class_is_not_excluded() -> None:
    p, index, truth = drawn(1, "calibrated", 60, "two classes")
    found = prevalence(p, index, truth[index])
    assert found.low[1] == 0
    assert 0.02 < found.high[1] < 0.1


@given(st.integers(1, 40), st.integers(0, 9), st.sampled_from(WAYS))
def test_the_result_is_always_three_ordered_shares(n: int, seed: int, way: str) -> None:
    p, index, truth = drawn(seed, way, n, "rare negative", 80)
    found = prevalence(p, index, truth[index])
    assert found.middle.sum() == pytest.approx(1)
    assert (found.low >= 0).all()
    assert (found.low <= found.middle).all()
    assert (found.middle <= found.high).all()
    assert (found.high <= 1).all()
    assert found.net.low <= found.net.middle <= found.net.high


@pytest.mark.parametrize(
    ("index", "labels", "words"),
    [
        ([], [], "no text has a label"),
        ([0, 0], ["negative", "positive"], "twice"),
        ([0, 99], ["negative", "positive"], "does not fit"),
        ([0, 1], ["negative"], "Give each text one label"),
        ([0, 1], ["negative", "angry"], "'angry'"),
        ([0, 1], ["negative", None], "None"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(index: list[int], labels: list[str], words: str) -> None:
    with pytest.raises(DataError, match=words) as error:
        prevalence(np.full((10, 3), 1 / 3), np.array(index, dtype=int), labels)
    assert "\n" not in str(error.value)


def test_rows_that_are_no_probabilities_are_refused() -> None:
    for bad in (np.ones((4, 3)), np.full((4, 2), 0.5), np.full((4, 3), np.nan), np.empty((0, 3))):
        with pytest.raises(DataError, match="probabilities"):
            prevalence(bad, [0], ["negative"])


def test_the_plan_is_near_what_comes_and_more_labels_buy_more() -> None:
    p, index, truth = drawn(5, "calibrated", 200)
    rows = plan(p, (50, 200, 800), audit_index=index, audit_labels=truth[index])
    assert rows[0].likely[0] > rows[1].likely[0] > rows[2].likely[0]
    assert rows[1].likely[0] == pytest.approx(prevalence(p, index, truth[index]).half_width[0], rel=0.15)
    assert (rows[1].likely <= rows[1].worst + 0.01).all()
    table = bought(p, index, truth[index], steps=4)
    assert table["half_width"].iloc[0] > table["half_width"].iloc[-1]


@pytest.fixture(scope="module")
def cells() -> tuple[Pooled, pd.DataFrame, np.ndarray]:
    """24 cells of very different size with a biased model; 300 labels, a dozen a cell."""
    rng = np.random.default_rng(8)
    week, platform = rng.integers(0, 6, 5000), rng.choice(4, 5000, p=[0.55, 0.3, 0.12, 0.03])
    odds = np.log([0.3, 0.1, 0.6]) + rng.normal(0, 0.5, (4, 3))[platform] + rng.normal(0, 0.3, (6, 3))[week]
    share = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    truth = (rng.random(5000)[:, None] > share.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    keys = pd.DataFrame({"week": week, "platform": np.array(list("abcd"), dtype=object)[platform]})
    p, index = classifier(rng, truth, "biased"), rng.choice(5000, 300, replace=False)
    return pool(p, keys, index, truth[index], seed=2), keys, truth


def test_pooled_cells_converge_and_cover(cells: tuple[Pooled, pd.DataFrame, np.ndarray]) -> None:
    """24 cells that share what they lean on: at least 19 of 24 negatives; the benchmark measures the coverage."""
    pooled, keys, truth = cells
    assert pooled.convergence.passed, pooled.convergence.describe()
    table = pooled.shares(keys)
    real = np.array([(truth[combinations(keys)[0] == g] == 0).mean() for g in range(len(table))])
    assert ((table["negative_low"] <= real) & (real <= table["negative_high"])).sum() >= 19
    assert table["texts"].sum() == 5000
    assert table[["negative", "neutral", "positive"]].sum(axis=1).to_numpy() == pytest.approx(1)


def test_the_same_fit_again_has_the_same_draws(cells: tuple[Pooled, pd.DataFrame, np.ndarray]) -> None:
    """The second one finds the model compiled, which must not matter."""
    pooled, keys, truth = cells
    rng = np.random.default_rng(9)
    p, index = classifier(rng, truth, "useless"), rng.choice(5000, 300, replace=False)
    first, again = (pool(p, keys, index, truth[index], seed=2, draws=50) for _ in range(2))
    assert (first.slope == again.slope).all()
    assert (first.slope != pooled.slope[: len(first.slope)]).any()


def test_what_a_value_is_called_moves_no_draw(cells: tuple[Pooled, pd.DataFrame, np.ndarray]) -> None:
    """The same brand in Chinese and English sorts differently."""
    _, keys, truth = cells
    p, index = classifier(np.random.default_rng(9), truth, "biased"), np.arange(0, 5000, 20)
    named = keys.assign(platform=keys["platform"].map(dict(zip("abcd", "甲乙丙丁", strict=True))))
    first, again = (pool(p, each, index, truth[index], seed=2, draws=50) for each in (keys, named))
    assert (first.slope == again.slope).all()
    assert (first.drawn([np.arange(900)]) == again.drawn([np.arange(900)])).all()


def test_small_cells_are_less_certain_and_sets_may_overlap(cells: tuple[Pooled, pd.DataFrame, np.ndarray]) -> None:
    pooled, keys, truth = cells
    table = pooled.shares(keys[["platform"]]).set_index("platform")
    width = table["negative_high"] - table["negative_low"]
    assert width["d"] > width["a"]
    sets = pooled.shares_of({"all": np.ones(5000, bool), "half": np.arange(5000) < 2500, "none": np.zeros(5000, bool)})
    assert sets["name"].tolist() == ["all", "half"]
    drawn = pooled.drawn([np.arange(5000)])[:, 0, 0]
    assert abs(drawn.mean() - (truth == 0).mean()) < 3 * drawn.std(), "fails once in 370 seeds if the spread is right"


def test_series_by_week_and_day(cells: tuple[Pooled, pd.DataFrame, np.ndarray]) -> None:
    pooled, keys, truth = cells
    at = pd.Series(pd.Timestamp("2026-07-01 12:00") + pd.to_timedelta(np.arange(5000) % 20, unit="D"))
    weekly, daily = trend.series(pooled, at, keys[["platform"]]), trend.series(pooled, at, frequency="day")
    assert all(day.weekday() == 0 for day in weekly["week"])
    assert len(daily) == 20
    low, middle, high = trend.change(pooled, (keys["platform"] == "a", keys["platform"] == "b"))
    real = (truth[keys["platform"] == "b"] == 0).mean() - (truth[keys["platform"] == "a"] == 0).mean()
    assert low < middle < high
    assert low < real < high
    with pytest.raises(DataError, match="fortnight"):
        trend.series(pooled, at, frequency="fortnight")
