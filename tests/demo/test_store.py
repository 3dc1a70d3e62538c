"""The simulated tables keep their contracts, point at each other, and come out the same every time."""

from datetime import date, timedelta
from hashlib import sha256

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from helpers.demo_brand import END, SMALL, START
from reachbook.demo import simulate
from reachbook.demo.spec import DemoSpec
from reachbook.demo.store import write
from reachbook.errors import ParamsError
from reachbook.tables.contract import CONTRACTS, arrow_type

TINY = DemoSpec(users=60, contents=40, interactions=900, orders=80, comments=300, units=90, cities=8, weeks=30)


def contract(name):
    return CONTRACTS["panel" if name == "series" else name]


@pytest.mark.parametrize("name", sorted(CONTRACTS.keys() - {"reviews", "lift_tests"}))  # what people write
def test_contract(arrow, name):
    table = arrow[name]
    for column in contract(name).columns:
        if column.name == "region" and name in ("media", "outcome"):
            continue  # the brand is told as one market
        assert table.schema.field(column.name).type == arrow_type(column.kind), column.name
        values = table[column.name]
        assert not column.needed or values.null_count == 0
        assert not column.values or set(values.drop_null().to_pylist()) <= set(column.values)
    if key := [column for column in contract(name).key if column in table.schema.names]:
        assert not table.select(key).to_pandas().duplicated().any()


def test_sizes_are_exact(arrow):
    for name in ("users", "contents", "interactions", "orders", "comments"):
        assert arrow[name].num_rows == getattr(SMALL, name)
    assert arrow["experiment"].num_rows == SMALL.units
    assert arrow["panel"].num_rows == SMALL.cities * SMALL.panel_days
    assert arrow["media"].num_rows == SMALL.weeks * 6


@pytest.mark.parametrize(
    ("child", "parent", "key"),
    [
        ("interactions", "users", "user_id"),
        ("interactions", "contents", "content_id"),
        ("orders", "users", "user_id"),
        ("comments", "users", "user_id"),
        ("comments", "contents", "content_id"),
        ("truth_segments", "users", "user_id"),
        ("truth_comments", "comments", "comment_id"),
    ],
)
def test_foreign_keys(frames, child, parent, key):
    assert frames[child][key].dropna().isin(frames[parent][key]).all()


def test_nothing_happens_after_the_end_or_before_its_cause(frames):
    first, after = pd.Timestamp(START), pd.Timestamp(END) + timedelta(days=1)
    for name, column in (("interactions", "at"), ("orders", "at"), ("comments", "at"), ("experiment", "exposed_at")):
        times = frames[name][column].dropna()
        assert times.between(first, after, inclusive="left").all()
    assert (frames["contents"].published_at < after).all()
    for name in ("panel", "series", "truth_counterfactual"):
        assert frames[name].date.max() == END
    for name in ("interactions", "comments"):
        seen = frames[name].merge(frames["contents"], on="content_id", suffixes=("", "_post"))
        assert (seen["at"] >= seen.published_at).all()
        assert (seen.platform == seen.platform_post).all()
    for name in ("interactions", "orders", "comments"):
        joined = frames[name].merge(frames["users"], on="user_id")
        assert (joined["at"].dt.normalize() >= pd.to_datetime(joined.joined_on)).all()


def test_weeks_are_whole_and_start_on_monday(frames):
    for name in ("media", "outcome", "truth_response", "truth_sentiment", "truth_outcome"):
        assert (pd.to_datetime(frames[name].week).dt.day_of_week == 0).all()
    assert frames["media"].week.max() + timedelta(days=6) <= END
    assert frames["media"].week.max() + timedelta(days=13) > END


def digests(folder, seed):
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in write(TINY, START, END, seed, folder).items()}


def test_same_seed_same_bytes_and_another_seed_other_bytes(tmp_path):
    first = digests(tmp_path / "a", 3)
    assert first == digests(tmp_path / "b", 3)
    other = digests(tmp_path / "c", 4)
    assert all(first[name] != other[name] for name in first)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(f"{name}.parquet" for name in first)


@pytest.mark.parametrize(
    ("size", "value", "touched"),
    [
        ("orders", 90, {"orders"}),
        ("interactions", 1_000, {"interactions"}),
        ("labels", 20, {"comments"}),
        ("comments", 400, {"comments", "truth_comments", "truth_sentiment", "truth_bursts"}),
        ("contents", 50, {"contents", "interactions", "comments", "truth_comments"}),
        ("units", 120, {"experiment", "truth_campaigns"}),
        ("cities", 10, {"panel", "truth_campaigns", "truth_counterfactual"}),
        ("series_days", 200, {"series", "truth_campaigns", "truth_counterfactual"}),
        ("weeks", 40, {"media", "outcome", "truth_response", "truth_outcome"}),
    ],
)
def test_one_size_changes_only_its_own_tables(size, value, touched):
    before = simulate(TINY, START, END, 5)
    after = simulate(TINY.model_copy(update={size: value}), START, END, 5)
    assert {name for name in before if not before[name].equals(after[name])} == touched


def test_more_posts_change_only_the_post_of_an_event(arrow):
    more = simulate(SMALL.model_copy(update={"contents": 200}), START, END, seed=11)["interactions"]
    kept = ["user_id", "platform", "kind", "at"]
    assert more.select(kept).equals(arrow["interactions"].select(kept))


def test_empty_tables_keep_their_columns():
    none = simulate(DemoSpec(users=50, contents=30, interactions=0, orders=0, comments=0, units=30), START, END, 1)
    for name in ("interactions", "orders", "comments"):
        assert none[name].num_rows == 0
        assert none[name].schema.names == list(contract(name).names)


def test_other_periods(frames):
    shown = simulate(TINY, date(2024, 1, 15), date(2024, 12, 31), 1)
    assert shown["orders"]["at"].to_pandas().max() < pd.Timestamp("2025-01-01")
    with pytest.raises(ParamsError, match="has 10"):
        simulate(TINY, date(2024, 1, 1), date(2024, 1, 10), 1)


def test_text_columns_are_plain_strings(arrow):
    for table in arrow.values():
        assert not any(pa.types.is_dictionary(field.type) for field in table.schema)
        assert not table.schema.metadata


def test_money_has_whole_cents(arrow):
    amounts = arrow["orders"]["amount"].to_pylist()
    assert all(amount == round(amount, 2) and amount >= 1 for amount in amounts)
    assert np.isclose(float(sum(amounts)) / len(amounts), 140, rtol=0.3)
