"""Choose k from the evidence, with the reason in words."""

from typing import Any

import pandas as pd

from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.density_valleys import SMALLEST
from reachbook.segmentation.structure.sparse_test import Sparse

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
    return _yes(evidence, k, row) if k else _no(evidence, row, spec, sparse)


def range_words(evidence: pd.DataFrame) -> str:
    """Describe the range of k that was tried."""
    low, high = int(evidence["k"].min()), int(evidence["k"].max())
    return f"between {low} and {high} segments" if high > low else f"with {low} segments, the only number looked at"


def _yes(evidence: pd.DataFrame, k: int, row: "pd.Series[Any]") -> str:
    return (
        f"{k} segments: the finest partition {range_words(evidence)} in which every segment is separated from "
        f"its neighbours by a valley (highest pass {row['pass_height']:.0%} of the lower peak), comes back in "
        f"bootstrap samples (lowest Jaccard {row['stability']:.2f}), is tighter than people without segments "
        f"would give (p = {row['p']:.2g}), is more than a count cut in parts, "
        f"and holds at least {row['smallest_share']:.1%} of people."
    )


def _no(evidence: pd.DataFrame, row: "pd.Series[Any]", spec: SegmentationSpec, sparse: Sparse | None) -> str:
    reasons = {
        "distinct": no_valley(row, spec),
        "null": f"people without segments give as tight a partition (p = {row['p']:.2g})",
        "stable": f"it does not come back in bootstrap samples (lowest Jaccard {row['stability']:.2f})",
        "size": f"its smallest segment holds only {row['smallest_share']:.1%} of people",
        "counts": counts_words(sparse) if sparse is not None else "",
    }
    failed = [reasons[check] for check in ("counts", "distinct", "null", "stable", "size") if not row[check]]
    return (
        f"No defensible structure {range_words(evidence)}: the best candidate, "
        f"{row['k']} segments, fails because {'; '.join(failed)}."
    )


def no_valley(row: "pd.Series[Any]", spec: SegmentationSpec) -> str:
    """Explain why a partition is not distinct."""
    if row["smallest"] < SMALLEST:
        return f"its smallest segment has {row['smallest']:.0f} people, too few to see a valley"
    if row["pass_height"] <= spec.valley_limit:
        return f"its segments connect piece by piece (bridge at {row['bridge']:.0%} of the lower peak), one bent cloud"
    return f"no valley in density parts its segments (the pass is {row['pass_height']:.0%} of the lower peak)"


def counts_words(sparse: Sparse) -> str:
    """Explain why a partition is no more than counts."""
    if sparse.cut is not None:
        return f"it is {sparse.cut.words}"
    return (
        f"crowds without segments, in which people do as much and as little, part as clearly "
        f"({sparse.reached} of the {sparse.draws} drawn)"
    )
