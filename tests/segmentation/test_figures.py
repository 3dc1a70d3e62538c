"""Figures draw, say what they show, and do not stumble over two segments that differ in the same things."""

import numpy as np
import pandas as pd
import pytest
from shapes import planted

from reachbook.segmentation import SegmentationSpec, figures, segment
from reachbook.segmentation.segments import Segmentation

NAMES = {0: "one 一", 1: "two 二", 2: "three 三"}


@pytest.fixture(scope="module")
def found() -> Segmentation:
    values, _ = planted(np.random.default_rng(8), 300, 2, 3)
    return segment(
        pd.DataFrame(values, columns=list("abc")), SegmentationSpec(k_max=3, null_draws=19, bootstrap_draws=10)
    )


def test_evidence_figures(found: Segmentation) -> None:
    for drawn in (
        figures.against_null(found),
        figures.stability_and_valleys(found),
        figures.valleys(found, NAMES),
    ):
        assert drawn.figure.get_axes()
        assert len(drawn.alt) > 40
        assert "nan" not in drawn.alt


def test_profile_map_of_two_segments_lists_each_feature_once() -> None:
    effect = {"a": 2.0, "b": -1.5, "c": 0.2}
    rows = [{"segment": j, "feature": f, "effect": e * (1 - 2 * j)} for j in (0, 1) for f, e in effect.items()]
    drawn = figures.profile_map(pd.DataFrame(rows), NAMES)
    assert [t.get_text() for t in drawn.figure.get_axes()[0].get_yticklabels()] == ["a", "c", "b"]
    assert "one 一: a +2.0 standard deviations" in drawn.alt
