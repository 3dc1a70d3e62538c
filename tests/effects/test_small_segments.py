"""Segments with few units are counted as one on a shared page; no sum gives one of them away."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.design_table import read
from reachbook.effects.sections.story import answer, compose
from reachbook.effects.small_segments import together
from reachbook.effects.spec import EffectSpec

MINIMUM = 20
NAMES = ("north", "south", "islands", "harbour", "mountains")


def units(**segments: tuple[int, int]) -> pd.DataFrame:
    """Units of each segment in the arms control and ad."""
    rows = [(arm, name) for name, counts in segments.items() for arm, n in zip(("control", "ad"), counts, strict=True)
            for _ in range(n)]  # fmt: skip
    outcome = np.random.default_rng(1).random(len(rows)) < 0.4
    table = pd.DataFrame(rows, columns=["arm", "segment"])
    return table.assign(unit_id=[f"u{n}" for n in range(len(rows))], bought=outcome.astype(int))


def cells(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.crosstab(frame["segment"], frame["arm"])


def test_a_small_segment_goes_together_with_the_smallest_that_is_enough():
    frame = together(units(north=(400, 410), south=(90, 80), islands=(30, 31), harbour=(25, 7)), MINIMUM)
    assert set(frame["segment"]) == {"north", "south", "2 small segments together"}
    assert cells(frame).loc["2 small segments together"].to_dict() == {"ad": 38, "control": 55}


def test_small_ones_that_are_enough_together_take_no_other():
    frame = together(units(north=(400, 410), south=(90, 80), islands=(19, 18), harbour=(25, 7)), MINIMUM)
    assert set(frame["segment"]) == {"north", "south", "2 small segments together"}
    assert cells(frame).loc["south"].to_dict() == {"ad": 80, "control": 90}


def test_missing_segments_are_a_group_too():
    frame = units(north=(400, 410), south=(90, 80), islands=(3, 4))
    frame["segment"] = frame["segment"].where(frame["segment"] != "islands")
    assert set(together(frame, MINIMUM)["segment"]) == {"north", "2 small segments together"}


def test_nothing_is_told_by_segment_where_that_would_take_all():
    assert "segment" not in together(units(north=(400, 410), south=(3, 4)), MINIMUM)


def test_large_segments_stay_as_they_are():
    frame = units(north=(400, 410), south=(90, 80))
    assert together(frame, MINIMUM) is frame
    assert together(frame, 1) is frame


@pytest.mark.parametrize("seed", range(20))
def test_every_told_cell_has_none_or_the_minimum_and_hides_at_least_two(seed):
    rng = np.random.default_rng(seed)
    counts = {name: tuple(int(n) for n in rng.lognormal(3.3, 1.2, 2)) for name in NAMES}
    frame = together(units(**counts), MINIMUM)
    if "segment" in frame:
        told = cells(frame)
        assert not ((told > 0) & (told < MINIMUM)).any(axis=None)
        assert len(told) == len(NAMES) or "1 small" not in " ".join(map(str, told.index))


def test_a_small_segment_is_in_no_word_of_the_page(tmp_path):
    path = tmp_path / "experiment.parquet"
    units(north=(400, 410), south=(90, 80), islands=(30, 31), harbour=(25, 7)).to_parquet(path)
    spec = EffectSpec(design="experiment", outcome="bought")
    said = []
    for fewest in (1, MINIMUM):
        frame = read({"experiment": path}, spec, fewest)
        story = compose(answer(frame, spec, 1))
        tables = [each.frame.to_csv() for section in story.sections.values() for each in section.tables]
        alts = [each.alt for section in story.sections.values() for each in section.figures]
        notes = [section.note for section in story.sections.values()]
        said.append("\n".join([*tables, *alts, *notes, *(gate.detail for gate in story.gates)]))
    assert "harbour" in said[0]
    assert "harbour" not in said[1]
    assert "islands" not in said[1]
    assert "2 small segments together" in said[1]
