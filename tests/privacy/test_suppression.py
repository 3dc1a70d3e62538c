"""Small groups stay hidden from a reader who solves for them with all that is published."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from reachbook.privacy.suppression import Counts, Mask, Suppressed, suppressed

MINIMUM = 20


def attacked(counts: Counts, hidden: Suppressed) -> float:
    """Smallest width in which a hidden cell or margin is known, by one linear program over what is shown.

    Every published number is written out as a sum of cells; a margin is then a sum to be bounded.
    """
    cells = np.arange(counts.size).reshape(counts.shape)
    parts = [*cells.ravel()[:, None], *cells, *cells.T, cells.ravel()]
    out = [*hidden.cells.ravel(), *hidden.margins[0], *hidden.margins[1], hidden.total]
    aims = np.zeros((len(parts), counts.size))
    for aim, part in zip(aims, parts, strict=True):
        aim[part] = 1
    shown, sought = aims[~np.array(out)], aims[np.array(out)]
    if not len(sought) or not len(shown):
        return np.inf
    each = sparse.eye_array(len(sought))
    known = {"A_eq": sparse.kron(each, shown), "b_eq": np.tile(shown @ counts.ravel(), len(sought))}
    low, high = (linprog(sign * sought.ravel(), **known).x.reshape(sought.shape) for sign in (1, -1))
    return float(((high - low) * sought).sum(axis=1).min())


def tables(n: int, seed: int) -> list[Counts]:
    """Random cross tables of 2 x 2 to 5 x 6 with many small and some empty cells."""
    rng = np.random.default_rng(seed)
    shapes = [(int(rng.integers(2, 6)), int(rng.integers(2, 7))) for _ in range(n)]
    return [np.floor(rng.lognormal(3.5, 1.3, shape) * (rng.random(shape) > 0.1)).astype(np.int64) for shape in shapes]


def primary(counts: Counts) -> Suppressed:
    """Only what is small."""

    def small(numbers: Counts) -> Mask:
        found: Mask = (numbers > 0) & (numbers < MINIMUM)
        return found

    return Suppressed(small(counts), (small(counts.sum(axis=1)), small(counts.sum(axis=0))))


def test_nothing_hidden_in_200_random_tables_is_known_to_within_the_minimum() -> None:
    drawn = tables(200, 7)
    for counts in drawn:
        hidden, small = suppressed(counts, MINIMUM), primary(counts)
        assert hidden.cells[small.cells].all()
        assert attacked(counts, hidden) >= MINIMUM - 1e-6
    broken = [attacked(counts, primary(counts)) < MINIMUM - 1e-6 for counts in drawn[:40]]
    assert sum(broken) > 30, "hiding the small cells alone must be breakable, or this attack shows nothing"


@pytest.mark.parametrize("public", [(True, False), (True, True)])
def test_sums_that_readers_know_are_never_counted_on_to_hide(public: tuple[bool, bool]) -> None:
    """50 random tables are attacked; where known sums leave no way to hide a cell, nothing of the table is told."""
    found = [(counts, suppressed(counts, MINIMUM, public=public)) for counts in tables(50, 11)]
    told = [(counts, hidden) for counts, hidden in found if not hidden.total]
    assert len(told) > 25
    for counts, hidden in told:
        assert not any(margin.any() for margin, known in zip(hidden.margins, public, strict=True) if known)
        assert hidden.cells[primary(counts).cells].all()
        assert attacked(counts, hidden) >= MINIMUM - 1e-6


def test_what_needs_no_hiding_is_shown() -> None:
    hidden = suppressed([[500, 400], [300, 600]], MINIMUM)
    assert not hidden.cells.any()
    assert not np.concatenate(hidden.margins).any()
    assert not suppressed([40, 0, 30], MINIMUM).cells.any(), "an empty cell is nobody"


def test_a_row_of_groups_hides_the_smallest_that_protects() -> None:
    assert suppressed([500, 3, 90], MINIMUM).cells.tolist() == [False, True, True]
    assert suppressed([500, 3, 18, 90], MINIMUM).cells.tolist() == [False, True, True, False]
    assert suppressed([500, 3, 4, 90], MINIMUM).cells.tolist() == [False, True, True, True]


def test_a_small_margin_is_hidden_like_a_cell() -> None:
    hidden = suppressed([[3, 4, 5], [200, 300, 400], [250, 350, 450]], MINIMUM)
    assert hidden.margins[0].tolist()[0], "twelve people of the first row"
    assert not hidden.total


@pytest.mark.parametrize("counts", [[5], [3, 4], [[1, 2], [3, 4]]])
def test_of_too_few_people_not_even_the_total_is_told(counts: list[int]) -> None:
    hidden = suppressed(counts, MINIMUM)
    assert hidden.total
    assert hidden.cells.all()


@pytest.mark.parametrize("row", [True, False])
def test_lines_that_are_hidden_for_another_reason_hide_their_sums_and_are_protected_too(row: bool) -> None:
    """50 random tables, in which the two largest lines are hidden whole although their sums were known otherwise."""
    told = 0
    for counts in tables(50, 13):
        besides = np.zeros(counts.shape, dtype=bool)
        lines = counts.sum(axis=int(row)).argsort()[-2:]
        (besides if row else besides.T)[lines] = True
        hidden = suppressed(counts, MINIMUM, besides, public=(row, not row))
        assert hidden.cells[besides].all()
        assert hidden.margins[0 if row else 1][lines].all()
        if not hidden.total:
            told += 1
            assert attacked(counts, hidden) >= MINIMUM - 1e-6
    assert told > 25


def test_who_knows_that_each_cell_holds_some_people_is_kept_from_knowing_more() -> None:
    assert suppressed([500, 12, 16, 90], MINIMUM).cells.tolist() == [False, True, True, False]
    assert suppressed([500, 12, 16, 90], MINIMUM, least=10).cells.tolist() == [False, True, True, True]
