"""The segmentation report: findings, gates, the decision, and every section with its figures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.presentation.section import TRUTH_UNKNOWN, Drawing, Figure, Section, Story, Table
from reachbook.privacy.groups import said_of_hidden
from reachbook.segmentation import figures, lead
from reachbook.segmentation.cards import cards
from reachbook.segmentation.labels import UNNAMED
from reachbook.segmentation.revenue import LEVEL
from reachbook.segmentation.story import AudienceResults, gather_results
from reachbook.translation import mark, sentences, tr, trn

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from reachbook.segmentation.behaviour import Features
    from reachbook.segmentation.segments import Segmentation

_NOT_NEEDED = mark("Segments stand, so that this grid is not needed.")
_TYPICAL = mark(
    "The bar is the segment, the line all others; each row has its own scale. Events, orders, money and items are "
    "typical values (geometric means)."
)
_REFUSED = mark("The best candidate, which was refused: these are no segments to plan for.")
_AGAIN = mark("A refused candidate.")
_EVIDENCE = ["k", "smallest_share", "stability", "pass_height", "p", "passes"]
_SIZES = ["name", "people", "people_share", "revenue", "revenue_share", "interval", "per_person"]
_PROFILES = ["name", "feature", "part", "unit", "value", "rest", "effect", "interval"]


def compose(
    features: Features,
    segmentation: Segmentation,
    truth: pd.DataFrame | None,
    currency: str,
    seed: int,
    channels: Mapping[str, str] = UNNAMED,
    minimum: int = 1,
    shared: bool = False,
) -> Story:
    """Compose the report from features and segments; parameters as for `story.gather_results`."""
    results = gather_results(features, segmentation, truth, currency, seed, channels, minimum, shared)
    people = Table("people", results.people(), download=True, verbatim=True, worded=("lifecycle",), private="always")
    return Story(
        described=results.segmentation.verdict,
        decision=results.decision(),
        tone=results.tone,
        grounds=results.grounds(),
        lead=Figure("lead", *_lead(results)),
        level=LEVEL,
        findings=tuple(results.findings()),
        gates=tuple(results.gates()),
        sections={
            "sizes": Section(
                sentences(_refused(results, first=True), said_of_hidden(len(results.hidden), results.minimum)),
                tables=(Table("sizes", results.sizes(), "", results.size_units, shown=_SIZES, people=("people",)),),
            ),
            "profile": _profile(results),
            "null": Section(figures=(Figure("null", *figures.against_null(segmentation)),)),
            "stability": _stability(results.segmentation),
            "valleys": Section(
                _refused(results), figures=(Figure("valleys", *figures.valleys(segmentation, results.told)),)
            ),
            "features": _features(results.features, results),
            "truth": _truth(results),
            "rfm": _grid(results),
            "people": Section(tables=(people,)),
        },
    )


def _refused(results: AudienceResults, first: bool = False) -> str:
    """Say of what is shown of the best candidate that it was refused, the `first` time in full; "" with segments."""
    return "" if results.segmentation.k else tr(_REFUSED if first else _AGAIN)


def _lead(results: AudienceResults) -> Drawing:
    """Draw what the segments bring, or, without segments, the grid to steer by instead."""
    if results.segmentation.k:
        return lead.sizes_and_revenue(results.shares, results.names)
    return lead.rfm_map(results.grid, results.top)


def _profile(results: AudienceResults) -> Section:
    """A card for each segment, then all of them in one figure; no card of segments that were refused."""
    drawn = figures.profile_map(results.profile, results.names, results.channels)
    return Section(
        sentences(tr(_TYPICAL) if results.segmentation.k else _refused(results), _hidden(results)),
        cards=(cards(results),) if results.segmentation.k else (),
        figures=(Figure("profile", *drawn),),
        tables=(Table("profiles", results.profiles(), shown=_PROFILES, worded=("part", "unit")),),
    )


def _hidden(results: AudienceResults) -> str:
    """Say how many comparisons are not told on a shared page; "" for none."""
    hidden = int(results.profile["value"].isna().sum()) if results.shared else 0
    if not hidden:
        return ""
    return trn(
        "{n} comparison is not told: it counts fewer than {minimum} people, or would give such a number away.",
        "{n} comparisons are not told: they count fewer than {minimum} people, or would give such a number away.",
        hidden,
        minimum=results.minimum,
    )


def _stability(segmentation: Segmentation) -> Section:
    units = dict.fromkeys(("smallest_share", "stability", "pass_height"), "ratio")
    return Section(
        figures=(Figure("stability", *figures.stability_and_valleys(segmentation)),),
        tables=(Table("evidence", segmentation.evidence, "", units, shown=_EVIDENCE),),
    )


def _features(features: Features, results: AudienceResults) -> Section:
    """Features, their scaling, the ones left out, and the tags that are in no profile."""
    found = results.segmentation
    dropped = found.dropped.assign(partner=found.dropped["partner"].map(results.called, na_action="ignore"))
    tables = (
        Table("dropped", _by_name(dropped, results)),
        Table("scaling", _by_name(found.scaling, results)),
        Table("features", _by_name(features.meaning, results), worded=("unit",)),
    )
    return Section(results.left_out, tables=tables)


def _by_name(table: pd.DataFrame, results: AudienceResults) -> pd.DataFrame:
    return table.assign(feature=table["feature"].map(results.called))


def _truth(results: AudienceResults) -> Section:
    if results.truth is None:
        return Section(tr(TRUTH_UNKNOWN))
    return Section(tables=(Table("truth", results.truth_table()),))


def _grid(results: AudienceResults) -> Section:
    """Recency by frequency, shown instead of segments where none can be defended."""
    if results.segmentation.k:
        return Section(tr(_NOT_NEEDED))
    grid = results.grid
    note = said_of_hidden(int(grid["people"].isna().sum()), results.minimum)
    return Section(note, tables=(Table("rfm", grid, units=results.size_units, people=("people",)),))
