"""Who has to leave the tables of a study, by its `privacy:` and its lists of people to be forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache as once
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reachbook import hashing
from reachbook.errors import ParamsError
from reachbook.privacy import forget, key
from reachbook.privacy.key import Key
from reachbook.privacy.people import COLUMNS, CONSENT, TOLD, USERS
from reachbook.study.files import StudyFile
from reachbook.tables.leaving import Leaving, Left
from reachbook.translation import tr

if TYPE_CHECKING:
    import pyarrow as pa

    from reachbook.privacy.departure import Departure
    from reachbook.privacy.recognised import Recognised
    from reachbook.privacy.rights import Rights
    from reachbook.tables.store import Checked

type Tables = Callable[[str], "Checked | None"]
"""A table of the study after people have left it, or None where the study has no such table."""


@dataclass(frozen=True)
class StudyRights:
    """What a study says about who is left out.

    Attributes
    ----------
    file : StudyFile
        The study.
    named : tuple of str or None
        All people to be forgotten who may still stand in the tables at hand; None where only hashes of them are known.
    """

    file: StudyFile
    named: tuple[str, ...] | None = None

    @property
    def consent(self) -> bool:
        """Whether only those stay who have consented."""
        return self.file.spec.privacy.basis == "consent"

    @cached_property
    def lists(self) -> list[Path]:
        """Lists of people to be forgotten, of the study and of those that it extends."""
        return forget.there(self.file.root, self.file.lineage or (self.file.name,))

    @property
    def active(self) -> bool:
        """Whether anybody may have to leave."""
        return self.consent or bool(self.lists)

    @cached_property
    def key(self) -> Key | None:
        """The key of the lists; None where there is no list.

        Raises
        ------
        ParamsError
            It is not set.
        """
        if not self.lists:
            return None
        try:
            return key.from_environment()
        except ParamsError as error:
            shown = self.lists[0].relative_to(self.file.root).as_posix()
            raise ParamsError(
                f"{error} "
                + tr("{file} names people by hashes of that key, and they are left out of every table.", file=shown)
            ) from error

    @cached_property
    def forgotten(self) -> frozenset[str]:
        """Hashes of all people to be forgotten.

        Raises
        ------
        ParamsError
            The key is missing or another one, or a list is damaged.
        """
        one = self.key
        return frozenset().union(*(forget.read(each, one) for each in self.lists)) if one else frozenset()

    @cached_property
    def recognised(self) -> "Recognised":
        """Tells the people to be forgotten by their ids, through all tables of the study."""
        from reachbook.privacy.recognised import Recognised

        return Recognised(self.key, self.forgotten, self.named)

    def leaving(self, name: str, tables: Tables) -> Leaving | None:
        """Who leaves the table `name`; None where nobody can have to.

        Raises
        ------
        ParamsError
            Consent is asked, and the study has no table that says who gave it; or the key is missing or wrong.
        """
        if not self.active:
            return None
        if name in TOLD:
            other, column = TOLD[name]
            told = tables(other)
            return None if told is None else Leaving(self.digest(told), lambda table: self._follow(table, column, told))
        if name not in COLUMNS:
            return None
        users = tables(USERS) if self.consent and name != USERS else None
        if self.consent and name != USERS and users is None:
            raise ParamsError(f"{self.place}: " + self._unknown())
        return Leaving(self.digest(users), lambda table: self._leave(name, table, users))

    @property
    def place(self) -> str:
        """Where the basis is stated."""
        return self.file.document.place(("privacy", "basis")) or f"params/{self.file.name}/study.yaml"

    def rights(self, name: str, table: "pa.Table", users: "Checked | None") -> "Rights":
        """Rights of the people in a table.

        Parameters
        ----------
        users : Checked or None
            The users who stay; None for the table of users itself, and where consent is not asked.

        Raises
        ------
        ParamsError
            Nobody's consent is known, or nobody has given it.
        """
        from reachbook.privacy.rights import Rights

        if not self.consent:
            return Rights(None, frozenset(), self.recognised)
        if users is None:
            return Rights(self._agreed(table), frozenset(), self.recognised)
        agreed, gone = _ids(users), frozenset(users.about.get("forgotten", {}).get("hashes", ()))
        if name == "experiment" and not _any_of(table.column(COLUMNS[name]), agreed):
            return Rights(None, frozenset(), self.recognised)
        return Rights(agreed, gone, self.recognised)

    def _leave(self, name: str, table: "pa.Table", users: "Checked | None") -> Left:
        from reachbook.privacy.departure import depart

        rights = self.rights(name, table, users)
        left = depart(name, table, COLUMNS[name], rights, self.file.spec.privacy.minimum)
        return self.left(name, left)

    def _follow(self, table: "pa.Table", column: str, told: "Checked") -> Left:
        from reachbook.privacy.departure import follow

        return self.left("", follow(table, column, _ids(told, column)))

    def left(self, name: str, departure: "Departure") -> Left:
        """What is stored of a table that people have left; of users also the hashes of those to be forgotten."""
        about = dict(departure.about)
        if name == USERS and self.consent and "forgotten" in about:
            about["forgotten"] |= {"hashes": sorted(self._hashes(departure.forgotten.to_pylist()))}
        return Left(departure.table, frozenset(departure.gone.to_pylist()), self.lines(name, about), about)

    def lines(self, name: str, about: Mapping[str, Any]) -> tuple[str, ...]:
        """What has left a table, in sentences."""
        from reachbook.privacy.departure import lines

        return lines(about, units=name == "experiment" and self.consent)

    def _hashes(self, ids: list[str]) -> list[str]:
        assert self.key is not None
        return self.key.hashes(ids)

    def _agreed(self, table: "pa.Table") -> "pa.Array":
        from reachbook.privacy.rights import agreeing

        if CONSENT not in table.column_names or table.column(CONSENT).null_count == table.num_rows:
            raise ParamsError(f"{self.place}: " + self._unknown())
        agreed = agreeing(table, COLUMNS[USERS], CONSENT)
        if not len(agreed):
            raise ParamsError(
                f"{self.place}: "
                + tr(
                    "privacy.basis is consent, and nobody in the table users has consented, so that nothing is left "
                    "to look at. Check what the column consent says, or map its values."
                )
            )
        return agreed

    def digest(self, other: "Checked | None" = None) -> str:
        """Everything that decides who leaves; a key that is missing or wrong is said here, before anything is read."""
        lists = [sorted(self.forgotten), self.key.fingerprint if self.key else ""]
        facts = other.facts["sha256"] if other else ""
        return hashing.of_data([_own_source(), self.consent, lists, facts, self.file.spec.privacy.minimum])

    def _unknown(self) -> str:
        return tr(
            "privacy.basis is consent, but the study has no table users with a column consent that is filled in, so "
            "that nobody's consent is known. Add the column (是/否, yes/no, 1/0), or state another basis."
        )


def follow_ids(table: "pa.Table", column: str, other: "Checked") -> Left:
    """The rows of a table that are about people, or comments, which are still there."""
    from reachbook.privacy.departure import follow

    return Left(follow(table, column, _ids(other, column)).table)


def _ids(table: "Checked", column: str = COLUMNS[USERS]) -> "pa.Array":
    """Ids of a table's own rows: neither missing nor repeated, by its contract."""
    import pyarrow.parquet as pq

    return pq.read_table(table.path, columns=[column]).column(column).combine_chunks()


def _any_of(ids: "pa.ChunkedArray", known: "pa.Array") -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.is_in(ids, value_set=known)).as_py())


@once
def _own_source() -> str:
    """Hash of the code that decides who leaves and of its sentences."""
    folder = Path(forget.__file__).parent
    files = [*sorted(folder.glob("*.py")), *sorted(folder.rglob("*.po")), Path(__file__)]
    return hashing.of_data([hashing.of_file(each) for each in files])
