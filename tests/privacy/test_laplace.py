"""Noise against its distribution: exact probabilities, and OpenDP's own map and accuracy."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import opendp.prelude as dp
import pytest
from opendp.accuracy import discrete_laplacian_scale_to_accuracy
from scipy.stats import chisquare

from reachbook.privacy.laplace import KeyedBits, laplace, reach, reach_of_sum

SECRET = b"0123456789abcdef" * 2
dp.enable_features("contrib")


def drawn(epsilon: Fraction, count: int, seed: str = "seed") -> np.ndarray:
    bits = KeyedBits(SECRET, f"{seed} {epsilon}".encode())
    return np.array([laplace(bits, epsilon) for _ in range(count)])


@pytest.mark.parametrize("epsilon", [Fraction(1), Fraction(1, 3), Fraction(5, 2), Fraction("0.07")])
def test_draws_have_the_probabilities_of_the_discrete_laplace_distribution(epsilon: Fraction) -> None:
    """A chi-square test over 20,000 draws; the seed is fixed, and by chance one in a thousand seeds would fail."""
    found, ratio = drawn(epsilon, 20_000), math.exp(-epsilon)
    edge = next(x for x in range(1000) if 20_000 * ratio**x < 20)
    inside = Counter(int(x) for x in np.clip(found, -edge, edge))
    expected = [(1 - ratio) / (1 + ratio) * ratio ** abs(x) for x in range(-edge + 1, edge)]
    tails = [ratio**edge / (1 + ratio)] * 2
    seen = [inside[x] for x in range(-edge + 1, edge)] + [inside[-edge], inside[edge]]
    assert chisquare(seen, 20_000 * np.array(expected + tails)).pvalue > 0.001


def test_one_key_and_seed_give_one_draw_and_another_seed_gives_another() -> None:
    assert drawn(Fraction(1), 50).tolist() == drawn(Fraction(1), 50).tolist()
    assert drawn(Fraction(1), 50).tolist() != drawn(Fraction(1), 50, "other").tolist()


def test_whole_numbers_below_a_limit_are_equally_probable() -> None:
    bits = KeyedBits(SECRET, b"below")
    assert chisquare(np.bincount([bits.below(7) for _ in range(7_000)])).pvalue > 0.001


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 0.5, 1.0, 2.0])
def test_the_reach_is_that_of_opendp_and_its_map_says_epsilon(epsilon: float) -> None:
    """Its accuracy `a` satisfies P(|x| >= a) <= alpha, so that `a` is one more than the reach."""
    noisy = dp.m.make_laplace(dp.atom_domain(T=int), dp.absolute_distance(T=int), scale=1 / epsilon)
    assert noisy.map(1) == pytest.approx(epsilon)
    assert reach(epsilon) == math.ceil(discrete_laplacian_scale_to_accuracy(1 / epsilon, 0.05)) - 1
    assert reach_of_sum(epsilon, 1) == reach(epsilon)


def test_the_reach_of_a_sum_holds_as_often_as_it_says() -> None:
    """4,000 sums of 12: a standard error of 0.35 points."""
    sums = np.abs(drawn(Fraction(1, 2), 48_000).reshape(-1, 12).sum(axis=1))
    limit = reach_of_sum(0.5, 12)
    assert (sums <= limit).mean() > 0.94
    assert (sums <= limit - 1).mean() < 0.96
