"""Groups that are too small for a shared page."""

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
