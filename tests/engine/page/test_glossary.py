"""Terms on a page are those of docs/glossary.md, each explained once, in the page's language."""

import re
from pathlib import Path

from reachbook.engine.page import glossary
from reachbook.translation import using

DOC = Path(__file__).parents[3] / glossary.DOC
ROWS = [
    ("lift", "提升（率）", "What was added."),
    ("lift test", "增量测试", "Spend was changed on purpose."),
    ("ROI", "投资回报", "Money for money."),
    ("rule, constraint", "约束条件", "What a plan must keep."),
]


def marked(html: str) -> tuple[str, list[str]]:
    page, found = glossary.explained(html, glossary.by_word(ROWS))
    button = re.compile(r'<button type="button" class="term" popovertarget="(.*?)">(.*?)</button>')
    page = re.sub(r'<span class="joined">(.*?)</span>', r"[\1]", page)
    return button.sub(r"{\2|\1}", page), [term.id for term in found]


def test_the_terms_of_pages_are_those_of_the_documentation() -> None:
    """Where they are not: `python -m reachbook.engine.page.glossary`."""
    assert glossary.FILE.read_text("utf-8") == glossary.template(DOC.read_text("utf-8"))


def test_each_term_is_marked_where_it_is_mentioned_first() -> None:
    page, found = marked("<p>Two Lifts, a lift test and a lift.</p><li>A lift; ROI, and a roi.</li>")
    first, second = page.split("</p>")
    assert first == "<p>Two [{Lifts|term-lift},] a {lift test|term-lift-test} and a lift."
    assert second == "<li>A lift; [{ROI|term-roi},] and a roi.</li>"
    assert found == ["term-lift", "term-lift-test", "term-roi"]


def test_code_links_headings_decisions_and_parts_of_words_are_left_alone() -> None:
    html = '<h2>Lift</h2><p class="decision">Lift.</p><p><code>lift</code> <a href="#lift">lift</a> uplift shoplift</p>'
    assert marked(html) == (html, [])


def test_chinese_terms_stand_anywhere_and_without_their_brackets() -> None:
    with using("zh"):
        page, found = marked("<p>每次增量测试的提升都要看。</p>")
    assert page == "<p>每次{增量测试|term-lift-test}的{提升|term-lift}都要看。</p>"
    assert found == ["term-lift-test", "term-lift"]


def test_no_line_begins_with_a_mark_that_follows_a_term() -> None:
    """Browsers may break a line on either side of a button, even before a comma."""
    assert marked("<p>More (ROI), and lift-like, then.</p>")[0] == (
        "<p>More [({ROI|term-roi}),] and {lift|term-lift}-like, then.</p>"
    )
    with using("zh"):
        assert marked("<p>看“提升”。约束条件，等。</p>")[0] == (
            "<p>看[“{提升|term-lift}”。][{约束条件|term-rule},]等。</p>".replace(",]", "，]")
        )


def test_what_a_reader_chooses_from_stays_what_it_is() -> None:
    """A button inside a label would take the click that is meant for the box, and none may stand in a list."""
    html = '<p><label>Lift <input type="radio"></label><select><option>ROI</option></select>, a lift</p>'
    page, found = marked(html)
    assert page == html.replace("a lift", "a {lift|term-lift}")
    assert found == ["term-lift"]
