"""Sparse tables without groups are no segments, and what is said of them is true."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from quick import quick
from sklearn.metrics import adjusted_rand_score
from structureless import START, events, people_of, tables

from reachbook.errors import ReachbookError
from reachbook.segmentation import SegmentationSpec, features, preflight, segment
from reachbook.segmentation.behaviour import Features
from reachbook.segmentation.counts import stamp
from reachbook.segmentation.names import named
from reachbook.segmentation.profile import implied, profile
from reachbook.segmentation.story import AudienceResults, gather_results
from reachbook.segmentation.structure.count_cut import cut, low_counts
from reachbook.segmentation.structure.sparse_reference import dirichlet_multinomial, draw_given, strata

END = START + timedelta(days=29)
FAST = SegmentationSpec(k_max=2, null_draws=19, bootstrap_draws=10)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def month_of_orders(seed: int, people: int = 700, spread: float = 0.3) -> pd.DataFrame:
    """Orders of one month: everybody has the same rate, 1.1, and the same log-normal amounts."""
    orders = events(rng(seed), rng(seed + 100).poisson(1.1, people), 30)
    amount = np.exp(4.5 + spread * rng(seed + 200).standard_normal(len(orders)))
    return orders.assign(order_id=[str(j) for j in range(len(orders))], amount=amount, items=np.nan, discount=np.nan)


def told_of(people: Features, spec: SegmentationSpec = FAST) -> AudienceResults:
    return gather_results(people, segment(people.clustered, spec), None, "CNY", 1)


@pytest.fixture(scope="module")
def month() -> AudienceResults:
    return told_of(people_of({"orders": month_of_orders(2, spread=0.2)}, 1))


def test_one_order_and_more_is_a_cut_and_said_to_be_one(month: AudienceResults) -> None:
    """Was: "Plan content and media for 2 segments, first for the night very active buyers"."""
    people = np.round(np.expm1(month.features.frame["activity"]))
    assert adjusted_rand_score(people > 1, month.segmentation.candidate_labels) > 0.95
    assert month.segmentation.k == 0
    assert month.decision().startswith("Steer by how recently and how often people buy, not by segments")
    check = {each.id: each for each in month.gates()}["counts"]
    assert "one count cut in 2: people with one order and people with 2 orders or more" in check.detail
    assert not check.passed
    assert check.level == "block"


def test_a_name_says_one_fact_once(month: AudienceResults) -> None:
    for name in month.names.values():
        assert "very active" not in name
        assert "night" not in name


@pytest.mark.parametrize("spread", [0.15, 0.45])
@pytest.mark.parametrize("has", [("orders",), ("orders", "interactions")])
def test_no_segments_in_raw_tables_without_groups(spread: float, has: tuple[str, ...]) -> None:
    """One seeded table each; with the stated error rate of 5 % each would pass 19 times in 20."""
    made = tables(rng(7), "negative binomial", 2, 500, has)
    made["orders"] = month_of_orders(int(spread * 100), 500, spread)
    assert quick(people_of(made, 2).clustered)[0] == 0


def test_planted_kinds_are_found_in_raw_tables() -> None:
    """Two kinds of people who do as much as each other, at other hours and places: no count can tell them apart."""
    kind = rng(1).random(500) < 0.4
    made = events(rng(2), rng(3).poisson(14, 500) + 1, 30)
    of = kind[made["user_id"].str[1:].astype(int)]
    hour = np.where(of, rng(4).integers(0, 5, len(made)), rng(5).integers(10, 17, len(made)))
    own = rng(6).random(len(made)) < 0.85
    made["at"] = (
        made["at"].dt.normalize() + pd.to_timedelta(hour, unit="h") + pd.to_timedelta(made.index % 3599, unit="s")
    )
    made["platform"] = np.where(of == own, "bilibili", "douyin")
    made["kind"] = np.where((of == own) & (made.index % 2 == 0), "comment", "view")
    found = people_of({"interactions": made.assign(content_id=pd.Series([None] * len(made), dtype="str"))}, 1)
    told = told_of(found, SegmentationSpec(k_max=3, null_draws=19, bootstrap_draws=10))
    assert told.segmentation.k == 2
    who = told.segmentation.labels.index.str[1:].astype(int)
    assert adjusted_rand_score(kind[who], told.segmentation.labels) > 0.9
    assert {each.id: each.passed for each in told.gates()}["counts"]
    assert any("night" in name for name in told.names.values())


def test_four_types_of_tags() -> None:
    """Twelve yes-or-no tags, three of them with each of four types (.87 against .10): was "no structure" """
    truth = np.repeat(np.arange(4), 300)
    likely = np.where(np.arange(12)[None] // 3 == truth[:, None], 0.87, 0.10)
    tags = pd.DataFrame((rng(3).random(likely.shape) < likely).astype(int), columns=[f"t{j}" for j in range(12)])
    k, labels = quick(tags, SegmentationSpec(k_min=4, k_max=5, null_draws=19, bootstrap_draws=10))
    assert k == 4
    assert adjusted_rand_score(truth, labels) > 0.85


def test_no_types_in_independent_tags() -> None:
    tags = pd.DataFrame((rng(4).random((600, 8)) < rng(5).uniform(0.2, 0.6, 8)).astype(int)).rename(columns=str)
    assert quick(tags, SegmentationSpec(k_max=5, null_draws=19, bootstrap_draws=10))[0] == 0


def test_a_cut_is_told_in_words_and_a_valley_of_the_count_is_none() -> None:
    number = pd.Series(rng().poisson(1.2, 900))
    told = cut((number > 1).astype(int), {"order": number})
    assert told is not None
    assert told.words == "one count cut in 2: people with 0 or 1 orders and people with 2 orders or more"
    assert cut(pd.Series(rng(2).integers(0, 2, 900)), {"order": number}) is None
    apart = pd.Series(np.where(rng(3).random(900) < 0.8, 1, 20 + rng(4).integers(-3, 4, 900)))
    assert cut((apart > 5).astype(int), {"order": apart}) is None


def test_counts_are_known_again_behind_their_logs() -> None:
    number = rng().poisson(1.2, 50).astype(float)
    table = pd.DataFrame({"n": number, "log": np.log1p(number), "x": rng(2).standard_normal(50)})
    found = low_counts(table)
    assert sorted(found) == ["log", "n"]
    assert found["log"].tolist() == number.tolist()


def test_a_crowd_is_as_sparse_as_the_audience() -> None:
    found = people_of(tables(rng(2), "one and done", 1, 800, ("orders", "interactions")), 1)
    drawn, seen = found.crowd.draw(4000, rng(3)), found.frame
    for name in (
        "activity",
        "order_frequency",
        "money",
        "recency",
        "order_recency",
        "platform: wechat",
        "hours: night",
    ):
        assert drawn[name].mean() == pytest.approx(seen[name].mean(), abs=0.25 * seen[name].std()), name
        assert drawn[name].std() == pytest.approx(seen[name].std(), rel=0.25), name
    assert (drawn["activity"].round(6) == seen["activity"].min().round(6)).mean() == pytest.approx(
        (seen["activity"] == seen["activity"].min()).mean(), abs=0.06
    )


def test_shares_keep_their_overdispersion_but_never_two_corners() -> None:
    total = np.full(3000, 12)
    own = rng(1).beta(2.0, 2.0, 3000)
    first = rng(2).binomial(12, own)
    drawn = dirichlet_multinomial(np.column_stack([first, 12 - first]).astype(float), total, rng(3))
    assert drawn[:, 0].std() == pytest.approx(first.std(), rel=0.05)
    corner = np.where(rng(4).random(3000) < 0.5, 12, 0)
    drawn = dirichlet_multinomial(np.column_stack([corner, 12 - corner]).astype(float), total, rng(5))
    assert np.bincount(drawn[:, 0].astype(int), minlength=13)[[0, 12]].max() < 0.12 * 3000


def test_values_are_drawn_from_people_with_as_many() -> None:
    number = pd.Series(np.repeat([1, 2, 3], [300, 200, 20]))
    assert strata(number.to_numpy(float)).tolist() == [2.0]
    drawn = draw_given(number, number * 10.0 + rng().random(520), pd.Series([1, 1, 2, 9]), rng(2))
    assert (drawn[:2] < 12).all()
    assert (drawn[2:] > 18).all()


def test_what_numbers_imply_is_no_name(month: AudienceResults) -> None:
    """Who orders more often also orders at night: known from the numbers, so not said."""
    labels = month.segmentation.candidate_labels
    told = profile(month.features, labels).set_index(["segment", "feature"])["effect"]
    by = implied(month.features, labels, 1).set_index(["segment", "feature"])["effect"]
    more = int(labels[month.features.frame["activity"].idxmax()])
    assert told[(more, "hours: night")] > 0.1
    assert by[(more, "hours: night")] == pytest.approx(told[(more, "hours: night")], abs=0.2)
    rows = [("activity", 2.0), ("order_frequency", 1.9), ("money", 1.5), ("hours: night", 0.9)]
    seen = pd.DataFrame([{"segment": 0, "feature": f, "effect": e, "part": "clustered"} for f, e in rows])
    assert named(seen, seen) == {0: "frequent buyers"}
    assert named(seen) == {0: "night buyers"}


@pytest.mark.parametrize(("share", "used"), [(0.6, False), (0.3, True), (0.0, True)])
def test_events_without_an_hour_are_told_and_left_out(tmp_path: Path, share: float, used: bool) -> None:
    """Days without a time arrive as midnight; in another zone they arrive at 08:00. Both are no hour."""
    made = tables(rng(3), "poisson", 1, 400, ("interactions",))
    seen = made["interactions"]
    bare = rng(4).random(len(seen)) < share
    for zone in (0, 8):
        at = seen["at"].mask(bare, seen["at"].dt.normalize() + pd.Timedelta(hours=zone))
        found = people_of({"interactions": seen.assign(at=at)}, 1)
        assert found.hours.missing == pytest.approx(bare.mean(), abs=0.002)
        assert any(str(c).startswith("hours: ") for c in found.frame) == used
        assert ("hours are left out" in found.hours.words) == (not used)
        if share:
            assert f"interactions at exactly {zone:02d}:00:00" in found.hours.words
        if used:
            night = (seen["at"].dt.hour.isin([22, 23, *range(6)]) & ~bare).sum() / (~bare).sum()
            counts = found.crowd.counts
            assert counts["hours_0"].sum() / counts["timed"].sum() == pytest.approx(night, abs=0.002)


def test_most_hours_missing_is_a_warning() -> None:
    made = tables(rng(3), "poisson", 1, 300, ("interactions",))
    at = made["interactions"]["at"]
    made["interactions"]["at"] = at.mask(rng(4).random(len(at)) < 0.6, at.dt.normalize())
    hours = {each.id: each for each in told_of(people_of(made, 1)).gates()}["hours"]
    assert not hours.passed
    assert hours.level == "warn"
    assert "of events have a day but no hour (interactions at exactly 00:00:00)" in hours.detail


def test_times_rounded_to_hours_are_hours() -> None:
    rounded = pd.DataFrame({"second_of_day": [72_000, 68_400, 0], "events": [90, 80, 40]})
    assert stamp(rounded) is None
    assert stamp(rounded.assign(events=[900, 80, 40])) == 72_000


def test_users_are_read_or_said_not_to_be(tmp_path: Path) -> None:
    orders = month_of_orders(2, 300)
    ids = [f"u{j:06d}" for j in range(300)]
    users = pd.DataFrame(
        {"user_id": ids, "consent": False, "score": rng(1).random(300), "level": rng(2).integers(1, 5, 300)}
    )
    users = users.assign(city=[f"city {j % 40}" for j in range(300)], phone=range(13_000_000_000, 13_000_000_300))
    paths = {"orders": tmp_path / "o.parquet", "users": tmp_path / "u.parquet"}
    orders.to_parquet(paths["orders"])
    users.to_parquet(paths["users"])
    found = features(paths, FAST, START, END)
    labels = pd.Series(np.arange(len(found.frame)) % 2, index=found.frame.index)
    told = profile(found, labels)
    assert {"score", "level"} <= set(told["feature"])
    assert not told["feature"].str.contains("consent").any()
    assert found.unread == {
        "city": "40 different texts; a tag has at most 12",
        "phone": "a different whole number for everybody, like an id",
    }


def test_no_id_is_for_the_page(month: AudienceResults) -> None:
    assert "user_id" in month.people()
    for table in (month.sizes(), month.profiles(), month.grid):
        assert not table.astype(str).apply(lambda c: c.str.fullmatch(r"u\d{6}")).any(axis=None)


def test_a_period_in_which_all_are_new_calls_nobody_new() -> None:
    assert "new" not in set(people_of({"orders": month_of_orders(3, 300)}, 1).traits["lifecycle"])


@pytest.mark.parametrize(
    ("people", "start", "said"),
    [
        (300, date(2020, 1, 1), "No interaction and no order lies between 2020-01-01 and"),
        (300, date(2020, 1, 1), "The tables hold events from 2025-01-01 to 2025-01-30"),
        (40, START, "Segments need at least 50 people"),
    ],
)
def test_the_spec_refuses_what_the_notebook_would(tmp_path: Path, people: int, start: date, said: str) -> None:
    paths = {"orders": tmp_path / "o.parquet"}
    month_of_orders(1, people).to_parquet(paths["orders"])
    end = END if start == START else date(2020, 2, 1)
    with pytest.raises(ReachbookError) as first:
        preflight.refuse(FAST, paths, start, end)
    with pytest.raises(ReachbookError) as again:
        segment(features(paths, FAST, start, end).clustered, FAST)
    assert said in str(first.value)
    assert str(first.value) == str(again.value)


def test_the_spec_lets_pass_what_runs(tmp_path: Path) -> None:
    paths = {"orders": tmp_path / "o.parquet"}
    month_of_orders(1, 300).to_parquet(paths["orders"])
    preflight.refuse(FAST, paths, START, END)


def test_a_level_that_draws_cannot_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="too few to see a null_level"):
        SegmentationSpec(null_level=0.01)


def test_no_revenue_is_no_share_of_revenue() -> None:
    orders = month_of_orders(1, 300).assign(amount=0.0)
    told = told_of(people_of({"orders": orders}, 1))
    assert "nan" not in told.decision()
    assert not told.earning
