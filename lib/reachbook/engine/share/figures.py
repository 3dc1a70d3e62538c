"""Figures of a published version as SVG files of their own, with the version's name below."""

import json
import re
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from reachbook.presentation.style import INK, SOFT

_FIGURE = re.compile(r'<figure id="figure-([a-z0-9_]+)"[^>]*>\s*(?:<div[^>]*>\s*)?(<svg\b.*?</svg>)', re.DOTALL)
_BOX = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
_ALT = re.compile(r'aria-label="([^"]*)"')
_SCRIPT = re.compile(r"<script\b.*?(</script\s*>|/>|$)", re.DOTALL | re.IGNORECASE)
"""What a figure may not take along: no policy of a page holds it back in a file of its own."""
_SOFT = re.compile(r"var\(--soft[^)]*\)")
_FOOT = 16.0
"""Height below the figure for the version's name, in the figure's units."""
_FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class PublishedFigure:
    """A figure that stands alone.

    Attributes
    ----------
    svg : str
        The whole file.
    width, height : float
        In CSS pixels.
    alt : str
        What it shows.
    """

    id: str
    svg: str
    width: float
    height: float
    alt: str


def figures(folder: Path) -> list[PublishedFigure]:
    """Figures of a published version that can stand alone, in the notebook's order.

    Notes
    -----
    They come from the executed notebook. The page holds the same, but nbconvert writes its attributes in small letters,
    which HTML corrects and SVG does not.
    """
    drawn = _drawn(folder)
    return [_alone(id, svg, box, folder.name) for id, svg in drawn.items() if (box := _BOX.search(_head(svg)))]


def boxless(folder: Path) -> list[str]:
    """Ids of figures that cannot stand alone, because they have no viewBox."""
    return [id for id, svg in _drawn(folder).items() if not _BOX.search(_head(svg))]


def _drawn(folder: Path) -> dict[str, str]:
    cells = json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    html = "\n".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)
    return {id: _SCRIPT.sub("", svg) for id, svg in _FIGURE.findall(html)}


def _head(svg: str) -> str:
    """The first tag, which speaks of the whole figure."""
    return svg.partition(">")[0]


def _alone(id: str, svg: str, box: re.Match[str], version: str) -> PublishedFigure:
    """Give an inline figure its own colours, fonts and namespace, and the version's name."""
    left, top, width, height = map(float, box.groups())
    alt = _ALT.search(svg)
    start = svg.index(">") + 1
    body = svg[start:].replace("currentColor", INK).removesuffix("</svg>")
    body = _SOFT.sub(SOFT, body)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:.0f}" '
        f'height="{height + _FOOT:.0f}" viewBox="{left:g} {top:g} {width:g} {height + _FOOT:g}" font-family="{_FONTS}" '
        f'fill="{INK}" stroke-linejoin="round" stroke-linecap="butt">'
    )
    foot = (
        f'<text x="{left + width - 4:g}" y="{top + height + _FOOT - 4:g}" text-anchor="end" font-size="9" '
        f'fill="{SOFT}">{escape(version)}</text>'
    )
    paper = f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height + _FOOT:g}" fill="#ffffff"/>'
    said = unescape(alt[1]) if alt else id
    return PublishedFigure(
        id, f"{head}<title>{escape(said)}</title>{paper}{body}{foot}</svg>\n", width, height + _FOOT, said
    )


def standing(figure: PublishedFigure) -> str:
    """An HTML page that holds the figure alone, for a browser to draw."""
    rule = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{rule}">'
    return f"<!doctype html>{head}<style>body{{margin:0}}svg{{display:block}}</style>{figure.svg}"
