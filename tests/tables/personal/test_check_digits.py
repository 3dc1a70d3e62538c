"""Check digits are those of the standards."""

from collections.abc import Callable

import pytest

from reachbook.tables.personal.check_digits import bare, hong_kong, luhn, resident, taiwan


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (luhn, "4111111111111111", "4111111111111112"),
        (resident, "11010519491231002X", "110105194912310021"),
        (hong_kong, "A123456(3)", "A123456(4)"),
        (taiwan, "A123456789", "A123456788"),
    ],
)
def test_check_digits_of_published_examples(check: Callable[[str], bool], right: str, wrong: str) -> None:
    assert check(bare(right))
    assert not check(bare(wrong))
