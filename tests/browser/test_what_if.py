"""The script of a what-if box gives the numbers of the Python function, to the digit that is shown."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from helpers.chromium import browser, needs_chromium
from helpers.sliders import agrees
from reachbook.presentation.what_if import CurvesWhatIf, Limit, ProductWhatIf, Slider, WhatIf, html, kept, thin
from reachbook.translation import Language, using

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium
SCRIPT = Path(__file__).parents[2] / "lib/reachbook/engine/page/templates/what_if.js"
__all__ = ["browser"]


def box(unit: str, scale: float) -> CurvesWhatIf:
    """Three saturating channels with noise, some below and some above ten thousand."""
    rng = np.random.default_rng(5)
    grid = np.linspace(0, 1, 25)[None, :] * np.array([[3.0], [1.0], [0.2]]) * scale
    most, half = rng.lognormal(0.5, 0.5, (300, 3, 1)) * scale, rng.uniform(0.2, 0.8, (300, 3, 1)) * scale
    curves = most * grid / (half + grid)
    names = zip(("a", "b", "c"), (1.3, 0.4, 0.1), (3.0, 1.0, 0.2), strict=True)
    sliders = [Slider.around(name, name, now * scale, 0, top * scale, scale / 100) for name, now, top in names]
    limits = [
        Limit("sum", dict.fromkeys("abc", 1.0), high=2 * scale),
        Limit("least", {"b": 1.0}, low=0.3 * scale, or_zero=True),
        Limit("share", {"a": 0.4, "b": -0.6, "c": -0.6}, high=0.0),
    ]
    return CurvesWhatIf(
        id="plan",
        sliders=tuple(sliders),
        level=0.9,
        unit=unit,
        labels=("all", "change", "chance"),
        limits=tuple(limits),
        grid=kept(grid),
        curves=thin(curves),
        cost=1.0 if unit == "money" else 0.0,
    )


def product(unit: str, scale: float) -> ProductWhatIf:
    """A campaign's gain by value and margin of a unit."""
    rng = np.random.default_rng(6)
    sliders = (
        Slider.around("value", "value", 1.7, 0, 5, 0.05),
        Slider.around("margin", "margin", 0.55, 0, 1, 0.01, "ratio"),
    )
    gained, spent = thin(rng.normal(scale, scale, 400)), thin(rng.normal(0.8, 0.1, 400) * scale)
    labels = ("of a unit", "left", "chance")
    return ProductWhatIf(id="money", sliders=sliders, level=0.95, unit=unit, labels=labels, gained=gained, spent=spent)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("unit", "scale"), [("money", 123_456.789), ("orders", 87.3)])
@pytest.mark.parametrize("made", [box, product])
def test_the_script_agrees_with_python(
    browser: "Iterator[Browser]", made: "Callable[[str, float], WhatIf]", language: Language, unit: str, scale: float
) -> None:
    with using(language):
        asked = made(unit, scale)
        page = browser.new_page()  # type: ignore[attr-defined]
        page.set_content(f"<!doctype html><body>{html(asked, 'CNY')}<script>{SCRIPT.read_text('utf-8')}</script>")
        rng = np.random.default_rng(9)
        assert all(agrees(page, asked, rng, "CNY") for _ in range(25))
        page.close()


def test_the_reset_button_leads_back(browser: "Iterator[Browser]") -> None:
    from playwright.sync_api import expect

    asked = box("money", 1000.0)
    page = browser.new_page()  # type: ignore[attr-defined]
    page.set_content(f"<!doctype html><body>{html(asked, 'CNY')}<script>{SCRIPT.read_text('utf-8')}</script>")
    assert page.text_content("output[data-of=change]") == "no change yet"
    page.locator("input").first.press("ArrowRight")
    assert (page.text_content("output[data-of=change]") or "").endswith("]")
    assert (page.text_content("output[data-of=above]") or "").endswith("%")
    page.get_by_role("button").click()
    expect(page.locator("output[data-of=change]")).to_have_text("no change yet")
    expect(page.locator("output[data-of=above]")).to_have_text("–")
    page.close()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("unit", ["money", "count", "", "ratio", "days"])
def test_halves_and_borders_are_written_as_python_writes_them(
    browser: "Iterator[Browser]", language: Language, unit: str
) -> None:
    values = [0.125, 0.375, 2.5, 3.5, 999.995, 1234.5, 1235.5, 9999.4, 9999.5, 12_345.0, 12_355.0, 123_450.0,
              99_994_999.0, 99_995_000.0, 1e8, 123_450_000.0, 9.9995e11, 1e12, 0.0, -12_345.0, -0.004]  # fmt: skip
    with using(language):
        page = browser.new_page()  # type: ignore[attr-defined]
        sliders = tuple(Slider(f"s{i}", "", value, value, 1.0, value, unit) for i, value in enumerate(values))
        empty = np.zeros((1, len(values), 1))
        asked = CurvesWhatIf(id="all", sliders=sliders, level=0.9, unit=unit, labels=("a", "b", "c"),
                             grid=np.array(values)[:, None], curves=empty)  # fmt: skip
        page.set_content(f"<!doctype html><body>{html(asked, 'CNY')}<script>{SCRIPT.read_text('utf-8')}</script>")
        before = page.locator(".sliders output").all_text_contents()
        page.evaluate("document.querySelector('input').dispatchEvent(new Event('input', {bubbles: true}))")
        assert page.locator(".sliders output").all_text_contents() == before
        page.close()


def test_a_rule_that_is_broken_from_the_start_is_told_at_once(browser: "Iterator[Browser]") -> None:
    one = Slider("a", "a", 0.0, 10.0, 1.0, 8.0)
    asked = CurvesWhatIf(id="one", sliders=(one,), level=0.9, unit="money", labels=("a", "b", "c"),
                         limits=(Limit("at most 5", {"a": 1.0}, high=5.0),), grid=np.array([[0.0, 10.0]]),
                         curves=np.array([[[0.0, 10.0]], [[0.0, -10.0]]]))  # fmt: skip
    page = browser.new_page()  # type: ignore[attr-defined]
    page.set_content(f"<!doctype html><body>{html(asked, 'CNY')}<script>{SCRIPT.read_text('utf-8')}</script>")
    assert page.locator(".broken li:visible").all_text_contents() == ["at most 5"]
    page.locator("input").first.press("Home")
    assert page.locator(".broken li:visible").count() == 0
    page.close()
