"""A channel or city that is the sum of all others is named; one that is merely the largest is not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reachbook.tables.store import Checked

Check = Callable[..., Checked]
WEEKS = [f"2026-{month:02d}-{day:02d}" for month, days in ((6, (1, 8, 15, 22, 29)), (7, (6, 13, 20))) for day in days]


def media(path: Path, total: str, seed: int = 1, wrong: int = 0) -> None:
    """Three channels, and a row a week under `total` that adds them up but for `wrong` weeks."""
    rng = np.random.default_rng(seed)
    lines = ["周,渠道,花费"]
    for number, week in enumerate(WEEKS):
        spend = rng.lognormal(5, 0.5, 3).round(2)
        lines += [f"{week},{name},{value}" for name, value in zip("abc", spend, strict=True)]
        lines += [f"{week},{total},{spend.sum() + 50 * (number < wrong):.2f}"] if total else []
    path.write_text("\n".join([*lines, ""]), "utf-8")


CITIES = ("北京", "上海", "广州", "成都")
COLUMNS = {"week": "周", "channel": "渠道", "spend": "花费"}


@pytest.mark.parametrize("name", ["全渠道", "All", "d"])
def test_a_channel_that_is_the_sum_of_all_others_is_named(name: str, tmp_path: Path, check: Check) -> None:
    """Was: a channel like any other, which doubled the spend."""
    media(tmp_path / "m.csv", name)
    (warning,) = check("media", path="m.csv", columns=COLUMNS).warnings
    assert warning == (
        f"m.csv: 渠道 {name} is the sum of all 3 others in 8 periods. Leave it out, or everything counts twice: "
        f"`where: {{渠道: {{other_than: [{name}]}}}}`."
    )
    assert check("media", path="m.csv", columns=COLUMNS, where={"渠道": {"other_than": [name]}}).warnings == ()


def test_a_country_among_its_cities_is_named(tmp_path: Path, check: Check) -> None:
    rng = np.random.default_rng(2)
    lines = ["unit,date,outcome"]
    for day in range(1, 29):
        sold = rng.poisson(40, 4)
        lines += [
            f"{name},2026-06-{day:02d},{n}" for name, n in zip(["北京", "上海", "广州", "成都"], sold, strict=True)
        ]
        lines.append(f"全国,2026-06-{day:02d},{sold.sum()}")
    (tmp_path / "p.csv").write_text("\n".join([*lines, ""]), "utf-8")
    (warning,) = check("panel", path="p.csv").warnings
    assert warning.startswith("p.csv: unit 全国 is the sum of all 4 others in 28 periods.")


@pytest.mark.parametrize(("total", "wrong"), [("", 0), ("d", 2)])
def test_the_largest_channel_is_no_sum(total: str, wrong: int, tmp_path: Path, check: Check) -> None:
    for seed in range(20):
        media(tmp_path / "m.csv", total, seed, wrong)
        assert check("media", path="m.csv", columns=COLUMNS).warnings == ()


def test_two_channels_that_spend_the_same_are_two(tmp_path: Path, check: Check) -> None:
    rows = [f"{week},{name},{5 + number}" for number, week in enumerate(WEEKS) for name in "ab"]
    (tmp_path / "m.csv").write_text("\n".join(["week,channel,spend", *rows, ""]), "utf-8")
    assert check("media", path="m.csv").warnings == ()
