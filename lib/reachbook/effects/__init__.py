"""Effect of a campaign from an experiment, a panel or a series; heavy imports are deferred to the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.spec import EffectSpec

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.effect import Effect

__all__ = ["EffectSpec", "estimate"]


def estimate(frame: pd.DataFrame, spec: EffectSpec | None = None, *, seed: int = 1) -> Effect:
    """Effect of a campaign by the design that `spec` names (default: experiment).

    Parameters
    ----------
    frame : DataFrame
        Table of the design: units of an experiment, cells of a panel, or periods of a series.
    spec : EffectSpec, optional
        Parameters.
    seed : int
        Seed of all random numbers.

    Returns
    -------
    Effect
        Posterior and gates; where it should not be relied on, a gate says so.

    Raises
    ------
    DataError, ParamsError
        If nothing can be estimated; the message is one line.
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
