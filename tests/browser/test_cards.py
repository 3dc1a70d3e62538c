"""A reader shows one card or all: by mouse, by keyboard, by a link, on paper, and with what belongs to it marked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from helpers.chromium import browser, needs_chromium
from helpers.tiny_project import tiny
from helpers.told_page import WORDS, told_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium
__all__ = ["browser"]
TITLES = WORDS["en"]["cards"].split(", ")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    project = tiny(tmp_path_factory.mktemp("cards"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        return project.write("report.html", told_page(project, "en")).as_uri()


@pytest.fixture
def page(browser: "Browser", address: str) -> "Iterator[Page]":
    page = opened(browser, address)
    yield page
    page.context.close()


def opened(browser: "Browser", address: str, **options: Any) -> "Page":
    page = browser.new_context(viewport={"width": 390, "height": 844}, offline=True, **options).new_page()
    page.set_default_timeout(10_000)
    page.goto(address)
    if "#" not in address:
        page.locator(".cards").scroll_into_view_if_needed()
    return page


def seen(page: "Page") -> list[str]:
    return page.locator(".cards article:visible h3").all_inner_texts()


def test_without_scripts_every_card_stands_there_and_no_control(browser: "Browser", address: str) -> None:
    bare = opened(browser, address, java_script_enabled=False)
    assert seen(bare) == TITLES
    assert not bare.get_by_role("combobox").is_visible()
    bare.context.close()


def test_all_cards_are_shown_until_one_is_chosen(page: "Page") -> None:
    assert seen(page) == TITLES
    assert page.get_by_label(WORDS["en"]["people"], exact=True).input_value() == ""


def test_the_chosen_card_says_what_it_says_without_scripts(browser: "Browser", page: "Page", address: str) -> None:
    bare = opened(browser, address, java_script_enabled=False)
    told = bare.locator(".cards article").all_inner_texts()
    bare.context.close()
    assert [each.split("\n")[0] for each in told] == TITLES
    for place, title in enumerate(TITLES):
        page.get_by_role("combobox").select_option(title)
        assert page.locator(".cards article:visible").all_inner_texts() == [told[place]]
        assert page.url == f"{address}#segment-{place + 1}"
    page.get_by_role("combobox").select_option("")
    assert page.locator(".cards article:visible").all_inner_texts() == told
    assert page.url == address


def test_the_keyboard_alone_chooses_and_comes_back(page: "Page") -> None:
    page.get_by_role("combobox").focus()
    for title in TITLES:
        page.keyboard.press("ArrowDown")
        assert seen(page) == [title]
    page.keyboard.press("Home")
    assert seen(page) == TITLES
    assert page.evaluate("document.activeElement.tagName") == "SELECT"


def test_a_link_to_a_card_opens_it_alone_and_another_link_the_next(browser: "Browser", address: str) -> None:
    from playwright.sync_api import expect

    page = opened(browser, f"{address}#segment-2")
    assert seen(page) == TITLES[1:2]
    assert page.get_by_role("combobox").input_value() == "segment-2"
    expect(page.locator(".choose")).to_be_in_viewport()
    page.evaluate("location.hash = '#segment-3'")
    expect(page.locator("#segment-2")).to_be_hidden()
    assert seen(page) == TITLES[2:]
    page.evaluate("location.hash = '#provenance'")
    assert seen(page) == TITLES[2:]
    page.context.close()


def test_the_chosen_one_is_marked_in_the_figure_beside_the_decision(page: "Page") -> None:
    marked = page.locator(".lead text[aria-current]")
    page.get_by_role("combobox").select_option(TITLES[0])
    assert marked.all_text_contents() == TITLES[:1]
    page.get_by_role("combobox").select_option("")
    assert marked.count() == 0


def test_rows_of_the_chosen_one_are_marked(page: "Page") -> None:
    page.evaluate("title => { document.querySelector('#table-few tbody td').textContent = title; }", TITLES[1])
    page.get_by_role("combobox").select_option(TITLES[1])
    assert page.locator("tr[aria-current]").count() == 1
    assert page.locator("#table-few tbody tr").first.get_attribute("aria-current") == "true"


def test_paper_shows_all_cards_whatever_is_chosen(page: "Page") -> None:
    page.get_by_role("combobox").select_option(TITLES[1])
    page.get_by_role("button", name="Contents").click()
    page.get_by_role("switch", name="Print everything").check()
    page.emulate_media(media="print")
    assert seen(page) == TITLES
    assert not page.get_by_role("combobox").is_visible()
