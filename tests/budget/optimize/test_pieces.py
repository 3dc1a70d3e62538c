"""One channel in pieces on which mixing points is exact."""

import numpy as np

from helpers.response_curves import hill
from reachbook.budget.optimize.pieces import SpendDomain, concave_runs, line

GRID = np.linspace(0, 100, 51)
WHOLE = SpendDomain(0.0, 100.0, False, ())


def test_a_concave_curve_is_one_piece_and_an_s_shape_two() -> None:
    concave, bent = (line(GRID, hill(GRID, 30.0, slope, 100.0)[None], WHOLE, None) for slope in (1.0, 4.0))
    assert [(each.first, each.last) for each in concave.pieces] == [(0, 50)]
    assert len(bent.pieces) == 2
    assert bent.pieces[0].last == bent.pieces[1].first


def test_nothing_or_at_least_so_much_has_a_point_of_its_own() -> None:
    made = line(GRID, hill(GRID, 30.0, 1.0, 100.0)[None], SpendDomain(20.0, 60.0, True, (33.0,)), None)
    assert (made.pieces[0].first, made.pieces[0].last) == (0, 0)
    assert (made.spend[0], made.spend[1], made.spend[-1]) == (0.0, 20.0, 60.0)
    assert 33.0 in made.spend


def test_cutting_a_piece_keeps_its_ends_and_mixes_neighbours_only() -> None:
    made = line(GRID, hill(GRID, 30.0, 1.0, 100.0)[None], WHOLE, None).split(0, 41.0)
    assert [(each.first, each.last) for each in made.pieces] == [(0, 20), (20, 21), (21, 50)]


def test_runs_end_where_the_slope_rises() -> None:
    spend = np.arange(6.0)
    assert concave_runs(spend, np.array([0.0, 3.0, 5.0, 6.0, 9.0, 10.0]), 0, 5) == [(0, 3), (3, 5)]
    assert concave_runs(spend, 2 * spend, 0, 5) == [(0, 5)]
