"""Eliminating coefficients gives what a factor of the whole matrix gives for each combination of priors."""

import numpy as np
import pytest

from reachbook.effects.counterfactual.schur_complement import pivots

FLAT, WIDE = np.zeros((4, 2)), np.repeat([[1.0], [1.0], [9.0], [9.0]], 5, axis=1)
NARROW = np.array([[2.0], [7.0], [2.0], [7.0]])
PRIORS = {
    "flat alone": FLAT,
    "one combination": np.concatenate([FLAT, WIDE], axis=1)[:1],
    "everything varies": np.concatenate([WIDE, NARROW], axis=1),
    "flat, wide and narrow": np.concatenate([FLAT, WIDE, NARROW], axis=1),
    "narrow first": np.concatenate([NARROW, FLAT, WIDE], axis=1),
}


@pytest.mark.parametrize("name", PRIORS)
def test_pivots_are_those_of_the_whole(name: str) -> None:
    precision = PRIORS[name]
    rng = np.random.default_rng(5)
    data = rng.standard_normal((3, 40, precision.shape[1] + 1))
    gram = data.transpose(0, 2, 1) @ data
    half_log, left = pivots(gram, precision)
    for r, c in np.ndindex(left.shape):
        inner, cross = gram[r, :-1, :-1] + np.diag(precision[c]), gram[r, :-1, -1]
        assert half_log[r, c] == pytest.approx(np.linalg.slogdet(inner).logabsdet / 2)
        assert left[r, c] == pytest.approx(gram[r, -1, -1] - cross @ np.linalg.solve(inner, cross))
