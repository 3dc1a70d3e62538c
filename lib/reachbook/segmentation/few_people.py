"""Comparisons that rest on too few people: a trait's share of a segment, times its people, counts those who have it.

Notes
-----
Segments and levels of a trait are a table of two dimensions in which each person is in one cell, those without a value
in a cell of their own. A small cell is hidden with as many others as it takes that no sum gives it away; of a level
that few have at all, no segment's comparison is told, since each is made with all others.
"""

import numpy as np
import pandas as pd

from reachbook.privacy.suppression import suppressed
from reachbook.segmentation.behaviour import Features

ORDERED = "has_ordered"
"""The one feature of behaviour that is a share of people."""
_RESTING = ["value", "rest", "effect", "low", "high"]


def without_few(profile: pd.DataFrame, features: Features, labels: pd.Series, minimum: int) -> pd.DataFrame:
    """Empty the comparisons of a profile that count fewer than `minimum` people, or would give such a count away.

    Parameters
    ----------
    profile : pandas.DataFrame
        See `profile.profile`.
    labels : int array (people,)
        Segment of each person, indexed like `features.frame`.

    Returns
    -------
    pandas.DataFrame
        The same rows; where one is hidden, its means, effect and interval are missing.
    """
    hidden = {each for name in features.traits for each in _levels(str(name), features.traits[name], labels, minimum)}
    hidden |= {each for name in features.numbers for each in _number(str(name), features, labels, minimum)}
    if ORDERED in features.frame:
        hidden |= _ordered(features.frame[ORDERED], labels, minimum)
    rows = [pair in hidden for pair in zip(profile["segment"], profile["feature"], strict=True)]
    return profile.assign(**{name: profile[name].mask(np.asarray(rows, dtype=bool)) for name in _RESTING})


def _levels(name: str, values: pd.Series, labels: pd.Series, minimum: int) -> set[tuple[int, str]]:
    """Segment and feature of the hidden comparisons of one trait."""
    said = values.astype("string").fillna("")
    counts = pd.crosstab(labels, said)
    cells = _hidden(counts, minimum)
    return {
        (int(segment), f"{name} = {level}")
        for row, segment in enumerate(counts.index)
        for column, level in enumerate(counts.columns)
        if level and cells[row, column]
    }


def _ordered(ordered: pd.Series, labels: pd.Series, minimum: int) -> set[tuple[int, str]]:
    counts = pd.crosstab(labels, ordered)
    cells = _hidden(counts, minimum).any(axis=1)
    return {(int(segment), ORDERED) for segment, few in zip(counts.index, cells, strict=True) if few}


def _hidden(counts: pd.DataFrame, minimum: int) -> np.ndarray:
    """Cells not to be told, bool array like `counts`: the sizes of segments stand on the page; a level that few have is
    not told of any segment.
    """
    found = suppressed(counts.to_numpy(), minimum, public=(True, False))
    return np.ones(counts.shape, dtype=bool) if found.total else found.cells | found.margins[1][None, :]


def _number(name: str, features: Features, labels: pd.Series, minimum: int) -> set[tuple[int, str]]:
    """All comparisons of a number that too few people of any segment have, or lack."""
    known = features.numbers[name].notna()
    counts = pd.crosstab(labels, known)
    shown = f"{name} (users)" if name in features.frame else name
    return {(int(segment), shown) for segment in counts.index} if _hidden(counts, minimum).any() else set()
