"""Where people stand in the tables: the columns that hold their ids."""

from collections.abc import Iterable

COLUMNS = {
    "users": "user_id",
    "interactions": "user_id",
    "orders": "user_id",
    "comments": "user_id",
    "experiment": "unit_id",
}
"""Column with the id of the person behind a row, by table."""
TOLD = {"reviews": ("comments", "comment_id")}
"""Tables whose rows are about rows of another one: (that table, the column that names its row)."""
USERS = "users"
CONSENT = "consent"


def tables(names: Iterable[str]) -> list[str]:
    """The tables with people among `names`: users first, and each before those that are about its rows."""
    there = set(names)
    return [name for name in (*COLUMNS, *TOLD) if name in there]
