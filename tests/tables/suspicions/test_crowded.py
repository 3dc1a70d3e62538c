"""Ids in place of platforms, channels or arms are refused with two of them; as many groups as are allowed pass."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa


def spends(folder: Path, channels: int) -> str:
    """Write a row of each channel, one a week."""
    rows = [f"2026-07-06,c{number},{number + 1}" for number in range(channels)]
    (folder / "m.csv").write_text("\n".join(["week,channel,spend", *rows, ""]), "utf-8")
    return "m.csv"


def test_more_groups_than_may_be_are_refused_in_one_line(
    tmp_path: Path, load: Callable[..., pa.Table], refuse: Callable[..., str]
) -> None:
    assert load("media", path=spends(tmp_path, 200)).num_rows == 200
    assert refuse("media", path=spends(tmp_path, 201)) == (
        "m.csv:2: channel: holds 201 different values, as c0 and c1; channel may have 200. Map another column to it "
        "(columns:), put small ones together (values:), or raise most_groups."
    )
    assert load("media", path=spends(tmp_path, 201), most_groups=201).num_rows == 201


def test_groups_that_values_put_together_count_once(
    tmp_path: Path, load: Callable[..., pa.Table], refuse: Callable[..., str]
) -> None:
    (tmp_path / "m.csv").write_text("week,channel,spend\n2026-07-06,a,1\n2026-07-13,b,1\n2026-07-20,c,1\n", "utf-8")
    together = {"channel": {"a": "one", "b": "one", "c": "two"}}
    assert load("media", path="m.csv", values=together, most_groups=2).num_rows == 3
    assert "holds 3 different values" in refuse("media", path="m.csv", most_groups=2)


def test_columns_of_people_s_own_may_have_any_number_of_values(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    rows = [f"u{number},t{number}" for number in range(300)]
    (tmp_path / "u.csv").write_text("\n".join(["user_id,city_tier", *rows, ""]), "utf-8")
    assert load("users", path="u.csv").num_rows == 300
