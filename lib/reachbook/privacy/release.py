"""Differentially private release of counts of people: each count is changed by a random error, drawn once.

Notes
-----
A table in which each person stands in one cell changes by one in one cell when a person comes or goes, so that
discrete Laplace noise makes it epsilon-differentially private (Dwork, McSherry, Nissim & Smith 2006, TCC). The noise is
a function of a secret key, of the question and of who stands in which cell. To ask the same question of the same people
again gives the same numbers, on every machine that has the key, so that no average over repeated runs takes the noise
away; of other people, even one fewer, it gives noise that is independent to whoever lacks the key. Privacy then holds
against readers who cannot break HMAC-SHA-256 (computational differential privacy: Mironov, Pandey, Reingold & Vadhan
2009, CRYPTO).
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from reachbook.arrays import Ints
from reachbook.privacy import laplace
from reachbook.privacy.key import Key
from reachbook.privacy.laplace import KeyedBits

_BLOCK = 100_000
_PURPOSE = "noise of counts"


@dataclass(frozen=True)
class ReleasedCounts:
    """Counts of people with a random error each.

    Attributes
    ----------
    drawn : int array (cells,)
        The counts with their errors, some of them below 0.
    epsilon : float
        What the release spends of the budget.
    """

    drawn: Ints
    epsilon: float

    @property
    def people(self) -> Ints:
        """The counts as they are published: those below 0 as 0, which tells nothing more about anybody."""
        return np.maximum(self.drawn, 0)

    @property
    def error(self) -> int:
        """By how many people a count is off at most, with probability 95%."""
        return laplace.reach(self.epsilon)

    @property
    def total(self) -> int:
        """Sum of the counts as drawn, so that the errors cancel as far as they do; never below 0."""
        return max(0, int(self.drawn.sum()))

    @property
    def error_of_total(self) -> int:
        """By how many people the total is off at most, with probability 95%."""
        return laplace.reach_of_sum(self.epsilon, len(self.drawn))


def release(counts: Sequence[int], epsilon: Fraction, key: Key, question: str, ground: str) -> ReleasedCounts:
    """Add a random error to each count.

    Parameters
    ----------
    counts : sequence of int (cells,)
        People in each cell; a person is in one cell, and the cells do not depend on the people.
    epsilon : Fraction
        Above 0; what this table may spend of the budget.
    question : str
        What is counted, in any words that differ between questions.
    ground : str
        Who stands in which cell, see `ground`.
    """
    seed = json.dumps([question, str(epsilon), len(counts), ground], ensure_ascii=False).encode()
    bits = KeyedBits(key.derived(_PURPOSE), seed)
    drawn = [int(count) + laplace.laplace(bits, epsilon) for count in counts]
    return ReleasedCounts(np.asarray(drawn, dtype=np.int64), float(epsilon))


def ground(ids: Sequence[str], cells: Sequence[int]) -> str:
    """SHA-256 of who stands in which cell, each person in one; the order of the people does not matter."""
    people = sorted(zip(ids, map(int, cells), strict=True))
    assert not any(one[0] == other[0] for one, other in pairwise(people)), "noise for one would not hide them"
    digest = hashlib.sha256()
    for start in range(0, len(people), _BLOCK):
        digest.update(json.dumps(people[start : start + _BLOCK]).encode())
    return digest.hexdigest()


def split(epsilon: float, tables: int) -> Fraction:
    """Each table's share of a budget that is split evenly, exact to the digits that were written."""
    return Fraction(repr(epsilon)) / tables


def advantage(epsilon: float) -> float:
    """Largest advantage of a guess whether one person is among the counted: (e^epsilon - 1) / (e^epsilon + 1).

    Notes
    -----
    True guesses of those who are, less false ones of those who are not (Kairouz, Oh & Viswanath 2015, ICML, for pure
    differential privacy).
    """
    return math.tanh(epsilon / 2)


def right_guesses(epsilon: float) -> float:
    """Largest probability of guessing right whether one person is among the counted, where half are."""
    return (1 + advantage(epsilon)) / 2
