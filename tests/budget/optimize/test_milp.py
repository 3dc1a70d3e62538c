"""Programs under construction are solved to the known optimum."""

import itertools

import numpy as np
import pytest

from reachbook.budget.optimize.milp import Program, scale


def test_a_knapsack_is_packed_as_enumeration_packs_it() -> None:
    rng = np.random.default_rng(1)
    weight, value = rng.integers(1, 20, 10), rng.integers(1, 30, 10)
    program = Program(0)
    for each in value:
        program.column(0, 1, True, -float(each))
    program.row(np.arange(10), weight, -np.inf, 40)
    best = max(
        value[list(chosen)].sum()
        for size in range(11)
        for chosen in itertools.combinations(range(10), size)
        if weight[list(chosen)].sum() <= 40
    )
    found = program.solve(1000, True)
    assert found is not None
    assert -found[1] == pytest.approx(best, rel=1e-6)
    relaxed = program.solve(1000, False)
    assert relaxed is not None
    assert -relaxed[1] >= best


def test_rows_that_cannot_hold_together_have_no_solution() -> None:
    program = Program(2)
    program.row([0, 1], [1.0, 1.0], 3, np.inf)
    assert program.solve(100, False) is None


@pytest.mark.parametrize("largest", [1e-9, 1.0, 3e12])
def test_amounts_are_brought_to_the_solver_s_size(largest: float) -> None:
    assert scale(np.array([0.0, -largest])) * largest == pytest.approx(1000)
    assert scale(np.zeros(3)) == 1
