"""Comments for people to read: the least certain ones, which teach the model, and random ones, which audit it.

Never mix them: a share estimated from comments that were chosen for being hard is wrong. Files are CSV with a UTF-8
mark, which spreadsheets open as they are. A cell that a spreadsheet would take for a formula gets an apostrophe, which
reading back takes off again: no text is lost, and none is run.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook.errors import DataError
from reachbook.sentiment.labels import POLARITIES
from reachbook.sentiment.shares import checked_probabilities
from reachbook.tables.read import read
from reachbook.tables.source import Source

KINDS = ("uncertain", "audit")
COLUMNS = ("queue", "position", "comment_id", "platform", "text", "label", "label_2", "note")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
_WORDS = {
    "negative": "negative", "neg": "negative", "负面": "negative", "负": "negative", "消极": "negative",
    "neutral": "neutral", "neu": "neutral", "中性": "neutral", "中": "neutral", "中立": "neutral",
    "positive": "positive", "pos": "positive", "正面": "positive", "正": "positive", "积极": "positive",
}  # fmt: skip


@dataclass(frozen=True)
class Reviewed:
    """What people filled in: one row a labelled comment, columns queue, position, comment_id, label, label_2, note.

    rows, empty : rows in the file, and how many have no label yet
    skipped : audit rows without label that stand before one with a label; leaving out the hard ones bends an audit
    """

    labels: pd.DataFrame
    rows: int
    empty: int
    skipped: int


def uncertain(comments: pd.DataFrame, probabilities: np.ndarray, size: int, done: Sequence[str] = ()) -> pd.DataFrame:
    """The `size` comments whose polarity the model knows least (highest entropy), each text once.

    comments : comment_id and text, platform if known, one row a text of `probabilities`; done : ids labelled already.
    """
    p = checked_probabilities(probabilities)
    doubt = -(p * np.log(np.maximum(p, 1e-12))).sum(axis=1)
    order = comments.assign(_doubt=doubt).sort_values(["_doubt", "comment_id"], ascending=[False, True])
    open_ones = order[~order["comment_id"].isin(list(done))].drop_duplicates("text")
    return _queue("uncertain", open_ones.head(size))


def audit(comments: pd.DataFrame, size: int, seed: int, done: Sequence[str] = ()) -> pd.DataFrame:
    """A simple random sample of `size` comments in random order; comments `done` keep their place and are left out.

    The order depends on the seed and the ids alone, so that any first part of it is a simple random sample, and a
    larger queue begins with the smaller one.
    """
    ids = np.sort(comments["comment_id"].astype(str).to_numpy(dtype=object))
    place = pd.Series(np.random.default_rng([seed, 8]).permutation(len(ids)), index=ids)
    order = comments.assign(_place=place.loc[comments["comment_id"].astype(str)].to_numpy()).sort_values("_place")
    chosen = order.head(size)
    return _queue("audit", chosen[~chosen["comment_id"].isin(list(done))])


def _queue(kind: str, rows: pd.DataFrame) -> pd.DataFrame:
    platform = rows["platform"] if "platform" in rows else pd.Series("", index=rows.index)
    frame = pd.DataFrame({"queue": kind, "position": range(1, len(rows) + 1)}, index=rows.index)
    frame = frame.assign(comment_id=rows["comment_id"], platform=platform, text=rows["text"])
    return frame.assign(label="", label_2="", note="").reset_index(drop=True)


def write(queue: pd.DataFrame, path: Path) -> None:
    """The queue as CSV. Refuses to overwrite a file, which may hold somebody's work."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in queue[list(COLUMNS)].itertuples(index=False):
        writer.writerow([safe("" if pd.isna(cell) else str(cell)) for cell in row])
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(out.getvalue())
    except FileExistsError:
        raise DataError(f"{path.name}: exists and may hold labels. Rename or remove it to have a new queue.") from None


def safe(text: str) -> str:
    """`text` so that a spreadsheet shows it and never computes it; `plain` gives it back."""
    return f"'{text}" if text.startswith(_RISKY) else text


def plain(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def read_back(path: str, root: Path, known: Sequence[str] | None = None) -> Reviewed:
    """The labels in a queue that people filled in, as CSV (UTF-8 or GB18030) or a workbook.

    known : comment ids of the study; others are refused, since they come from another study or were changed.
    Raises DataError that names the row for a label that is none, an id twice or unknown, and a missing column.
    """
    raw = read(Source(path=path), root)
    frame = raw.frame.to_pandas()
    missing = [name for name in ("comment_id", "label") if name not in frame]
    if missing:
        raise DataError(
            f"{path}: has no column {missing[0]}; its columns are {', '.join(frame.columns)}. "
            "Keep the header of the queue as it was written."
        )
    frame = frame.reindex(columns=["queue", "position", "comment_id", "label", "label_2", "note"])
    frame = frame.astype(object).where(frame.notna(), None)
    frame["comment_id"] = [None if cell is None else plain(str(cell)) for cell in frame["comment_id"]]
    seen: dict[str, int] = {}
    allowed = None if known is None else set(known)
    for i, identity in enumerate(frame["comment_id"]):
        _check_id(identity, raw.at(i), seen, allowed)
        seen[identity] = i
        for column in ("label", "label_2"):
            frame.loc[i, column] = _label(frame.loc[i, column], raw.at(i), column)
    frame["note"] = [None if cell is None else plain(str(cell)) for cell in frame["note"]]
    filled = frame["label"].notna().to_numpy()
    last = int(filled.nonzero()[0].max()) if filled.any() else -1
    random = (frame["queue"] == "audit").to_numpy()
    return Reviewed(
        labels=frame[filled].reset_index(drop=True),
        rows=len(frame),
        empty=int((~filled).sum()),
        skipped=int((random & ~filled)[: last + 1].sum()),
    )


def _check_id(identity: str | None, place: str, seen: dict[str, int], known: set[str] | None) -> None:
    if identity is None:
        raise DataError(f"{place}: comment_id is empty. Copy it from the queue as it was written.")
    if identity in seen:
        raise DataError(f"{place}: comment_id {identity} stands in the file twice. Keep one of the rows.")
    if known is not None and identity not in known:
        raise DataError(
            f"{place}: comment_id {identity} is no comment of this study. "
            "Read the file back into the study it was written for, and leave ids as they are."
        )


def _label(cell: object, place: str, column: str) -> str | None:
    if cell is None or not plain(str(cell)).strip():
        return None
    word = _WORDS.get(plain(str(cell)).strip().casefold())
    if word is None:
        raise DataError(
            f"{place}: {column} is {str(cell)[:30]!r}. Write {', '.join(POLARITIES)} (or 负面, 中性, 正面), "
            "or leave the cell empty."
        )
    return word
