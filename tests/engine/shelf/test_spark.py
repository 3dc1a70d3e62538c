"""The small line of a finding over the versions of its report."""

import re
from dataclasses import replace
from pathlib import Path

from helpers.shelved import SHARE, home, shelved
from reachbook.engine import kept
from reachbook.engine.shelf.spark import spark
from reachbook.result import Finding


def line(root: Path, *findings: Finding) -> str:
    for number, finding in enumerate(findings, start=1):
        shelved(root, number, f"2026-10-{number:02d}T08:00:00+00:00", findings=(finding,))
    return spark(kept.versions(home(root))[0])


def points(drawn: str, what: str) -> list[tuple[float, float]]:
    (found,) = re.findall(rf'<{what}[^>]* points="([^"]*)"|<{what} points="([^"]*)"', drawn)
    return [tuple(map(float, pair.split(","))) for pair in "".join(found).split()]  # type: ignore[misc]


def test_it_runs_from_the_oldest_to_the_newest_and_upwards(tmp_path: Path) -> None:
    drawn = line(tmp_path, *(replace(SHARE, value=value) for value in (0.16, 0.2, 0.24)))
    xs, ys = zip(*points(drawn, "polyline"), strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys, reverse=True)  # SVG counts downwards
    assert "from 16.0% to 24.0% [15.0%, 25.0%] over 3 versions" in drawn
    assert len(points(drawn, "polygon")) == 6


def test_other_units_and_unknown_values_are_no_part_of_it(tmp_path: Path) -> None:
    other = [replace(SHARE, unit="count"), replace(SHARE, value=None), replace(SHARE, id="else")]
    assert line(tmp_path, *other, SHARE) == ""


def test_a_value_that_stays_and_has_no_interval_is_a_level_line(tmp_path: Path) -> None:
    drawn = line(tmp_path, *[replace(SHARE, low=None, high=None)] * 2)
    assert len({y for _, y in points(drawn, "polyline")}) == 1
    assert "polygon" not in drawn
