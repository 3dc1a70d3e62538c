"""Which two versions are meant."""

from pathlib import Path

import pytest

from helpers.shelved import name, shelved
from reachbook.engine.difference.choose import pair
from reachbook.errors import RunError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three versions of one report, one of the same notebook of another study, one of another notebook."""
    for number in (1, 2, 3):
        shelved(tmp_path, number, f"2026-10-0{number}T08:00:00+00:00")
    shelved(tmp_path, 16**11, study="other")
    shelved(tmp_path, 2 * 16**11, study="other", notebook="else")
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("tiny", "count", "", ""), (2, 3)),
        (("tiny", "", "", ""), (2, 3)),
        (("tiny", "count", "", name(2)), (1, 2)),
        (("tiny", "count", name(1), ""), (1, 3)),
        (("", "", name(3), name(1)), (3, 1)),
        (("tiny", "count", "other/1", ""), (16**11, 3)),
        (("", "", "tiny/000000000001", "1"), (1, 16**11)),
    ],
)
def test_a_pair_is_found(root: Path, asked: tuple[str, str, str, str], found: tuple[int, int]) -> None:
    assert tuple(each.name for each in pair(root, *asked)) == tuple(map(name, found))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("no", "count", "", ""), "STUDY, NOTEBOOK: there is no report no/count. Reports: other/count, other/else"),
        (("", "", "", ""), "STUDY: several reports are meant"),
        (("other", "", "", ""), "NOTEBOOK: several reports are meant"),
        (("tiny", "count", "", "f"), "B: no version begins with 'f'."),
        (("tiny", "count", "0", ""), "A: 3 versions begin with '0'."),
        (("tiny", "count", name(3), ""), "A: '000000000003' and B are the same version"),
        (("tiny", "count", "other/", ""), "A: no version begins with 'other/'."),
        (("other", "count", "", ""), "A: 100000000000 is the first version of its report for its audience."),
    ],
)
def test_what_is_not_there_or_not_one_is_a_line(root: Path, asked: tuple[str, str, str, str], said: str) -> None:
    with pytest.raises(RunError) as error:
        pair(root, *asked)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_a_version_for_another_audience_is_passed_over(root: Path) -> None:
    shared = {"study_about": {"privacy": {"audience": "shared"}}}
    shelved(root, 4, "2026-10-04T08:00:00+00:00", **shared)
    with pytest.raises(RunError, match="is the first version of its report for its audience"):
        pair(root, "tiny", "count", "", "")
    shelved(root, 5, "2026-10-05T08:00:00+00:00")
    shelved(root, 6, "2026-10-06T08:00:00+00:00", **shared)
    assert tuple(each.name for each in pair(root, "tiny", "count", "", "")) == (name(4), name(6))
    assert tuple(each.name for each in pair(root, "tiny", "count", "", name(5))) == (name(3), name(5))
