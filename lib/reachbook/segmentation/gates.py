"""Gates of the segmentation, and why there are no segments, in words."""

import pandas as pd

from reachbook.segmentation.behaviour import Features
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import at, failing
from reachbook.segmentation.structure.density_valleys import BRIDGE_LIMIT, SMALLEST
from reachbook.segmentation.structure.sparse_test import Sparse
from reachbook.translation import tr, trn
from reachbook.verdict import Gate

MISSING_HOURS_LIMIT = 0.1
"""Share of events without an hour above which it is a warning."""


def checks(found: Segmentation, features: Features) -> list[Gate]:
    """Gates on size, stability, null reference, distinctness and counts, and a warning about missing hours."""
    spec, k = found.spec, found.candidate
    row = at(found.evidence, k)
    return [
        Gate("size", bool(row["size"]), _size(row, k, spec)),
        Gate("stability", bool(row["stable"]), _stability(row, k, spec)),
        Gate("null", bool(row["null"]), _null(row, len(found.gains), spec)),
        Gate("distinctness", bool(row["distinct"]), _distinct(row, k, spec)),
        *([Gate("counts", bool(row["counts"]), _counts(found.sparse, k))] if found.sparse else []),
        Gate("hours", features.hours.missing <= MISSING_HOURS_LIMIT, features.hours.words, "warn"),
    ]


def _size(row: pd.Series, k: int, spec: SegmentationSpec) -> str:
    share = _beside(row["smallest_share"], spec.smallest_share, bool(row["size"]))
    return tr(
        "The smallest of {k} segments holds {share} of people (at least {limit:.1%}).",
        k=k,
        share=share,
        limit=spec.smallest_share,
    )


def _stability(row: pd.Series, k: int, spec: SegmentationSpec) -> str:
    share = _beside(row["stability"], spec.stability_limit, bool(row["stable"]))
    return tr(
        "Of the weakest of {k} segments {share} comes back when people are drawn again (at least {limit:.1%}).",
        k=k,
        share=share,
        limit=spec.stability_limit,
    )


def _null(row: pd.Series, draws: int, spec: SegmentationSpec) -> str:
    """Number of reference tables that reach the observed tightness, from a p that counts the observed one too."""
    reached = round(float(row["p"]) * (draws + 1)) - 1
    chance, limit = f"{row['p']:.2g}", f"{spec.null_level:.2g}"
    if not reached:
        return tr(
            "None of {draws} crowds without segments is grouped as tightly (probability by chance {chance}, at most "
            "{limit}).",
            draws=draws,
            chance=chance,
            limit=limit,
        )
    return trn(
        "{n} of {draws} crowds without segments is grouped as tightly (probability by chance {chance}, at most "
        "{limit}).",
        "{n} of {draws} crowds without segments are grouped as tightly (probability by chance {chance}, at most "
        "{limit}).",
        reached,
        draws=draws,
        chance=chance,
        limit=limit,
    )


def _beside(value: float, limit: float, passed: bool) -> str:
    """Format a share, with more digits where a failing one would round to its limit."""
    close = not passed and f"{value:.1%}" == f"{limit:.1%}"
    return f"{value:.3%}" if close else f"{value:.1%}"


def _distinct(row: pd.Series, k: int, spec: SegmentationSpec) -> str:
    height, limit = row["pass_height"], spec.valley_limit
    if row["distinct"]:
        return tr(
            "Where two of {k} segments come closest, people stand {height:.0%} as densely as inside them (at most "
            "{limit:.0%}).",
            k=k,
            height=height,
            limit=limit,
        )
    if row["smallest"] < SMALLEST:
        return tr(
            "The smallest of {k} segments has {n:.0f} people, too few to see a valley around it.",
            k=k,
            n=row["smallest"],
        )
    if height <= limit:
        return tr(
            "The {k} segments hang together piece by piece, as one bent cloud: the bridge is {height:.0%} as dense as "
            "they are (at most {limit:.0%}).",
            k=k,
            height=row["bridge"],
            limit=BRIDGE_LIMIT,
        )
    return tr(
        "There is no gap between the {k} groups: between two of them people stand {height:.0%} as densely as inside "
        "(at most {limit:.0%}).",
        k=k,
        height=height,
        limit=limit,
    )


def _counts(sparse: Sparse, k: int) -> str:
    if sparse.cut is not None:
        return tr("These {k} segments are {cut}. That is a number, not a kind of person.", k=k, cut=sparse.cut.words)
    if not sparse.draws:
        return tr("No single count, as of orders, explains these {k} segments.", k=k)
    if sparse.reached:
        return tr(
            "No single count explains these {k} segments, but {reached} of {draws} crowds without segments, in which "
            "people do as much and as little, part as clearly.",
            k=k,
            reached=sparse.reached,
            draws=sparse.draws,
        )
    return tr(
        "No single count explains these {k} segments, and none of {draws} crowds without segments, in which people do "
        "as much and as little, parts as clearly.",
        k=k,
        draws=sparse.draws,
    )


def why_not(found: Segmentation) -> str:
    """Say in one short sentence why the best candidate is refused, by the most telling check that it fails."""
    row = at(found.evidence, found.candidate)
    failed = [check for check in failing(row) if check != "counts" or found.sparse is not None]
    return _refusal(failed[0], row, found.sparse) if failed else ""


def _refusal(check: str, row: pd.Series, sparse: Sparse | None) -> str:
    if check == "counts" and sparse is not None:
        if sparse.cut is None:
            return tr("Crowds without segments part as clearly.")
        return tr("The best split only sorts people by their number of {things}.", things=sparse.cut.things)
    if check == "distinct" and row["smallest"] < SMALLEST:
        return tr("The smallest group, {n:.0f} people, is too small to tell.", n=row["smallest"])
    if check == "size":
        return tr("The smallest group holds only {share:.1%} of people.", share=row["smallest_share"])
    said = {
        "distinct": tr("People shade into one another without a gap between groups."),
        "null": tr("Groups as tight arise by chance."),
        "stable": tr("The best groups do not come back when people are drawn again."),
    }
    return said[check]
