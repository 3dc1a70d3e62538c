"""Who may stand on a list: consent, people to be forgotten, and lists of people to be left out."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from reachbook.errors import ParamsError
from reachbook.privacy import asked
from reachbook.privacy.asked import Asked
from reachbook.privacy.key import Key
from reachbook.privacy.people import CONSENT, USERS
from reachbook.study.data import Data
from reachbook.study.files import StudyFile
from reachbook.translation import tr, trn


@dataclass(frozen=True)
class Allowed:
    """People of an audience who may stand on a list.

    Attributes
    ----------
    people : pandas.DataFrame
        As in `Audience`, with a column id, the hash of user_id.
    suppressed : tuple of str
        Hashes of those who were asked to be left out.
    said : tuple of str
        Who was left out, in sentences without ids.
    """

    people: pd.DataFrame
    suppressed: tuple[str, ...]
    said: tuple[str, ...]


def allowed(people: pd.DataFrame, file: StudyFile, key: Key, root: Path, suppress: str) -> Allowed:
    """Leave out who has not consented, who is to be forgotten, and who stands in the list `suppress`.

    Parameters
    ----------
    suppress : str
        As IDS of `make erase`: a file of one id a line, or ids separated by commas; a hash of ours counts as its id.
        "" for none.

    Raises
    ------
    ParamsError
        The study does not say why its people's data may be used, or nobody in `suppress` is known.
    DataError
        The table users cannot be read.
    """
    privacy = file.spec.privacy
    if privacy.basis is None:
        place = file.document.place(("privacy",)) or f"params/{file.name}/study.yaml"
        raise ParamsError(
            f"{place}: "
            + tr("no list leaves without a purpose and a basis. Write `privacy: {purpose: ..., basis: consent}`.")
        )
    table = people.assign(id=key.hashes(people["user_id"]))
    data = Data(file)
    no, forgotten = _refused(table, data, consent=privacy.basis == "consent"), table["id"].isin(data.rights.forgotten)
    wanted = asked.read(suppress, root, "SUPPRESS") if suppress.strip() else Asked((), ())
    out = table["user_id"].isin(wanted.ids) | table["id"].isin(wanted.ids)
    if wanted.ids and not out.any():
        raise ParamsError(
            "SUPPRESS: "
            + tr(
                "none of its {n:,} ids stands in the version, so that it would leave out nobody. Is it another "
                "list, or made with another key?",
                n=len(wanted.ids),
            )
        )
    said = [
        *_told_no(int((no & ~forgotten).sum())),
        *(
            [
                trn(
                    "{n} person is to be forgotten and was left out.",
                    "{n} people are to be forgotten and were left out.",
                    int(forgotten.sum()),
                )
            ]
            if forgotten.any()
            else []
        ),
        *_told_suppressed(wanted, table, int(out.sum())),
    ]
    stays = ~(no | forgotten | out)
    return Allowed(table[stays].reset_index(drop=True), tuple(sorted(table.loc[out & ~forgotten, "id"])), tuple(said))


def _refused(table: pd.DataFrame, data: Data, consent: bool) -> pd.Series:
    """Whether each person has said no; where consent is asked, whether none is known."""
    if USERS not in data:
        return pd.Series(data=consent, index=table.index)
    users = data[USERS].path
    if consent:
        kept = set(pq.read_table(users, columns=["user_id"]).column("user_id").to_pylist())
        return ~table["user_id"].isin(kept)
    if CONSENT not in pq.read_schema(users).names:
        return pd.Series(data=False, index=table.index)
    answers = pd.read_parquet(users, columns=["user_id", CONSENT])
    said_no = answers.loc[answers[CONSENT].eq(other=False).fillna(value=False).astype(bool), "user_id"]
    return table["user_id"].isin(set(said_no))


def _told_no(count: int) -> list[str]:
    if not count:
        return []
    return [
        trn(
            "{n} person has not consented and was left out.",
            "{n} people have not consented and were left out.",
            count,
        )
    ]


def _told_suppressed(wanted: Asked, table: pd.DataFrame, out: int) -> list[str]:
    if not wanted.ids:
        return []
    known = {*table["user_id"], *table["id"]}
    unknown = [each for each in wanted.ids if each not in known]
    said = [trn("{n} person was left out by SUPPRESS.", "{n} people were left out by SUPPRESS.", out)]
    if unknown:
        said.append(
            tr(
                "{n:,} ids of SUPPRESS stand in no segment, at places {places} of the input.",
                n=len(unknown),
                places=asked.positions(wanted, unknown),
            )
        )
    return said
