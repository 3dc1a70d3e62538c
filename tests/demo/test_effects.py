"""The table of planted effects: its types whatever the rows, and days as dates."""

from dataclasses import fields
from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from reachbook.demo.calendar import Campaign
from reachbook.demo.columns import day_number
from reachbook.demo.effects import PlantedEffect, day, table, window

EFFECT = PlantedEffect(
    design="panel", campaign_id="push", channel="douyin", unit="all", segment=None, metric="outcome",
    estimand="treated", start=date(2026, 8, 20), end=date(2026, 9, 30), parameter=None, effect=12.5, relative=0.08,
    total=1250.0, units=100, spend=None,
)  # fmt: skip


def test_an_effect_is_a_row_of_its_fields() -> None:
    assert table([EFFECT]).to_pylist() == [{each.name: getattr(EFFECT, each.name) for each in fields(EFFECT)}]


def test_types_do_not_depend_on_what_is_unknown() -> None:
    """A column without a single value keeps its type, so that tables of any campaigns can be put together."""
    schema = table([EFFECT]).schema
    assert table([]).schema == schema
    assert schema.field("segment").type == pa.string()
    assert schema.field("parameter").type == schema.field("spend").type == pa.float64()
    assert schema.field("start").type == pa.date32()
    assert schema.field("units").type == pa.int64()


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_day_number_is_its_date(given_day: date) -> None:
    assert day(day_number(given_day)) == given_day


def test_a_campaign_ends_on_its_last_day() -> None:
    assert window(Campaign("douyin", 0, 27)) == (date(1970, 1, 1), date(1970, 1, 28))
