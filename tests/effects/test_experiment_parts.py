"""Parts of an experiment's posterior against closed forms: prior, joint draws, heavy tail."""

import numpy as np
import pytest
from scipy.stats import t as student

from reachbook.effects.experiment import heavy_tail, lift_prior, means
from reachbook.effects.experiment.posterior import joined


def test_the_prior_shrinks_small_tests_and_lets_large_ones_be() -> None:
    rng = np.random.default_rng(1)
    believed = lift_prior.LiftPrior(0.4)
    for error, kept in ((0.01, 0.999), (0.5, 0.5)):
        data = means.Means(
            np.exp(np.stack([rng.normal(0, error / 2**0.5, 4000), rng.normal(0.2, error / 2**0.5, 4000)]))
        )
        lift = np.log(np.divide(*joined(data, believed, rng).mean[::-1]))
        grid = np.linspace(-3, 3, 6001)
        exact = believed.density(grid) * np.exp(-0.5 * ((grid - 0.2) / error) ** 2)
        assert lift.mean() == pytest.approx((grid * exact).sum() / exact.sum(), abs=4 * error / 4000**0.5)
        assert (lift.mean() > 0.2 * kept) == (error == 0.01)


def test_the_prior_gives_the_same_probability_by_quadrature() -> None:
    believed = lift_prior.LiftPrior(0.4)
    grid = np.linspace(-20, 20, 400_001)
    for error in (0.05, 0.39, 0.41, 2.0):
        weight = believed.density(grid) * np.exp(-0.5 * ((grid - 1.3 * error) / error) ** 2)
        exact = weight[grid > 0.02].sum() / weight.sum()
        assert believed.above(0.02, np.array([1.3 * error]), error)[0] == pytest.approx(exact, abs=2e-3)


def test_past_tests_give_the_prior() -> None:
    rng = np.random.default_rng(2)
    lifts = np.expm1(0.03 + 0.05 * student.rvs(3, size=60, random_state=3))
    past = [[lift + 0.02 * rng.standard_normal(), 0.02] for lift in lifts]
    found = lift_prior.fitted(past, 0.4)
    assert found.tests == 60
    assert found.scale == pytest.approx(0.05, rel=0.4)
    assert found.location == pytest.approx(0.03, abs=0.02)
    assert lift_prior.fitted([], 0.4) == lift_prior.LiftPrior(0.4)
    assert lift_prior.fitted(past[:1], 0.4).scale > 0.1
    assert "60 past tests" in found.describe()


def test_many_arms_do_not_degenerate() -> None:
    rng = np.random.default_rng(4)
    data = means.Means(np.exp(rng.normal(0, 0.3, (12, 4000))))
    found = joined(data, lift_prior.LiftPrior(0.1), rng).mean
    assert min(len(np.unique(arm)) for arm in found) > 300
    # Twelve arms that agree tell the common mean better than one does.
    assert np.log(found).std(axis=1).max() < 0.25


@pytest.mark.parametrize("index", [2.1, 3.0])
def test_the_tail_finds_a_pareto(index: float) -> None:
    rng = np.random.default_rng(5)
    amounts = [1 + rng.pareto(index, 20_000) for _ in range(2)]
    start = heavy_tail.threshold(amounts)
    assert start is not None
    tail = heavy_tail.fit(amounts, start, 4000, rng)
    assert sum(tail.counts) == heavy_tail.MOST
    low, high = np.quantile(tail.shape, [0.005, 0.995])
    assert low < 1 / index < high
    low, high = np.quantile(tail.excess[0], [0.005, 0.995])
    assert low < start / (index - 1) < high


def test_price_points_are_no_tail() -> None:
    rng = np.random.default_rng(6)
    assert heavy_tail.threshold([rng.choice([9.9, 29.0, 99.0], 4000) for _ in range(2)]) is None
    assert heavy_tail.threshold([np.array([1.0, 2.0]), np.array([])]) is None
