from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from reachbook.headcount.spec import HeadcountSpec


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"lapsing_days": 7}, "lapsing_days is 7, not above active_days 14"),
        ({"platforms": ("weibo", "weibo")}, "platforms states a value twice"),
        ({"platforms": ("other",)}, "platforms states 'other'"),
        ({"traits": {"tier": ()}}, "traits.tier states no value"),
        ({"traits": {"tier": ("one", "one")}}, "traits.tier states a value twice"),
    ],
)
def test_a_mistake_is_one_sentence(stated: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        HeadcountSpec(**stated)


def test_a_column_has_to_be_a_text_of_the_users(tmp_path: Path) -> None:
    users = tmp_path / "users.parquet"
    pd.DataFrame({"user_id": ["u"], "tier": ["one"], "age": [30]}).to_parquet(users)
    spec = HeadcountSpec(traits={"tier": ("one",), "age": ("30",), "user_id": ("u",)})
    said = dict(spec.check_against({"users": users}))
    assert list(said) == [("traits", "age"), ("traits", "user_id")]
    assert said["traits", "age"] == "is no text of the table users. Columns there: tier."
    assert "Columns there: none" in dict(spec.check_against({}))["traits", "tier"]
