"""Did it work: what a campaign added, from an experiment, a panel or a series, as one posterior.

What is heavy to import is imported when a function is called, so that reading parameters stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.spec import EffectSpec

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.effect import Effect

__all__ = ["EffectSpec", "experiment", "panel", "series"]


def experiment(frame: pd.DataFrame, spec: EffectSpec | None = None, *, seed: int = 1) -> Effect:
    """Effect of an A/B/n test on people or clusters: see `experiment.estimate.estimate`."""
    from reachbook.effects.experiment.estimate import estimate

    return estimate(frame, spec or EffectSpec(design="experiment"), seed)


def panel(frame: pd.DataFrame, spec: EffectSpec | None = None, *, seed: int = 1) -> Effect:
    """Effect on units treated while others are not: see `panel.estimate.estimate`."""
    from reachbook.effects.panel.estimate import estimate

    return estimate(frame, spec or EffectSpec(design="panel"), seed)


def series(frame: pd.DataFrame, spec: EffectSpec | None = None, *, seed: int = 1) -> Effect:
    """Effect on one series, before and after, with control series: see `series.estimate.estimate`."""
    from reachbook.effects.series.estimate import estimate

    return estimate(frame, spec or EffectSpec(design="series"), seed)
