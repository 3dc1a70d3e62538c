"""The notebooks as they ship, in both languages, in a browser: accessible, offline, narrow, whole on paper."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from helpers import campaign, experiment_tables, known_mix, planned_budget, sentiment_study
from helpers.chromium import browser, needs_chromium
from helpers.inspected import inspection
from helpers.repeated import prose, repeated
from helpers.shipped_page import NOTEBOOKS, shipped_page
from helpers.sliders import agrees
from helpers.tiny_project import tiny
from reachbook.budget.sections.backtest import track_record_section
from reachbook.budget.spec import BudgetSpec, FieldTest
from reachbook.effects.spec import EffectSpec
from reachbook.headcount import page as headcount
from reachbook.headcount.spec import HeadcountSpec
from reachbook.presentation.section import Section, Story
from reachbook.privacy.key import Key
from reachbook.quality.sections import page as quality
from reachbook.segmentation import page as audience
from reachbook.sentiment.sections import page as sentiment
from reachbook.sentiment.sections.changes import changes, comparison_table
from reachbook.translation import Language, using
from segmentation.test_page import PLANTED, people, segmented

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
pytestmark = [needs_chromium, pytest.mark.filterwarnings("ignore:Glyph")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAID = EffectSpec(value_per_unit=10.0, margin_low=0.4, margin_high=0.6, spend=100.0, periods=3, test_cost=5.0)
TEST = FieldTest(channel="wechat", extra_spend=5.0)
PLAN = BudgetSpec(value_per_unit=1.0, margin=0.5, change=0.5, horizon_weeks=2, tests=[TEST])

type Told = tuple[Story, Mapping[str, Section]]
"""What a notebook shows: its story, and sections that other functions make, by the name of the function."""


def segments() -> Told:
    return audience.compose(people(), replace(segmented(2), verdict=""), PLANTED, "CNY", 1), {}


def faults() -> Told:
    return quality.compose(inspection(), [("orders", "3 rows look like refunds.")]), {}


def experiment() -> Told:
    return campaign.compose(experiment_tables.conversions(3, rates=(0.05, 0.08)), PAID, 1), {}


def opinions() -> Told:
    of = sentiment_study.study(audited=True)
    mine = comparison_table(of.predictions)[:30]
    return sentiment.compose(of, 1), {"changed": sentiment.changed(changes(mine, None, of.spec, 1), mine)}


def budget() -> Told:
    mix = known_mix.mix()
    story = planned_budget.compose(mix, PLAN, 1, "CNY", {"douyin": "抖音"}, None, known_mix.truth(mix))
    return story, {"backtest_section": Section("."), "track_record_section": track_record_section(story.gates)}


def counts() -> Told:
    """Of 900 people, each with one event on one of two platforms."""
    acts = pd.DataFrame({"user_id": [f"u{at}" for at in range(900)], "at": pd.Timestamp("2026-09-28 10:00")})
    acts["platform"] = ["douyin", "weibo", "weibo"] * 300
    with TemporaryDirectory() as folder:
        tables = {"interactions": Path(folder) / "interactions.parquet"}
        acts.to_parquet(tables["interactions"])
        spec = HeadcountSpec(platforms=("douyin", "weibo"))
        return headcount.compose(tables, spec, date(2026, 7, 1), date(2026, 9, 30), 1.0, Key(b"0" * 32)), {}


TELL: dict[str, Callable[[], Told]] = {
    "audience_segmentation": segments,
    "data_quality": faults,
    "campaign_effect": experiment,
    "sentiment_analysis": opinions,
    "budget_optimization": budget,
    "people_counts": counts,
}


class Opened(NamedTuple):
    """A page, what it has asked for or complained of, and what it was made from."""

    page: "Page"
    said: list[str]
    story: Story
    language: Language


@pytest.fixture(scope="module", params=[(name, tongue) for name in TELL for tongue in ("zh", "en")], ids="-".join)
def opened(
    browser: "Browser", request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    name, language = request.param
    project = tiny(tmp_path_factory.mktemp(name))
    with pytest.MonkeyPatch.context() as patch, using(language):
        patch.chdir(project.root)
        story, made = TELL[name]()
        address = project.write("report.html", shipped_page(project, name, language, story, made)).as_uri()
    page = browser.new_context(viewport={"width": 1280, "height": 844}, offline=True).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if asked.url != address else None)
    page.goto(address)
    yield Opened(page, said, story, language)
    page.context.close()


IDLE = "async () => { for (let turn = 0; turn < 50; turn++) await new Promise(done => requestIdleCallback(done)); }"
"""Wait for as many idle moments as the page asks for, in which it prepares its tables."""


def unfolded(page: "Page", width: int) -> None:
    """Load the page again on a screen of this width, with all of it open and the code shown."""
    page.set_viewport_size({"width": width, "height": 844})
    page.reload()
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.evaluate("document.getElementById('show-code').checked = true")
    page.evaluate(IDLE)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_every_notebook_that_ships_is_opened() -> None:
    assert set(TELL) == {path.stem for path in NOTEBOOKS.glob("*.ipynb")}


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_asks_for_nothing_and_fits(opened: Opened, width: int) -> None:
    """WCAG 2.2 AA as far as axe can check it, with the code shown.

    Contrast takes most of the time and depends on neither width nor language: it is checked once a notebook.
    """
    from axe_playwright_python.sync_playwright import Axe

    unfolded(opened.page, width)
    contrast = {"color-contrast": {"enabled": width == 390 and opened.language == "zh"}}
    asked = {"runOnly": RULES, "rules": contrast, "resultTypes": ["violations"]}
    checked = Axe().run(opened.page, options=asked)
    assert checked.violations_count == 0, checked.generate_report()
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert opened.said == []


def test_every_figure_is_on_paper(opened: Opened) -> None:
    """A4 less its margins is 178 mm wide, 673 pixels."""
    page = opened.page
    page.set_viewport_size({"width": 673, "height": 844})
    page.emulate_media(media="print")
    boxes = [each.bounding_box() for each in page.locator(".drawing svg").all()]
    page.emulate_media(media="screen")
    drawn = [figure for section in opened.story.sections.values() for figure in section.figures]
    assert len(boxes) >= len(drawn) + 1, "those of the sections, and the one beside the decision"
    assert all(box and box["height"] > 0 and box["x"] >= 0 and box["x"] + box["width"] <= 673 for box in boxes)


def test_sliders_say_what_python_says(opened: Opened) -> None:
    boxes = [box for section in opened.story.sections.values() for box in section.what_ifs]
    assert opened.page.locator("form.whatif").count() == len(boxes)
    rng = np.random.default_rng(9)
    with using(opened.language):
        for box in boxes:
            assert all(agrees(opened.page, box, rng, "CNY") for _ in range(5)), box.id


def test_nothing_is_said_twice(opened: Opened) -> None:
    assert repeated(prose(opened.page)) == []
