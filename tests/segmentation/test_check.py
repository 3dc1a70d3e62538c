"""What a table of features must be."""

import numpy as np
import pandas as pd
import pytest

from reachbook.errors import DataError
from reachbook.segmentation.check import checked

FRAME = pd.DataFrame(
    {"b": np.arange(60) % 7, "a": np.linspace(0, 1, 60), "flag": np.arange(60) % 2 == 0, "city": "x"},
    index=[f"u{i}" for i in range(60)],
)


def test_the_order_of_rows_and_columns_changes_nothing() -> None:
    mixed = FRAME.sample(frac=1, random_state=1)[["city", "flag", "a", "b"]]
    pd.testing.assert_frame_equal(checked(mixed), checked(FRAME))
    assert checked(FRAME).columns.tolist() == ["a", "b", "flag"]
    assert (checked(FRAME).dtypes == "float64").all()


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (FRAME.iloc[:49], "49 rows. Segments need at least 50"),
        (FRAME.rename(index={"u1": "u0"}), "more than one row for 'u0'"),
        (FRAME.rename(columns={"b": "a"}), "more than one column 'a'"),
        (FRAME[["city"]], "no numeric column"),
        (FRAME.assign(a=FRAME["a"].where(FRAME.index != "u5")), "a, row 'u5': nan is not"),
        (FRAME.assign(a=np.inf), "60 such cells"),
    ],
)
def test_what_cannot_be_compared_is_named(spoilt: pd.DataFrame, said: str) -> None:
    with pytest.raises(DataError) as error:
        checked(spoilt)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
