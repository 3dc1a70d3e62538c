"""The parts of the method, each against a case whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import adjusted_rand_score

from reachbook.segmentation import scaling
from reachbook.segmentation.partition.search import crowded
from reachbook.segmentation.revenue import revenue_shares
from reachbook.segmentation.structure.density_valleys import pair_saddle
from reachbook.segmentation.structure.null_reference import modes, one_mode, reference
from reachbook.segmentation.structure.stability import overlap
from reachbook.segmentation.truth import adjusted_rand, agreement


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_transform_symmetrises_a_lognormal_and_leaves_a_normal() -> None:
    rest = np.ones(2000, bool)
    _, how = scaling.transformed(scaling.unit(rng().standard_normal(2000)), rest)
    assert how == "none"
    new, how = scaling.transformed(scaling.unit(np.exp(rng().standard_normal(2000))), rest)
    assert how.startswith("log")
    assert abs(scaling.skewness(new)) < 0.5


def test_zeros_are_an_atom_and_small_counts_are_not() -> None:
    zeros = np.where(rng().random(1000) < 0.4, 0, np.exp(3 + rng().standard_normal(1000)))
    assert scaling.atoms_of(zeros).mean() == pytest.approx(0.4, abs=0.05)
    assert not scaling.atoms_of(rng().poisson(1.5, 1000).astype(float)).any()


def test_pruning_does_not_depend_on_the_order_of_columns() -> None:
    x = pd.DataFrame(rng().standard_normal((300, 3)), columns=list("abc"))
    x["d"] = x["a"] ** 3
    first = scaling.repeated(x, 0.9)
    again = scaling.repeated(x[["d", "c", "b", "a"]], 0.9)
    assert [(g["feature"], g["partner"]) for g in first] == [(g["feature"], g["partner"]) for g in again]


def test_saddle_between_two_normal_groups_and_within_one() -> None:
    """4 standard deviations: exact height 2 exp(-2) = 0.27 of either peak; smoothing and search raise it somewhat."""
    apart = pair_saddle(rng(1).standard_normal((4000, 3)), rng(2).normal([4, 0, 0], 1, (4000, 3)))
    assert 0.2 < apart < 0.45
    one = rng(3).standard_normal((4000, 3))
    assert pair_saddle(one[one[:, 0] < 0], one[one[:, 0] >= 0]) > 0.9


def test_saddle_sees_round_the_bend() -> None:
    """Cut in the middle, a half circle has a false valley along its discriminant (below 0.6) and none in its plane."""
    turn = rng().uniform(0, np.pi, 2000)
    arc = np.column_stack([np.cos(turn), np.sin(turn)]) * 4 + rng(2).standard_normal((2000, 2)) * 0.4
    assert pair_saddle(arc[turn < np.pi / 2], arc[turn >= np.pi / 2]) > 0.8


def test_one_mode_takes_the_second_hump_away() -> None:
    values = np.r_[rng(1).standard_normal(500), rng(2).standard_normal(500) + 6]
    drawn = one_mode(values)
    counts = np.histogram(drawn, 40)[0].astype(float)
    assert modes(np.convolve(counts, np.ones(5) / 5, "valid")) == 1
    assert drawn.std() == pytest.approx(values.std(), rel=0.05)


def test_reference_keeps_zeros_and_correlations() -> None:
    level = rng().standard_normal((3000, 1))
    x = np.exp(level + 0.7 * rng(2).standard_normal((3000, 3)))
    x[:, 0] = np.where(rng(3).random(3000) < 0.3, 0, x[:, 0])
    table = scaling.scaled(pd.DataFrame(x, columns=list("abc")), 0.95, rng(4))
    drawn = reference(table, rng(5)).draw(3000, rng(6))
    assert (drawn[:, 0] == drawn[:, 0].min()).mean() == pytest.approx(table.atoms[:, 0].mean(), abs=0.05)
    assert spearmanr(drawn).statistic == pytest.approx(spearmanr(table.values).statistic, abs=0.1)


def test_a_zero_is_judged_by_people_alike() -> None:
    """Zeros at random in one of two columns that move together: the borrowed value is near the one that was hidden."""
    level = rng().standard_normal(800)
    hidden = level + 0.1 * rng(2).standard_normal(800)
    atoms = np.column_stack([np.zeros(800, bool), rng(3).random(800) < 0.3])
    seen = np.column_stack([level, np.where(atoms[:, 1], -3.0, hidden)])
    back = scaling.borrowed(seen, atoms, rng(4))
    assert np.corrcoef(back[atoms[:, 1], 1], hidden[atoms[:, 1]])[0, 1] > 0.9
    assert (back[~atoms[:, 1]] == seen[~atoms[:, 1]]).all()


def test_loners_are_left_out() -> None:
    values = np.r_[rng().standard_normal((990, 3)), rng(2).uniform(20, 90, (10, 3))]
    core = crowded(values)
    assert not core[990:].any()
    assert core[:990].mean() > 0.97


def test_overlap_is_jaccard_of_the_best_match() -> None:
    first, second = np.array([0, 0, 0, 0, 1, 1]), np.array([1, 1, 1, 0, 0, 0])
    assert overlap(first, second, 2) == pytest.approx([3 / 4, 2 / 3])


def test_adjusted_rand_agrees_with_sklearn() -> None:
    a, b = rng(1).integers(0, 4, 500), rng(2).integers(0, 3, 500)
    b = np.where(rng(3).random(500) < 0.6, np.minimum(a, 2), b)
    found = agreement(pd.Series(a), pd.Series(b), 1)
    assert found.value == pytest.approx(adjusted_rand_score(a, b))
    assert found.low < found.value < found.high
    assert adjusted_rand(np.diag([5.0, 6.0, 7.0])) == 1.0


def test_revenue_intervals_cover() -> None:
    """Nominal 95 %. Log-normal spending (sigma 1), 150 and 450 people: 200 repetitions cover at least 88 %.

    The bound is 95 % less what skewness costs the percentile bootstrap here (about 2 points) and three standard
    errors of 200 repetitions.
    """
    mean = np.exp(0.5)
    truth = 2 * mean * 150 / (2 * mean * 150 + mean * 450)
    hits = 0
    labels = pd.Series(np.repeat([0, 1], [150, 450]))
    for seed in range(200):
        who = rng(seed).random(600) < 0.25
        labels = pd.Series(np.where(who, 0, 1))
        money = pd.Series(np.exp(rng(seed + 1000).standard_normal(600)) * np.where(who, 2.0, 1.0))
        row = revenue_shares(money, labels, seed, draws=200).set_index("segment").loc[0]
        hits += row["low"] <= truth <= row["high"]
    assert hits / 200 >= 0.88
