"""The shelf and a comparison in a real browser: accessible, narrow enough, quick with hundreds of versions."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from helpers.chromium import browser, needs_chromium
from helpers.shelved import home, name, shelved
from reachbook.engine import kept, publish
from reachbook.engine.archive.review import review
from reachbook.engine.difference import page as difference
from reachbook.engine.shelf import page as shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium
__all__ = ["browser"]

SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reports: one with 300 versions, one that a marker calls out of date, one damaged."""
    root = tmp_path_factory.mktemp("project")
    for number in range(1, 301):
        month, day = divmod(number, 10)
        finished = f"{2024 + month // 12}-{month % 12 + 1:02d}-{day + 1:02d}T08:00:00+00:00"
        orders = {"orders": {"rows": number, "sha256": str(number)}}
        shelved(root, number, finished, passed=number % 2 == 0, figures=("lead",), tables=orders)
    shelved(root, 1, study="other", notebook="audience", language="zh")
    publish.mark_outdated(home(root, "other", "audience"), name(2))
    (shelved(root, 2, study="other", notebook="lost") / "result.json").write_text("{", "utf-8")
    review(root, name(300), "A", "approved", "Good.")
    newest, before = (kept.read(home(root) / name(number)) for number in (300, 299))
    difference.write(before, newest)
    shelf.write(root)
    return root


@pytest.fixture
def address(root: Path) -> str:
    return (root / "reports" / "index.html").as_uri()


def opened(browser: "Browser", address: str, width: int = 1280, scheme: str = "light", script: bool = True) -> "Page":
    page = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
        offline=True,
    ).new_page()
    page.said = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]
    page.goto(address)
    return page


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("file", ["index.html", f"tiny/count/diff/{name(299)}..{name(300)}.html"])
def test_axe_finds_nothing_closed_or_open_and_nothing_runs_off_the_side(
    browser: "Browser", root: Path, file: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, (root / "reports" / file).as_uri(), width, scheme)
    for _ in range(2):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.said == []  # type: ignore[attr-defined]


def test_three_hundred_versions_open_at_once_and_fit_on_few_screens(browser: "Browser", address: str) -> None:
    page = opened(browser, address)
    took = []
    for _ in range(5):  # the quickest, because other programs may run beside
        page.reload()
        took.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))
    assert min(took) < 1000
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollHeight") < 8000


def test_searching_and_filtering_leave_the_rows_that_fit(browser: "Browser", address: str) -> None:
    page = opened(browser, address)
    rows = page.locator("tbody.entry:visible")
    assert rows.count() == 3
    page.locator("#words").fill("Study OTHER orders")
    assert rows.count() == 1
    assert page.locator("tbody.group:visible").count() == 1
    assert page.locator("#count").inner_text() == "1 of 3 shown"
    page.locator("#words").fill("nothing like it")
    assert page.locator("#none").is_visible()
    page.locator("#words").fill("")
    for state, count in (("outdated", 1), ("damaged", 1), ("approved", 1), ("", 3)):
        page.locator("#state").select_option(state)
        assert rows.count() == count


def test_columns_sort_within_their_study_both_ways(browser: "Browser", address: str) -> None:
    page = opened(browser, address)
    titles = "[...document.querySelectorAll('tbody')].map(e => e.dataset.title || 'study')"
    button = page.get_by_role("button", name="Question")
    button.click()
    up = page.evaluate(titles)
    button.click()
    down = page.evaluate(titles)
    first, second = [place for place, title in enumerate(up) if title == "study"]
    assert (first, second) == tuple(place for place, title in enumerate(down) if title == "study")
    assert up[1:second] == ["How many orders?", "lost"]
    assert down[1:second] == ["lost", "How many orders?"]


def test_without_a_script_every_row_is_there(browser: "Browser", address: str) -> None:
    page = opened(browser, address, script=False)
    assert page.locator("tbody.entry:visible").count() == 3
    assert not page.locator("#filter").is_visible()
