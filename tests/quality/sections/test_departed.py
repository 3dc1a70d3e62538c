"""The section on people who left says what was planted, and nothing of small groups."""

import numpy as np
import pyarrow as pa

from helpers.english_left import left
from reachbook.presentation.section import Section
from reachbook.privacy.departure import depart
from reachbook.privacy.rights import Rights
from reachbook.quality.sections.departed import section
from reachbook.translation import using

PEOPLE = 1000


def departed(staying: int) -> dict:
    """Orders of PEOPLE people, the first of whom have consented; those who have not order for twice as much."""
    ids = [f"u{n}" for n in range(PEOPLE)]
    noise = np.random.default_rng(3).uniform(0.5, 1.5, PEOPLE)
    amounts = np.where(np.arange(PEOPLE) < staying, 10.0, 20.0) * noise
    where = ["weibo" if n % 2 else "douyin" for n in range(PEOPLE)]
    table = pa.table({"user_id": ids, "amount": amounts, "platform": where})
    return {"orders": depart("orders", table, "user_id", Rights(agreed=pa.array(ids[:staying])), 20).about}


def tables(made: Section) -> dict:
    return {each.id: each.frame for each in made.tables}


def test_who_left_and_how_they_differ_is_told() -> None:
    made = section(departed(600))
    told = tables(made)
    assert told["departed"].to_dict("records") == [
        {"table": "orders", "reason": "no consent", "people": 400, "rows": 400}
    ]
    amount = told["means"].set_index("measure").loc["revenue a person"]
    assert amount["low"] < 1.0 < amount["high"]
    assert amount["low"] > 0.5
    assert told["moved"].set_index("measure").loc["revenue", "moved"] < -0.5
    shares = told["shares"].set_index("value")
    assert (shares["low"] < 0).all()
    assert (shares["high"] > 0).all()
    assert made.note.startswith("Results are for those who have consented. Who consents is no random sample")
    assert "Of 3 things that are known of both with intervals, 1 differ" in made.note


def test_of_a_small_group_only_the_number_of_people_is_told() -> None:
    made = section(departed(PEOPLE - 19))
    told = tables(made)
    assert set(told) == {"departed"}
    assert told["departed"]["people"].tolist() == [19]
    assert told["departed"]["rows"].isna().all()
    assert "Too few people left for anything to be compared." in made.note


def test_where_nobody_left_the_note_says_so() -> None:
    assert section({}).note.startswith("Nobody has left the tables")


def test_nothing_is_left_in_english() -> None:
    with using("zh"):
        for each in (section(departed(600)), section({})):
            assert left([each.note, *(table.caption for table in each.tables)]) == []
