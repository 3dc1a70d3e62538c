"""Comments that look organised ("water armies"): the same text from many accounts, or again and again from one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.sentiment.text.duplicates import CAMPAIGN_COPIES, CAMPAIGN_LENGTH, Groups, groups
from reachbook.sentiment.text.folding import without_emoticons
from reachbook.sentiment.text.labels import POLARITIES, checked_probabilities
from reachbook.tables.masking import mask
from reachbook.translation import joined, mark, sentences, tr, trn

SIGNS = (mark("burst"), mark("copies"), mark("repeater"))
_COUNTED = {"burst": mark("{n} burst"), "copies": mark("{n} copies"), "repeater": mark("{n} repeater")}
_SHOWN = 80
_HANDS = 3
"""Number of accounts (each unknown one counted separately) above which copies are more than one person's habit."""
_UNINFORMATIVE = r"[^\w]|[\d_]"


@dataclass(frozen=True)
class Coordinated:
    """Groups of comments that look organised.

    Attributes
    ----------
    table : pandas.DataFrame
        One row for each group, largest first: group, sign, comments, accounts (missing where none is known), first,
        last, platforms, example (masked).
    flags : bool array (comments,)
        Whether each comment is in one of the groups.
    unknown : int
        Number of flagged comments without an account.
    """

    table: pd.DataFrame
    flags: np.ndarray
    unknown: int

    def describe(self) -> str:
        """Describe the groups in one sentence."""
        if not len(self.table):
            return tr(
                "Of {comments:,} comments none shares a longer wording with many others or repeats its own.",
                comments=len(self.flags),
            )
        signs = self.table["sign"].value_counts()
        kinds = joined(tr(_COUNTED[sign], n=signs[sign]) for sign in SIGNS if sign in signs)
        shared = trn(
            "{flagged:,} of {comments:,} comments, in {n} group, share a longer wording ({kinds}).",
            "{flagged:,} of {comments:,} comments, in {n} groups, share a longer wording ({kinds}).",
            len(self.table),
            flagged=int(self.flags.sum()),
            comments=len(self.flags),
            kinds=kinds,
        )
        open_ = tr(
            "Whether anybody organised that cannot be told from the text; they count everywhere else as any others."
        )
        return sentences(shared, open_)

    def without(self, probabilities: np.ndarray) -> pd.DataFrame:
        """Effect on the shares of leaving the flagged comments out.

        Parameters
        ----------
        probabilities : float64 array (comments, 3)
            Negative, neutral, positive.

        Returns
        -------
        pandas.DataFrame
            polarity, all, without, moved: mean probabilities, not corrected by any audit; missing where nothing is
            left.
        """
        p = checked_probabilities(probabilities)
        whole = p.mean(axis=0)
        rest = p[~self.flags].mean(axis=0) if (~self.flags).any() else np.full(3, np.nan)
        return pd.DataFrame({"polarity": POLARITIES, "all": whole, "without": rest, "moved": rest - whole})


def find_coordinated(
    comments: pd.DataFrame,
    found: Groups | None = None,
    *,
    copies: int = CAMPAIGN_COPIES,
    length: int = CAMPAIGN_LENGTH,
    hours: float = 24.0,
    repeats: int = 3,
) -> Coordinated:
    """Find organised groups.

    Parameters
    ----------
    comments : pandas.DataFrame
        text and, as far as known, at, user_id and platform.
    found : Groups or None
        Groups of near copies; computed by `duplicates.groups` by default.
    copies : int
        Smallest number of near copies in a campaign.
    length : int
        Smallest number of different meaningful characters; shorter texts (好评, 不错) are everybody's.
    hours : float
        Width of a burst, in hours.
    repeats : int
        Smallest number of near copies from one account.

    Notes
    -----
    There are three signs, each reported with its evidence and none of them proof; no comment is ever dropped.

    - burst: many near copies of a long text within `hours`, from several accounts (all of them, where none is known);
    - copies: many near copies of a long text, spread over time;
    - repeater: one account that posts the same or nearly the same text again and again.
    """
    found = groups(comments["text"]) if found is None else found
    telling = _distinct_characters(comments["text"].to_numpy(dtype=object)[found.first])
    frame = pd.DataFrame(
        {"group": found.group, "at": _column(comments, "at"), "user_id": _column(comments, "user_id")},
    )
    frame = frame.assign(platform=_column(comments, "platform"), row=np.arange(len(frame)))
    frame["at"] = pd.to_datetime(frame["at"])
    together = frame.groupby(["group", "user_id"], observed=True)["row"].transform("size")
    suspect = pd.Series(found.size[found.group] >= copies) | (together >= repeats)
    suspect = suspect.groupby(frame["group"]).transform("any") & (telling >= length)[found.group]
    rows = [_group(each, hours, copies, repeats) for _, each in frame[suspect].groupby("group")]
    kept = [each for each in rows if each is not None]
    return _tabulate(kept, comments)


def _group(frame: pd.DataFrame, hours: float, copies: int, repeats: int) -> tuple[str, pd.DataFrame] | None:
    """The sign and the comments of one group of near copies, or None where there is no sign."""
    hands = frame["user_id"].nunique() + int(frame["user_id"].isna().sum())
    if len(frame) >= copies and hands >= _HANDS:
        return ("burst" if _busiest(frame["at"], hours) >= copies else "copies"), frame
    often = frame["user_id"].map(frame["user_id"].value_counts()) >= repeats
    return ("repeater", frame[often]) if often.any() else None


def _busiest(at: pd.Series, hours: float) -> int:
    """Most comments within any span of `hours`; 0 where times are unknown."""
    known = np.sort(at.dropna().to_numpy(dtype="datetime64[us]"))
    if not len(known):
        return 0
    last = np.searchsorted(known, known + np.timedelta64(int(hours * 3.6e9), "us"), side="right")
    return int((last - np.arange(len(known))).max())


def _tabulate(kept: Sequence[tuple[str, pd.DataFrame]], comments: pd.DataFrame) -> Coordinated:
    """Tabulate the groups, largest first, numbered from 1."""
    flags, unknown = np.zeros(len(comments), dtype=bool), 0
    text = comments["text"].to_numpy(dtype=object)
    rows: list[dict[str, object]] = []
    for sign, frame in sorted(kept, key=lambda each: (-len(each[1]), int(each[1]["row"].iloc[0]))):
        flags[frame["row"]] = True
        unknown += int(frame["user_id"].isna().sum())
        known = frame["user_id"].notna().any()
        rows.append(
            {
                "group": len(rows) + 1,
                "sign": sign,
                "comments": len(frame),
                "accounts": frame["user_id"].nunique() if known else pd.NA,
                "first": frame["at"].min(),
                "last": frame["at"].max(),
                "platforms": ", ".join(sorted(frame["platform"].dropna().unique())),
                "example": _example(text[frame["row"].iloc[0]]),
            }
        )
    shape = ["group", "sign", "comments", "accounts", "first", "last", "platforms", "example"]
    return Coordinated(pd.DataFrame(rows, columns=shape).astype({"accounts": "Int64"}), flags, unknown)


def _example(text: str) -> str:
    hidden = mask(str(text).strip())
    return hidden if len(hidden) <= _SHOWN else hidden[:_SHOWN] + " […]"


def _distinct_characters(texts: np.ndarray) -> np.ndarray:
    """Number of different meaningful characters in each text: 好好好好 says no more than 好."""
    said = pd.Series(without_emoticons(texts), dtype=object).str.replace(_UNINFORMATIVE, "", regex=True)
    return np.array([len(set(each.lower())) for each in said], dtype=np.int64)


def _column(comments: pd.DataFrame, name: str) -> np.ndarray | pd.Series:
    return comments[name].reset_index(drop=True) if name in comments else np.full(len(comments), None, dtype=object)
