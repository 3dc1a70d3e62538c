"""Render an executed notebook and its result as one HTML page that opens offline."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from reachbook import hashing
from reachbook.engine.page import glossary
from reachbook.engine.page.card import card
from reachbook.result import Result
from reachbook.translation import Language, tr, trn, using
from reachbook.translation.control_characters import visible

TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)(?:<a class="anchor-link".*?)?</h2>', re.DOTALL)
_HIDDEN = {"parameters", "injected-parameters", "lab", "summary"}
"""Tags of cells that the page shows elsewhere (parameters, summary) or that are meant for the analyst in JupyterLab."""
_SCRIPTS = {"what_if.js": '<form class="whatif"', "cards.js": '<div class="cards"'}
"""What a page holds where it needs more than page.js."""
_FIGURE = r'<figure id="figure-{id}">.*?</figure>'


@dataclass(frozen=True)
class Header:
    """Facts about its version that the page shows.

    Attributes
    ----------
    notice : str
        What a reader must know about the data.
    data_from, data_to : str
        First and last day of the period.
    provenance : sequence of tuple of (str, sequence of str)
        (term, values) shown at the foot.
    up : str
        Relative path from the page to the folder of all reports.
    failure : str
        Where the run stopped; "" if it reached its end.
    """

    title: str
    study_title: str
    notice: str
    version: str
    data_from: str
    data_to: str
    language: Language
    currency: str
    provenance: Sequence[tuple[str, Sequence[str]]]
    up: str = "../../../"
    failure: str = ""


def page(notebook: Any, result: Result, header: Header) -> str:
    """Render the report as HTML; the same input gives the same bytes.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Executed notebook (nbformat node).
    """
    with using(header.language):
        known = glossary.by_word(environment().get_template(glossary.FILE.name).make_module().terms)  # type: ignore[attr-defined]
        shown = card(result, header.currency, header.failure, _lead(notebook, result))
        top, first = glossary.explained(fill("card.html.j2", card=shown, title=header.title), known)
        body, others = glossary.explained(_body(notebook), known)
        contents = [(id, _text(heading)) for id, heading in _HEADING.findall(body)]
        return html(
            "report.html.j2",
            page={**vars(header), "contents": contents, "code": '<pre class="code">' in body},
            card=Markup(top),
            body=Markup(body),
            terms=sorted({*first, *others}, key=lambda term: term.id),
            scripts=("page.js", *(name for name, sign in _SCRIPTS.items() if sign in body)),
            sheet=_sheet(header.version),
        )


def html(template: str, *, scripts: Sequence[str] = ("page.js",), sheet: str = "", **values: Any) -> str:
    """Fill in a page template; everything that is not Markup is escaped, and control characters are made visible.

    Parameters
    ----------
    scripts : sequence of str
        Files beside the templates that the page runs.
    sheet : str
        CSS rule for printed sheets of this page alone.
    """
    style, script = _style() + Markup(sheet), _script(*scripts)
    return visible(fill(template, style=style, script=script, policy=policy(style, script), **values))


def fill(template: str, **values: Any) -> str:
    """Fill in a part of a page."""
    return environment().get_template(template).render(**values)


def policy(style: str, script: str = "") -> Markup:
    """Content security policy of a page that loads nothing, with this style sheet and this script alone."""
    allowed = {"script": script, "style": style}
    hashes = "".join(f"{kind}-src '{_hash(text)}'; " for kind, text in allowed.items() if text)
    return Markup(f"default-src 'none'; {hashes}img-src data:; base-uri 'none'; form-action 'none'")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _style() -> Markup:
    return Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))


def _sheet(version: str) -> str:
    """CSS that names the version at the foot of each printed sheet, so that a loose one can be traced."""
    known = "".join(each for each in version if each.isalnum())
    return f'@page{{@bottom-left{{content:"{known}";font:8pt ui-monospace,monospace;color:#57606a}}}}\n'


def _script(*names: str) -> Markup:
    return Markup("".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names))


@cache
def key() -> str:
    """SHA-256 over what turns a run into a page: templates, modules that fill them, and their catalogue."""
    here = Path(__file__).parent
    files = [*sorted(path for path in TEMPLATES.rglob("*") if path.is_file())]
    files += sorted(here.glob("locale/*.po"))
    files += [
        here / name for name in ("card.py", "glossary.py", "provenance.py", "range_plot.py", "render.py", "wording.py")
    ]
    return hashing.of_data([[path.name, hashing.of_file(path)] for path in files])


@cache
def environment(*folders: Path) -> Environment:
    """Templates of these folders and, after them, of pages; a name that a template is not given is an error."""
    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=select_autoescape(["j2"], default=True),
        undefined=StrictUndefined,
    )
    made.globals |= {"tr": tr, "trn": trn}
    return made


def _body(notebook: Any) -> str:
    exporter = _exporter()
    shown = {**notebook, "cells": [_shown(cell) for cell in notebook["cells"] if not _is_hidden(cell)]}
    body, _ = exporter.from_notebook_node(type(notebook)(shown), resources={})
    return str(body).strip()


def _lead(notebook: Any, result: Result) -> str:
    """HTML of the figure that shows the decision, from the output that recorded it; "" for none."""
    lead = next((figure.id for figure in result.figures if figure.lead), "")
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    html = "\n".join(str(output.get("data", {}).get("text/html", "")) for output in outputs)
    found = re.search(_FIGURE.format(id=re.escape(lead)), html, re.DOTALL) if lead else None
    return found[0] if found else ""


@cache
def _exporter() -> Any:
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="reachbook", extra_template_basedirs=[str(TEMPLATES)])


def _is_hidden(cell: Any) -> bool:
    return bool(_HIDDEN & set(cell["metadata"].get("tags", ())))


def _shown(cell: Any) -> Any:
    """Translate a prose cell, without its first-level heading: the page has its own."""
    if cell["cell_type"] != "markdown":
        return cell
    source = cell["source"]
    return type(cell)({**cell, "source": re.sub(r"\A\s*# [^\n]*\n?", "", tr(source))})


def _text(heading: str) -> str:
    return str(Markup(heading).striptags())
