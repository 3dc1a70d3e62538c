"""The pages in a real browser: at a desk and on a phone, in light and dark, offline."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from helpers.chromium import browser, needs_chromium
from helpers.tiny_project import COUNT, Project, tiny
from helpers.told_page import told_page
from reachbook.cli import main

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium
__all__ = ["browser"]

WIDE = [
    *COUNT,
    "## A figure",
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(figsize=(8, 4))\naxes.set_title('抖音 Douyin')",
    "report.figure('line', figure, alt='A title and nothing else')",
    "import pandas as pd\nreport.table('wide', pd.DataFrame([['很长的内容' * 4] * 12]))",
    "report.gate('edge', False, 'the figure is at the edge of ' + 'words ' * 20, level='warn')",
    "report.gate('fit', False, 'it does not fit: add data')",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny project with a report that has everything wide on it."""
    project = tiny(tmp_path_factory.mktemp("project"))
    project.notebook("count", WIDE, title="How many orders? 订单有多少?", tables=["orders"])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        assert main(["reports"]) == 0
    return project


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of pages that show everything, by language and whether they are refused."""
    found = {}
    for name, language, refused in (("en", "en", False), ("zh", "zh", False), ("refused", "en", True)):
        project = tiny(tmp_path_factory.mktemp(name))
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(project.root)
            page = project.write("report.html", told_page(project, language, refused))  # type: ignore[arg-type]
        found[name] = page.as_uri()
    return found


@pytest.fixture(params=["index", "report", "en", "zh", "refused"])
def address(made: Project, told: dict[str, str], request: pytest.FixtureRequest) -> str:
    found = sorted((made.root / "reports").rglob(f"{request.param}.html"))
    return found[0].as_uri() if found else told[request.param]


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desk-light", "phone-dark"])
def page(browser: "Browser", address: str, request: pytest.FixtureRequest) -> "Iterator[Page]":
    width, scheme = request.param
    height = 800 if width == 1280 else 844
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)
    page = context.new_page()
    page.said = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]
    page.on("request", lambda asked: page.said.append(asked.url) if asked.url != address else None)  # type: ignore[attr-defined]
    page.goto(address)
    yield page
    context.close()


def test_nothing_is_loaded_and_nothing_complains(page: "Page") -> None:
    assert page.said == []  # type: ignore[attr-defined]


def test_nothing_runs_off_the_side(page: "Page") -> None:
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]


def test_what_to_know_is_seen_without_scrolling(page: "Page", address: str) -> None:
    parts = (".verdict", ".headline") if "index" in address else (".status", ".findings dd", ".hero")
    for part in parts:
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= page.viewport_size["height"]  # type: ignore[index]


def test_text_can_be_read_on_its_ground(page: "Page") -> None:
    colours = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    ink, paper = ([int(part) for part in colour.strip("rgba()").split(",")[:3]] for colour in colours)
    assert abs(sum(ink) - sum(paper)) > 400


def test_why_not_to_act_stands_before_everything_else(page: "Page", address: str) -> None:
    if "index" in address:
        assert page.locator(".verdict").first.inner_text().startswith("Do not act on this")
    elif page.locator(".refused").count():
        assert page.locator(".status").inner_text() == "Do not act on this"
        assert re.search("(add data|Enter earlier weeks)", page.locator(".status + .said + .reasons").inner_text())


def test_chinese_keeps_its_text_in_figures(page: "Page", address: str) -> None:
    if page.locator("#figure-line").count():
        assert "抖音 Douyin" in page.locator("#figure-line").text_content()  # type: ignore[operator]


def test_ids_are_unique(page: "Page") -> None:
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
