"""Published tables of two versions, by key."""

import pandas as pd
import pytest

from reachbook.engine.difference.published import MovedCell, compared

SEGMENTS = pd.DataFrame({"segment": ["a", "b", "c"], "people": [10, 20, 30], "share": [0.1, 0.2, 0.3]})


def test_rows_that_came_went_and_changed_are_told_by_their_key() -> None:
    after = pd.DataFrame({"segment": ["d", "c", "b"], "people": [5, 30, 40], "share": [0.1, 0.3, 0.25]})
    found = compared("segments", SEGMENTS, after)
    assert (found.key, found.came, found.went, found.changed) == (("segment",), ("d",), ("a",), 1)
    assert found.moved == (MovedCell("b", "people", 20.0, 40.0), MovedCell("b", "share", 0.2, 0.25))


def test_rounding_and_another_order_are_no_change() -> None:
    after = SEGMENTS.iloc[::-1].assign(share=lambda each: each["share"] * (1 + 1e-12))
    found = compared("segments", SEGMENTS, after)
    assert (found.changed, found.came, found.went, found.moved) == (0, (), (), ())


def test_missing_values_are_equal_to_each_other_and_differ_from_numbers() -> None:
    before = pd.DataFrame({"id": ["a", "b"], "x": [None, 1.0]})
    assert compared("t", before, before.copy()).changed == 0
    assert compared("t", before, before.assign(x=[1.0, None])).changed == 2


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"x": [1.0, 2.0, 3.0, 4.0]}, ()),
        ({"channel": list("aabb"), "week": list("1212"), "x": [1.0, 1.0, 1.0, 1.0]}, ("channel", "week")),
        ({"channel": list("aabb"), "week": [1, 2, 1, 2]}, ("channel", "week")),
        ({"rank": [1, 2, 3, 4], "name": list("abca")}, ("rank",)),
        ({"name": list("aaaa"), "x": [1.0, 2.0, 3.0, 4.0]}, ()),
        ({"on": pd.date_range("2026-01-01", periods=4), "x": [1, 1, 1, 1]}, ("on",)),
        ({"list": [[1], [2], [3], [4]]}, ("list",)),
    ],
)
def test_the_key_is_the_fewest_columns_that_name_a_row(columns: dict[str, object], key: tuple[str, ...]) -> None:
    frame = pd.DataFrame(columns)
    assert compared("t", frame, frame).key == key


def test_an_index_with_a_name_is_a_key() -> None:
    frame = SEGMENTS.set_index("segment")
    found = compared("t", frame, frame.drop(index="a"))
    assert (found.key, found.went) == (("segment",), ("a",))


def test_a_column_of_another_kind_is_compared_as_text() -> None:
    found = compared("t", SEGMENTS, SEGMENTS.assign(people=["10", "20", "31"]))
    assert (found.changed, found.moved) == (1, ())


def test_values_that_hold_the_joining_mark_stay_apart() -> None:
    old = pd.DataFrame({"a": ["x · y", "x", "x", "x · y"], "b": ["z", "y · z", "z", "y · z"], "n": [1, 2, 3, 4]})
    found = compared("t", old, old.assign(n=[1, 5, 3, 4]))
    assert (found.key, found.changed, found.came, found.went) == (("a", "b"), 1, (), ())
    assert [(cell.row, cell.before, cell.after) for cell in found.moved] == [("x · y · z", 2.0, 5.0)]


def test_columns_of_several_levels_are_compared_by_their_whole_names() -> None:
    heads = pd.MultiIndex.from_tuples([("who", "name"), ("spend", "now")])
    old, new = (pd.DataFrame([["a", value], ["b", 2]], columns=heads) for value in (1, 3))
    found = compared("t", old, new)
    assert (found.key, found.changed) == (("who name",), 1)


def test_tables_without_rows_or_columns_are_compared() -> None:
    none = pd.DataFrame({"a": pd.Series(dtype=str)})
    assert compared("t", none, pd.DataFrame({"a": ["x"]})).came == ("x",)
    assert compared("t", none, pd.DataFrame({"b": ["x"]})).key == ()
