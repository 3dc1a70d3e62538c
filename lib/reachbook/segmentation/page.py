"""The segmentation report: findings, gates, the decision, and every section with its figures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.presentation.section import TRUTH_UNKNOWN, Figure, Section, Story, Table
from reachbook.segmentation import figures
from reachbook.segmentation.story import AudienceResults, gather_results

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.segmentation.behaviour import Features
    from reachbook.segmentation.segments import Segmentation

_NOT_NEEDED = "Segments stand, so that this grid is not needed."


def compose(
    features: Features, segmentation: Segmentation, truth: pd.DataFrame | None, currency: str, seed: int
) -> Story:
    """Compose the report from features and segments; parameters as for `story.gather_results`."""
    results = gather_results(features, segmentation, truth, currency, seed)
    return Story(
        described=segmentation.verdict,
        decision=results.decision(),
        tone=results.tone,
        findings=tuple(results.findings()),
        gates=tuple(results.gates()),
        sections={
            "sizes": Section(
                figures=(Figure("sizes", *figures.sizes_and_revenue(results.shares, results.names)),),
                tables=(Table("sizes", results.sizes(), units=results.size_units),),
            ),
            "profile": Section(
                figures=(Figure("profile", *figures.profile_map(results.profile, results.names)),),
                tables=(Table("profiles", results.profiles()),),
            ),
            "null": Section(figures=(Figure("null", *figures.against_null(segmentation)),)),
            "stability": Section(
                figures=(Figure("stability", *figures.stability_and_valleys(segmentation)),),
                tables=(Table("evidence", segmentation.evidence),),
            ),
            "valleys": Section(figures=(Figure("valleys", *figures.valleys(segmentation, results.names)),)),
            "features": _features(results.features, results),
            "truth": _truth(results),
            "rfm": _grid(results),
            "people": Section(
                tables=(Table("people", results.people(), download=True, verbatim=True, shown=results.people_shown),)
            ),
        },
    )


def _features(features: Features, results: AudienceResults) -> Section:
    """Features, their scaling, the ones left out, and the tags that are in no profile."""
    found = results.segmentation
    tables = (("dropped", found.dropped), ("scaling", found.scaling), ("features", features.meaning))
    return Section(results.left_out, tables=tuple(Table(*each) for each in tables))


def _truth(results: AudienceResults) -> Section:
    return Section(TRUTH_UNKNOWN) if results.truth is None else Section(tables=(Table("truth", results.truth_table()),))


def _grid(results: AudienceResults) -> Section:
    """Recency by frequency, shown instead of segments where none can be defended."""
    if results.segmentation.k:
        return Section(_NOT_NEEDED)
    grid = results.grid()
    return Section(
        figures=(Figure("rfm", *figures.rfm_map(grid)),), tables=(Table("rfm", grid, units=results.size_units),)
    )
