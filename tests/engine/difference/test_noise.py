"""Noise is called a change at most at the stated rate, and a real change is found. Seeds are fixed."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm

from helpers.shelved import SHARE, inputs, shelved
from reachbook.engine import kept
from reachbook.engine.difference.noise import RATE, UNSTATED_LEVEL, Ground, calls, critical, ground
from reachbook.result import Finding

PAIRS, FINDINGS, ROWS, LEVELS = 2000, 6, 200, (0.95, 0.9)
TOLERANCE = 3 * (RATE * (1 - RATE) / PAIRS) ** 0.5  # three standard errors of a simulated rate


def means(sample: np.ndarray, level: float) -> list[Finding]:
    """Means of the columns with normal intervals."""
    middle, error = sample.mean(axis=0), sample.std(axis=0, ddof=1) / len(sample) ** 0.5
    half = -ndtri((1 - level) / 2) * error
    return [Finding(f"m{i}", "Mean", m, m - h, m + h) for i, (m, h) in enumerate(zip(middle, half, strict=True))]


def shares(sample: np.ndarray, level: float) -> list[Finding]:
    """Shares of the columns above zero with Wilson intervals, which are not symmetric."""
    n, z = len(sample), -ndtri((1 - level) / 2)
    share = (sample > 1.1).mean(axis=0)
    centre, width = (share + z * z / 2 / n) / (1 + z * z / n), np.sqrt(share * (1 - share) / n + z * z / 4 / n / n)
    half = z * width / (1 + z * z / n)
    found = zip(share, centre - half, centre + half, strict=True)
    return [Finding(f"s{i}", "Share", s, low, high, "ratio") for i, (s, low, high) in enumerate(found)]


@cache
def rate(estimate: Any, shared: float, shift: float = 0.0, rows: int = ROWS, pairs: int = PAIRS) -> float:
    """Share of pairs of versions in which any finding is called changed; `shared` of the rows are in both."""
    rng, overlap, hit = np.random.default_rng(2026), int(shared * rows), 0
    for _ in range(pairs):
        drawn = rng.normal(1.0, 0.5, (2 * rows - overlap, FINDINGS))
        before, after = drawn[:rows], drawn[rows - overlap :]
        after = after + shift * np.eye(FINDINGS)[0]
        found = calls(estimate(before, LEVELS[0]), estimate(after, LEVELS[1]), Ground(LEVELS, False, shared > 0))
        hit += any(each.call == "more" for each in (found[:1] if shift else found))
    return hit / pairs


@pytest.mark.parametrize("estimate", [means, shares])
@pytest.mark.parametrize("shared", [0.0, 0.8])
def test_noise_is_called_a_change_at_most_at_the_stated_rate(estimate: Any, shared: float) -> None:
    assert rate(estimate, shared) <= RATE + TOLERANCE


def test_apart_the_rate_is_the_stated_one_and_shared_rows_only_lower_it() -> None:
    assert rate(means, 0.0) >= RATE - 2 * TOLERANCE
    assert rate(means, 0.8) <= RATE / 10


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_a_planted_tenth_is_found(shared: float) -> None:
    """A mean of 1 that rises by 10%, told to 1.25% (1,600 rows): 5.7 standard errors of the difference."""
    assert rate(means, shared, shift=0.1, rows=1600, pairs=100) >= 0.98


def test_the_limit_is_two_sided_and_grows_with_the_number_of_findings() -> None:
    assert critical(1) == pytest.approx(1.959964)
    assert critical(10) == pytest.approx(norm.ppf(1 - 0.0025))


def one(before: Finding | None, after: Finding | None, known: Ground | None = None) -> str:
    (found,) = calls([before] if before else [], [after] if after else [], known or Ground())
    return found.call


def test_what_cannot_be_judged_is_not() -> None:
    moved = replace(SHARE, value=0.9, low=0.85, high=0.95)
    assert one(SHARE, moved) == "more"
    assert one(SHARE, replace(SHARE, value=0.201)) == "noise"
    assert one(SHARE, SHARE) == "same"
    assert one(SHARE, replace(SHARE, label="Other words")) == "same"
    assert one(SHARE, moved, Ground(same_data=True)) == "method"
    assert one(None, SHARE) == "new"
    assert one(SHARE, None) == "gone"
    for other in (replace(moved, unit="money"), replace(moved, low=None), replace(moved, value=None)):
        assert one(SHARE, other) == "unknown"
        assert one(other, SHARE) == "unknown"


def test_only_findings_with_intervals_share_the_rate() -> None:
    """2.1 standard errors apart: more than noise alone, within it beside another finding that is compared."""
    half = float(norm.isf(0.025))
    a = Finding("a", "A", 0.0, -half, half)
    b = replace(a, value=2.1 * 2**0.5, low=2.1 * 2**0.5 - half, high=2.1 * 2**0.5 + half)
    bare = Finding("c", "C", 1.0)
    assert calls([a, bare], [b, replace(bare, value=2.0)], Ground())[0].call == "more"
    assert calls([a, replace(a, id="d")], [b, replace(a, id="d")], Ground())[0].call == "noise"


def test_the_ground_is_read_from_the_records(tmp_path: Any) -> None:
    later = inputs("tiny", "count")["study"] | {"period": {"start": "2026-10-01", "end": "2026-12-31"}}
    first = kept.read(shelved(tmp_path, 1))
    code = kept.read(shelved(tmp_path, 2, modules={"reachbook.report": "bb"}, parameters={"level": 0.9}))
    seed = kept.read(shelved(tmp_path, 3, study_about={"seed": 8}))
    rows = kept.read(shelved(tmp_path, 4, tables={"orders": {"rows": 13, "sha256": "bb"}}, parameters={}))
    quarter = kept.read(shelved(tmp_path, 5, study_about=later, tables={"orders": {"rows": 9, "sha256": "cc"}}))
    assert ground(first, code) == Ground((0.95, 0.9), True, True)
    assert ground(first, seed).same_data is False
    assert ground(first, rows) == Ground((0.95, UNSTATED_LEVEL), False, True)
    assert ground(first, quarter) == Ground((0.95, 0.95), False, False)
