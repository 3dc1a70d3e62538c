"""Did it work: what a campaign added, from an experiment, a panel or a series, as one posterior.

What is heavy to import is imported when a function is called, so that reading parameters stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.spec import EffectSpec

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.effect import Effect

__all__ = ["EffectSpec", "estimate"]


def estimate(frame: pd.DataFrame, spec: EffectSpec | None = None, *, seed: int = 1) -> Effect:
    """Effect by the design that `spec` names (an experiment, unless it says otherwise).

    Parameters
    ----------
    frame
        The design's table, as its contract asks: units of an experiment, cells of a panel, or periods of a series.

    Raises
    ------
    DataError, ParamsError
        One line, where nothing can be estimated. What can be, but should not be relied on, is an Effect whose gates
        say so.
    """
    chosen = spec or EffectSpec()
    if chosen.design == "panel":
        from reachbook.effects.panel.estimate import estimate as panel

        return panel(frame, chosen, seed)
    if chosen.design == "series":
        from reachbook.effects.series.estimate import estimate as series

        return series(frame, chosen, seed)
    from reachbook.effects.experiment.estimate import estimate as experiment

    return experiment(frame, chosen, seed)
