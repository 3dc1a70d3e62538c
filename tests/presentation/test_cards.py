"""Cards as HTML: everything stands there without a script, text is escaped, and bars are as long as their numbers."""

import re

from reachbook.presentation.cards import Card, Cards, Comparison, Topic, html, text


def deck(*topics: Topic, title: str = "night <readers>") -> Cards:
    card = Card("segment-1", title, (("People", "12 (3.0%)"),), "Above all more: night & books.", topics)
    return Cards("segments", "Segment", "all segments", ("here", "the others"), (card,))


def test_the_control_offers_all_and_each_card_and_is_hidden_without_a_script() -> None:
    shown = html(deck(), "CNY")
    assert re.findall('<option value="([^"]*)">([^<]*)<', shown) == [
        ("", "all segments"),
        ("segment-1", "night &lt;readers&gt;"),
    ]
    assert '<div class="choose" hidden><label for="choose-segments">Segment</label>' in shown
    assert '<select id="choose-segments"' in shown
    assert '<article id="segment-1"><h3>night &lt;readers&gt;</h3>' in shown
    assert shown.count(" hidden") == 1


def test_numbers_stand_in_their_units_and_the_larger_fills_the_bar() -> None:
    rows = (Comparison("night", 0.2, 0.4), Comparison("an order", 1200.0, 300.0, "money"))
    shown = html(deck(Topic("habits", rows)), "CNY")
    assert re.findall(r'<td class="number">([^<]*)<', shown) == ["20.0%", "40.0%", "¥1,200", "¥300.00"]
    assert re.findall(r'width="([\d.]+)" height="6"/><path d="M([\d.]+) ', shown) == [
        ("50.0", "100.0"),
        ("100.0", "25.0"),
    ]
    assert shown.count('<th scope="row" rowspan="2">habits</th>') == 1


def test_what_is_not_above_zero_has_no_bar() -> None:
    shown = html(deck(Topic("traits", (Comparison("score", -1.0, 0.0, ""), Comparison("lost", -1.0, 2.0, "")))), "CNY")
    assert re.findall(r'width="([\d.]+)" height="6"', shown) == ["0.0"]


def test_a_topic_without_differences_says_so() -> None:
    shown = html(deck(Topic("hours", (), "much like the others")), "CNY")
    assert '<th scope="row">hours</th><td class="none" colspan="4">much like the others</td>' in shown


def test_plain_text_tells_titles_and_facts() -> None:
    assert text(deck(title="buyers")) == "buyers, People 12 (3.0%)"
