"""Repeated looks at a running test: false-winner rates, stopping thresholds and always-valid intervals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from reachbook.effects.experiment.lift_prior import DF, LiftPrior
from reachbook.translation import tr

NAIVE = 0.975
"""Probability that a single look requires: with a flat prior, |z| of 1.96."""
_RISK = 0.05
_PATHS = 20_000
_Z = np.linspace(-8, 8, 401)


@dataclass(frozen=True)
class Peeking:
    """Behaviour of a rule that stops at the first of `looks` even looks at which the sign of the lift is sure enough.

    Attributes
    ----------
    looks : int
        Number of looks.
    threshold : float
        Probability of either sign at which the rule stops; 0.975 is the rule of a single look.
    false_winner : float
        Probability that a campaign without effect is called better or worse at any look.
    naive : float
        The same probability if every look stops at 0.975.
    stops_null, stops_prior : float
        Expected share of the planned sample that is used, without effect and over the prior.
    power, wrong_sign : float
        Probability of calling the right and the wrong sign, over the prior.
    error : float
        Standard error of the log lift at the end.
    boundary : float array (looks,)
        Scaled estimate (z) that each look requires.
    """

    looks: int
    threshold: float
    false_winner: float
    naive: float
    stops_null: float
    stops_prior: float
    power: float
    wrong_sign: float
    error: float
    boundary: np.ndarray = field(repr=False)

    def describe(self) -> str:
        """The rule and its error rates in one sentence, for the gate."""
        return tr(
            "With {looks} looks, stopping once the sign is {threshold} sure calls a campaign without effect a winner "
            "or loser in {wrong} of tests; stopping at {naive} would in {often}.",
            looks=self.looks,
            threshold=f"{self.threshold:.2%}",
            wrong=f"{self.false_winner:.1%}",
            naive=f"{NAIVE:.1%}",
            often=f"{self.naive:.1%}",
        )


def simulate(
    looks: int, error: float, prior: LiftPrior, seed: int = 1, threshold: float | None = None, paths: int = _PATHS
) -> Peeking:
    """Behaviour of a stopping rule with `looks` even looks.

    Parameters
    ----------
    looks : int
        Number of looks.
    error : float
        Standard error of the log lift at the end.
    prior : LiftPrior
        Prior of the lift.
    seed : int
        Seed.
    threshold : float, optional
        Probability at which the rule stops; by default the lowest that keeps the false-winner rate at 5 %, and at least
        0.975. It is calibrated on one set of random walks and evaluated on others.
    paths : int
        Number of random walks.

    Returns
    -------
    Peeking
        Error rates and boundary.

    Notes
    -----
    A test is simulated by its estimate of the log lift. Information grows evenly, so the scaled estimates are a random
    walk whatever the outcome.

    References
    ----------
    Jennison & Turnbull (2000), "Group sequential methods with applications to clinical trials".
    """
    errors = error * np.sqrt(looks / np.arange(1, looks + 1))
    tables = [_table(prior, float(each)) for each in errors]
    rng = np.random.default_rng([seed, 41])
    if threshold is None:
        highest = np.abs(_sureness(_walk(rng, looks, paths), tables)).max(axis=1)
        # The quantile is taken a little high for the simulation's own error.
        risk = _RISK - 2 * np.sqrt(_RISK * (1 - _RISK) / paths)
        threshold = max(NAIVE, float(np.quantile(highest, 1 - risk)))
    null = _sureness(_walk(rng, looks, paths), tables)
    lift = prior.location + prior.scale * rng.standard_t(DF, paths)
    believed = _sureness(_walk(rng, looks, paths) + lift[:, None] / errors, tables)
    called, at = _first(believed, threshold)
    right = called == np.sign(lift)
    _, null_at = _first(null, threshold)
    boundary = np.array([np.interp(threshold, table, _Z) for table in tables])
    return Peeking(
        looks=looks,
        threshold=threshold,
        false_winner=_rate(null, threshold),
        naive=_rate(null, NAIVE),
        stops_null=float((null_at + 1).mean() / looks),
        stops_prior=float((at + 1).mean() / looks),
        power=float((right & (called != 0)).mean()),
        wrong_sign=float((~right & (called != 0)).mean()),
        error=error,
        boundary=boundary,
    )


def sequence(estimate: float, error: float, scale: float, level: float = 0.95) -> tuple[float, float]:
    """Confidence sequence (low, high) of a normal mixture, valid at all looks simultaneously, planned or not.

    Parameters
    ----------
    estimate, error : float
        Current estimate and its standard error, on any scale.
    scale : float
        Size of effects for which it is tightest, on the same scale.
    level : float
        Simultaneous coverage.

    References
    ----------
    Robbins (1970), the mixture boundary. Johari, Pekelis & Walsh (2022), "Always valid inference".
    """
    if error == 0:
        return estimate, estimate
    v, mix = error**2, scale**2
    half = np.sqrt(v * (v + mix) / mix * (np.log((v + mix) / v) - 2 * np.log(1 - level)))
    return float(estimate - half), float(estimate + half)


def _rate(sureness: np.ndarray, threshold: float) -> float:
    return float((np.abs(sureness).max(axis=1) >= threshold).mean())


def _walk(rng: np.random.Generator, looks: int, paths: int) -> np.ndarray:
    """Scaled estimates without effect at every look, float array (paths, looks)."""
    steps = rng.standard_normal((paths, looks))
    return np.asarray(steps.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1)))


def _table(prior: LiftPrior, error: float) -> np.ndarray:
    """Posterior probability of a positive lift at each scaled estimate of `_Z`."""
    return prior.above(0.0, _Z * error, error)


def _sureness(walk: np.ndarray, tables: list[np.ndarray]) -> np.ndarray:
    """Probability of the likelier sign at every look, (paths, looks), with that sign."""
    found = np.empty_like(walk)
    for i, table in enumerate(tables):
        above = np.interp(walk[:, i], _Z, table)
        found[:, i] = np.where(above >= 0.5, above, above - 1)
    return found


def _first(sureness: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Sign called by each path (0 for none), and the look, from 0, at which it stops."""
    over = np.abs(sureness) >= threshold
    stopped, at = over.any(axis=1), np.where(over.any(axis=1), over.argmax(axis=1), sureness.shape[1] - 1)
    sign = np.sign(np.take_along_axis(sureness, at[:, None], axis=1)[:, 0])
    return np.where(stopped, sign, 0), at
