"""The figure beside the decision: segments by revenue, or the grid."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from reachbook.presentation.section import Drawing
from reachbook.presentation.style import LEAD, ems
from reachbook.segmentation.lead import MOST, rfm_map, sizes_and_revenue
from reachbook.segmentation.rfm import top_cells

NAMES = {j: f"kind {j}" for j in range(8)}
REVENUE = [0.05, 0.10, 0.30, 0.20, 0.15, 0.10, 0.06, 0.04]


def shares(revenue: list[float]) -> pd.DataFrame:
    share = np.array(revenue)
    frame = pd.DataFrame({"segment": range(len(revenue)), "people_share": 1 / len(revenue), "revenue_share": share})
    return frame.assign(low=share - 0.01, high=share + 0.01)


def texts(drawn: Drawing) -> list[str]:
    return [text.get_text() for text in drawn.figure.axes[0].texts]


def named(drawn: Drawing) -> list[str]:
    """Names beside the bars, from the top."""
    return [text.get_text() for text in drawn.figure.axes[0].get_yticklabels()]


def test_segments_with_most_revenue_are_drawn_first_and_all_are_told() -> None:
    drawn = sizes_and_revenue(shares(REVENUE), NAMES)
    assert tuple(drawn.figure.get_size_inches()) == LEAD
    assert named(drawn) == [f"kind {j}" for j in (2, 3, 4, 1, 5, 6)]
    revenue = "30% [29%, 31%]", "20% [19%, 21%]", "15% [14%, 16%]", "10% [9%, 11%]", "10% [9%, 11%]", "6% [5%, 7%]"
    assert texts(drawn) == [*revenue, *["12%"] * MOST]
    assert len(NAMES) > MOST
    assert "kind 2: 12.5% of people, 30.0% of revenue [29.0%, 31.0%]" in drawn.alt
    assert all(name in drawn.alt for name in NAMES.values())


LONG = "Xiaohongshu image-text collectors", "哔哩哔哩深夜短视频评论收藏用户"


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("count", [2, 5, MOST])
@pytest.mark.parametrize(
    "revenue", [[0.03] * MOST, [0.98, 0.01, 0.004, 0.003, 0.002, 0.001], [0.01, 0.99, 0.0, 0.0, 0.0, 0.0]]
)
def test_no_text_touches_another_or_a_bar_and_none_leaves_the_figure(
    revenue: list[float], count: int, name: str
) -> None:
    drawn = sizes_and_revenue(shares(revenue[:count]), dict.fromkeys(range(MOST), name))
    drawn.figure.draw_without_rendering()
    axis = drawn.figure.axes[0]
    boxes = [text.get_window_extent() for text in (*axis.texts, *axis.get_yticklabels())]
    assert len(boxes) == 3 * count
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert not [box for box in boxes for bar in axis.patches if box.overlaps(bar.get_window_extent())]
    assert all(box.x1 <= drawn.figure.bbox.x1 for box in boxes)
    wide = [ems(text) * 10 / 72 * drawn.figure.dpi for text in named(drawn)]  # DejaVu Sans has no Chinese to measure
    assert all(box.x1 - width >= 0 for box, width in zip(boxes[2 * count :], wide, strict=True))


def test_a_number_stands_level_with_its_bar_and_right_of_its_interval() -> None:
    drawn = sizes_and_revenue(shares([0.41, 0.59]), NAMES)
    for text, bar in zip(drawn.figure.axes[0].texts, drawn.figure.axes[0].patches, strict=True):
        end, row = text.xy  # type: ignore[attr-defined]
        assert row == pytest.approx(bar.get_y() + bar.get_height() / 2)
        assert end >= bar.get_width()
        assert text.get_text().split()[0] == f"{bar.get_width():.0%}"


def test_without_revenue_only_people_are_drawn() -> None:
    drawn = sizes_and_revenue(shares([np.nan] * 2), NAMES)
    assert (named(drawn), texts(drawn)) == (["kind 0", "kind 1"], ["50%", "50%"])
    assert "revenue" not in drawn.alt
    assert "nan" not in drawn.alt


def test_the_grid_tells_its_strongest_cell_and_without_revenue_its_largest() -> None:
    grid = pd.DataFrame({"recency": [0, 1, 5], "frequency": [0, 1, 5], "people_share": [0.1, 0.6, 0.3]})
    earning = grid.assign(revenue_share=[0.0, 0.2, 0.8])
    drawn = rfm_map(earning, top_cells(earning))
    assert texts(drawn) == ["20%", "80%"]
    assert drawn.alt.startswith(
        "Share of revenue by how recently and how often people bought, in fifths; framed: high in both; blank: nobody."
    )
    assert "recency 5 and frequency 5 brings most, 80.0% of revenue" in drawn.alt
    nothing = grid.assign(revenue_share=np.nan)
    assert top_cells(nothing) is None
    assert "recency 1, frequency 1, with 60.0% of people" in rfm_map(nothing, None).alt


def test_colour_and_number_of_a_cell_show_the_same_share() -> None:
    grid = pd.DataFrame({"recency": [1, 1, 2], "frequency": [1, 2, 1], "people_share": [0.8, 0.1, 0.1]})
    drawn = rfm_map(grid.assign(revenue_share=[0.1, 0.3, 0.6]), None)
    opacity = [bar.get_alpha() for bar in drawn.figure.axes[0].patches]
    assert texts(drawn) == ["10%", "30%", "60%"]
    assert opacity == sorted(opacity)
    assert len(set(opacity)) == 3


def test_cells_of_too_few_people_are_not_drawn() -> None:
    grid = pd.DataFrame({"recency": [1, 5], "frequency": [1, 5], "people_share": [np.nan, 0.3]})
    assert texts(rfm_map(grid.assign(revenue_share=[np.nan, 0.8]), None)) == ["80%"]
    some = pd.DataFrame({"recency": [1, 5], "frequency": [1, 5], "people_share": [np.nan, 0.3]})
    assert (
        "; blank: nobody, or too few people to be told." in rfm_map(some.assign(revenue_share=[np.nan, 0.8]), None).alt
    )
    nobody = rfm_map(grid.assign(people_share=np.nan, revenue_share=np.nan), None)
    assert texts(nobody) == []
    assert "too few people" in nobody.alt


def test_a_full_grid_explains_no_blank_cell() -> None:
    full = pd.DataFrame([(r, f) for r in range(1, 6) for f in range(1, 6)], columns=["recency", "frequency"])
    assert "blank" not in rfm_map(full.assign(people_share=0.04, revenue_share=0.04), None).alt


def test_no_sum_is_told_of_cells_of_which_one_is_hidden() -> None:
    grid = pd.DataFrame({"recency": [4, 5], "frequency": [5, 5], "people_share": [np.nan, 0.3]})
    assert top_cells(grid.assign(revenue_share=[np.nan, 0.8])) is None
