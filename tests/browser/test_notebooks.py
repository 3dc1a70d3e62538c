"""The audience notebook as it ships, in both languages, in a browser: accessible, offline, narrow, whole on paper."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from helpers.chromium import browser, needs_chromium
from helpers.shipped_page import shipped_page
from helpers.tiny_project import tiny
from reachbook.presentation.section import Story
from reachbook.segmentation import page as audience
from reachbook.translation import using
from segmentation.test_page import PLANTED, people, segmented

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
pytestmark = [needs_chromium, pytest.mark.filterwarnings("ignore:Glyph")]


def segments() -> Story:
    return audience.compose(people(), replace(segmented(2), verdict=""), PLANTED, "CNY", 1)


STORIES: dict[str, Callable[[], Story]] = {"audience_segmentation": segments}


@pytest.fixture(scope="module", params=[(name, tongue) for name in STORIES for tongue in ("zh", "en")], ids="-".join)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    name, language = request.param
    project = tiny(tmp_path_factory.mktemp(name))
    with pytest.MonkeyPatch.context() as patch, using(language):
        patch.chdir(project.root)
        return project.write("report.html", shipped_page(project, name, language, STORIES[name]())).as_uri()


def opened(browser: "Browser", address: str, width: int) -> tuple["Page", list[str]]:
    """The page with everything unfolded, and what it has asked for or complained of."""
    page = browser.new_context(viewport={"width": width, "height": 844}, offline=True).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if asked.url != address else None)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.locator("#show-code").check()
    return page, said


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_asks_for_nothing_and_fits(browser: "Browser", address: str, width: int) -> None:
    """WCAG 2.2 AA as far as axe can check it, with the code shown."""
    from axe_playwright_python.sync_playwright import Axe

    page, said = opened(browser, address, width)
    checked = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()
    assert checked.violations_count == 0, checked.generate_report()
    assert said == []
    assert fits


def test_every_figure_is_on_paper(browser: "Browser", address: str) -> None:
    """A4 less its margins is 178 mm wide, 673 pixels."""
    page, _ = opened(browser, address, 673)
    page.emulate_media(media="print")
    boxes = [each.bounding_box() for each in page.locator(".drawing svg").all()]
    page.context.close()
    assert boxes
    assert all(box and box["height"] > 0 and box["x"] >= 0 and box["x"] + box["width"] <= 673 for box in boxes)
