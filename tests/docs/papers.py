"""The project's papers: their links, headings and fenced blocks, as GitHub reads them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_UNSAID = re.compile(r"[^\w\- ]")
"""What GitHub leaves out of a heading's anchor."""


def papers() -> list[Path]:
    """Every page that is written by hand or made, in the repository itself."""
    folders = (ROOT, ROOT / "docs", ROOT / "data", ROOT / "reports", ROOT / "findings")
    return sorted(path for folder in folders for path in folder.glob("*.md"))


@dataclass(frozen=True)
class Paper:
    """One page, parsed.

    links : targets as written. anchors : of its headings. spans : text of code in lines.
    blocks : (language, text) of each fenced block.
    """

    path: Path
    links: tuple[str, ...]
    anchors: frozenset[str]
    spans: tuple[str, ...]
    blocks: tuple[tuple[str, str], ...]


def read(path: Path) -> Paper:
    """Parse a page."""
    tokens = _MARKDOWN.parse(path.read_text("utf-8"))
    inner = [child for token in tokens for child in token.children or ()]
    return Paper(
        path,
        tuple(str(target) for token in inner if (target := token.attrGet("href") or token.attrGet("src"))),
        frozenset(_anchors(tokens)),
        tuple(token.content for token in inner if token.type == "code_inline"),
        tuple((token.info, token.content) for token in tokens if token.type == "fence"),
    )


def _anchors(tokens: list[Token]) -> Iterator[str]:
    seen: set[str] = set()
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            anchor = _UNSAID.sub("", _said(inline).lower()).replace(" ", "-")
            free = next(each for n in count() if (each := f"{anchor}-{n}" if n else anchor) not in seen)
            seen.add(free)
            yield free


def _said(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def missing(paper: Paper) -> list[str]:
    """Links of a page to files and anchors that are not there; addresses on the web are not asked."""
    return [link for link in paper.links if not re.match(r"[a-z]+:", link) and not _resolves(paper.path, link)]


def _resolves(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if name and not (target.exists() and target.is_relative_to(ROOT)):
        return False
    return not anchor or (target.suffix == ".md" and anchor in read(target).anchors)
