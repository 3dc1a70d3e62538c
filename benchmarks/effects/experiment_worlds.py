"""Worlds in which an experiment's true effect is known, and the width that an oracle's interval would have.

The oracle knows the family of the outcome, fits it by maximum likelihood in each arm and needs no safety: its 95 %
interval is 2 x 1.96 times the asymptotic standard error at the true parameters. It has no beliefs about the lift.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

Z = 1.959964


@dataclass(frozen=True)
class Basket:
    """A law of basket values. draw(rng, m); mean; fitted: m times the variance of the log of the mean's ML estimate."""

    draw: Callable[[np.random.Generator, int], np.ndarray]
    mean: float
    fitted: float


def log_normal(s: float) -> Basket:
    """Log-normal with log standard deviation `s`."""
    return Basket(lambda rng, m: rng.lognormal(0, s, m), float(np.exp(s * s / 2)), s * s + s**4 / 2)


def pareto(a: float) -> Basket:
    """Pareto from 1 with index `a`."""
    return Basket(lambda rng, m: 1 + rng.pareto(a, m), a / (a - 1), 1 / (a - 1) ** 2)


BASKETS = {
    "log-normal 1": log_normal(1.0),
    "log-normal 1.5": log_normal(1.5),
    "Pareto 2.1": pareto(2.1),
    "Pareto 3": pareto(3.0),
}


def frame(control: np.ndarray, treated: np.ndarray, **more: np.ndarray) -> pd.DataFrame:
    """The table of two arms; `more` : further columns, control first."""
    arm = np.repeat(["control", "treated"], [len(control), len(treated)])
    outcome = np.concatenate([control, treated])
    return pd.DataFrame({"unit_id": np.arange(len(outcome)), "arm": arm, "outcome": outcome, **more})


def conversion(
    rng: np.random.Generator, n: tuple[int, int], p: float, lift: float
) -> tuple[pd.DataFrame, float, float]:
    """(table, true effect, oracle's width) of a conversion of rate p and p (1 + lift)."""
    rates = p, p * (1 + lift)
    arms = [(rng.random(size) < rate).astype(float) for size, rate in zip(n, rates, strict=True)]
    error = np.sqrt(sum(rate * (1 - rate) / size for size, rate in zip(n, rates, strict=True)))
    return frame(*arms), rates[1] - rates[0], 2 * Z * error


def revenue(
    rng: np.random.Generator, n: tuple[int, int], p: float, basket: Basket, lift: float, way: str
) -> tuple[pd.DataFrame, float, float]:
    """(table, true effect, oracle's width) of conversion x basket; way : what the lift is a lift of."""
    rates = p, p * (1 + lift * (way == "conversion"))
    scales = 1.0, 1 + lift * (way == "basket")
    arms, mean, variance = [], [], 0.0
    for size, rate, scale in zip(n, rates, scales, strict=True):
        values = np.zeros(size)
        buys = rng.random(size) < rate
        values[buys] = scale * basket.draw(rng, int(buys.sum()))
        arms.append(values)
        mean.append(rate * scale * basket.mean)
        variance += mean[-1] ** 2 * (basket.fitted + 1 - rate) / (size * rate)
    return frame(*arms), mean[1] - mean[0], 2 * Z * np.sqrt(variance)


def counts(rng: np.random.Generator, n: tuple[int, int], mean: float, lift: float) -> tuple[pd.DataFrame, float, float]:
    """(table, true effect, oracle's width) of gamma-Poisson counts with shape .5."""
    means = mean, mean * (1 + lift)
    arms = [rng.poisson(rng.gamma(0.5, m / 0.5, size)).astype(float) for size, m in zip(n, means, strict=True)]
    error = np.sqrt(sum((m + m * m / 0.5) / size for size, m in zip(n, means, strict=True)))
    return frame(*arms), means[1] - means[0], 2 * Z * error


def clusters(rng: np.random.Generator, number: int, lift: float) -> tuple[pd.DataFrame, float, float]:
    """(table, true effect, oracle's width) of conversions in `number` clusters of 40 to 200, half of them treated.

    A cluster's rate is beta about 10 % (12 % with the lift) with a between-cluster deviation of 3 points. The oracle
    knows that deviation and the clusters' sizes.
    """
    sizes = rng.integers(40, 201, number)
    arm = np.arange(number) % 2
    mean = 0.1 * (1 + lift * arm)
    spread = (0.03 * mean / 0.1) ** 2
    weight = mean * (1 - mean) / spread - 1
    rate = rng.beta(mean * weight, (1 - mean) * weight)
    unit = np.repeat(np.arange(number), sizes)
    converted = (rng.random(len(unit)) < rate[unit]).astype(float)
    table = pd.DataFrame(
        {
            "unit_id": np.arange(len(unit)),
            "arm": np.where(arm[unit] == 1, "treated", "control"),
            "store": np.char.add("s", unit.astype(str)),
            "outcome": converted,
        }
    )
    within = mean * (1 - mean) - spread
    each = sizes**2 * spread + sizes * within
    error = np.sqrt(sum(each[arm == a].sum() / sizes[arm == a].sum() ** 2 for a in (0, 1)))
    return table, 0.1 * lift, 2 * Z * float(error)


def ratio(rng: np.random.Generator, n: tuple[int, int], lift: float) -> tuple[pd.DataFrame, float, float]:
    """(table, true effect, oracle's width) of orders per visit; who visits more buys less often per visit."""
    arms, unders, truths, variance = [], [], [], 0.0
    for size, factor in zip(n, (1.0, 1 + lift), strict=True):
        activity = rng.gamma(1.0, 1.0, size)
        visits = 1 + rng.poisson(3 * activity)
        arms.append(rng.binomial(visits, factor * 0.12 / (1 + 0.5 * activity)).astype(float))
        unders.append(visits.astype(float))
        truth, spread = _per_visit(factor)
        truths.append(truth)
        variance += spread / size
    return frame(*arms, visits=np.concatenate(unders)), truths[1] - truths[0], 2 * Z * np.sqrt(variance)


@lru_cache
def _per_visit(factor: float) -> tuple[float, float]:
    """Orders per visit, and the variance of its estimate times the units, from two million people."""
    rng = np.random.default_rng(99)
    activity = rng.gamma(1.0, 1.0, 2_000_000)
    visits = 1 + rng.poisson(3 * activity)
    expected = factor * 0.12 / (1 + 0.5 * activity)
    truth = float((visits * expected).sum() / visits.sum())
    residual = (visits * (expected - truth)) ** 2 + visits * expected * (1 - expected)
    return truth, float(residual.mean() / visits.mean() ** 2)
