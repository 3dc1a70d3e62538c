"""What each column of a table with people says of them."""

from collections.abc import Iterable
from typing import Literal

from reachbook.privacy.people import COLUMNS, CONSENT, TOLD, USERS
from reachbook.tables.contract import CONTRACTS
from reachbook.translation import mark

type Role = Literal["person", "consent", "trait", "record", "act", "text", "judged"]

ROLES: dict[Role, str] = {
    "person": mark("id of the person"),
    "consent": mark("whether the person has consented"),
    "trait": mark("traits of the person"),
    "record": mark("id of one thing that the person did"),
    "act": mark("what the person did, or was given"),
    "text": mark("what somebody wrote"),
    "judged": mark("how somebody judged a comment"),
}
"""What the page calls each role, in the order in which it names them."""
_JUDGED = ("label", "label_2", "queue")


def role(table: str, column: str) -> Role:
    """What a column of a table with people says of them.

    Notes
    -----
    Every column has a role: in a table whose rows are people's, each cell belongs to somebody.
    """
    known = CONTRACTS[table].column(column)
    if column == COLUMNS.get(table):
        return "person"
    if known and known.kind == "text":
        return "text"
    if column in CONTRACTS[table].key:
        return "record"
    if column in _JUDGED and (table in TOLD or table == "comments"):
        return "judged"
    if table == USERS:
        return "consent" if column == CONSENT else "trait"
    return "act"


def by_role(table: str, columns: Iterable[str]) -> dict[Role, tuple[str, ...]]:
    """Columns of a table by what they say of people, as far as there are any."""
    listed = list(columns)
    found = {each: tuple(name for name in listed if role(table, name) == each) for each in ROLES}
    return {each: names for each, names in found.items() if names}
