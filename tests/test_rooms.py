"""The rooms of the library stay small, its specs light and its names single; tests stand where their modules stand."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LIBRARY = TESTS.parent / "lib" / "reachbook"
FOLDERS = sorted({path.parent for path in LIBRARY.rglob("*.py")})
MOST_FILES = 20
PUBLIC_CLASS = re.compile(r"^class ([A-Za-z]\w*)", re.MULTILINE)

BEHAVIOUR = {
    "segmentation/test_language.py",
    "quality/test_language.py",
    "effects/test_language.py",
    "budget/test_language.py",
    "browser/test_cards.py",
    "browser/test_notebooks.py",
    "browser/test_pages.py",
    "browser/test_reading.py",
    "browser/test_shelf.py",
    "browser/test_what_if.py",
    "budget/test_choices.py",
    "budget/test_model_parts.py",
    "budget/test_money.py",
    "budget/test_nothing_to_move.py",
    "budget/test_peers.py",
    "budget/test_region_table.py",
    "budget/test_regions.py",
    "budget/test_story.py",
    "budget/test_traps.py",
    "budget/test_unusable_tables.py",
    "draft/test_export_shapes.py",
    "draft/test_language.py",
    "effects/test_experiment_parts.py",
    "effects/test_heavy_amounts.py",
    "effects/test_panel_gaps.py",
    "effects/test_panel_influence.py",
    "effects/test_panel_many_treated.py",
    "effects/test_peers.py",
    "effects/test_spending.py",
    "effects/test_story.py",
    "effects/test_traps.py",
    "engine/test_broken.py",
    "engine/test_interrupt.py",
    "engine/test_page.py",
    "engine/test_reads.py",
    "engine/test_shared.py",
    "notebooks/test_lab.py",
    "notebooks/test_shape.py",
    "segmentation/test_parts.py",
    "segmentation/test_spark.py",
    "segmentation/test_sparse.py",
    "sentiment/test_alarms.py",
    "sentiment/test_aspects.py",
    "sentiment/test_language.py",
    "sentiment/test_learned_aspects.py",
    "sentiment/test_learned_aspects_linear.py",
    "sentiment/test_opinion.py",
    "sentiment/test_prevalence.py",
    "sentiment/test_slang.py",
    "sentiment/test_story.py",
    "sentiment/test_text.py",
    "tables/test_language.py",
    "tables/test_presets_roundtrip.py",
    "tables/test_roundtrip.py",
    "tables/test_rows.py",
    "tables/test_silence.py",
    "test_ignored.py",
    "test_makefile.py",
    "test_names_as_text.py",
    "test_rooms.py",
    "test_sentences.py",
    "translation/test_untranslated.py",
}
"""Tests of what several modules do together, or of what is no module."""
APART = ("docs", "faults", "hostile")
"""Folders of tests about the documents, about faults of machines and about hostile inputs."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(LIBRARY)))
def test_a_folder_can_be_read_at_a_glance(folder: Path) -> None:
    files = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    assert len(files) <= MOST_FILES, f"{folder}: {len(files)} modules. Give some of them a folder of their own."


@pytest.mark.parametrize("room", ["budget", "budget.model", "effects", "quality", "segmentation", "sentiment"])
def test_a_spec_is_light_to_import(room: str) -> None:
    heavy = "{'numpy', 'pandas', 'pyarrow', 'scipy'}"
    code = f"import sys, reachbook.{room}.spec; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_a_public_class_has_its_name_for_itself() -> None:
    names = [name for path in LIBRARY.rglob("*.py") for name in PUBLIC_CLASS.findall(path.read_text("utf-8"))]
    assert len(names) > 100
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_a_test_stands_where_its_module_stands() -> None:
    found = {path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    found = {path for path in found if path.parts[0] not in APART}
    homeless = {str(path) for path in found if not (LIBRARY / path.parent / path.name.removeprefix("test_")).is_file()}
    assert homeless == BEHAVIOUR
