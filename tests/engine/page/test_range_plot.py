"""A finding against its reference: where things stand, and that no two labels run into each other."""

import re
from itertools import pairwise

import pytest

from reachbook.engine.page.range_plot import NARROWEST, range_plot
from reachbook.presentation.style import ems
from reachbook.result import Finding


def texts(plot: str) -> dict[str, float]:
    return {text: float(x) for x, text in re.findall(r'<text x="([\d.]+)%"[^>]*>(.*?)</text>', plot)}


def test_axis_interval_value_and_reference_stand_in_proportion() -> None:
    plot = range_plot(Finding("a", "Gain", 0.6, 0.4, 1.0, "ratio", 0.0), "CNY")
    line = re.search(r'class="interval" x1="([\d.]+)%" x2="([\d.]+)%"', plot)
    dot = re.search(r'<circle cx="([\d.]+)%"', plot)
    assert line
    assert dot
    assert [float(x) for x in (line[1], line[2], dot[1])] == pytest.approx([4 + 92 * 0.4, 96, 4 + 92 * 0.6], abs=0.05)
    assert texts(plot) == pytest.approx({"against 0.0%": 0, "40.0%": 40.8, "100.0%": 100}, abs=0.05)


def test_what_the_reference_is_stands_beside_it_and_is_said() -> None:
    plot = range_plot(Finding("a", "Share", 0.6, 0.4, 1.0, "ratio", 0.3, "average of all"), "CNY")
    assert "average of all 30.0%" in texts(plot)
    assert 'aria-label="Share: 60.0% [40.0%, 100.0%]; average of all 30.0%"' in plot


def test_ends_that_would_touch_are_one_label() -> None:
    plot = range_plot(Finding("a", "Share", 0.412, 0.405, 0.419, "ratio", 0.25), "CNY")
    assert "40.5% – 41.9%" in texts(plot)


def test_percentage_points_are_named_beside_the_value_alone() -> None:
    plot = range_plot(Finding("a", "Change", 0.019, -0.022, 0.059, "change", 0.0, "no change"), "CNY")
    assert set(texts(plot)) == {"no change 0", "−2.2", "+5.9"}
    assert 'aria-label="Change: +1.9 percentage points' in plot


@pytest.mark.parametrize("low", [1.0, 40_000.0, 79_000.0])
def test_labels_of_ends_never_touch(low: float) -> None:
    plot = range_plot(Finding("a", "Gain", 80_000.0, low, 99_000.0, "money", 0.0), "CNY")
    below = re.findall(r'<text x="([\d.]+)%" y="42" text-anchor="(\w+)">(.*?)<', plot)
    spans = []
    for x, anchor, text in below:
        width = ems(text) * 11
        left = float(x) / 100 * NARROWEST - {"start": 0, "middle": width / 2, "end": width}[anchor]
        spans.append((left, left + width))
    assert len(below) in (1, 2)
    assert all(one[1] < two[0] for one, two in pairwise(spans))
    assert min(left for left, _ in spans) >= 0
    assert max(right for _, right in spans) <= NARROWEST + 0.1


@pytest.mark.parametrize(
    "finding",
    [Finding("a", "A", 1.0, 0.5, 1.5), Finding("a", "A", None, reference=0.0), Finding("a", "A", 1.0, reference=1.0)],
)
def test_without_a_reference_or_a_span_there_is_nothing_to_draw(finding: Finding) -> None:
    assert range_plot(finding, "CNY") == ""


def test_a_name_too_long_for_the_narrowest_drawing_is_set_narrower() -> None:
    short, long = (
        range_plot(Finding("a", "Return", 2.0, 1.5, 2.8, "", 1.67, name), "CNY")
        for name in ("break-even", "break-even at the margin of everything sold")
    )
    assert "textLength" not in short
    assert f'textLength="{NARROWEST}" lengthAdjust="spacingAndGlyphs">break-even at the margin' in long


def test_words_are_no_markup() -> None:
    assert "<b>" not in range_plot(Finding("a", "<b>", 1.0, 0.5, 1.5, "<b>", 0.0), "CNY")
