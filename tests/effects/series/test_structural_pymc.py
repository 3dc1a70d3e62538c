"""PyMC and the exact posterior are the same model: closed forms and densities agree to the digit."""

import numpy as np
import pytest

from reachbook.effects.counterfactual.regression import RHO, Block, assembled, fit
from reachbook.effects.series.structural_pymc import _gram, _layout, _products, agreement, structural
from reachbook.stats.sampling import Convergence

RNG = np.random.default_rng(21)
TIME = np.delete(np.arange(60), [20, 21, 33])
BEFORE = np.arange(45)


def blocks() -> list[Block]:
    ones, controls = np.ones((len(TIME), 1)), RNG.normal(0, 1, (len(TIME), 2))
    return [Block("level", ones), Block("controls", controls, (1.5,))]


def test_products_give_the_whitened_matrix_for_every_autocorrelation() -> None:
    """Against the inverse of the correlation matrix itself, gaps included."""
    both = RNG.normal(0, 1, (len(TIME), 3))
    parts, gaps = _products(both, np.diff(TIME))
    for rho in (0.0, 0.3, 0.9):
        correlation = np.where(np.eye(len(TIME)) > 0, 1.0, rho ** np.abs(np.subtract.outer(TIME, TIME)))
        assert _gram(parts, gaps, rho) == pytest.approx(both.T @ np.linalg.solve(correlation, both))


def test_a_draw_is_a_point_of_the_grid() -> None:
    """One autocorrelation and one scale: the same posterior, and the textbook's formula for the prediction."""
    target = np.cumsum(RNG.normal(0, 1, len(TIME)))
    regressors = blocks()
    exact = fit(target, TIME, regressors, BEFORE, at=(4, 0))
    matrix = np.concatenate([block.columns for block in regressors], axis=1)
    gram = _gram(*_products(np.column_stack([matrix[BEFORE], target[BEFORE]]), np.diff(TIME[BEFORE])), RHO[4])
    drawn = assembled(target, TIME, regressors, BEFORE, RHO[[4]], np.array([[0.0, 1.5**-2, 1.5**-2]]), gram[None])
    rows, shares = np.arange(46, len(TIME)), np.full(len(TIME) - 46, 1 / (len(TIME) - 46))
    assert drawn.average(rows, shares) == pytest.approx(exact.average(rows, shares))
    prior = matrix @ np.diag([1e8, 1.5**2, 1.5**2]) @ matrix.T
    joint = prior + RHO[4] ** np.abs(np.subtract.outer(TIME, TIME))
    cross = joint[np.ix_(rows, BEFORE)] @ np.linalg.inv(joint[np.ix_(BEFORE, BEFORE)])
    assert exact.average(rows, shares)[0] == pytest.approx(shares @ cross @ target[BEFORE], rel=1e-4, abs=1e-4)


def test_the_pymc_model_has_the_density_of_the_exact_one() -> None:
    """Log densities differ by one constant alone over autocorrelations and scales: the two posteriors are one."""
    import pymc as pm
    from pytensor.compile.mode import Mode

    target = np.cumsum(RNG.normal(0, 1, len(TIME)))
    levels = (0.2, 1.0, 5.0)
    columns = [np.ones((len(TIME), 1)), RNG.normal(0, 1, (len(TIME), 1))]
    regressors = [Block("level", columns[0]), Block("controls", columns[1], levels)]
    exact = fit(target, TIME, regressors, BEFORE).likelihood
    loads, centre, spread, proper = _layout(regressors)
    parts, gaps = _products(
        np.column_stack([*(each[BEFORE] for each in columns), target[BEFORE]]), np.diff(TIME[BEFORE])
    )
    model = structural(*loads.shape, len(gaps[0]))
    data = {"parts": parts, "gaps": gaps.astype(float), "loads": loads, "proper": proper.astype(float)}
    with model:
        pm.set_data(data | {"centre": centre, "spread": spread, "size": float(len(BEFORE)), "ahead": np.zeros(2)})
    density = model.compile_logp(jacobian=False, mode=Mode(linker="py", optimizer=None))
    found = np.empty((len(RHO), len(levels)))
    for i, rho in enumerate(RHO):
        for j, level in enumerate(levels):
            standard = (np.log([level]) - centre) / spread
            angle = np.arcsin(rho) / 1.43
            point = {"angle_interval__": np.log(max(angle, 1e-12) / (1 - angle)), "standard": standard}
            found[i, j] = density(point) + 0.5 * float(standard @ standard)
    assert found - found.max() == pytest.approx(exact - exact.max(), abs=1e-6)


def test_convergence_is_refused_where_the_posteriors_differ() -> None:
    regressors = blocks()
    target = np.cumsum(RNG.normal(0, 1, len(TIME)))
    exact = fit(target, TIME, regressors, BEFORE)
    during = np.arange(45, len(TIME))
    fine = Convergence(1.0, 4000.0, 4000.0, 0, 4000, "rho")
    assert agreement(exact, exact, during, fine).passed
    assert not agreement(fit(target + 9.0 * (TIME > 30), TIME, regressors, BEFORE), exact, during, fine).passed
    assert not agreement(exact, exact, during, Convergence(1.2, 4000.0, 4000.0, 0, 4000, "rho")).passed
