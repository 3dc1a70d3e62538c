"""Sentences are collected from modules, templates and notebooks, and translations outlive it."""

import json
from pathlib import Path

from reachbook.translation import catalogue
from reachbook.translation.collect import collected, packages, update

ROOT = Path(__file__).parents[2]


def test_marked_sentences_of_modules_and_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'tr("One {x}", x=1); trn("a row", "{n} rows", 2); mark("Kept"); other("Not")\n', "utf-8"
    )
    (tmp_path / "b.j2").write_text('<p>{{ tr("Two") }}</p>', "utf-8")
    assert [text for _, text in collected(tmp_path)] == ["One {x}", ("a row", "{n} rows"), "Kept", "Two"]


def test_a_notebook_gives_its_title_and_the_prose_that_a_page_shows(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["## A\n", "b"]},
        {"cell_type": "markdown", "metadata": {"tags": ["lab"]}, "source": "hidden"},
        {"cell_type": "code", "metadata": {}, "source": "tr('x')"},
    ]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"metadata": {"reachbook": {"title": "Why?"}}, "cells": cells}), "utf-8")
    assert [text for _, text in collected(path)] == ["Why?", "## A\nb"]


def test_an_update_keeps_translations_and_drops_what_is_no_longer_said(tmp_path: Path) -> None:
    path = tmp_path / "locale" / "zh.po"
    assert update(path, [("a.py", "Old"), ("a.py", ("{n} row", "{n} rows"))]) == ["Old", "('{n} row', '{n} rows')"]
    path.write_text(path.read_text("utf-8").replace('msgid "Old"\nmsgstr ""', 'msgid "Old"\nmsgstr "旧"'), "utf-8")
    assert update(path, [("a.py", "Old"), ("b.py", "New")]) == ["New"]
    assert {entry.id: entry.string for entry in catalogue.read(path) if entry.id} == {"Old": "旧", "New": ""}
    first = path.read_bytes()
    update(path, [("a.py", "Old"), ("b.py", "New")])
    assert path.read_bytes() == first


def test_the_page_has_a_catalogue_of_its_own_which_a_sentence_of_the_shelf_leaves_alone() -> None:
    """The page's key covers its catalogue: a change in it renders every report anew."""
    engine = catalogue.PACKAGE / "engine"
    said = {
        folder: {str(path) for source in packages(ROOT)[folder] for path, _ in collected(source)}
        for folder in (engine, engine / "page")
    }
    shelf, card = (str(engine / name) for name in ("shelf/templates/shelf.html.j2", "page/card.py"))
    assert shelf in said[engine]
    assert card in said[engine / "page"]
    assert not said[engine] & said[engine / "page"]


def test_a_room_without_a_catalogue_shares_the_one_around_it(tmp_path: Path) -> None:
    for room in ("shared", "own"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "a.py").write_text(f'tr("{room}")\n', "utf-8")
    (tmp_path / "own" / "locale").mkdir()
    assert [text for _, text in collected(tmp_path)] == ["shared"]
