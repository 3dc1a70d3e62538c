"""Whether segments are parted is what the heights of their passes say."""

import numpy as np
import pytest

from reachbook.segmentation.structure.density_valleys import parted, saddles


@pytest.mark.parametrize("apart", [0.0, 4.0, 8.0])
def test_parted_is_no_pass_higher_than_the_limit(apart: float) -> None:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 4, 600)
    values = rng.standard_normal((600, 5)) + apart * np.eye(5)[labels]
    highest = float(np.nanmax(saddles(values, labels, 4)))
    assert parted(values, labels, 4, highest)
    assert not parted(values, labels, 4, highest - 1e-9)


def test_a_group_too_small_for_a_density_hides_no_pass() -> None:
    """Its own pairs are left out, as in `saddles`; those of the others are not."""
    rng = np.random.default_rng(4)
    labels = np.repeat([0, 1, 2], [300, 300, 3])
    values = rng.standard_normal((603, 3))
    assert not parted(values, labels, 3, 0.5)
    values[labels == 1] += 30.0
    assert parted(values, labels, 3, 0.5)
