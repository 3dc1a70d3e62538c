"""Short names of the gates, by which the line on the checks calls those that warn."""

import re

from reachbook.presentation.html_table import label
from reachbook.translation import mark, tr

NAMES = {
    "alarms": mark("rate of false alarms"),
    "arms": mark("arms left out"),
    "audit": mark("number of comments read"),
    "balance": mark("balance of the arms"),
    "baseline": mark("level of the outcome"),
    "belief": mark("money moved on assumed returns"),
    "beyond": mark("spend beyond what was seen"),
    "bots": mark("likely bots"),
    "calendar": mark("holidays in the campaign"),
    "calibration": mark("the model's certainty"),
    "certificate": mark("proof of the plan"),
    "choice": mark("room for another plan"),
    "collinearity": mark("channels that move together"),
    "complete": mark("missing rows"),
    "consent": mark("people without consent"),
    "contamination": mark("controls touched by the campaign"),
    "control": mark("choice of the control arm"),
    "control_spend": mark("spend of controls in the campaign"),
    "control_value": mark("single values of controls"),
    "controls": mark("choice of control series"),
    "convergence": mark("convergence of the calculation"),
    "counts": mark("segments that are only a count"),
    "covariates": mark("further columns as controls"),
    "data_quality": mark("data quality"),
    "day_only": mark("times without an hour"),
    "distinctness": mark("gaps between segments"),
    "domain": mark("likeness to the training texts"),
    "drawn": mark("randomness of the sample read"),
    "duplicates": mark("duplicates"),
    "exposure": mark("exposure of the arms"),
    "foretold": mark("forecast of unseen weeks"),
    "gaps": mark("gaps in the data"),
    "heavy_tail": mark("very large amounts"),
    "history": mark("length of the history"),
    "holdout": mark("forecast of held-out weeks"),
    "hours": mark("events without an hour"),
    "hull": mark("size of the treated units"),
    "influence": mark("single units with much influence"),
    "late": mark("late last days"),
    "leak": mark("copies and emoji among the labels"),
    "likeness": mark("likeness to the training texts"),
    "limits": mark("limits next to none"),
    "looks": mark("several looks at the result"),
    "media_share": mark("share that media explain"),
    "null": mark("tightness beyond chance"),
    "one_control": mark("influence of single controls"),
    "one_period": mark("influence of single periods"),
    "one_unit": mark("influence of single units"),
    "organised": mark("organised groups"),
    "other_unit": mark("one unit throughout"),
    "outcome_spikes": mark("spikes of the outcome"),
    "past_period": mark("outlying earlier periods"),
    "period": mark("unit of the budget"),
    "plan": mark("test plan"),
    "platforms": mark("people known on one platform only"),
    "pre_fit": mark("fit before the campaign"),
    "pre_periods": mark("number of earlier periods"),
    "predictive": mark("fit of the model"),
    "prior": mark("channels of which the data say little"),
    "random_error": mark("size of the random errors"),
    "rate": mark("outcome that is a rate"),
    "rare": mark("labels of the rarer kind"),
    "ratio": mark("denominator of the ratio"),
    "record": mark("track record"),
    "replays": mark("placebo replays"),
    "rows": mark("rows of the period"),
    "rules": mark("rules of the plan"),
    "sample": mark("number of units"),
    "sample_ratio": mark("split between the arms"),
    "segment_mix": mark("mix of segments"),
    "shared": mark("units that belong together"),
    "shift": mark("level shifts"),
    "size": mark("size of the smallest segment"),
    "spend": mark("spend of the campaign"),
    "spikes": mark("spikes of spend"),
    "stability": mark("stability of the segments"),
    "stopped": mark("channels long without spend"),
    "sudden": mark("sudden days"),
    "target": mark("target against break-even"),
    "tests": mark("lift tests left out"),
    "unit_steps": mark("steps to another unit"),
    "units": mark("units of money and outcome"),
    "weeks": mark("plan by week"),
}
_ROWS = re.compile(r"(rows|left_out)_\d+_(?P<table>\w+)")


def gate_name(id: str) -> str:
    """Name of a gate in the page's language; of one that is not ours, its id in words."""
    rows = _ROWS.fullmatch(id)
    if rows:
        table = rows["table"]
        return tr("rows of the table {table}", table=tr(table))
    known = id.removesuffix("_by_region")
    return tr(NAMES[known]) if known in NAMES else label(id)
