"""Every shipped catalogue: complete, up to date, and with the placeholders of its sentences."""

import re
from pathlib import Path
from string import Formatter

import pytest

from reachbook.translation import catalogue
from reachbook.translation.collect import collected, packages

ROOT = Path(__file__).parents[2]
CATALOGUES = [pytest.param(path, id=str(path.relative_to(catalogue.PACKAGE))) for path in catalogue.files("zh")]
_CHINESE = re.compile(r"[一-鿿]")
_WORDS = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2}")


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", CATALOGUES)
def test_every_sentence_has_its_translation(path: Path) -> None:
    assert [entry.id for entry in catalogue.read(path) if entry.id and not any(entry.string or "")] == []


@pytest.mark.parametrize("path", CATALOGUES)
def test_a_translation_fills_only_what_its_sentence_has(path: Path) -> None:
    for entry in catalogue.read(path):
        if entry.id and "python-brace-format" in entry.flags:
            known = set().union(*map(holes, forms(entry.id)))
            assert set().union(*map(holes, forms(entry.string))) <= known, entry.id


@pytest.mark.parametrize("path", CATALOGUES)
def test_a_translation_is_chinese(path: Path) -> None:
    """A sentence of several English words is none that Chinese writes with the same letters."""
    for entry in catalogue.read(path):
        for english, chinese in zip(forms(entry.id), forms(entry.string), strict=False):
            assert _CHINESE.search(chinese) or not _WORDS.search(re.sub(r"\{[^}]*\}|`[^`]*`", "", english)), english


def test_the_catalogues_hold_what_the_code_says_and_no_more() -> None:
    for folder, sources in packages(ROOT).items():
        said = {forms(text)[0] for source in sources for _, text in collected(source)}
        path = folder / "locale" / "zh.po"
        held = {forms(entry.id)[0] for entry in catalogue.read(path) if entry.id} if path.exists() else set()
        assert said ^ held == set(), f"{folder.name}: run `make messages`"


def test_the_catalogue_of_the_analysis_wins_on_its_page() -> None:
    sentiment, effects = (catalogue.messages("zh", package)["positive"] for package in ("sentiment", "effects"))
    assert (sentiment, effects) == ("正面", "为正")


def test_one_sentence_has_one_translation() -> None:
    """A word, as in a heading, may have another in each analysis, whose own catalogue wins on its page."""
    found: dict[str, str] = {}
    for path in catalogue.files("zh"):
        for entry in catalogue.read(path):
            if entry.id and len(forms(entry.id)[0].split()) > 3:
                assert found.setdefault(forms(entry.id)[0], forms(entry.string)[0]) == forms(entry.string)[0], entry.id
