"""Limits of the alarms: what the same search finds on quiet tables with the same level, weekdays and noise."""

import numpy as np

from reachbook.arrays import Floats
from reachbook.quality.alarms import KINDS, Watched, surprise
from reachbook.quality.expected import NEIGHBOURS, expected, median, profile
from reachbook.quality.noise import LEAST, dispersion
from reachbook.quality.spec import QualitySpec

KINDS_OF_ALARM = len(KINDS) + 1
"""Kinds of alarms that share the stated rate: gaps, and those of `KINDS`."""
DRAWS = (399, 799)
_CELLS = 8_000_000
_MOST = {"sudden": 1e-3, "shift": -3.5, "late": 1e-3}
"""Values above which nothing alarms, where quiet tables never come near one."""


def limits(series: Watched, spec: QualitySpec, seed: int) -> dict[str, float]:
    """The value of each kind of alarm that at most its part of `spec.false_alarms` of quiet tables go below.

    Notes
    -----
    Stated chances are off where a mean comes from a few weeks and a dispersion from a few months. Quiet tables that
    pass through the same steps have the same errors. The limit is an order statistic of their lowest values, so that
    another quiet table is below it with at most the stated probability (a Monte Carlo test, Besag & Clifford 1989).
    """
    drawn = quiet(series, draws(series), np.random.default_rng([seed, 73]))
    told = surprise(drawn, series.season, spec)
    place = int(spec.false_alarms / KINDS_OF_ALARM * (len(drawn) + 1))
    lowest = {kind: np.sort(told.lowest(kind)) for kind in KINDS}
    return {kind: float(min(values[max(place - 1, 0)], _MOST[kind])) for kind, values in lowest.items()}


def draws(series: Watched) -> int:
    """Quiet tables that are drawn: as many as memory holds of a long one."""
    few, many = DRAWS
    return int(min(max(_CELLS // (NEIGHBOURS * series.counts.size), few), many))


def quiet(series: Watched, copies: int, rng: np.random.Generator) -> Floats:
    """Draw tables in which nothing happens, shape (copies, series, slots), with the gaps of the real one.

    Notes
    -----
    Counts are a Poisson draw about a gamma one: variance mean + dispersion * mean ** 2.
    """
    typical = profile(series.counts, series.season)
    mean = np.where(np.isnan(typical), median(typical, -1)[:, None], typical)
    size = 1 / np.maximum(dispersion(series.counts, expected(series.counts, series.season)), LEAST)
    drawn = rng.poisson(mean * rng.gamma(size, 1 / size, (copies, *series.counts.shape))).astype(np.float64)
    return np.where(np.isnan(series.counts), np.nan, drawn)
