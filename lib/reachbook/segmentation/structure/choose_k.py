"""Choose k from the evidence, with the reason in words."""

from typing import Any

import pandas as pd

from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.density_valleys import SMALLEST
from reachbook.segmentation.structure.sparse_test import Sparse
from reachbook.translation import listing, tr

CHECKS = ("size", "distinct", "null", "stable", "counts")


def with_checks(evidence: pd.DataFrame, spec: SegmentationSpec) -> pd.DataFrame:
    """Add to `evidence` a bool column for each check, and `passes` where all hold.

    Notes
    -----
    "counts" is True until it is tested, and it is tested only where the others hold (see `segments.with_count_check`).
    """
    out = evidence.assign(
        size=evidence["smallest_share"] >= spec.smallest_share,
        distinct=evidence["valley_holds"],
        null=evidence["p"] <= spec.null_level,
        stable=evidence["stability"] >= spec.stability_limit,
        counts=True,
    )
    return out.assign(passes=out[list(CHECKS)].all(axis=1))


def chosen(evidence: pd.DataFrame) -> int:
    """The largest k that passes every check; 0 where none does.

    Notes
    -----
    The largest, because a coarser partition that merges real segments passes too.
    """
    good = evidence.loc[evidence["passes"], "k"]
    return int(good.max()) if len(good) else 0


def nearest(evidence: pd.DataFrame) -> int:
    """The k that passes the most checks, ties by the deepest valley, to show where nothing is chosen.

    Notes
    -----
    The check on counts is ignored, because it is made last and for few k only.
    """
    held = evidence[[check for check in CHECKS if check != "counts"]].sum(axis=1)
    order = evidence.assign(held=held).sort_values(["held", "pass_height", "k"], ascending=[False, True, True])
    return int(order["k"].iloc[0])


def at(evidence: pd.DataFrame, k: int) -> "pd.Series[Any]":
    """The row of one k."""
    return evidence[evidence["k"] == k].iloc[0]


def verdict(evidence: pd.DataFrame, k: int, spec: SegmentationSpec, sparse: Sparse | None) -> str:
    """One sentence that says what was chosen and why."""
    row = at(evidence, k or nearest(evidence))
    return _yes(evidence, k, row, spec) if k else _no(evidence, row, spec, sparse)


def range_words(evidence: pd.DataFrame) -> str:
    """Describe the range of k that was tried."""
    low, high = int(evidence["k"].min()), int(evidence["k"].max())
    if high > low:
        return tr("with {low} to {high} tried", low=low, high=high)
    return tr("with {low}, the only number tried", low=low)


def _yes(evidence: pd.DataFrame, k: int, row: "pd.Series[Any]", spec: SegmentationSpec) -> str:
    return tr(
        "{k} segments, {range}: the finest split in which every segment is parted from its neighbours by a valley (at "
        "most {height:.0%} as dense as the segments), comes back when people are drawn again (weakest overlap "
        "{jaccard:.2f}), is tighter than people without segments would give (p = {p:.2g}), is more than a count cut in "
        "parts, and holds at least {share:.1%} of people.",
        k=k,
        range=range_words(evidence),
        height=row["pass_height"],
        jaccard=row["stability"],
        p=row["p"],
        share=spec.smallest_share if is_hidden(row) else row["smallest_share"],
    )


def is_hidden(row: "pd.Series[Any]") -> bool:
    """Whether the size of the smallest segment is not told."""
    return bool(row["smallest"] != row["smallest"])


def failing(row: "pd.Series[Any]") -> list[str]:
    """The checks that one k fails, the most telling first."""
    return [check for check in ("counts", "distinct", "null", "stable", "size") if not row[check]]


def _no(evidence: pd.DataFrame, row: "pd.Series[Any]", spec: SegmentationSpec, sparse: Sparse | None) -> str:
    reasons = {
        "distinct": no_valley(row, spec),
        "null": tr("people without segments give as tight a split (p = {p:.2g})", p=row["p"]),
        "stable": tr(
            "it does not come back when people are drawn again (weakest overlap {jaccard:.2f})",
            jaccard=row["stability"],
        ),
        "size": tr("its smallest segment holds less than {limit:.1%} of people", limit=spec.smallest_share)
        if is_hidden(row)
        else tr("its smallest segment holds only {share:.1%} of people", share=row["smallest_share"]),
        "counts": counts_words(sparse) if sparse is not None else "",
    }
    return tr(
        "No segments stand, {range}: the best candidate, {k} segments, fails because {reasons}.",
        range=range_words(evidence),
        k=row["k"],
        reasons=listing(reasons[check] for check in failing(row) if reasons[check]),
    )


def no_valley(row: "pd.Series[Any]", spec: SegmentationSpec) -> str:
    """Explain why a partition is not distinct."""
    if is_hidden(row):
        return tr("no valley parts its segments, or one of them has too few people to see a valley")
    if row["smallest"] < SMALLEST:
        return tr("its smallest segment has {n:.0f} people, too few to see a valley", n=row["smallest"])
    if row["pass_height"] <= spec.valley_limit:
        return tr(
            "its segments hang together piece by piece, as one bent cloud (the bridge is {height:.0%} as dense)",
            height=row["bridge"],
        )
    return tr(
        "no valley parts its segments (between two of them people stand {height:.0%} as densely as inside)",
        height=row["pass_height"],
    )


def counts_words(sparse: Sparse) -> str:
    """Explain why a partition is no more than counts."""
    if sparse.cut is not None:
        return tr("it is {cut}", cut=sparse.cut.words)
    return tr(
        "crowds without segments, in which people do as much and as little, part as clearly ({reached} of the {draws} "
        "drawn)",
        reached=sparse.reached,
        draws=sparse.draws,
    )
