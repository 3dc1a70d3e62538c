"""Appendix sections on the value of plans at earlier weeks and for simulated brands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.advice import from_spec
from reachbook.budget.advice.backtest import rolling
from reachbook.budget.advice.track_record import LEVEL, WORLDS, TrackRecord, record
from reachbook.budget.sections import track_record_figure
from reachbook.errors import DataError
from reachbook.presentation.section import Figure, Section, Table, unless_checked
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from reachbook.budget.model.mix import Mix
    from reachbook.budget.spec import BudgetSpec
    from reachbook.verdict import Gate

_RATIOS = ("inside", "error", "naive", "probability")
_SHOWN = ("origin", "inside", "error", "naive", "passed", "promised", "hindsight", "probability")


def backtest_section(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    mix: Mix,
    spec: BudgetSpec,
    seed: int,
    tests: pd.DataFrame | None = None,
    sentiment: pd.DataFrame | None = None,
) -> Section:
    """Section on forecasts and plans at `spec.backtest` earlier weeks under today's rules; `mix` fits all weeks."""
    if not spec.backtest:
        return Section(
            tr("Not looked back: `backtest` is the number of earlier weeks to look back from; each takes a fit.")
        )
    if not mix.passed:
        return Section(
            tr("Not looked back: the model failed a check, and plans that it would have made are no measure.")
        )
    rules = from_spec.rules(spec).model_copy(update={"mode": "fixed", "target": None})
    try:
        found = rolling(
            media, outcome, mix, spec, rules, seed=seed, lift_tests=tests, sentiment=sentiment, origins=spec.backtest
        )
    except DataError as error:
        return Section(tr("History is too short to look back: {error}", error=error))
    frame = found.frame.copy()
    frame["origin"] = [f"{each:%Y-%m-%d}" for each in frame["origin"]]
    units = dict.fromkeys(_RATIOS, "ratio") | {"moved": "money"}
    caption = tr(
        "origin: first week that was not known. promised: outcome a week that the plan made then was to add; "
        "hindsight: the same by curves that know all weeks since; probability: that it added any, by these."
    )
    shown = [each for each in _SHOWN if each in frame]
    return Section(found.describe(), tables=(Table("backtest", frame, caption, units, False, shown),))


def track_record_section(gates: Iterable[Gate] = (), known: TrackRecord | None = None) -> Section:
    """Section on the realised gains of plans for simulated brands, from `known` or the shipped record.

    Parameters
    ----------
    gates : iterable of Gate
        Gates of the page; what one of them says already is not said again.
    """
    found = known or record()
    caption = tr(
        "kept: gain by the true curves over the gain that was promised, median; inside: part of the {level:.0%} "
        "intervals of the gain that hold what came; worse: part of plans worse than going on, stated: the chance of "
        "that, mean; oracle: part that was gained of what could be.",
        level=LEVEL,
    )
    units = dict.fromkeys(("kept", "inside", "worse", "stated", "oracle"), "ratio")
    frame = found.table().rename(columns={"world": "channels"}).replace({"channels": WORLDS})
    sheet = Table(
        "simulated", frame[["channels", "rules", "plans", *units]], caption, units, worded=("channels", "rules")
    )
    brief = unless_checked(found.brief(), gates, tr("What they kept of their promises is among the checks above."))
    note = sentences(brief, found.coverage())
    return Section(note, (Figure("simulated", *track_record_figure.realised_gains(found)),), (sheet,))
