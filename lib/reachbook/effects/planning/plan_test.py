"""Planning the test that the parameters ask for, whatever its design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.planning.experiment import ExperimentPlan, plan
from reachbook.effects.planning.panel import PanelPlan, before_any, plan_panel
from reachbook.errors import ParamsError

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.spec import EffectSpec


def plan_test(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> ExperimentPlan | PanelPlan:
    """What each size and length of a test would answer; no outcome of it is read.

    Raises ParamsError for a series: there is no second unit to tell luck from an effect before it runs.
    """
    if spec.design == "experiment":
        return plan(spec, seed)
    if spec.design == "panel":
        return plan_panel(before_any(frame), spec, seed)
    raise ParamsError("campaign_effect: plan is true and design is 'series'. Plan an experiment or a panel instead.")
