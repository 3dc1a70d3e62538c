"""A drawing with fewer elements is the same picture."""

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers.chromium import browser, needs_chromium
from reachbook.presentation import style, svg, svg_tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]


def figure() -> Any:
    """Everything that our figures are made of: lines, markers, bands, bars, points seen through, texts, an image."""
    chance = np.random.default_rng(5)
    with style.theme():
        drawn = Figure(figsize=(style.WIDTH, 6))
        (lines, bars), (points, image) = drawn.subplots(2, 2)
        lines.plot(range(30), chance.normal(size=30), "o-", label="抖音")
        lines.plot(range(30), chance.normal(size=30), "s--", label="a  b", markerfacecolor="none")
        lines.fill_between([0, 29], -1, 1, alpha=0.2, hatch="//")
        lines.vlines([3, 4, 5], -2, 2, alpha=0.4, linewidth=6)
        lines.minorticks_on()
        lines.legend()
        bars.barh(["一", "二", "三"], [3, -2, 1], xerr=[0.5, 0.4, 0.3])
        bars.axvline(0)
        bars.set_title("two\nlines")
        points.scatter(chance.normal(size=80), chance.normal(size=80), alpha=0.6)
        points.scatter(*chance.normal(size=(2, 80)), marker="D", edgecolors="white")
        points.plot(*chance.normal(size=(2, 80)), "x")
        points.plot(*chance.normal(size=(2, 80)), "o", markeredgecolor="none")
        points.set_xscale("symlog")
        image.imshow(chance.normal(size=(4, 4)))
        image.text(1, 1, "slanted", style="italic", rotation=30)
    return drawn


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    """The figure with every element that Matplotlib writes, and as a page shows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(svg, "thinned", lambda drawing: drawing)
        full = svg.inline(figure(), "it", "A figure")
    return full, svg.inline(figure(), "it", "A figure")


def count(drawing: str, tag: str = "") -> int:
    return len(re.findall(rf"<{tag}\b" if tag else r"<\w", drawing))


def pixels(browser: "Browser", drawing: str) -> Any:
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.set_content(f"<!doctype html><style>body{{margin:0;width:850px;--soft:#666}}</style>{drawing}")
    picture = Image.open(io.BytesIO(page.locator("svg").screenshot())).convert("RGB")
    page.close()
    return np.asarray(picture).astype(int)


@needs_chromium
def test_the_picture_is_the_same(browser: "Browser", pair: tuple[str, str]) -> None:
    """Only where two edges meet in one pixel may its shade differ a little; the loss of one mark is seen."""
    full, thin = (pixels(browser, each) for each in pair)
    assert full.shape == thin.shape
    lost = pixels(browser, re.sub(r"M [\d.]+ [\d.]+ h 0 ", "", pair[1], count=1))
    strays, missed = ((abs(full - each).max(axis=2) > 64).sum() for each in (thin, lost))
    assert strays < 5
    assert missed > 15


def test_most_elements_go(pair: tuple[str, str]) -> None:
    full, thin = pair
    assert count(thin) < 0.6 * count(full)
    assert count(thin, "g") < 0.1 * count(full, "g")
    assert count(thin, "defs") == 1
    assert len(thin) < len(full)


def test_every_text_and_every_reference_is_kept(pair: tuple[str, str]) -> None:
    full, thin = (re.findall(r"<text[^>]*>([^<]*)<", each) for each in pair)
    assert full == thin
    ids = re.findall(r'\bid="([^"]+)"', pair[1])
    referred = set(re.findall(r'(?:url\(|href=")#([^")]+)', pair[1]))
    assert len(ids) == len(set(ids))
    assert referred <= set(ids)


def thinned(*parts: str) -> str:
    return svg_tree.thinned(f'<svg xmlns:xlink="http://www.w3.org/1999/xlink">{"".join(parts)}</svg>')


def mark(x: int, **looks: str) -> str:
    said = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in looks.items())
    return f'<path d="M {x} 0 L {x} 9"{said}/>'


def test_only_opaque_lines_of_one_look_become_one() -> None:
    blue = {"fill": "none", "stroke": "blue"}
    assert count(thinned(mark(1, **blue), mark(2, **blue)), "path") == 1
    assert count(thinned(mark(1, **blue), mark(2, fill="none", stroke="red")), "path") == 2
    assert count(thinned(mark(1, stroke_opacity="0.4", **blue), mark(2, stroke_opacity="0.4", **blue)), "path") == 2
    assert count(thinned(mark(1, fill="blue"), mark(2, fill="blue")), "path") == 2
    assert count(thinned(mark(1, **blue), '<text x="1">between</text>', mark(2, **blue)), "path") == 2


def test_grid_lines_of_one_axis_become_one_though_seen_through() -> None:
    grid = {"fill": "none", "stroke": "blue", "stroke_opacity": "0.25"}
    ticks = (f'<g id="tick_{x}">{mark(x, **grid)}<text x="{x}">{x}</text></g>' for x in (1, 2, 3))
    thin = thinned('<g id="it-matplotlib.axis_1">', *ticks, "</g>")
    assert (count(thin, "path"), count(thin, "text"), count(thin, "g")) == (1, 3, 0)


def test_a_group_that_says_something_or_is_referred_to_stays() -> None:
    line = mark(1, fill="none", stroke="blue")
    assert count(thinned(f"<g>{line}</g>", f'<g id="nobody">{line}</g>'), "g") == 0
    assert count(thinned(f'<g opacity="0.5">{line}</g>'), "g") == 1
    assert count(thinned(f'<g id="a">{line}</g><use xlink:href="#a" x="1" y="1"/>'), "g") == 1


def test_what_paints_nothing_goes_unless_a_group_gives_it_a_line() -> None:
    bare = mark(1, fill="none")
    assert count(thinned(bare), "path") == 0
    assert count(thinned(f'<g stroke="red">{bare}</g>'), "path") == 1
