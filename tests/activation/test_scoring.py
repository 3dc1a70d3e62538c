"""Rules are written where the tables of today give the published segments."""

import duckdb
import pandas as pd

from helpers.listed_people import PEOPLE, PRIVACY, STUDY, listed, person, segment_of
from reachbook.activation import audience, scoring
from reachbook.study import files


def test_rules_give_each_person_the_published_segment(tmp_path):
    """Segments that behaviour tells: many small orders, few, or a single huge one."""
    project = listed(tmp_path, STUDY + PRIVACY.replace("consent", "contract"))
    bought, days = [], {0: range(1, 9), 1: range(20, 22), 2: range(28, 29)}
    for each in range(PEOPLE):
        kind = segment_of(each)
        worth = (20 + each % 7, 300 + each % 50, 90_000 + each)[kind]
        bought += [f"o{each}-{day},{person(each)},2026-09-{day:02d} 10:00:00,{worth}" for day in days[kind]]
    project.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount", *bought]) + "\n")
    (said,) = scoring.written(tmp_path, audience.published(tmp_path, "listed"), files.load(tmp_path, "listed"))
    assert said.startswith("rules.sql: scores people who were not there; it gives 100.0% of the people")
    new = pd.DataFrame({"user_id": ["x"] * 8, "at": pd.date_range("2026-09-01", periods=8), "amount": 21.0,
                        "items": None, "discount": None})  # fmt: skip
    with duckdb.connect() as connection:
        connection.register("orders", new)
        assert connection.sql((tmp_path / "rules.sql").read_text("utf-8")).fetchall() == [("x", 1)]
