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
    from dataclasses import replace

    from reachbook.effects.rate_outcome import rate_outcome

    chosen = spec or EffectSpec()
    effect = _by_design(frame, chosen, seed)
    return replace(effect, gates=(*rate_outcome(frame, effect.outcome, chosen), *effect.gates))


def _by_design(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    if spec.design == "panel":
        from reachbook.effects.panel.estimate import estimate as panel

        return panel(frame, spec, seed)
    if spec.design == "series":
        from reachbook.effects.series.estimate import estimate as series

        return series(frame, spec, seed)
    from reachbook.effects.experiment.estimate import estimate as experiment

    return experiment(frame, spec, seed)
