"""How a page is read: by keyboard, by touch, on paper, without scripts, and by those who cannot see it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from helpers.chromium import browser, needs_chromium
from helpers.tiny_project import tiny
from helpers.told_page import told_page
from reachbook.presentation.html_table import SHOWN_ROWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

__all__ = ["browser"]
pytestmark = needs_chromium

PAGES = {"en": ("en", False), "zh": ("zh", False), "refused": ("en", True)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found = {}
    for name, (language, refused) in PAGES.items():
        project = tiny(tmp_path_factory.mktemp(name))
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(project.root)
            text = told_page(project, language, refused)  # type: ignore[arg-type]
        found[name] = project.write("report.html", text).as_uri()
    return found


def opened(browser: "Browser", address: str, width: int = 1280, **options: Any) -> "Page":
    page = browser.new_context(viewport={"width": width, "height": 844}, offline=True, **options).new_page()
    page.set_default_timeout(10_000)
    page.goto(address)
    return page


def unfold(page: "Page") -> None:
    """Open everything, code too, which is switched on in the contents: a menu on a telephone."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    switch, menu = page.locator("#show-code"), page.get_by_role("button", name=re.compile("Contents|目录"))
    if menu.is_visible():
        menu.click()
    switch.check()
    page.keyboard.press("Escape")
    page.locator("#table-alone").scroll_into_view_if_needed()


@pytest.fixture
def page(browser: "Browser", addresses: dict[str, str]) -> "Iterator[Page]":
    page = opened(browser, addresses["en"])
    yield page
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_the_guidelines_for_accessible_pages_hold(
    browser: "Browser", addresses: dict[str, str], name: str, width: int, scheme: str
) -> None:
    """WCAG 2.2 AA as far as axe can check it, with everything opened and one term explained."""
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, addresses[name], width, color_scheme=scheme)
    unfold(page)
    page.locator(".term").last.click()
    found = Axe().run(page, options={"runOnly": RULES})
    page.context.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_not_drawn_yet_lies_under_no_slider_and_holds_nothing_to_press(
    browser: "Browser", addresses: dict[str, str], tmp_path: Path, width: int
) -> None:
    """Far below the screen, links taller than any placeholder end above the sliders that follow."""
    from axe_playwright_python.sync_playwright import Axe

    links = '<p><a href="#top">to the top</a></p>' * 60
    sliders = '<form class="whatif">' + '<label>spend<input type="range"></label>' * 6 + "</form>"
    far = "".join(f'<div class="outputs"><div>{each}</div></div>' for each in (links, sliders))
    text = Path(addresses["en"].removeprefix("file://")).read_text("utf-8")
    foot = '<section class="foot"'
    assert text.count(foot) == 1
    (tmp_path / "far.html").write_text(text.replace(foot, far + foot), "utf-8")
    page = opened(browser, (tmp_path / "far.html").as_uri(), width)
    later = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).contentVisibility === 'auto')"
    assert page.evaluate(f"{later}.length") > 0
    assert page.evaluate(f"{later}.flatMap(e => [...e.querySelectorAll('a, button, input, summary')]).length") == 0
    found = Axe().run(page, options={"runOnly": RULES})
    page.context.close()
    assert found.violations_count == 0, found.generate_report()


def rows(page: "Page") -> list[str]:
    """First cells of the table."""
    return page.locator("#table-alone tbody td:first-child").all_text_contents()


def value(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-"))


def test_a_table_is_sorted_by_keyboard_and_what_is_missing_stays_last(page: "Page") -> None:
    unfold(page)
    before = rows(page)
    head, button = page.locator("#table-alone th").first, page.locator("#table-alone th button").first
    for way, sign in (("descending", -1), ("ascending", 1)):
        button.press("Enter")
        assert head.get_attribute("aria-sort") == way
        *numbers, last = rows(page)
        assert last == "–"
        assert [value(each) for each in numbers] == sorted(map(value, before[1:]), key=lambda each: sign * each)
    button.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert rows(page) == before


def test_texts_are_sorted_as_people_count(page: "Page") -> None:
    unfold(page)
    page.locator("#table-alone th button").last.click()
    said = page.locator("#table-alone tbody td:last-child").all_text_contents()
    assert said == [f"周{at}" for at in range(SHOWN_ROWS)]


def test_a_long_table_is_filtered_and_a_short_one_is_not(page: "Page") -> None:
    unfold(page)
    page.locator(".filter").nth(1).wait_for(state="attached")
    assert page.locator(".filter").count() == 2
    page.get_by_role("searchbox").last.fill("周1")
    shown = page.locator("#table-alone tbody tr:visible").count()
    assert shown == 11
    assert page.locator(".filter output").last.inner_text() == f"{shown} / {SHOWN_ROWS}"


def test_a_term_is_explained_under_the_mouse_by_focus_and_by_tap(browser: "Browser", addresses: dict[str, str]) -> None:
    page = opened(browser, addresses["en"])
    lift = page.get_by_role("button", name="lift", exact=True)
    meaning = page.locator("#term-lift")
    assert not meaning.is_visible()
    lift.hover()
    meaning.wait_for(state="visible")
    assert "提升" in meaning.inner_text()
    assert "what would have been without it" in meaning.inner_text()
    page.mouse.move(5, 5)
    meaning.wait_for(state="hidden")
    page.keyboard.press("Tab")
    lift.focus()
    meaning.wait_for(state="visible")
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
    page.context.close()
    touched = opened(browser, addresses["zh"], 390, has_touch=True)
    touched.get_by_role("button", name="反事实").tap()
    assert "只能估计" in touched.locator("#term-counterfactual").inner_text()
    box = touched.locator("#term-counterfactual").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    touched.context.close()


def test_a_term_is_marked_once_and_never_in_code(page: "Page") -> None:
    assert page.locator(".body .term", has_text="lift").count() == 1
    assert page.locator("code .term, .decision .term").count() == 0


def test_the_contents_follow_the_page(page: "Page") -> None:
    from playwright.sync_api import expect

    here = page.locator("nav.contents [aria-current]")
    assert here.inner_text() == "Decision"
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.locator("#Where-the-money-goes").evaluate("each => scrollTo(0, each.offsetTop)")
    expect(here).to_have_text("Where the money goes")
    assert here.count() == 1
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(here).to_have_text("Provenance")


def test_on_a_telephone_the_contents_open_and_close(browser: "Browser", addresses: dict[str, str]) -> None:
    page = opened(browser, addresses["en"], 390)
    contents = page.locator("nav.contents")
    assert not contents.is_visible()
    page.get_by_role("button", name="Contents").click()
    contents.get_by_text("Every week").click()
    assert not contents.is_visible()
    assert page.url.endswith("#Every-week")
    page.context.close()


def test_only_what_scrolls_is_a_stop_of_the_keyboard(browser: "Browser", addresses: dict[str, str]) -> None:
    for width, stops in ((1280, 0), (390, 1)):
        page = opened(browser, addresses["en"], width)
        page.wait_for_timeout(200)
        assert page.locator("#figure-spend .drawing[tabindex='0'][aria-label]").count() == stops
        page.context.close()


def test_the_first_stop_leads_past_the_head(page: "Page") -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the decision"


def test_code_is_one_switch(page: "Page") -> None:
    code = page.locator("pre.code")
    assert code.count() == 3
    assert not code.first.is_visible()
    page.get_by_role("switch", name="Code").press("Space")
    assert code.first.is_visible()


def words(page: "Page") -> str:
    """What the page says, without what only a script adds."""
    script = "each => { each.querySelectorAll('.filter').forEach(bar => bar.remove()); return each.textContent; }"
    said: str = page.locator("main").evaluate(script)
    return said


def test_without_scripts_the_page_says_the_same(browser: "Browser", addresses: dict[str, str]) -> None:
    page, bare = (opened(browser, addresses["en"], java_script_enabled=on) for on in (True, False))
    assert words(bare) == words(page)
    bare.locator(".checks summary").click()
    assert bare.locator(".checks li").first.is_visible()
    bare.get_by_role("button", name="lift", exact=True).click()
    assert bare.locator("#term-lift").is_visible()
    bare.locator("#show-code").check()
    assert bare.locator("pre.code").first.is_visible()
    for each in (page, bare):
        each.context.close()


def seen_on_paper(each: "Locator") -> bool:
    box = each.bounding_box()
    return box is not None and box["height"] > 0 and box["x"] >= 0 and box["x"] + box["width"] <= 673


@pytest.mark.parametrize("scripts", [True, False])
def test_all_on_paper_shows_what_folds_but_no_code(
    browser: "Browser", addresses: dict[str, str], scripts: bool
) -> None:
    """A4 less its margins is 178 mm wide, 673 pixels; an address is enough, without a script too."""
    page = opened(browser, f"{addresses['en']}#print-all", 673, java_script_enabled=scripts)
    page.emulate_media(media="print")
    for part in (".drawing svg", ".checks li", ".grounds li", "table", ".meaning", "svg.range", ".foot", ".note"):
        found = page.locator(part).all()
        assert found, part
        assert all(map(seen_on_paper, found)), part
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    for part in ("pre.code", "nav.contents", ".up", ".filter", ".switch", ".on-paper"):
        assert not any(each.is_visible() for each in page.locator(part).all()), part
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("name", PAGES)
def test_paper_has_the_decision_and_every_figure_and_says_what_it_leaves_out(
    browser: "Browser", addresses: dict[str, str], name: str, scripts: bool
) -> None:
    """A4 across less its margins is 271 mm wide, 1024 pixels."""
    page = opened(browser, addresses[name], 1024, java_script_enabled=scripts)
    page.emulate_media(media="print")
    for part in (
        "figure .drawing svg",
        "figcaption",
        ".decision",
        ".findings dd",
        ".checks",
        ".grounds li",
        ".on-paper",
    ):
        found = page.locator(part if part != ".findings dd" else ".hero>.findings dd").all()
        assert found, part
        for each in found:
            box = each.bounding_box()
            assert box is not None, part
            assert box["height"] > 0, part
    for part in ("table", ".note", ".cards", ".foot", ".meaning", ".checks li", "pre.code", "nav.contents", ".up"):
        assert not any(each.is_visible() for each in page.locator(part).all()), part
    page.context.close()


def sheets(page: "Page") -> list[bytes]:
    """Sizes of the printed sheets, in points."""
    return re.findall(rb"/MediaBox \[0 0 (\d+)", page.pdf(prefer_css_page_size=True))


def test_a_switch_prints_everything(page: "Page") -> None:
    before = sheets(page)
    assert before == [b"841", b"841"]
    page.get_by_role("switch", name="Print everything").press("Space")
    assert set(sheets(page)) == {b"594"}
    assert len(sheets(page)) > 2
    page.get_by_role("switch", name="Print everything").press("Space")
    assert sheets(page) == before


def test_sheets_are_counted_and_name_the_version(page: "Page") -> None:
    rules = page.evaluate(
        "[...document.styleSheets[0].cssRules].filter(each => each instanceof CSSPageRule).map(each => each.cssText)"
    )
    assert any("counter(page)" in rule for rule in rules)
    assert any("0a1b2c" in rule for rule in rules)
