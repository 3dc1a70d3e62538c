"""Gates of the segmentation, and the findings beside them, in words."""

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.result import Finding
from reachbook.segmentation.behaviour import Features
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import at, failing, is_hidden
from reachbook.segmentation.structure.density_valleys import BRIDGE_LIMIT, SMALLEST
from reachbook.segmentation.structure.sparse_test import Sparse
from reachbook.translation import mark, tr, trn
from reachbook.verdict import Gate

MISSING_HOURS_LIMIT = 0.1
"""Share of events without an hour above which it is a warning."""
CHANCE = mark("chance makes such groups, too")
"""Why groups are refused that arise without segments as well."""
_FULL = 0.95
"""Density between groups, beside that inside, above which it is told as equal."""


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
    if is_hidden(row):
        told = {"k": k, "limit": spec.smallest_share}
        if row["size"]:
            return tr("Each of {k} segments holds at least {limit:.1%} of people.", **told)
        return tr("The smallest of {k} segments holds less than {limit:.1%} of people.", **told)
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
    """Number of crowds as tight as observed, of the simulated ones and the observed one, as the p-value counts them."""
    passed = bool(row["null"])
    said = {
        "crowds": draws + 1,
        "draws": draws,
        "chance": _beside(row["p"], spec.null_level, passed),
        "limit": number(spec.null_level, "ratio"),
    }
    count = round(float(row["p"]) * (draws + 1))
    if passed:
        return trn(
            "Chance does not make such groups: of {crowds} crowds, {draws} simulated without segments and this "
            "audience, only this audience is so grouped ({chance}, at most {limit}).",
            "Chance does not make such groups: of {crowds} crowds, {draws} simulated without segments and this "
            "audience, {n} are so grouped ({chance}, at most {limit}).",
            count,
            **said,
        )
    return trn(
        "Too few crowds were simulated to rule out chance: of {crowds}, {draws} without segments and this audience, "
        "only this audience is so grouped ({chance}, at most {limit}).",
        "Data without any segments look just as grouped: of {crowds} crowds, {draws} simulated and this audience, {n} "
        "do ({chance}, at most {limit}).",
        count,
        **said,
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
    if is_hidden(row):
        return tr("There is no valley between two of {k} segments, or one has too few people to see a valley.", k=k)
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
    densely = {"k": k, "height": height, "limit": limit}
    if height >= _FULL:
        return tr(
            "There is no gap: where the best {k} groups meet, people stand as densely as inside them ({height:.0%}, at "
            "most {limit:.0%}).",
            **densely,
        )
    return tr(
        "There is no clear gap: where the best {k} groups meet, people stand too densely, {height:.0%} as densely as "
        "inside them (at most {limit:.0%}).",
        **densely,
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


def evidence_findings(found: Segmentation) -> list[Finding]:
    """Number of segments, and what tells whether there are any: stability, crowding between them, chance.

    With segments their number comes last, because the decision says it. Of a refused candidate it comes first, with the
    reason, and then what refuses it.

    Parameters
    ----------
    found : Segmentation
        Findings are of the chosen partition, or of the best candidate where it was refused.
    """
    row, spec = at(found.evidence, found.candidate), found.spec
    bent = not row["distinct"] and row["pass_height"] <= spec.valley_limit
    gap = Finding(
        "gap",
        tr("Crowding between segments (100%: no gap)") if found.k else tr("Crowding between the groups (100%: no gap)"),
        float(row["bridge" if bent else "pass_height"]),
        unit="ratio",
        reference=BRIDGE_LIMIT if bent else spec.valley_limit,
        against=tr("at most"),
    )
    chance = Finding(
        "chance",
        tr("Crowds without segments that look as grouped"),
        float(row["p"]),
        unit="ratio",
        reference=spec.null_level,
        against=tr("at most"),
    )
    stable = Finding(
        "stability",
        tr("Weakest segment, found again in a fresh sample")
        if found.k
        else tr("Weakest group, found again in a fresh sample"),
        found.stability,
        unit="ratio",
        reference=spec.stability_limit,
        against=tr("needed") if found.k or not row["stable"] else tr("met, needed"),
    )
    if found.k:
        return [stable, gap, chance, Finding("segments", tr("Segments to plan for"), found.k, unit="count")]
    label = tr("Segments to plan for ({k} groups refused: {why})", k=found.candidate, why=_why_not(found))
    told = [(bool(row["null"]), chance), (bool(row["distinct"]), gap), (bool(row["stable"]), stable)]
    return [Finding("segments", label, 0, unit="count"), *(each for _, each in sorted(told, key=lambda pair: pair[0]))]


def _why_not(found: Segmentation) -> str:
    """Why the best candidate is refused, in a few words, by the most telling check that it fails."""
    row, sparse = at(found.evidence, found.candidate), found.sparse
    check = next(check for check in failing(row) if check != "counts" or sparse is not None)
    if check == "counts" and sparse is not None:
        return tr("they only differ in number of {things}", things=sparse.cut.things) if sparse.cut else tr(CHANCE)
    if check == "distinct" and not is_hidden(row) and row["smallest"] < SMALLEST:
        check = "size"
    said = {
        "size": mark("one is too small"),
        "stable": mark("they do not come back in a fresh sample"),
        "null": CHANCE,
        "distinct": mark("no gap between them"),
    }
    return tr(said[check])
