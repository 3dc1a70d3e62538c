"""Five slides: the decision, the figure that shows it, the findings, what to do, how sure it is."""

import io
from pathlib import Path
from typing import Any

from reachbook.engine.page.card import MOST
from reachbook.engine.page.wording import verdict_words
from reachbook.presentation.spreadsheets import fitting, pictured
from reachbook.report import finding_text, gate_class
from reachbook.result import Finding, Result
from reachbook.translation import tr
from reachbook.verdict import failed

_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.7
"""Size of a slide and its margin, in inches."""
_INK, _SOFT = (0x1B, 0x1F, 0x24), (0x57, 0x60, 0x6A)
_TONES = {"act": (0x11, 0x63, 0x29), "do not act": (0xA4, 0x0E, 0x26), "no decision": _SOFT}
_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}
_LINES = 12
"""Lines of a list that a slide can hold."""


def write(result: Result, version: str, title: str, currency: str, pictures: dict[str, Path], target: Path) -> None:
    """Write the presentation.

    Parameters
    ----------
    pictures : dict of str to Path
        PNG file of each figure by id; the figure of the decision is shown where it is among them.
    """
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    foot = f"{title} · {version}"
    _decision(_slide(deck, title, foot), result)
    _figure(_slide(deck, tr("What shows it"), foot), result, pictures, currency)
    _findings(_slide(deck, tr("The numbers"), foot), result, currency)
    _bullets(_slide(deck, tr("What to do"), foot), [result.decision, *result.grounds])
    _sure(_slide(deck, tr("How sure is that"), foot), result)
    deck.core_properties.title, deck.core_properties.subject = title, version
    deck.core_properties.author = "Reachbook"
    deck.save(str(target))


def _slide(deck: Any, heading: str, foot: str) -> Any:
    from pptx.enum.text import PP_ALIGN

    slide = deck.slides.add_slide(deck.slide_layouts[5])  # a title alone
    slide.shapes.title.text_frame.text = heading
    _place(slide.shapes.title, _EDGE, 0.4, _WIDTH - 2 * _EDGE, 0.9)
    _text(slide.shapes.title.text_frame.paragraphs[0], 30, _INK, bold=True).alignment = PP_ALIGN.LEFT
    note = slide.shapes.add_textbox(*_inches(_EDGE, _HEIGHT - 0.55, _WIDTH - 2 * _EDGE, 0.35)).text_frame
    note.text = foot
    _text(note.paragraphs[0], 11, _SOFT)
    return slide


def _decision(slide: Any, result: Result) -> None:
    frame = slide.shapes.add_textbox(*_inches(_EDGE, 1.7, _WIDTH - 2 * _EDGE, 4.5)).text_frame
    frame.word_wrap = True
    frame.text = verdict_words(result)
    _text(frame.paragraphs[0], 22, _TONES[result.verdict], bold=True)
    _text(_paragraph(frame, result.decision or _reason(result)), 32, _INK)


def _reason(result: Result) -> str:
    blocking = failed(result.gates)
    return blocking[0].detail if blocking else ""


def _figure(slide: Any, result: Result, pictures: dict[str, Path], currency: str) -> None:
    lead = next((each for each in result.figures if each.lead and each.id in pictures), None)
    if lead is None:
        _findings(slide, result, currency)
        return
    from pptx.util import Inches

    picture = slide.shapes.add_picture(str(pictures[lead.id]), Inches(_EDGE), Inches(1.4), height=Inches(5.3))
    if picture.width > Inches(_WIDTH - 2 * _EDGE):
        picture.height = int(picture.height * Inches(_WIDTH - 2 * _EDGE) / picture.width)
        picture.width = Inches(_WIDTH - 2 * _EDGE)
    picture.left = int((Inches(_WIDTH) - picture.width) / 2)
    picture.element.nvPicPr.cNvPr.set("descr", lead.alt)


def _findings(slide: Any, result: Result, currency: str) -> None:
    """The findings as a table and, where several share a unit, as a native chart beside it."""
    shown = result.findings[: 2 * MOST]
    alike = _alike(shown)
    width = 6.2 if len(alike) > 1 else _WIDTH - 2 * _EDGE
    if shown:
        table = slide.shapes.add_table(len(shown), 2, *_inches(_EDGE, 1.6, width, 0.5 * len(shown))).table
        table.first_row = False
        for row, finding in enumerate(shown):
            for column, text in enumerate((finding.label, finding_text(finding, currency))):
                cell = table.cell(row, column)
                cell.text = text
                _text(cell.text_frame.paragraphs[0], 16, _INK, bold=column == 1)
    if len(alike) > 1:
        _chart(slide, alike)


def _alike(findings: tuple[Finding, ...]) -> list[Finding]:
    """The largest group of findings that have a value and share a unit."""
    groups: dict[str, list[Finding]] = {}
    for each in findings:
        if each.value is not None:
            groups.setdefault(each.unit, []).append(each)
    return max(groups.values(), key=len, default=[])


def _chart(slide: Any, findings: list[Finding]) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION

    percent = findings[0].unit in ("ratio", "chance", "points", "change")
    data = CategoryChartData(number_format="0.0%" if percent else "#,##0.##")
    labels, values = [pictured(each.label) for each in reversed(findings)], [each.value for each in reversed(findings)]
    data.categories = labels
    data.add_series(tr("value"), values)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *_inches(7.1, 1.5, 5.5, 5.0), data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_behind(labels, values))
    chart.has_legend = chart.has_title = False
    plot = chart.plots[0]
    plot.has_data_labels, plot.gap_width = True, 60
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False


def _behind(labels: list[str], values: list[float | None]) -> bytes:
    """The sheet behind a chart, as the library lays it out, but with every label as text, even =1+1."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 1, tr("value"))
        for row, (label, value) in enumerate(zip(labels, values, strict=True), start=1):
            sheet.write_string(row, 0, fitting(label))
            sheet.write_number(row, 1, value or 0.0)
    return out.getvalue()


def _sure(slide: Any, result: Result) -> None:
    passed = sum(gate.passed for gate in result.gates)
    head = tr("{passed} of {n} checks passed", passed=passed, n=len(result.gates))
    ordered = sorted(result.gates, key=lambda gate: gate.passed)
    _bullets(slide, [head, *(f"{_MARKS[gate_class(gate)]} {gate.detail}" for gate in ordered)])


def _bullets(slide: Any, lines: list[str]) -> None:
    frame = slide.shapes.add_textbox(*_inches(_EDGE, 1.5, _WIDTH - 2 * _EDGE, 5.2)).text_frame
    frame.word_wrap = True
    told = [line for line in lines if line]
    more = len(told) - _LINES
    told = [*told[: _LINES - 1], tr("and {n} more on the page", n=more + 1)] if more > 0 else told
    size = 20 if sum(map(len, told)) < 700 else 14
    for place, line in enumerate(told):
        paragraph = _paragraph(frame, line) if place else frame.paragraphs[0]
        paragraph.text = line
        _text(paragraph, size, _INK, bold=place == 0).space_after = _points(6)


def _paragraph(frame: Any, text: str) -> Any:
    paragraph = frame.add_paragraph()
    paragraph.text = text
    return paragraph


def _text(paragraph: Any, size: float, colour: tuple[int, int, int], bold: bool = False) -> Any:
    from pptx.dml.color import RGBColor

    paragraph.font.size, paragraph.font.bold = _points(size), bold
    paragraph.font.color.rgb = RGBColor(*colour)
    return paragraph


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)


def _inches(*sizes: float) -> list[Any]:
    from pptx.util import Inches

    return [Inches(size) for size in sizes]


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = _inches(left, top, width, height)
