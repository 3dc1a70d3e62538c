"""Segments of too few people for a shared page, and what is told of a segmentation without them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.privacy.suppression import suppressed
from reachbook.segmentation.structure.choose_k import at, verdict

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.arrays import Flags
    from reachbook.segmentation.segments import Segmentation


def hidden_segments(found: Segmentation, minimum: int) -> tuple[int, ...]:
    """Segments of the candidate that are not told: the small ones, and as many others as protect them.

    Returns
    -------
    tuple of int
        Empty where none is small, and also where too little would be left to tell; `Report.table` refuses the latter.

    Notes
    -----
    Who reads that the candidate holds the smallest share knows how many people a segment has at least, too.
    """
    people = np.bincount(found.candidate_labels, minlength=found.candidate)
    if people.min() >= minimum:
        return ()
    passed = bool(at(found.evidence, found.candidate)["size"])
    least = math.ceil(round(found.spec.smallest_share * people.sum(), 6)) if passed else 0
    hidden = suppressed(people, minimum, least=min(least, int(people.min()))).cells
    return () if hidden.all() else tuple(int(each) for each in np.flatnonzero(hidden))


def without_sizes(found: Segmentation, hidden: tuple[int, ...], minimum: int) -> Segmentation:
    """The segmentation without the size of a smallest segment that is small, or that is hidden; its verdict anew."""
    shown = found.evidence
    secret = (shown["smallest"] < minimum) | ((shown["k"] == found.candidate) & bool(hidden))
    if not secret.any():
        return found
    names = ("smallest", "smallest_share")
    evidence = shown.assign(**{name: shown[name].astype(float).mask(secret) for name in names})
    return replace(found, evidence=evidence, verdict=verdict(evidence, found.k, found.spec, found.sparse))


def shown_rows(frame: pd.DataFrame, hidden: tuple[int, ...]) -> pd.DataFrame:
    """Rows of segments that are told, of a table with a column segment."""
    return frame[~frame["segment"].isin(hidden)].reset_index(drop=True) if hidden else frame


def told_cells(counts: pd.DataFrame, hidden: tuple[int, ...], minimum: int) -> pd.DataFrame:
    """A table of people by group (rows) and segment (columns), each segment's sum known, that tells no few people.

    Returns
    -------
    pandas.DataFrame
        Without the columns of hidden segments; cells that may not be told are missing.
    """
    out: Flags = np.repeat(np.isin(counts.columns, hidden)[None, :], len(counts), axis=0)
    found = suppressed(counts.to_numpy(), minimum, out, public=(False, True))
    left = counts.drop(columns=[each for each in hidden if each in counts])
    cells = found.cells[:, ~out.all(axis=0)]
    return left.astype(float).mask(cells) if cells.any() else left
