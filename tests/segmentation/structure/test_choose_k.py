"""From the evidence on each k to one choice."""

import pandas as pd
import pytest

from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import at, chosen, nearest, range_words, verdict, with_checks

SPEC = SegmentationSpec()


def evidence(**changed: list[object]) -> pd.DataFrame:
    """Three partitions that pass everything, with some columns changed."""
    good = {
        "k": [2, 3, 4], "smallest_share": [0.3] * 3, "smallest": [300.0] * 3, "valley_holds": [True] * 3,
        "p": [0.01] * 3, "stability": [0.95] * 3, "pass_height": [0.3, 0.4, 0.5], "bridge": [0.1] * 3,
    }  # fmt: skip
    return with_checks(pd.DataFrame(good | changed), SPEC)


def test_the_finest_partition_that_passes_is_chosen() -> None:
    assert chosen(evidence()) == 4
    assert chosen(evidence(p=[0.01, 0.01, 0.9])) == 3
    assert chosen(evidence(p=[0.9] * 3)) == 0


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("smallest_share", 0.0, "size"),
        ("valley_holds", False, "distinct"),
        ("p", 0.9, "null"),
        ("stability", 0.1, "stable"),
    ],
)
def test_each_check_fails_by_its_own_column(column: str, value: object, check: str) -> None:
    row = at(evidence(**{column: [value] * 3}), 2)
    assert [name for name in ("size", "distinct", "null", "stable", "counts") if not row[name]] == [check]
    assert not row["passes"]


def test_nearest_has_most_checks_then_the_deepest_valley() -> None:
    assert nearest(evidence(p=[0.9, 0.9, 0.9])) == 2
    assert nearest(evidence(p=[0.9, 0.9, 0.9], pass_height=[0.5, 0.2, 0.3])) == 3
    assert nearest(evidence(p=[0.9, 0.9, 0.9], stability=[0.1, 0.1, 0.95])) == 4


def test_the_verdict_names_what_failed() -> None:
    said = verdict(evidence(p=[0.9] * 3, stability=[0.1] * 3), 0, SPEC, None)
    assert said.startswith("No segments stand, with 2 to 4 tried: the best candidate, 2 segments, fails")
    assert "p = 0.9" in said
    assert "weakest overlap 0.10" in said
    assert verdict(evidence(), 4, SPEC, None).startswith("4 segments, with 2 to 4 tried: the finest split")
    assert range_words(evidence().iloc[:1]) == "with 2, the only number tried"
