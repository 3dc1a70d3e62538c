"""docs/reliability.md keeps the rows that the tests state, one a promise."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.reliability import HEAD, Trial, Trials, with_rows

PAGE = f"# Page\n\n{HEAD}\n\n## After\n"


def row(what: str, tried: int = 3, lost: int | None = 0, test: str = "tests/faults/test_a.py") -> str:
    return Trial(what, tried, lost, None, 0, 1.25, "2026-10-01", test).row


def test_a_row_says_what_was_tried_and_links_to_its_test() -> None:
    assert row("a disk | full", 1200) == (
        r"| a disk \| full | 1,200 | 0 | – | 0 | 1.2 | 2026-10-01 | [test_a.py](../tests/faults/test_a.py) |"
    )


def test_rows_of_a_part_replace_their_own_and_the_others_stay_in_the_order_of_their_tests() -> None:
    first = with_rows(PAGE, {"b | c": row("b | c"), "a": row("a", test="tests/hostile/test_z.py")})
    again = with_rows(first, {"b | c": row("b | c", 7)})
    assert again == f"# Page\n\n{HEAD}\n{row('b | c', 7)}\n{row('a', test='tests/hostile/test_z.py')}\n\n## After\n"


def test_what_is_promised_is_held_and_what_is_not_is_only_stated() -> None:
    node = SimpleNamespace(path=Path(__file__), user_properties=[])
    trials = Trials(node, soak=True)  # type: ignore[arg-type]
    assert trials.times(2, 200) == 200
    trials.record("nothing lost", 4, lost=0)
    trials.record("some leaked", 4, leaked=1, promised=False)
    with pytest.raises(AssertionError, match=re.escape("| one lost | 4 | 1 |")):
        trials.record("one lost", 4, lost=1)
    with pytest.raises(AssertionError, match="nothing was tried"):
        trials.record("not at all", 0)
    assert [about["what"] for _, about in node.user_properties] == [
        "nothing lost", "some leaked", "one lost", "not at all",
    ]  # fmt: skip


def test_every_row_of_the_page_has_a_test_that_is_there() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "reliability.md").read_text("utf-8")
    named = re.findall(r"\]\(\.\./(tests/[\w/.]+)\) \|$", page, re.MULTILINE)
    assert [name for name in named if not (root / name).is_file()] == []
