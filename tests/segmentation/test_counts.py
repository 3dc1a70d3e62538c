"""Features against counts made by hand, and the story told from them."""

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from reachbook.errors import ReachbookError
from reachbook.segmentation import SegmentationSpec, features
from reachbook.segmentation.names import named
from reachbook.segmentation.profile import profile
from reachbook.segmentation.rfm import fifths, rfm, rfm_grid

START, END = date(2026, 1, 1), date(2026, 1, 31)


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    at = datetime
    made = {
        "users": pd.DataFrame({"user_id": ["a", "b", "c", "silent"], "city_tier": ["1", "2", None, "1"]}),
        "contents": pd.DataFrame({"content_id": ["p", "q"], "format": ["live", "article"], "topic": ["美妆", "旅行"]}),
        "interactions": pd.DataFrame(
            [
                ("a", "douyin", "view", at(2026, 1, 31, 23, 59), "p"),
                ("a", "douyin", "like", at(2026, 1, 3, 10), "q"),
                ("b", "weibo", "view", at(2026, 1, 1, 0, 0), None),
                ("b", "weibo", "view", at(2025, 12, 31, 23), "p"),
                ("b", "weibo", "view", at(2026, 2, 1, 0), "p"),
            ],
            columns=["user_id", "platform", "kind", "at", "content_id"],
        ),
        "orders": pd.DataFrame(
            [
                ("1", "a", at(2026, 1, 11, 9), 100.0, None, None),
                ("2", "c", at(2026, 1, 31, 20), 50.0, None, None),
                ("3", "a", at(2025, 12, 1), 999.0, None, None),
            ],
            columns=["order_id", "user_id", "at", "amount", "items", "discount"],
        ).astype({"items": float, "discount": float}),
    }
    out = {name: tmp_path / f"{name}.parquet" for name in made}
    for name, frame in made.items():
        frame.to_parquet(out[name])
    return out


def test_counts_by_hand(tables: dict[str, Path]) -> None:
    found = features(tables, SegmentationSpec(share_strength=0.0), START, END)
    f = found.frame
    assert f.index.tolist() == ["a", "b", "c"]
    assert found.silent == 1
    assert f["recency"].tolist() == [0, 30, 0]
    assert f["order_recency"].tolist() == [20, 31, 0]
    assert f["has_ordered"].tolist() == [1, 0, 1]
    assert f.loc["a", "format: live"] == 0.5
    assert f.loc["a", "topic: 美妆"] == 0.5
    assert f.loc["a", "hours: night"] == pytest.approx(1 / 3)
    assert f.loc["a", "weekend"] == 1.0  # 31, 3 and 11 January 2026 are Saturday, Saturday, Sunday
    assert found.revenue is not None
    assert found.revenue.tolist() == [100, 0, 50]
    assert "items" not in f
    assert not f.isna().any().any()


def test_shares_are_guarded(tables: dict[str, Path]) -> None:
    f = features(tables, SegmentationSpec(share_strength=3.0), START, END).frame
    assert f.loc["b", "platform: weibo"] == pytest.approx((1 + 3 * 1 / 3) / (1 + 3))
    assert f.loc["c", "platform: weibo"] == pytest.approx(1 / 3)
    assert f.loc["a", "platform: weibo"] == 0


def test_absent_tables_are_absent_features(tables: dict[str, Path]) -> None:
    orders = {name: path for name, path in tables.items() if name == "orders"}
    f = features(orders, SegmentationSpec(), START, END)
    assert not any(str(c).startswith(("kind", "platform", "format")) for c in f.frame)
    social = {name: path for name, path in tables.items() if name == "interactions"}
    g = features(social, SegmentationSpec(), START, END)
    assert g.revenue is None
    assert "money" not in g.frame
    with pytest.raises(ReachbookError, match="neither"):
        features({}, SegmentationSpec(), START, END)
    with pytest.raises(ReachbookError, match="No interaction and no order"):
        features(orders, SegmentationSpec(), date(2020, 1, 1), date(2020, 2, 1))


def test_every_feature_has_a_meaning(tables: dict[str, Path]) -> None:
    found = features(tables, SegmentationSpec(), START, END)
    assert found.meaning["feature"].tolist() == found.frame.columns.tolist()
    assert found.meaning["meaning"].str.len().gt(10).all()
    assert set(found.clustered) < set(found.frame)


def test_money_window(tables: dict[str, Path]) -> None:
    f = features(tables, SegmentationSpec(money_window_days=7), START, END).frame
    assert f["money"].round(2).tolist() == [0, 0, 3.93]
    assert f.loc["a", "order_recency"] == 20


def test_lifecycle(tables: dict[str, Path]) -> None:
    spec = SegmentationSpec(active_days=5, lapsing_days=29, new_days=1)
    stages = features(tables, spec, START, END).traits["lifecycle"]
    assert stages.tolist() == ["active", "dormant", "new"]


def test_rfm(tables: dict[str, Path]) -> None:
    found = features(tables, SegmentationSpec(), START, END)
    assert rfm(found).loc["b"].tolist() == [0, 0, 0]
    assert rfm(found).loc["c", "recency"] > rfm(found).loc["a", "recency"]
    assert rfm_grid(found)["revenue_share"].sum() == pytest.approx(1)
    assert fifths(pd.Series(range(10))).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_profile_and_unique_names(tables: dict[str, Path]) -> None:
    found = features(tables, SegmentationSpec(), START, END)
    described = profile(found, pd.Series([0, 1, 0], index=found.frame.index))
    row = described.set_index(["segment", "feature"]).loc[(0, "has_ordered")]
    assert (row["value"], row["rest"]) == (1.0, 0.0)
    same = pd.concat([described[described["segment"] == 0].assign(segment=j) for j in (0, 1, 2)])
    assert len(set(named(same).values())) == 3


@pytest.mark.parametrize("platforms", [100, 101])
def test_ids_in_place_of_platforms_are_refused(tables: dict[str, Path], tmp_path: Path, platforms: int) -> None:
    n = range(platforms)
    acts = {"user_id": "a", "platform": [f"p{i:03d}" for i in n], "kind": "view", "at": datetime(2026, 1, 3, 10)}
    path = tmp_path / "wide.parquet"
    pd.DataFrame(acts).assign(content_id=None).astype({"content_id": "str"}).to_parquet(path)
    if platforms == 100:
        assert len(features(tables | {"interactions": path}, SegmentationSpec(), START, END).frame) == 2
        return
    with pytest.raises(ReachbookError, match="101 platforms in the period, as p000, p001 and p002; at most 100"):
        features(tables | {"interactions": path}, SegmentationSpec(), START, END)


def test_transpiles_to_spark(tables: dict[str, Path]) -> None:
    from reachbook.query import render, transpile
    from reachbook.segmentation.counts import PARTS, SQL

    given = {"interactions": True, "orders": True, "contents": True, "start": START, "end": END, "money_from": START}
    given |= {
        "parts": list(PARTS.values()),
        "levels": [("kind", ["view"])],
        "stamps": {"interactions": 0, "orders": -1},
    }
    for name in ("features.sql", "levels.sql", "hours.sql"):
        assert transpile(render((SQL / name).read_text("utf-8"), given)).count("SELECT") >= 2
