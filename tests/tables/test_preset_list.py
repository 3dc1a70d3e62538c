"""`make presets` lists every preset on one line, under its kind."""

import pytest

from reachbook.cli import main
from reachbook.tables import preset
from reachbook.tables.preset import load


def test_make_presets_lists_each_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["ads", "crawlers", "creators", "shops"]
    assert sorted(line.split()[0] for line in lines if line.startswith(" ")) == sorted(preset.paths())
    shown = next(line for line in lines if line.startswith("  shopify_orders "))
    each = load("shopify_orders")
    assert shown.split() == f"shopify_orders orders {each.title} · {each.shape}".split()
