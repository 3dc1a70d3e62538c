"""On a shared page no trait's share counts fewer people than the minimum, nor does the difference of two."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reachbook.segmentation.behaviour import Features
from reachbook.segmentation.cards import cards
from reachbook.segmentation.page import compose
from reachbook.segmentation.profile import profile, without_few
from reachbook.segmentation.story import gather_results
from segmentation.test_page import IDS, people, segmented

THREE = pd.Series(np.repeat([0, 1, 2], [90, 60, 50]), index=IDS)
MINIMUM = 10


def with_tiers(counts: list[list[int]]) -> Features:
    """Tiers a, b, ... by segment (rows), in the order of `THREE`."""
    tiers = [level for row in counts for level, n in zip("abc", row, strict=False) for _ in range(n)]
    return replace(people(), traits=pd.DataFrame({"tier": tiers}, index=IDS))


def told(features: Features) -> dict[str, list[int]]:
    """Segments whose comparison is told, by level or feature."""
    made = without_few(profile(features, THREE), features, THREE, MINIMUM).dropna(subset="value")
    return {str(name): rows["segment"].tolist() for name, rows in made.groupby("feature")}


def test_a_small_cell_is_hidden_with_another_one_in_its_row_and_its_column() -> None:
    found = told(with_tiers([[4, 46, 40], [20, 20, 20], [20, 15, 15]]))
    assert 0 not in found["tier = a"], "4 of 90 people have it"
    assert len(found["tier = a"]) == 1, "else all with the tier, less two segments, would be the third"
    assert sum(0 in found[f"tier = {level}"] for level in "bc") == 1, "else the rest of segment 0 would be it"


def test_nothing_is_told_of_a_level_that_few_have_at_all() -> None:
    found = told(with_tiers([[44, 43, 3], [30, 30, 0], [25, 25, 0]]))
    assert "tier = c" not in found
    assert found["hours: night"] == [0, 1, 2], "behaviour counts nobody"


def test_large_cells_and_levels_that_nobody_has_stay() -> None:
    found = told(with_tiers([[45, 45], [60, 0], [25, 25]]))
    assert found["tier = a"] == [0, 1, 2]
    assert found["tier = b"] == [0, 1, 2]


def test_those_without_a_value_and_without_an_order_are_counted_too() -> None:
    """Segment 1 has 4 people without an order and 3 without an age."""
    plain = with_tiers([[45, 45], [30, 30], [25, 25]])
    ordered = np.repeat([0.0, 1, 0, 1, 0, 1], [30, 60, 4, 56, 25, 25])
    frame = plain.frame.assign(has_ordered=ordered)
    ages = pd.DataFrame({"age": np.r_[np.full(90, 30.0), np.full(3, np.nan), np.full(107, 31.0)]}, index=IDS)
    found = told(replace(plain, frame=frame, numbers=ages))
    assert 1 not in found["has_ordered"]
    assert len(found["has_ordered"]) == 1
    assert "age" not in found


@pytest.mark.parametrize("shared", [True, False])
def test_a_shared_page_and_its_cards_leave_them_out_and_say_so(shared: bool) -> None:
    features = replace(people(), traits=people().traits.assign(tier=["b"] * 117 + ["a"] * 83))
    section = compose(features, segmented(2), None, "CNY", 1, {}, MINIMUM, shared)["profile"]
    (table,) = section.tables
    seen = table.frame[table.frame["feature"].str.contains("tier")]["value"].notna()
    assert seen.any() != shared
    assert ("4 comparisons are not told: they count fewer than 10 people" in section.note) == shared
    made = cards(gather_results(features, segmented(2), None, "CNY", 1, {}, MINIMUM, shared)).cards
    assert any(topic.rows for card in made for topic in card.topics if topic.label == "who they are") != shared


def test_a_cell_of_the_grid_is_hidden_from_sums_of_rows_and_columns() -> None:
    results = gather_results(people(), segmented(0), None, "CNY", 1, {}, 8)
    table = results.grid.pivot(index="recency", columns="frequency", values="people")
    whole = gather_results(people(), segmented(0), None, "CNY", 1).grid
    there = whole.pivot(index="recency", columns="frequency", values="people") > 0
    hidden = table.isna() & there
    assert hidden.any(axis=None)
    assert not (hidden.sum() == 1).any()
    assert not (hidden.sum(axis=1) == 1).any()
