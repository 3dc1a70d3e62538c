"""Covariances of partitions, and the axes that part them."""

import numpy as np
import pytest

from reachbook.segmentation.partition.moments import Moments, ridged


@pytest.fixture
def table() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 300)
    return rng.standard_normal((300, 4)) @ rng.standard_normal((4, 4)) + 7.0 + 3.0 * np.eye(4)[labels], labels


def test_covariance_within_is_that_of_residuals(table: tuple[np.ndarray, np.ndarray]) -> None:
    values, labels = table
    grain = np.array([0.0, 0.1, 0.0, 0.3])
    residual = values - np.array([values[labels == j].mean(axis=0) for j in range(3)])[labels]
    moments = Moments(values, grain)
    assert moments.total == pytest.approx(ridged(np.cov(values, rowvar=False), grain))
    assert moments.within(labels, 3) == pytest.approx(ridged(np.cov(residual, rowvar=False), grain))


def test_axes_make_the_covariance_within_the_identity(table: tuple[np.ndarray, np.ndarray]) -> None:
    """And the first parts the groups most."""
    values, labels = table
    moments = Moments(values)
    axes = moments.discriminant(labels, 3)
    assert axes.shape == (4, 2)
    assert axes.T @ moments.within(labels, 3) @ axes == pytest.approx(np.eye(2), abs=1e-9)
    ratios = np.diag(axes.T @ moments.total @ axes)
    assert ratios[0] > ratios[1] > 1


def test_gain_does_not_depend_on_units(table: tuple[np.ndarray, np.ndarray]) -> None:
    """But for the ridge, which is a hundredth of the mean variance."""
    values, labels = table
    assert Moments(values * 1e3).gain(labels, 3) == pytest.approx(Moments(values).gain(labels, 3), rel=1e-6)
    assert Moments(values).gain(np.zeros(300, int), 1) == pytest.approx(0.0, abs=1e-9)


def test_a_perfect_split_is_not_singular() -> None:
    values = np.repeat([[0.0, 0.0], [1.0, 1.0]], 30, axis=0)
    assert np.isfinite(Moments(values).gain(np.repeat([0, 1], 30), 2))


def test_rows_go_to_the_nearest_segment(table: tuple[np.ndarray, np.ndarray]) -> None:
    values, labels = table
    means = np.array([values[labels == j].mean(axis=0) for j in range(3)])
    assert Moments(values).nearest_segment(means, labels, 3).tolist() == [0, 1, 2]
