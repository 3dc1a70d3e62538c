"""Agreement against published figures."""

import numpy as np
import pytest
from scipy.stats import beta

from reachbook.stats.agreement import agreement


def test_agreement_of_a_published_example() -> None:
    """Krippendorff (2011), "Computing Krippendorff's alpha-reliability", A: binary data, two observers: alpha .095."""
    binary = [np.array(list(map(int, each))) for each in ("0100000000", "1110010100")]
    assert agreement(*binary, 2).alpha.middle == pytest.approx(0.095, abs=0.001)


def test_raw_agreement_has_the_exact_interval() -> None:
    """27 of 30 alike; kappa and alpha follow it, since chance agreement is known better than agreement."""
    first = np.tile([0, 1, 2], 10)
    second = first.copy()
    second[[0, 10, 20]] = (second[[0, 10, 20]] + 1) % 3
    found = agreement(first, second, 3)
    assert found.raw.low == pytest.approx(beta.ppf(0.025, 27, 4), abs=0.01)
    assert found.raw.high == pytest.approx(beta.ppf(0.975, 28, 3), abs=0.01)
    assert found.kappa.low == pytest.approx(1 - (1 - found.raw.low) / (2 / 3), abs=0.03)
    assert found.alpha.low < found.alpha.middle < found.alpha.high < 1


def test_few_items_alike_do_not_prove_agreement() -> None:
    found = agreement(np.array([0, 1, 2, 0, 1]), np.array([0, 1, 2, 0, 1]), 3)
    assert found.kappa.middle == 1.0
    assert found.kappa.low < 0.85
