"""Drawings need no style sheet, no font and no script of the page that shows them."""

import re

from reachbook.presentation import style, svg


def drawn() -> str:
    with style.theme():
        figure, (left, right) = style.figure(3, 2)
        left.plot([0, 1], [0, 1], "--", label='a "b" style="c"')
        left.fill_between([0, 1], [0, 0], [1, 1], alpha=0.2, hatch="//")
        left.set_title("标题")
        left.legend()
        right.imshow([[1, 2], [3, 4]])
        right.text(0, 0, "slanted", style="italic")
    return svg.inline(figure, "id", "Two. Drawings")


def test_nothing_is_styled_in_place() -> None:
    html = drawn()
    tags = re.findall(r"<[^<>]+>", html)
    assert not [tag for tag in tags if re.search(r'[\s]style=|<style|font="|font-family', tag)]
    assert 'style="c"' in html


def test_what_was_styled_stands_as_attributes() -> None:
    html = drawn()
    assert re.search(r'<text font-weight="700" font-size="11px"[^>]*>标题<', html)
    assert 'font-style="italic"' in html
    assert 'stroke-dasharray="' in html
    assert 'fill-opacity="0.2"' in html
    assert '<svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 576 216" class="w5" role="img"' in html


def test_the_same_drawing_has_the_same_bytes() -> None:
    assert drawn() == drawn()


def test_a_control_character_in_a_name_is_shown_and_breaks_nothing() -> None:
    with style.theme():
        figure, (axes,) = style.figure(3)
        axes.set_title("a\x0bb")
    assert ">a␋b<" in svg.inline(figure, "id", "A\x01")
