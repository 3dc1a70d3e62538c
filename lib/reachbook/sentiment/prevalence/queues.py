"""Comments for people to read: the least certain ones, which teach the model, and random ones, which audit it.

Never mix them: a share estimated from comments that were chosen for being hard is wrong. What people fill in comes back
as the table `reviews`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reachbook.sentiment.text.labels import checked_probabilities


def uncertain(comments: pd.DataFrame, probabilities: np.ndarray, size: int, done: Sequence[str] = ()) -> pd.DataFrame:
    """The `size` comments whose polarity the model knows least (highest entropy), each text once.

    comments : comment_id and text, platform if known, one row a text of `probabilities`; done : ids labelled already.
    """
    p = checked_probabilities(probabilities)
    doubt = -(p * np.log(np.maximum(p, 1e-12))).sum(axis=1)
    order = comments.assign(_doubt=doubt).sort_values(["_doubt", "comment_id"], ascending=[False, True])
    open_ones = order[~order["comment_id"].isin(list(done))].drop_duplicates("text")
    return _queue("learning", open_ones.head(size))


def audit(comments: pd.DataFrame, size: int, seed: int, done: Sequence[str] = ()) -> pd.DataFrame:
    """A simple random sample of `size` comments that nobody has read, in random order; `done` are ids already read.

    The order depends on the seed and the ids alone, so that any first part of it, with what was read of it before, is a
    simple random sample.
    """
    ids = np.sort(comments["comment_id"].astype(str).to_numpy(dtype=object))
    place = pd.Series(np.random.default_rng([seed, 8]).permutation(len(ids)), index=ids)
    order = comments.assign(_place=place.loc[comments["comment_id"].astype(str)].to_numpy()).sort_values("_place")
    return _queue("audit", order[~order["comment_id"].isin(list(done))].head(size))


def _queue(kind: str, rows: pd.DataFrame) -> pd.DataFrame:
    platform = rows["platform"] if "platform" in rows else pd.Series("", index=rows.index)
    frame = pd.DataFrame({"queue": kind, "position": range(1, len(rows) + 1)}, index=rows.index)
    frame = frame.assign(comment_id=rows["comment_id"], platform=platform, text=rows["text"])
    return frame.assign(label="", label_2="", note="").reset_index(drop=True)
