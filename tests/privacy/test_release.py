"""Counts with random errors: an attacker who knows everybody else learns as much as epsilon says, and no more."""

import math
from fractions import Fraction

import numpy as np
import pytest

from reachbook.privacy import release
from reachbook.privacy.key import Key
from reachbook.privacy.release import ReleasedCounts

KEY = Key(b"0123456789abcdef" * 4)
PEOPLE = [f"person-{number:03d}" for number in range(200)]
CELLS = [number % 3 for number in range(200)]


def counted(people: int, key: Key = KEY, epsilon: str = "1", question: str = "stages") -> ReleasedCounts:
    """Release the cells of the first `people` people."""
    counts = np.bincount(CELLS[:people], minlength=3).tolist()
    return release.release(counts, Fraction(epsilon), key, question, release.ground(PEOPLE[:people], CELLS[:people]))


@pytest.mark.parametrize("epsilon", ["0.5", "1", "2"])
def test_the_best_guess_whether_one_person_is_in_reaches_the_bound_and_stays_below(epsilon: str) -> None:
    """Every threshold on the one cell that changes, over 600 keys: discrete Laplace noise attains the bound, so that an
    attack that found less would be too weak. Standard errors are below 3 points; the tolerance is four.
    """
    keys = [Key(f"key number {number:040d}".encode()) for number in range(600)]
    without, with_ = (
        np.array([counted(people, key, epsilon).drawn[CELLS[199]] for key in keys]) for people in (199, 200)
    )
    found = max(float((with_ > cut).mean() - (without > cut).mean()) for cut in range(40, 100))
    assert found == pytest.approx(release.advantage(float(epsilon)), abs=0.12)
    assert release.advantage(float(epsilon)) == pytest.approx(
        (math.exp(float(epsilon)) - 1) / (math.exp(float(epsilon)) + 1)
    )


def test_asking_again_gives_the_same_numbers_so_that_nothing_can_be_averaged() -> None:
    assert counted(200).drawn.tolist() == counted(200).drawn.tolist()
    order = np.random.default_rng(1).permutation(200)
    mixed = release.ground([PEOPLE[at] for at in order], [CELLS[at] for at in order])
    assert mixed == release.ground(PEOPLE, CELLS)


def test_another_person_question_epsilon_or_key_draws_other_errors() -> None:
    """At epsilon 0.01 errors are in the hundreds: three of them agree by chance less than once in ten million."""

    def errors(one: ReleasedCounts, people: int = 200) -> tuple[int, ...]:
        return tuple((one.drawn - np.bincount(CELLS[:people], minlength=3)).tolist())

    found = [
        errors(counted(200, epsilon="0.01")),
        errors(counted(199, epsilon="0.01"), 199),
        errors(counted(200, epsilon="0.011")),
        errors(counted(200, epsilon="0.01", question="platforms")),
        errors(counted(200, epsilon="0.01", key=Key(b"another key of at least 32 characters"))),
    ]
    assert len(set(found)) == len(found)


def test_nobody_can_stand_in_two_cells() -> None:
    with pytest.raises(AssertionError, match="would not hide them"):
        release.ground(["u1", "u1"], [0, 1])


def test_counts_below_zero_are_shown_as_zero_and_the_budget_is_split_exactly() -> None:
    few = ReleasedCounts(np.array([-3, 4]), 1.0)
    assert few.people.tolist() == [0, 4]
    assert few.total == 1
    assert release.split(0.1, 3) * 3 == Fraction(1, 10)
