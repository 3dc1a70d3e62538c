"""False structure, recovery, invariances and refusals of `segment`."""

import numpy as np
import pandas as pd
import pytest
from quick import quick
from shapes import NOISE, gaussian, planted
from sklearn.metrics import adjusted_rand_score

from reachbook.errors import ReachbookError
from reachbook.segmentation import SegmentationSpec, segment
from reachbook.segmentation.segments import Segmentation

FAST = SegmentationSpec(k_max=4, null_draws=19, bootstrap_draws=10)


def frame(values: np.ndarray) -> pd.DataFrame:
    index = [f"u{i:05d}" for i in range(len(values))]
    return pd.DataFrame(values, index=index, columns=[f"x{j:02d}" for j in range(values.shape[1])])


# A thin S-curve is the known weakness: on 36 fresh tables each, segments were found in 13 S-curves, 3 rings, 1 banana.
# Strict, so that a method that has learnt it must take the mark away.
S_CURVE = pytest.param("s_curve", marks=pytest.mark.xfail(reason="found in 13 of 36 S-curves", strict=True))
SHAPES = [S_CURVE if name == "s_curve" else name for name in NOISE]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_segments_in_noise(shape: str) -> None:
    """One seeded table a shape; a shape with a true rate of 5 % would pass here 19 times in 20."""
    values = NOISE[shape](np.random.default_rng([3, 21]), 700, 6)
    assert quick(frame(values))[0] == 0


@pytest.mark.parametrize(
    "how",
    [
        {"k": 2, "p": 4},
        {"k": 3, "p": 5, "skew": True},
        {"k": 4, "p": 5, "noise": 8},
        {"k": 4, "p": 5, "slant": True, "wild": 0.01},
        {"k": 5, "p": 6, "spreads": True, "distance": 6.0},
        {"k": 8, "p": 8},
    ],
    ids=str,
)
def test_planted_segments_are_found(how: dict) -> None:
    """Groups whose nearest centres are 5 or 6 standard deviations apart, shares down to 7 %."""
    values, truth = planted(np.random.default_rng([5, 21]), 1000, **how)
    spec = SegmentationSpec(k_min=max(how["k"] - 1, 2), k_max=how["k"] + 1, null_draws=19, bootstrap_draws=10)
    k, labels = quick(frame(values), spec)
    assert k == how["k"]
    assert adjusted_rand_score(truth, labels) >= 0.9


@pytest.fixture(scope="module")
def small() -> tuple[pd.DataFrame, np.ndarray]:
    values, truth = planted(np.random.default_rng(8), 400, 3, 4)
    return frame(values), truth


@pytest.fixture(scope="module")
def found(small: tuple[pd.DataFrame, np.ndarray]) -> Segmentation:
    return segment(small[0], FAST)


def test_result_explains_itself(small: tuple[pd.DataFrame, np.ndarray], found: Segmentation) -> None:
    features, truth = small
    assert found.k == 3
    assert found.labels.index.equals(features.index)
    assert adjusted_rand_score(truth, found.labels) > 0.9
    assert found.sizes.is_monotonic_decreasing
    assert found.verdict.startswith("3 segments, ")
    assert 0.75 <= found.stability <= 1
    assert found.evidence["k"].tolist() == [2, 3, 4]
    assert (found.evidence["p"] >= 1 / 20).all()


def test_quick_is_the_same(small: tuple[pd.DataFrame, np.ndarray], found: Segmentation) -> None:
    k, labels = quick(small[0], FAST)
    assert found.k == k
    assert (found.labels == labels).all()


def test_nothing_found_is_said() -> None:
    found = segment(frame(gaussian(np.random.default_rng(2), 300, 3)), FAST)
    assert found.k == 0
    assert (found.labels == 0).all()
    assert found.verdict.startswith("No segments stand, with 2 to 4 tried")
    assert found.candidate_labels.nunique() == found.candidate


def test_units_and_order_do_not_matter(small: tuple[pd.DataFrame, np.ndarray], found: Segmentation) -> None:
    features, first = small[0], found
    moved = features * [3.0, 0.01, 1e5, 1.0] + [5, -2, 1e6, 0]
    mixed = moved.sample(frac=1, random_state=4)[["x02", "x00", "x03", "x01"]]
    again = segment(mixed, FAST)
    assert again.k == first.k
    assert again.labels.index.equals(mixed.index)
    assert (again.labels.reindex(features.index) == first.labels).mean() > 0.999


def test_same_input_same_result(small: tuple[pd.DataFrame, np.ndarray], found: Segmentation) -> None:
    first, again = found, segment(small[0], FAST)
    pd.testing.assert_frame_equal(first.evidence, again.evidence)
    pd.testing.assert_series_equal(first.labels, again.labels)


def test_dropped_features_are_named(small: tuple[pd.DataFrame, np.ndarray]) -> None:
    features = small[0].assign(twice=small[0]["x01"] * 2 + 1, same=4.0)
    dropped = segment(features, FAST).dropped.set_index("feature")
    assert dropped.loc["same", "reason"] == "constant"
    repeated = dropped[dropped["reason"] == "repeats another"]
    assert {repeated.index[0], repeated["partner"].iloc[0]} == {"twice", "x01"}
    assert repeated["correlation"].iloc[0] == pytest.approx(1.0)


def broken(value: float) -> pd.DataFrame:
    table = frame(gaussian(np.random.default_rng(1), 60, 2))
    table.loc["u00017", "x01"] = value
    return table


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (frame(np.zeros((49, 2))), "features has 49 rows. Segments need at least 50"),
        (frame(np.zeros((60, 2))), "the same for (nearly) everybody"),
        (frame(np.zeros((60, 2))).astype(str), "no numeric column"),
        (frame(np.eye(60)).set_axis(["a"] * 60), "more than one row for 'a'"),
        (frame(np.eye(60)).set_axis(["a"] * 60, axis=1), "more than one column 'a'"),
        (broken(np.nan), "x01, row 'u00017': nan"),
        (broken(-np.inf), "x01, row 'u00017': -inf"),
    ],
)
def test_refusals(table: pd.DataFrame, said: str) -> None:
    with pytest.raises(ReachbookError) as error:
        segment(table)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
