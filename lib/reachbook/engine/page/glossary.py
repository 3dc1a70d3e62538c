"""Terms of docs/glossary.md on a page; `python -m reachbook.engine.page.glossary` takes them over from there."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reachbook.translation import language

DOC = "docs/glossary.md"
FILE = Path(__file__).parent / "templates" / "glossary.j2"
SELF_EVIDENT = {
    *("study", "parameter", "version", "finding", "gate", "check", "verdict", "decision", "tone", "draft", "seed"),
    *("period", "unit", "rule", "series", "power", "balance", "stream", "gap", "cut", "outcome", "domain", "panel"),
}
"""Words that reports also use as everyone does: pages do not explain them."""
_HEAD = "{# Terms for pages, made from docs/glossary.md by `python -m reachbook.engine.page.glossary`. -#}\n"
_ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_PART = re.compile(r"(<[^>]+>)")
_TEXT = re.compile(r"<(p|li|figcaption)\b(?! class=\"(?:decision|said|status))[^>]*>.*?</\1>", re.DOTALL)
_BEFORE, _AFTER = "(?P<before>[(（《“‘]*)", "(?P<after>[.,;:!?)。，、；：！？）》”’…]*)"
"""Marks that stay on the line of a term: browsers may break a line on either side of a button."""
_CLOSED = ("a", "button", "code", "label", "option", "pre", "select", "summary", "svg", "textarea")


@dataclass(frozen=True)
class Term:
    """A term with its meaning.

    Attributes
    ----------
    here, there : str
        The term in the page's language, and in the other one.
    """

    id: str
    here: str
    there: str
    meaning: str


def template(doc: str) -> str:
    """The file of terms, from the text of docs/glossary.md."""
    rows = [row for row in _ROW.findall(doc) if not ({"word"} | SELF_EVIDENT) & set(row[0].split(", "))]
    lines = [f'("{word}", "{chinese}", tr("{_plain(meaning)}")),\n' for word, chinese, meaning in rows]
    return f"{_HEAD}{{% set terms = [\n{''.join(lines)}] %}}\n"


def _plain(text: str) -> str:
    """A cell of the table without its Markdown."""
    return re.sub(r"\[(.+?)\]\(.+?\)|[*`]", lambda found: found[1] or "", text).replace('"', "'")


def explained(html: str, terms: Mapping[str, Term]) -> tuple[str, list[Term]]:
    """Turn the first mention of each term in prose into a button that opens its meaning.

    Parameters
    ----------
    terms : mapping of str to Term
        By the word that is looked for, see `by_word`.

    Returns
    -------
    tuple of (str, list of Term)
        The HTML, and the terms that it mentions.
    """
    seen: dict[str, Term] = {}
    pattern = _pattern(tuple(terms))

    def button(match: re.Match[str]) -> str:
        word, said = match["word"], match["said"]
        term = terms[word if word in terms else word.lower()]
        if term.id in seen:
            return match[0]
        seen[term.id] = term
        made = f'<button type="button" class="term" popovertarget="{term.id}">{said}</button>'
        marks = match["before"] or match["after"]
        return f'<span class="joined">{match["before"]}{made}{match["after"]}</span>' if marks else made

    html = _TEXT.sub(lambda text: "".join(_marked(text[0], pattern, button)), html)
    return html, list(seen.values())


def _marked(html: str, pattern: re.Pattern[str], button: Callable[[re.Match[str]], str]) -> Iterator[str]:
    """The parts of a paragraph, with terms marked where they are neither code nor inside another control."""
    inside = 0
    for part in _PART.split(html):
        if part.startswith("<"):
            name = part.strip("</>").partition(" ")[0]
            inside += (-1 if part.startswith("</") else 1) if name in _CLOSED else 0
            yield part
        else:
            yield part if inside else pattern.sub(button, part)


def by_word(rows: Iterable[tuple[str, str, str]]) -> dict[str, Term]:
    """Terms by the words that mention them in the page's language; `rows` as in `FILE`."""
    found: dict[str, Term] = {}
    for words, chinese, meaning in rows:
        english, own = words.split(", "), _chinese(chinese)
        id = "term-" + re.sub(r"\W+", "-", english[0].lower())
        here, there = (chinese, words) if language() == "zh" else (words, chinese)
        term = Term(id, here, there, meaning)
        found |= dict.fromkeys(own if language() == "zh" else english, term)
    return found


def _chinese(cell: str) -> list[str]:
    """Words of a Chinese cell, without what stands in brackets."""
    return [word for word in re.split("，", re.sub("（.*?）", "", cell)) if word]


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first; names in capitals only as they are written."""
    longest = sorted(words, key=len, reverse=True)
    if language() == "zh":
        return re.compile(rf"{_BEFORE}(?P<said>(?P<word>{'|'.join(map(re.escape, longest))})){_AFTER}")
    parts = (re.escape(word) if word != word.lower() else f"(?i:{re.escape(word)})" for word in longest)
    return re.compile(rf"{_BEFORE}(?P<said>\b(?P<word>{'|'.join(parts)})(?:e?s)?\b){_AFTER}")


if __name__ == "__main__":
    FILE.write_text(template(Path(DOC).read_text("utf-8")), "utf-8")
