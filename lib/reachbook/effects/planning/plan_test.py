"""Planning of a test by its design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.planning.experiment import ExperimentPlan, plan
from reachbook.effects.planning.panel import PanelPlan, before_any, plan_panel
from reachbook.errors import ParamsError
from reachbook.translation import tr

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.spec import EffectSpec


def plan_test(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> ExperimentPlan | PanelPlan:
    """What each affordable size and length of a test would answer; no outcome of the test is read.

    Raises
    ------
    ParamsError
        For a series, where no second unit separates an effect from chance before it runs, or as for `plan` and
        `plan_panel`.
    DataError
        As for `plan_panel`.
    """
    if spec.design == "experiment":
        return plan(spec, seed)
    if spec.design == "panel":
        return plan_panel(before_any(frame), spec, seed)
    raise ParamsError(
        tr("campaign_effect: plan is true and design is 'series'. Plan an experiment or a panel instead.")
    )
