"""The comments of the period with everything known about them, including people's labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook import query
from reachbook.errors import DataError
from reachbook.sentiment.text.folding import fold
from reachbook.sentiment.text.language import LANGUAGES, language
from reachbook.sentiment.text.readability import Readability, unread
from reachbook.translation import day, joined, mark, sentences, tr, trn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.result import Result
    from reachbook.sentiment.spec import SentimentSpec

_QUERY = Path(__file__).with_name("comments.sql")
_CHUNK = 50_000
_SCRIPTS = {
    "zh": mark("{n:,} Chinese"),
    "en": mark("{n:,} Latin"),
    "ja": mark("{n:,} Japanese"),
    "ko": mark("{n:,} Korean"),
    "other": mark("{n:,} other"),
}


@dataclass(frozen=True)
class Comments:
    """Comments of the period, one row each, in chronological order.

    Attributes
    ----------
    frame : pandas.DataFrame
        Columns comment_id, platform, at, day, text, user_id, content_id, campaign_id, brand, segment, language, label,
        label_2, queue ("audit" where the label belongs to a random sample, "learning" where it was chosen).
    columns : tuple of str
        Which of campaign_id, content_id, brand, segment and user_id have any value.
    skipped : int
        Number of comments of the random queue that were left without a label before one that has one. Leaving out the
        hard ones biases an audit.
    """

    frame: pd.DataFrame
    columns: tuple[str, ...]
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def texts(self) -> list[str]:
        """The texts as written."""
        return self.frame["text"].tolist()

    def labelled(self, queue: str) -> NDArray[np.int64]:
        """Positions of the labelled comments of a queue, int64 array (labelled comments,)."""
        here = self.frame["label"].notna() & (self.frame["queue"] == queue)
        return np.flatnonzero(here.to_numpy(dtype=bool))

    def of(self, brand: str) -> NDArray[np.bool_]:
        """Flag the comments on a brand, bool array (comments,); all where `brand` is "".

        Raises
        ------
        DataError
            No comment in the period is on the brand.
        """
        if not brand:
            return np.ones(len(self), dtype=bool)
        flags = (self.frame["brand"] == brand).to_numpy(dtype=bool, na_value=False)
        if not flags.any():
            known = joined(sorted(map(str, self.frame["brand"].dropna().unique()))) or tr("none")
            raise DataError(
                tr(
                    "comments: none in the period is on brand {brand!r}. Brands there: {known}.",
                    brand=brand,
                    known=known,
                )
            )
        return np.asarray(flags)

    def unread(self) -> Readability:
        """Count the comments that cannot be read as intended."""
        return unread(self.texts)

    def describe(self) -> str:
        """Describe the comments in one sentence: number, platforms, period, scripts and labels."""
        by = self.frame["language"].value_counts()
        scripts = joined(tr(_SCRIPTS[str(name)], n=n) for name, n in by.items() if name != "none")
        seen = trn(
            "{comments:,} comments on {n} platform, {first} to {last}.",
            "{comments:,} comments on {n} platforms, {first} to {last}.",
            self.frame["platform"].nunique(),
            comments=len(self),
            first=day(self.frame["day"].min()),
            last=day(self.frame["day"].max()),
        )
        written = tr("By script: {scripts}.", scripts=scripts) if scripts else tr("None holds anything to read.")
        read = tr(
            "People read {random:,} at random, and {chosen:,} chosen to learn from.",
            random=len(self.labelled("audit")),
            chosen=len(self.labelled("learning")),
        )
        return sentences(seen, written, read)


def gather(
    tables: Mapping[str, Path], spec: SentimentSpec, start: date, end: date, segments: pd.DataFrame | None = None
) -> Comments:
    """Collect the comments from `start` to `end`, both inclusive.

    Parameters
    ----------
    tables : mapping of str to Path
        Parquet files by table name; "comments", and "reviews" where people labelled some.
    segments : pandas.DataFrame or None
        user_id and name of each person's segment, or None.

    Raises
    ------
    DataError
        There is no comment in the period, or a review is of no comment of the study.
    """
    frame = query.run(_QUERY, {"comments": tables["comments"]}, {"start": start, "end": end})
    if frame.empty:
        raise DataError(
            tr(
                "comments: none lies between {start} and {end}. Set `period` in study.yaml to where they are.",
                start=day(start),
                end=day(end),
            )
        )
    text = ["comment_id", "platform", "text", "user_id", "content_id", "campaign_id", "brand", "label"]
    frame[text] = frame[text].astype(object).where(frame[text].notna(), None)
    frame["text"] = frame["text"].fillna("")
    frame["queue"] = pd.Series(None, index=frame.index, dtype=object)
    frame.loc[frame["label"].notna(), "queue"] = "audit" if spec.label_sample == "random" else "learning"
    frame["label_2"] = None
    skipped = _review(frame, tables, spec) if "reviews" in tables else 0
    named = None if segments is None else segments.set_index("user_id")["name"]
    frame["segment"] = None if named is None else frame["user_id"].map(named)
    frame["language"] = _languages(frame["text"].tolist())
    known = ("campaign_id", "content_id", "brand", "segment", "user_id")
    return Comments(frame, tuple(name for name in known if frame[name].notna().any()), skipped)


def segments_of(published: Result | None) -> pd.DataFrame | None:
    """Read each person's segment from the published segmentation; None where it found none or did not run.

    Notes
    -----
    People of a segment that a shared page does not tell are in none.
    """
    if published is None or "people" not in {each.id for each in published.tables}:
        return None
    people, sizes = published.table("people"), published.table("sizes")
    people = people[people["name"].isin(sizes["name"])]
    return people[["user_id", "name"]] if people["name"].nunique() > 1 else None


def _languages(texts: list[str]) -> NDArray[np.object_]:
    parts = [language(fold(texts[start : start + _CHUNK])) for start in range(0, len(texts), _CHUNK)]
    return np.array(LANGUAGES, dtype=object)[np.concatenate(parts)]


def _review(frame: pd.DataFrame, tables: Mapping[str, Path], spec: SentimentSpec) -> int:
    """Enter people's labels into the frame.

    Returns
    -------
    int
        Number of comments of the random queue that were skipped.

    Notes
    -----
    A review overrides a label, which then counts as a second opinion. A comment drawn at random stays in the random
    sample even if it was also read in the learning queue.
    """
    reviews = pd.read_parquet(tables["reviews"])
    known = set(pd.read_parquet(tables["comments"], columns=["comment_id"])["comment_id"])
    reviews["comment_id"] = [each if each in known else each.removeprefix("'") for each in reviews["comment_id"]]
    strange = [each for each in reviews["comment_id"] if each not in known]
    if strange:
        raise DataError(
            tr(
                "reviews: comment_id {id!r} is no comment of this study ({count} such). Read the file back into the "
                "study it was written for, and leave ids as they are.",
                id=strange[0],
                count=len(strange),
            )
        )
    reviews["queue"] = reviews["queue"].fillna("audit" if spec.label_sample == "random" else "learning")
    random, filled = (reviews["queue"] == "audit").to_numpy(), reviews["label"].notna().to_numpy()
    last = np.flatnonzero(filled).max(initial=-1)
    read = reviews[filled & reviews["comment_id"].isin(frame["comment_id"]).to_numpy()]
    place = pd.Series(frame.index, index=frame["comment_id"]).loc[read["comment_id"]].to_numpy()
    before = frame.loc[place, ["label", "queue"]].to_numpy(dtype=object)
    second = read["label_2"].to_numpy(dtype=object)
    frame.loc[place, "label_2"] = np.where(pd.isna(second), before[:, 0], second)
    frame.loc[place, "label"] = read["label"].to_numpy(dtype=object)
    frame.loc[place, "queue"] = np.where(before[:, 1] == "audit", "audit", read["queue"].to_numpy(dtype=object))
    return int((random & ~filled)[: last + 1].sum())
