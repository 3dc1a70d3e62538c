"""Every section of the audience page, with segments, without, and with a truth to hold them against."""

from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from helpers.repeated import repeated, told
from reachbook.presentation.section import TRUTH_UNKNOWN, Section, Story
from reachbook.segmentation.behaviour import Features, Hours
from reachbook.segmentation.page import compose
from reachbook.segmentation.scaling import Scaled
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.story import gather_results
from reachbook.segmentation.structure.count_cut import Cut
from reachbook.segmentation.structure.density_valleys import BRIDGE_LIMIT
from reachbook.segmentation.structure.sparse_reference import Crowd
from reachbook.segmentation.structure.sparse_test import Sparse

COUNT = 200
IDS = pd.Index([f"u{n:03d}" for n in range(COUNT)], name="user_id")
LABELS = pd.Series(np.repeat([0, 1], [120, 80]), index=IDS)
FEATURES = ["activity", "recency", "order_frequency", "order_recency", "money", "has_ordered", "hours: night"]
PLANTED = pd.DataFrame({"user_id": IDS, "segment": np.where(LABELS == 1, "night owls", "others")})
MOST_WORDS = 40
NO_NUMBERS = np.empty((COUNT, 0))


class Alike:
    """A crowd in which numbers of events imply nothing."""

    def by_chance(self, rng: np.random.Generator) -> pd.DataFrame:
        return pd.DataFrame(rng.standard_normal((COUNT, 1)), index=IDS, columns=["hours: night"])


def people() -> Features:
    """The smaller segment buys often and at night; everybody has ordered."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.standard_normal((COUNT, len(FEATURES))), index=IDS, columns=FEATURES)
    frame.loc[LABELS == 1, ["order_frequency", "hours: night"]] += 4.0
    frame["has_ordered"] = 1
    meaning = pd.DataFrame({"feature": FEATURES, "unit": "", "meaning": "", "clustered": True})
    return Features(
        frame=frame,
        meaning=meaning,
        traits=pd.DataFrame({"lifecycle": "regular"}, index=IDS),
        revenue=pd.Series(np.where(LABELS == 1, 30.0, 10.0), index=IDS),
        silent=0,
        numbers=pd.DataFrame(index=IDS),
        unread={},
        crowd=cast(Crowd, Alike()),
        hours=Hours(1000, 1000, {}),
    )


def segmented(k: int) -> Segmentation:
    """Two segments, or none with these two as the best rejected."""
    row = {"k": 2, "gain": 1.0, "null_mean": 0.5, "null_low": 0.4, "null_high": 0.6, "p": 0.01, "stability": 0.9}
    row |= {"smallest": 80, "smallest_share": 0.4, "pass_height": 0.3, "bridge": 0.3}
    held = dict.fromkeys(["size", "stable", "null", "distinct", "counts", "passes", "valley_holds"], k > 0)
    dropped = pd.DataFrame(columns=["feature", "reason", "partner", "correlation"])
    steps = pd.DataFrame({"feature": FEATURES, "transform": "none"})
    empty = np.empty(0)
    return Segmentation(
        labels=LABELS if k else LABELS * 0,
        k=k,
        verdict="Two segments stand." if k else "No defensible structure.",
        stability=0.9,
        evidence=pd.DataFrame([row | held]),
        candidate=2,
        candidate_labels=LABELS,
        passes=pd.DataFrame([[1.0, 0.3], [0.3, 1.0]]),
        jaccard=pd.Series([0.9, 0.95]),
        gains=pd.DataFrame({2: np.linspace(0.4, 0.6, 99)}),
        scaled=Scaled(NO_NUMBERS, NO_NUMBERS, NO_NUMBERS > 0, empty, (), steps, dropped),
        spec=SegmentationSpec(),
    )


@pytest.fixture(scope="module")
def story() -> Story:
    """The page of two segments in real data."""
    return compose(people(), segmented(2), None, "CNY", 1)


@pytest.fixture(scope="module")
def none() -> Story:
    """The page of a simulated audience without segments, of whose cities nothing can be read."""
    return compose(replace(people(), unread={"city": "it has 180 levels"}), segmented(0), PLANTED, "CNY", 1)


def ids(section: Section) -> tuple[list[str], list[str]]:
    return [each.id for each in section.figures], [each.id for each in section.tables]


def test_each_section_has_its_figures_and_tables(story: Story) -> None:
    assert {name: ids(section) for name, section in story.sections.items()} == {
        "sizes": ([], ["sizes"]),
        "profile": (["profile"], ["profiles"]),
        "null": (["null"], []),
        "stability": (["stability"], ["evidence"]),
        "valleys": (["valleys"], []),
        "features": ([], ["dropped", "scaling", "features"]),
        "truth": ([], []),
        "rfm": ([], []),
        "people": ([], ["people"]),
    }
    assert all(figure.alt for section in story.sections.values() for figure in section.figures)


def test_with_segments_the_grid_is_not_needed_and_without_it_is_shown(story: Story, none: Story) -> None:
    assert story["rfm"] == Section("Segments stand, so that this grid is not needed.")
    assert ids(none["rfm"]) == ([], ["rfm"])
    grid = none["rfm"].tables[0]
    assert grid.frame["people"].sum() == COUNT
    assert grid.units is not None
    assert (grid.units["people"], grid.units["revenue"]) == ("count", "money")


def test_what_is_shown_of_a_refused_candidate_says_so(story: Story, none: Story) -> None:
    assert none["sizes"].note == "The best candidate, which was refused: these are no segments to plan for."
    for name in ("sizes", "profile", "valleys"):
        assert "refused" in none[name].note
        assert "refused" not in story[name].note


def test_the_story_says_what_was_found(story: Story, none: Story) -> None:
    assert (story.described, story.tone) == ("Two segments stand.", "go")
    assert (none.described, none.tone) == ("No defensible structure.", "wait")
    assert story.decision.startswith("There are 2 distinct segments. Plan content and media for each, first for the")
    assert story.decision.endswith(", who clearly bring the most revenue.")
    assert none.decision == (
        "Steer by how recently and how often people buy, not by segments: those high in both are 19% of people and "
        "bring 31% of revenue."
    )
    assert [gate.id for gate in story.gates] == ["size", "stability", "null", "distinctness", "hours"]
    assert all(gate.passed for gate in story.gates)
    assert {each.id: each.value for each in none.findings}["segments"] == 0


def test_what_the_best_segment_brings_comes_first_and_beside_all_people(story: Story) -> None:
    """80 of 200 people at 30 bring two thirds of 3,600, where everybody brings 18."""
    person, *others, share = story.findings
    assert (share.id, person.id) == ("best_revenue", "best_person")
    assert [each.id for each in others] == ["stability", "gap", "chance", "segments"]
    assert others[-1].value == 2
    assert (share.value, share.reference) == (pytest.approx(2 / 3), 0.4)
    assert (person.value, person.reference) == (30, 18)


def test_the_lead_shows_segments_or_the_grid(story: Story, none: Story) -> None:
    assert story.lead is not None
    assert none.lead is not None
    assert story.lead.alt.startswith("Share of people and of revenue by segment")
    assert none.lead.alt.startswith("Share of revenue by how recently and how often people bought")


def rows(**differently: object) -> Segmentation:
    """No segments, refused by the checks that are False in `differently`."""
    found = segmented(0)
    held = dict.fromkeys(["size", "stable", "null", "distinct", "counts", "valley_holds"], True)
    return replace(found, evidence=found.evidence.assign(**{**held, **differently}))


LONG_CUT = Cut("order", tuple(f"people with {n} orders" for n in range(9)))
REFUSED = [
    (rows(counts=False), Sparse(LONG_CUT, 0, 0), "they only differ in number of orders"),
    (rows(counts=False), Sparse(None, 24, 5), "chance makes such groups, too"),
    (rows(distinct=False), None, "no gap between them"),
    (rows(distinct=False, smallest=7), None, "one is too small"),
    (rows(null=False), None, "chance makes such groups, too"),
    (rows(stable=False), None, "they do not come back in a fresh sample"),
    (rows(size=False), None, "one is too small"),
]


@pytest.mark.parametrize(("found", "sparse", "why"), REFUSED)
def test_a_refusal_says_what_to_steer_by_and_beside_it_what_is_refused_and_why(
    found: Segmentation, sparse: Sparse | None, why: str
) -> None:
    story = compose(people(), replace(found, sparse=sparse), None, "CNY", 1)
    assert story.decision.startswith("Steer by how recently and how often people buy, not by segments: ")
    assert len(story.decision.split()) <= MOST_WORDS
    refused = {each.id: each for each in story.findings}["segments"]
    assert (refused.label, refused.value) == (f"Segments to plan for (2 groups refused: {why})", 0)


def test_without_segments_people_who_bought_lately_and_often_stand_beside_all(none: Story) -> None:
    """They are 38 of 200 people and bring 31.1% of 3,600, where everybody brings 18."""
    top = none.findings[0]
    assert (top.id, top.label) == ("top_person", "Revenue a person, recent and frequent buyers")
    (grid,) = (table.frame for table in none["rfm"].tables)
    upper = grid[(grid["recency"] >= 4) & (grid["frequency"] >= 4)]
    assert top.value == pytest.approx(upper["revenue"].sum() / upper["people"].sum())
    assert top.reference == 18


def test_findings_that_refuse_come_first_and_what_is_met_says_so() -> None:
    def told(**failing: object) -> list[str]:
        return [each.id for each in compose(people(), rows(**failing), None, "CNY", 1).findings[2:]]

    assert told(stable=False) == ["stability", "chance", "gap"]
    assert told(distinct=False) == ["gap", "chance", "stability"]
    assert told(null=False, distinct=False) == ["chance", "gap", "stability"]
    stable = {each.id: each for each in compose(people(), rows(null=False), None, "CNY", 1).findings}["stability"]
    assert stable.against == "met, needed"


def test_one_bent_cloud_is_held_against_the_limit_of_its_bridge() -> None:
    bent = rows(distinct=False, bridge=0.95)
    gap = compose(people(), bent, None, "CNY", 1).findings[2]
    assert (gap.id, gap.value, gap.reference) == ("gap", 0.95, BRIDGE_LIMIT)


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (
            {"pass_height": 1.0, "distinct": False},
            "There is no gap: where the best 2 groups meet, people stand as densely",
        ),
        (
            {"pass_height": 0.7, "distinct": False},
            "There is no clear gap: where the best 2 groups meet, people stand too",
        ),
        (
            {"p": 0.8, "null": False},
            "Data without any segments look just as grouped: of 100 crowds, 99 simulated and this audience, 80 do",
        ),
    ],
)
def test_the_plain_reason_comes_before_its_numbers(failing: dict[str, object], said: str) -> None:
    gates = compose(people(), rows(**failing), None, "CNY", 1).gates
    assert [gate.detail.startswith(said) for gate in gates if not gate.passed] == [True]


@pytest.mark.parametrize("rivals", [0, 1, 4])
@pytest.mark.parametrize("earning", [True, False])
def test_a_plan_is_short_however_many_segments_may_bring_as_much(rivals: int, earning: bool) -> None:
    count = rivals + 2
    share = np.array([0.3, *[0.28] * rivals, 0.01])
    shares = pd.DataFrame({"segment": range(count), "people": 10, "people_share": 1 / count, "revenue": share * 100})
    shares = shares.assign(revenue_share=share, low=share - 0.02, high=share + 0.02, per_person=share * 10)
    result = gather_results(people(), segmented(2), None, "CNY", 1)
    features = people() if earning else replace(people(), revenue=None)
    names = {j: f"very active big-basket Xiaohongshu buyers {j}" for j in range(count)}
    told = replace(result, features=features, shares=shares, names=names)
    assert len(told.decision().split()) <= MOST_WORDS
    if earning:
        assert ("as much" in told.decision()) == bool(rivals)
        assert any(names[rivals] in ground for ground in told.grounds()) == bool(rivals)


def test_sizes_are_told_by_name_in_their_units(story: Story) -> None:
    """80 people at 30 bring 2,400 of 3,600."""
    table = story["sizes"].tables[0]
    sizes = table.frame.set_index("name")
    (night,) = [name for name in sizes.index if "night" in name]
    assert sizes.loc[night, ["people", "people_share", "revenue"]].tolist() == [80, 0.4, 2400]
    assert sizes.loc[night, "revenue_share"] == pytest.approx(2 / 3)
    assert table.units is not None
    assert {table.units[name] for name in ("people_share", "revenue_share", "low", "high")} == {"ratio"}


def test_people_are_in_the_file_and_their_ids_never_on_the_page(story: Story, none: Story) -> None:
    for each in (story, none):
        (table,) = each["people"].tables
        assert table.download
        assert table.frame["user_id"].tolist() == IDS.tolist()
        assert table.private == "always"
    assert none["people"].tables[0].frame["name"].unique().tolist() == ["no segment"]


def test_what_is_in_no_profile_is_said_with_the_reason(story: Story, none: Story) -> None:
    assert none["features"].note == "Columns of the users table that are in no profile: city (it has 180 levels)."
    assert story["features"].note.startswith("Every tag of the users table is in the profiles")


def test_segments_are_held_against_the_truth_where_it_is_known(story: Story, none: Story) -> None:
    assert story["truth"] == Section(TRUTH_UNKNOWN)
    (nobody,) = none["truth"].tables
    assert nobody.frame.columns.tolist() == ["planted", "no segment"]
    (table,) = compose(people(), segmented(2), PLANTED, "CNY", 1)["truth"].tables
    found = table.frame.set_index("planted")
    assert sorted(found.loc["night owls"]) == [0, 80]
    assert sorted(found.loc["others"]) == [0, 120]


def test_nothing_is_said_twice(story: Story, none: Story) -> None:
    assert repeated(told(story)) == []
    assert repeated(told(none)) == []
