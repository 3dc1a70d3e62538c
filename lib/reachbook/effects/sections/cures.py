"""What to do about each check that blocks, in one short sentence; its detail stands beside the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.translation import mark, tr

if TYPE_CHECKING:
    from reachbook.verdict import Gate

CURES = {
    "sample_ratio": mark("Find out where units were lost or given the wrong arm."),
    "segment_mix": mark("Find out why the arms hold other segments."),
    "sample": mark("Run longer, or with more units."),
    "balance": mark("Draw by lot who gets the next campaign, or compare places with and without it."),
    "shared": mark("Say whether units were assigned in groups: cluster, or leave_out."),
    "other_unit": mark("Look whether the outcome is in one currency and unit throughout."),
    "heavy_tail": mark("Look for errors and resellers among the largest amounts."),
    "predictive": mark("Look for errors and resellers among the largest amounts."),
    "influence": mark("Look whether the one value that carries it is an error."),
    "pre_periods": mark("Add earlier periods."),
    "complete": mark("Complete the rows that were set aside."),
    "pre_fit": mark("Find what else changed before the campaign, or start the data after it."),
    "one_control": mark("Add controls, and look at the one that carries the answer."),
    "one_period": mark("Look for a slip in the period that carries it; if it is right, confirm it."),
    "one_unit": mark("Look for a slip in the unit that carries it; if it is right, confirm it."),
    "past_period": mark("Look for a slip in the day that stands out; if it is right, confirm it."),
    "control_value": mark("Look for a slip in the value that stands out; if it is right, confirm its day."),
    "control_spend": mark("Leave out the untreated units that had the campaign too."),
    "contamination": mark("Find out why a control moved with the campaign, or leave it out."),
    "rate": mark("Name what the rate counts as the outcome."),
    "replays": mark("Add earlier periods or more controls, so that the interval can be tested."),
    "covariates": mark("Name in covariates only what the campaign cannot have moved."),
    "controls": mark("Add a series that the campaign cannot have moved, such as category sales."),
    "convergence": mark("Add earlier periods, or controls that drift with the outcome."),
}
"""Cure by id of the gate."""


def cure(gate: Gate) -> str:
    """What to do about a failed gate."""
    known = CURES.get(gate.id)
    return tr("Mend what the failed check names.") if known is None else tr(known)
