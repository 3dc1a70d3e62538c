"""Groups that are too small to be told."""

import pandas as pd
import pytest

from reachbook.errors import ParamsError
from reachbook.privacy import groups

FILE = "params/tiny/study.yaml"


def counted(*people: float) -> pd.DataFrame:
    return pd.DataFrame({"name": [f"g{n}" for n in range(len(people))], "people": people})


@pytest.mark.parametrize("people", [1, 7, 19])
def test_a_small_group_is_refused_with_place_value_and_remedy(people: int) -> None:
    with pytest.raises(ParamsError, match=rf"{FILE}: privacy: table sizes counts a group of {people} .*minimum of 20"):
        groups.refuse_small("sizes", counted(300, people, 40), ["people"], 20, FILE)


def test_none_the_minimum_and_unknown_pass() -> None:
    groups.refuse_small("sizes", counted(0, 20, float("nan")), ["people", "alone"], 20, FILE)


def test_no_column_of_people_is_no_group() -> None:
    groups.refuse_small("prices", counted(3), [], 20, FILE)


def test_small_groups_are_emptied_with_one_that_protects_them() -> None:
    frame = counted(300, 4, 40).assign(cell=[1, 2, 3], revenue=[9.0, 8.0, 7.0])
    shown = groups.without_small(frame, "people", 20)
    assert shown["people"].fillna(-1).tolist() == [300, -1, -1]
    assert shown["revenue"].fillna(-1).tolist() == [9, -1, -1], "what rests on these people goes with them"
    assert shown["cell"].tolist() == [1, 2, 3]
    assert groups.without_small(counted(300, 40), "people", 20)["people"].tolist() == [300, 40]
    assert groups.without_small(frame, "people", 1).equals(frame)


def test_the_page_says_how_many_are_hidden() -> None:
    assert groups.said_of_hidden(0, 20) == ""
    assert groups.said_of_hidden(2, 20).startswith("2 groups are not told: they have fewer than 20 people")


def test_a_table_is_told_without_its_small_groups_and_one_that_protects_them() -> None:
    frame = counted(300, 4, 40, 60).assign(orders=[1, 2, 3, 4])
    shown = groups.without_small_rows(frame, ["people", "missing"], 20)
    assert shown is not None
    assert shown["name"].tolist() == ["g0", "g3"]
    assert groups.without_small_rows(counted(300, 20, 0), ["people"], 20) is not None


def test_of_two_columns_of_people_each_hides_what_the_other_hides() -> None:
    frame = counted(300, 40, 60, 80, 90).assign(buyers=[200, 3, 50, 70, 25])
    shown = groups.without_small_rows(frame, ["people", "buyers"], 20)
    assert shown is not None
    assert shown["name"].tolist() == ["g0", "g2", "g3"]


@pytest.mark.parametrize("people", [(19,), (60, 19), (3, 4)])
def test_nothing_is_told_where_no_other_group_is_left(people: tuple[int, ...]) -> None:
    assert groups.without_small_rows(counted(*people), ["people"], 20) is None
