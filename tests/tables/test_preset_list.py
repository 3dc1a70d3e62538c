"""`make presets` lists every preset on one line, under its kind."""

from pathlib import Path

import pytest

from reachbook.cli import main
from reachbook.tables import preset, preset_list
from reachbook.tables.preset import load


@pytest.fixture
def empty_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder: without reports, whose language make would speak."""
    (tmp_path / "params").mkdir()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("empty_project")
def test_make_presets_lists_each_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["ads", "crawlers", "creators", "shops"]
    assert sorted(line.split()[0] for line in lines if line.startswith(" ")) == sorted(preset.paths())
    shown = next(line for line in lines if line.startswith("  shopify_orders "))
    each = load("shopify_orders")
    assert shown.split() == f"shopify_orders orders {each.title} · {each.shape}".split()


def test_tables_and_titles_stand_below_each_other() -> None:
    wide = max(map(len, preset.paths()))
    shown = [line for line in preset_list.lines() if line.startswith(" ")]
    presets = [load(line.split()[0]) for line in shown]
    assert [line[wide + 4 : wide + 14].split() for line in shown] == [[each.table] for each in presets]
    assert [line[wide + 14 :] for line in shown] == [f"{each.title} · {each.shape}" for each in presets]
