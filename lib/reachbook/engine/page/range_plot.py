"""A finding against its reference, as a drawing that is as wide as its place: axis, interval, and what each end is."""

from collections.abc import Callable

from markupsafe import Markup

from reachbook.presentation.numbers import MINUS, PERCENTAGES, number, spread
from reachbook.presentation.style import ems
from reachbook.report import finding_text
from reachbook.result import Finding
from reachbook.translation import tr

NARROWEST = 160
"""Pixels at which labels must not run into each other."""
_SIZE = 11
_MARGIN = 4


def range_plot(finding: Finding, currency: str) -> Markup:
    """Value and interval against the reference, as SVG; "" where there is no value or no reference.

    Notes
    -----
    Places are percentages and texts have a fixed size, so that one drawing reads well at every width.
    """
    points = [each for each in (finding.low, finding.value, finding.high, finding.reference) if each is not None]
    if finding.value is None or finding.reference is None or min(points) == max(points):
        return Markup("")
    start, span = min(points), max(points) - min(points)

    def place(value: float) -> float:
        return _MARGIN + (100 - 2 * _MARGIN) * (value - start) / span

    against = _against(finding, finding.reference, currency)
    parts = [
        '<path class="axis" d="M0 19V27"/><line class="axis" x2="100%" y1="23" y2="23"/>',
        f'<line class="axis" {_across(100.0)} y1="19" y2="27"/>',
        f'<line class="reference" {_across(place(finding.reference))} y1="14" y2="31"/>',
        _label(place(finding.reference), 10, against),
        _interval(finding, place, currency),
        f'<circle cx="{place(finding.value):.1f}%" cy="23" r="5"/>',
    ]
    said = tr(
        "{label}: {said}; {against}",
        label=finding.label,
        said=finding_text(finding, currency),
        against=against,
    )
    head = f'<svg class="range" role="img" aria-label="{Markup.escape(said)}">'
    return Markup(f"{head}{''.join(parts)}</svg>")


def _against(finding: Finding, reference: float, currency: str) -> str:
    """What the finding is held against, named where its notebook names it."""
    shown = _short(reference, finding.unit, currency)
    if not reference and finding.low is not None and finding.high is not None and finding.unit not in PERCENTAGES:
        shown = spread(finding.low, 0.0, finding.high, finding.unit, currency)[1]
    return f"{finding.against} {shown}" if finding.against else tr("against {reference}", reference=shown)


def _interval(finding: Finding, place: Callable[[float], float], currency: str) -> str:
    """The interval with both its ends in words; "" where it is not known."""
    if finding.low is None or finding.high is None:
        return ""
    low, high = place(finding.low), place(finding.high)
    if finding.unit in ("points", "change"):
        ends = [_short(each, finding.unit, currency) for each in (finding.low, finding.high)]
    else:
        middle = finding.low if finding.value is None else finding.value
        ends = list(spread(finding.low, middle, finding.high, finding.unit, currency)[::2])
    labels = _label(low, 42, ends[0]) + _label(high, 42, ends[1])
    if _left(high, ends[1]) < _left(low, ends[0]) + _width(ends[0]) + _SIZE:
        labels = _label((low + high) / 2, 42, " – ".join(ends))
    return f'<line class="interval" x1="{low:.1f}%" x2="{high:.1f}%" y1="23" y2="23"/>{labels}'


def _short(value: float, unit: str, currency: str) -> str:
    """A number without the words "percentage points", which stand beside the value itself."""
    if unit not in ("points", "change"):
        return number(value, unit, currency)
    text = f"{abs(100 * value):,.1f}"
    if text == "0.0":
        return "0"
    return f"{MINUS}{text}" if value < 0 else f"+{text}" if unit == "change" else text


def _across(x: float) -> str:
    return f'x1="{x:.1f}%" x2="{x:.1f}%"'


def _label(x: float, y: int, text: str) -> str:
    """A text below or above `x` (percent), kept inside the narrowest drawing; a longer one is set as narrow as that."""
    middle, half = x / 100 * NARROWEST, _width(text) / 2
    anchor, x = ("start", 0) if middle < half else ("end", 100) if middle + half > NARROWEST else ("middle", x)
    squeezed = f' textLength="{NARROWEST}" lengthAdjust="spacingAndGlyphs"' if 2 * half > NARROWEST else ""
    return f'<text x="{x:.1f}%" y="{y}" text-anchor="{anchor}"{squeezed}>{Markup.escape(text)}</text>'


def _left(x: float, text: str) -> float:
    return min(max(x / 100 * NARROWEST - _width(text) / 2, 0), NARROWEST - _width(text))


def _width(text: str) -> float:
    return ems(text) * _SIZE
