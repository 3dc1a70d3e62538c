"""Everything that a reader of a Chinese report sees is Chinese, data values and parameters' names excepted."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from helpers import experiment_tables
from helpers.campaign import compose
from helpers.known_effect import BAD, experiment, panel, rolled_out
from helpers.repeated import repeated, told
from reachbook.effects.sections.cures import CURES
from reachbook.effects.sections.decision import decided, grounds
from reachbook.effects.sections.findings import findings
from reachbook.effects.sections.story import CampaignStory
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.section import Figure, Table
from reachbook.translation import tr, using
from reachbook.verdict import Gate

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
MONEY: dict[str, object] = {
    "value_per_unit": 10.0, "margin_low": 0.4, "margin_high": 0.6, "spend": 100.0, "periods": 3, "test_cost": 5.0,
    "target": 0.1, "looks": 3,
}  # fmt: skip


def drawn(figure: Figure) -> Iterator[str]:
    yield figure.alt
    yield from (text.get_text() for text in figure.figure.findobj(Text))  # type: ignore[attr-defined]


def tabled(table: Table) -> Iterator[str]:
    """Caption, headings as the page shows them, and values that are words of ours."""
    yield table.caption
    yield from (tr(str(name).replace("_", " ")) for name in table.frame)
    for name in table.frame.select_dtypes(["object", "string"]):
        yield from (tr(str(value)) if name in table.worded else str(value) for value in table.frame[name])


def texts(story: CampaignStory) -> list[str]:
    found = [story.described, story.decision, *story.grounds, *(each.label for each in story.findings)]
    found += [gate.detail for gate in story.gates]
    found += drawn(story.lead) if story.lead else ()
    for section in story.sections.values():
        found.append(section.note)
        for figure in section.figures:
            found += drawn(figure)
        for table in section.tables:
            found += tabled(table)
    return found


def cities(treated: bool = True) -> pd.DataFrame:
    """Six cities over twelve weeks, one of them in a campaign of three weeks."""
    rng = np.random.default_rng(5)
    days, names = pd.date_range("2026-03-02", periods=84), [f"c{number}" for number in range(6)]
    market = rng.normal(0, 0.05, len(days)).cumsum() / 4
    frames = [
        pd.DataFrame({"unit": name, "date": days, "orders": 100 * np.exp(market + rng.normal(0, 0.03, len(days)))})
        for name in names
    ]
    table = pd.concat(frames, ignore_index=True)
    on = (table["unit"] == "c0") & (table["date"] >= days[63])
    return table.assign(treated=on & treated, spend=np.where(on, 5.0, 0.0), clicks=rng.normal(10, 1, len(table)))


def series() -> pd.DataFrame:
    table = cities()
    other = table[table["unit"] == "c1"].set_index("date")["orders"]
    return table[table["unit"] == "c0"].drop(columns="unit").assign(other=lambda own: own["date"].map(other))


def amounts() -> pd.DataFrame:
    """Amounts with a heavy tail, in arms assigned over three weeks and three segments."""
    rng = np.random.default_rng(3)
    arms = {
        name: (rng.random(1500) < rate) * rng.lognormal(3, 1, 1500)
        for name, rate in (("control", 0.3), ("a", 0.36), ("b", 0.33))
    }
    frame = experiment_tables.table(arms).rename(columns={"outcome": "revenue"})
    days = pd.Timestamp("2026-07-06") + pd.to_timedelta(rng.integers(0, 21, len(frame)), unit="D")
    segment = np.array(["new", "old", "vip"])[rng.integers(0, 3, len(frame))]
    return frame.assign(assigned_at=days, segment=segment, before=rng.lognormal(2, 1, len(frame)))


TABLES: dict[str, tuple[pd.DataFrame, dict[str, object]]] = {
    "people": (experiment_tables.conversions(3, rates=(0.05, 0.08)), MONEY),
    "amounts": (amounts(), {"outcome": "revenue", "margin_low": 0.5, "margin_high": 0.5, "spend": 50.0, "target": 0.1}),
    "a ratio": (experiment_tables.visits(), {"outcome": "orders", "denominator": "visits"}),
    "cities": (cities(), {"design": "panel", "outcome": "orders", "replays": 10, **MONEY, "spend": None}),
    "series": (series(), {"design": "series", "outcome": "orders", "replays": 4, "calendar": "none"}),
    "a plan": (pd.DataFrame(), {"plan": True, "baseline": 0.05, "units_per_day": 5000.0, "target": 0.1, "looks": 3}),
}


@pytest.mark.parametrize("name", TABLES)
def test_no_sentence_of_a_chinese_report_is_english_or_said_twice(name: str) -> None:
    frame, given = TABLES[name]
    with using("zh"):
        story = compose(frame, EffectSpec.model_validate(given), 1)
        left = [text for text in texts(story) if ENGLISH.search(text)]
    assert not left
    assert repeated(told(story)) == []


@pytest.mark.parametrize("lift", [-0.3, -0.05, 0.0, 0.02, 0.3])
@pytest.mark.parametrize(("usual", "net"), [(0.0, 4000.0), (9000.0, -9000.0), (20_000.0, -9000.0), (9000.0, 3000.0)])
@pytest.mark.parametrize("more", [{}, {"rope": 0.05}, {"value_per_unit": 10.0}, MONEY])
def test_no_decision_is_english(lift: float, usual: float, net: float, more: dict[str, object]) -> None:
    effect, spec = panel(lift, 0.03), EffectSpec.model_validate(more)
    with using("zh"):
        rollout = rolled_out(effect, spec, net, usual)
        said = [decided(effect, rollout, spec, "CNY"), *grounds(effect, rollout, spec, "CNY")]
        said += [each.label for each in findings(effect, rollout, spec)]
    assert all(said)
    assert not [text for text in said if ENGLISH.search(text)]


@pytest.mark.parametrize("id", CURES)
def test_no_cure_is_english(id: str) -> None:
    effect = experiment({"a": (0.1, 0.02)}, (Gate(id, False, "坏了。"), *BAD))
    with using("zh"):
        assert not ENGLISH.search(decided(effect, rolled_out(effect, EffectSpec()), EffectSpec(), "CNY"))


@pytest.mark.parametrize(
    ("frame", "given", "kind"),
    [
        (experiment_tables.visits(), {"outcome": "sales"}, ParamsError),
        (experiment_tables.visits().assign(arm="control"), {"outcome": "orders"}, DataError),
        (experiment_tables.visits(), {"outcome": "orders", "leave_out": ["nobody"]}, ParamsError),
        (cities(treated=False), {"design": "panel", "outcome": "orders"}, DataError),
        (cities().drop(columns="date"), {"design": "panel", "outcome": "orders"}, DataError),
        (series().assign(treated=True), {"design": "series", "outcome": "orders"}, DataError),
        (pd.DataFrame(), {"design": "series", "plan": True}, ParamsError),
        (pd.DataFrame(), {"plan": True}, ParamsError),
    ],
)
def test_no_error_is_english(frame: pd.DataFrame, given: dict[str, object], kind: type[Exception]) -> None:
    with using("zh"), pytest.raises(kind) as caught:
        compose(frame, EffectSpec.model_validate(given), 1)
    assert not ENGLISH.search(str(caught.value))
    assert re.search("[\u4e00-\u9fff]", str(caught.value))
