"""Names of tables and checks, and lists that stay short."""

from reachbook.quality.labels import CHECKS, TABLES, check, several, table
from reachbook.quality.layout import LAYOUTS


def test_every_table_that_is_judged_has_a_name() -> None:
    assert list(TABLES) == list(LAYOUTS)
    assert table("orders") == "orders"
    assert table("shops") == "shops"
    assert check("day_only") == CHECKS["day_only"]


def test_of_many_items_the_first_are_named() -> None:
    assert several(list("abcd")) == "a, b, c, d"
    assert several(list("abcde")) == "a, b, c, 2 others"
