"""The figure beside the decision: segments by revenue, or the grid."""

import numpy as np
import pandas as pd
import pytest

from reachbook.presentation.style import LEAD
from reachbook.segmentation.lead import MOST, rfm_map, sizes_and_revenue

NAMES = {j: f"kind {j}" for j in range(8)}
REVENUE = [0.05, 0.10, 0.30, 0.20, 0.15, 0.10, 0.06, 0.04]


def shares(revenue: list[float]) -> pd.DataFrame:
    share = np.array(revenue)
    frame = pd.DataFrame({"segment": range(len(revenue)), "people_share": 1 / len(revenue), "revenue_share": share})
    return frame.assign(low=share - 0.01, high=share + 0.01)


def texts(drawn: object) -> list[str]:
    return [text.get_text() for text in drawn.figure.axes[0].texts]  # type: ignore[attr-defined]


def test_segments_with_most_revenue_are_drawn_first_and_all_are_told() -> None:
    drawn = sizes_and_revenue(shares(REVENUE), NAMES)
    assert tuple(drawn.figure.get_size_inches()) == LEAD
    assert [text for text in texts(drawn) if text.startswith("kind")] == [f"kind {j}" for j in (2, 3, 4, 1, 5, 6)]
    assert len(NAMES) > MOST
    assert "kind 2: 12.5% of people, 30.0% of revenue [29.0%, 31.0%]" in drawn.alt
    assert all(name in drawn.alt for name in NAMES.values())


@pytest.mark.parametrize("count", [2, 5, MOST])
def test_no_number_touches_a_name(count: int) -> None:
    """Shares so small that every number stands below a name."""
    drawn = sizes_and_revenue(shares([0.03] * count), NAMES)
    drawn.figure.draw_without_rendering()
    boxes = {text.get_text(): text.get_window_extent() for text in drawn.figure.axes[0].texts}
    numbers = [text.get_window_extent() for text in drawn.figure.axes[0].texts if text.get_text().endswith("%")]
    names = [box for text, box in boxes.items() if text.startswith("kind")]
    assert (len(names), len(numbers)) == (count, count)
    assert not [(name, each) for name in names for each in numbers if name.overlaps(each)]


def test_without_revenue_only_people_are_drawn() -> None:
    drawn = sizes_and_revenue(shares([np.nan] * 2), NAMES)
    assert texts(drawn) == ["kind 0", "kind 1"]
    assert "revenue" not in drawn.alt
    assert "nan" not in drawn.alt


def test_the_grid_tells_its_strongest_cell_and_without_revenue_its_largest() -> None:
    grid = pd.DataFrame({"recency": [0, 1, 5], "frequency": [0, 1, 5], "people_share": [0.1, 0.6, 0.3]})
    drawn = rfm_map(grid.assign(revenue_share=[0.0, 0.2, 0.8]))
    assert texts(drawn) == ["20%", "80%"]
    assert "recency 5, frequency 5: they bring most, 80.0% of revenue" in drawn.alt
    assert "recency 1, frequency 1, with 60.0% of people" in rfm_map(grid.assign(revenue_share=np.nan)).alt


def test_cells_of_too_few_people_are_not_drawn() -> None:
    grid = pd.DataFrame({"recency": [1, 5], "frequency": [1, 5], "people_share": [np.nan, 0.3]})
    assert texts(rfm_map(grid.assign(revenue_share=[np.nan, 0.8]))) == ["80%"]
    nobody = rfm_map(grid.assign(people_share=np.nan, revenue_share=np.nan))
    assert texts(nobody) == []
    assert "too few people" in nobody.alt
