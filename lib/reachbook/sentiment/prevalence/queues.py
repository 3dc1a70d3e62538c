"""Comments for people to read: the least certain ones, which train the model, and random ones, which audit it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reachbook.sentiment.text.labels import checked_probabilities
from reachbook.tables.masking import mask


def uncertain(comments: pd.DataFrame, probabilities: np.ndarray, size: int, done: Sequence[str] = ()) -> pd.DataFrame:
    """Select the `size` comments with the highest entropy of the model's probabilities, each text once.

    Parameters
    ----------
    comments : pandas.DataFrame
        comment_id, text, and platform if known; one row for each row of `probabilities`.
    probabilities : float64 array (comments, 3)
        Negative, neutral, positive.
    done : sequence of str
        Ids that have a label already.

    Notes
    -----
    Labels of this queue never audit the model: a share estimated from comments chosen for being hard is wrong. People's
    labels come back as the table `reviews`.
    """
    p = checked_probabilities(probabilities)
    doubt = -(p * np.log(np.maximum(p, 1e-12))).sum(axis=1)
    order = comments.assign(_doubt=doubt).sort_values(["_doubt", "comment_id"], ascending=[False, True])
    open_ones = order[~order["comment_id"].isin(list(done))].drop_duplicates("text")
    return _queue("learning", open_ones.head(size))


def audit(comments: pd.DataFrame, size: int, seed: int, done: Sequence[str] = ()) -> pd.DataFrame:
    """Draw a simple random sample of `size` unread comments, in random order.

    Parameters
    ----------
    done : sequence of str
        Ids already read.

    Notes
    -----
    The order depends only on the seed and the ids, so that any first part of it, together with what was read before, is
    a simple random sample.
    """
    ids = np.sort(comments["comment_id"].astype(str).to_numpy(dtype=object))
    place = pd.Series(np.random.default_rng([seed, 8]).permutation(len(ids)), index=ids)
    order = comments.assign(_place=place.loc[comments["comment_id"].astype(str)].to_numpy()).sort_values("_place")
    return _queue("audit", order[~order["comment_id"].isin(list(done))].head(size))


def _queue(kind: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Number the rows; labels are joined by id, so that the text can do without people's details."""
    platform = rows["platform"] if "platform" in rows else pd.Series("", index=rows.index)
    frame = pd.DataFrame({"queue": kind, "position": range(1, len(rows) + 1)}, index=rows.index)
    frame = frame.assign(comment_id=rows["comment_id"], platform=platform, text=rows["text"].map(mask))
    return frame.assign(label="", label_2="", note="").reset_index(drop=True)
