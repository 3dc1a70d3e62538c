"""Contribution of an effect after spend, and the choice to stop, continue or run longer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from reachbook.effects.wording import counted, is_ratio
from reachbook.errors import ParamsError
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec

    Decision = Literal["stop", "go on", "run longer", "not settled", "effect only", "do not act"]

SURE = 0.9
"""Probability from which money decides without a horizon."""
WORTH_WAITING = 0.01
"""Share of what is at stake that one more period of testing has to be worth beyond deciding now."""
_ERRORS = 2.0
"""Monte Carlo standard errors that it has to be worth as well."""
_MONEY = re.compile(
    r"(total|net|gross)?_?(gmv|revenues?|turnover)|(总|净|实际)?(销售额|成交额|成交金额|营业额|营收|收入)", re.I
)


@dataclass(frozen=True)
class Waiting:
    """What one more period of testing is worth beyond deciding now.

    Attributes
    ----------
    gain : float
        Expected money of running longer less that of the better choice now, over all periods of the decision.
    error : float
        Its Monte Carlo standard error.
    stake : float
        Mean absolute difference in money between going on and stopping over these periods.
    """

    gain: float
    error: float
    stake: float

    @property
    def pays(self) -> bool:
        """Whether to wait: a gain beyond its Monte Carlo error that is not next to nothing of what is at stake."""
        return self.gain > max(_ERRORS * self.error, WORTH_WAITING * self.stake)


@dataclass(frozen=True)
class Contribution:
    """What the campaign brought against its cost; draws are paired with the effect's.

    Quantities that need a parameter that was not entered are None.

    Attributes
    ----------
    added : float array (draws,)
        Incremental outcome in its own unit; for a ratio that of its numerator.
    paid : float or None
        Incremental spend in money, negative if it was saved.
    spend : float array (draws,) or None
        Draws of the incremental spend.
    value : float array (draws,) or None
        Incremental outcome in money, before margin.
    contribution : float array (draws,) or None
        value * margin - spend, in money.
    iroas : float array (draws,) or None
        Value over spend, a ratio; None at zero spend.
    cac : float array (draws,) or None
        Money per unit of outcome; infinite in draws where outcome and spend moved in opposite directions.
    break_even : float or None
        Probability of a positive contribution.
    target : float or None
        KPI target of the relative lift, a ratio.
    attained : float or None
        Probability that the relative lift reaches the target.
    periods : int or None
        Further periods of the decision.
    projected : float array (draws,) or None
        Contribution of going on over all these periods, if the effect stays as it was, in money.
    expected : dict of str to float or None
        Expected money of each choice over these periods: stop, go on, run longer.
    information : float or None
        Value of one more period of data before its cost, in money.
    waiting : Waiting or None
        What running longer is worth beyond deciding now.
    decision : str
        With a horizon "run longer" where waiting pays, else the better of going on and stopping; without one what is
        sure enough; "effect only" if money cannot decide; "do not act" if a blocking gate failed.
    """

    added: np.ndarray = field(repr=False)
    paid: float | None
    spend: np.ndarray | None = field(repr=False)
    value: np.ndarray | None = field(repr=False)
    contribution: np.ndarray | None = field(repr=False)
    iroas: np.ndarray | None = field(repr=False)
    cac: np.ndarray | None = field(repr=False)
    break_even: float | None
    target: float | None
    attained: float | None
    periods: int | None
    projected: np.ndarray | None = field(repr=False)
    expected: dict[str, float] | None
    information: float | None
    waiting: Waiting | None
    decision: Decision


def unit_value(effect: Effect, spec: EffectSpec) -> float | None:
    """Money per unit of outcome: as stated, or 1 if the outcome's name says that it is money; else None."""
    return value_of(counted(effect), spec)


def value_of(column: str, spec: EffectSpec) -> float | None:
    """The same for a column that is counted."""
    if spec.value_per_unit is not None:
        return spec.value_per_unit
    return 1.0 if is_money(column) else None


def is_money(outcome: str) -> bool:
    """Whether a column name denotes money: GMV, revenue, 销售额 and similar names, without anything else."""
    return _MONEY.fullmatch(outcome.strip()) is not None


def margin_of(spec: EffectSpec) -> float | None:
    """Midpoint of the margin's range, a ratio; None if not stated."""
    return None if spec.margin_low is None or spec.margin_high is None else (spec.margin_low + spec.margin_high) / 2


def added_by(effect: Effect) -> np.ndarray:
    """Outcome added in total, float array (draws,); for a ratio that of its numerator."""
    return effect.detail.numerator_total if is_ratio(effect) else effect.total


def missing(effect: Effect, spec: EffectSpec, paid: float | None) -> list[str]:
    """Parameters without which money cannot decide, in their order in the file."""
    names = [] if unit_value(effect, spec) is not None else ["value_per_unit"]
    names += [] if margin_of(spec) is not None else ["margin_low", "margin_high"]
    return names + ([] if paid is not None else ["spend"])


def assess(effect: Effect, spec: EffectSpec, *, spend: float | None = None, seed: int = 1) -> Contribution:
    """Value of the effect of any design, as far as the parameters allow.

    Nothing is reported in money that was not entered: without the value of a unit, the margin and the spend there is an
    effect in units of the outcome, and no contribution, break-even or choice.

    Parameters
    ----------
    effect : Effect
        The effect.
    spec : EffectSpec
        Parameters; the margin is uniform on its range, the spend is log-normal around its value.
    spend : float, optional
        Incremental spend by the table, see `spending`; `spec.spend` takes precedence.
    seed : int
        Seed.

    Returns
    -------
    Contribution
        Value and decision.

    Raises
    ------
    ParamsError
        If the spend is not finite.
    """
    paid = spend if spec.spend is None else spec.spend
    if paid is not None and not np.isfinite(paid):
        raise ParamsError(
            tr("spend is {paid:g}, not an amount. Correct `spend`, or the table's spend column.", paid=paid)
        )
    rng = np.random.default_rng([seed, 61])
    draws = len(effect.average)
    low, high, unit, added = spec.margin_low, spec.margin_high, unit_value(effect, spec), added_by(effect)
    margin = None if low is None or high is None else rng.uniform(low, high, draws)
    cost = None if paid is None else _spend(paid, spec.spend_error, draws, rng)
    value = None if unit is None else added * unit
    contribution = None if value is None or margin is None or cost is None else value * margin - cost
    expected, information, waiting = _choices(effect, spec, contribution, value, paid)
    even = None if contribution is None else float((contribution > 0).mean())
    return Contribution(
        added=added,
        paid=paid,
        spend=cost,
        value=value,
        contribution=contribution,
        iroas=value / cost if paid and value is not None and cost is not None else None,
        cac=_per_unit(added, cost) if paid and cost is not None else None,
        break_even=even,
        target=spec.target,
        attained=None if spec.target is None else float((effect.relative >= spec.target).mean()),
        periods=spec.periods,
        projected=None if contribution is None or spec.periods is None else spec.periods * reach(effect) * contribution,
        expected=expected,
        information=information,
        waiting=waiting,
        decision=_decided(effect, expected, waiting, even),
    )


def _per_unit(added: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Money per unit added, or saved per unit lost; infinite where outcome and spend moved in opposite directions."""
    alike = added * cost > 0
    return np.where(alike, cost / np.where(alike, added, 1.0), np.inf)


def _spend(paid: float, error: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of the spend: log-normal with mean `paid` and relative standard deviation `error`; the sign is kept."""
    noise = rng.standard_normal(draws)
    if not error:
        return np.full(draws, paid)
    sigma = np.sqrt(np.log1p(error**2))
    return np.asarray(paid * np.exp(sigma * noise - sigma**2 / 2))


def _choices(
    effect: Effect, spec: EffectSpec, contribution: np.ndarray | None, value: np.ndarray | None, paid: float | None
) -> tuple[dict[str, float] | None, float | None, Waiting | None]:
    """Expected money of each choice, value of one more period's data, and of waiting for them beyond deciding now.

    All are None without a horizon or a cost of testing.

    A further period of the same test would halve what the data leave uncertain. Its posterior mean is simulated by
    shrinking the draws towards their mean (moment matching). Margin and spend stay as uncertain as they are, so only
    their means matter. Going on reaches everybody, including an experiment's control group; testing reaches only the
    treated.

    References
    ----------
    Heath, Manolopoulou & Baio (2018), value of sample information by moment matching.
    """
    margin = margin_of(spec)
    if contribution is None or value is None or paid is None or margin is None:
        return None, None, None
    if spec.periods is None or spec.test_cost is None:
        return None, None, None
    worth = value * margin - paid
    mean, wide = float(worth.mean()), reach(effect)
    kept = np.sqrt(_resolved(effect))
    later = mean + kept * (worth - mean)
    informed = float(np.maximum(later, 0).mean())
    rest = (spec.periods - 1) * wide
    expected = {
        "stop": 0.0,
        "go on": spec.periods * wide * mean,
        "run longer": mean - spec.test_cost + rest * informed,
    }
    now = spec.periods * wide * (mean > 0)
    # How far each draw moves the gain: itself, and by the mean towards which all later ones are shrunk.
    moved = (1 - now) * worth + rest * (np.maximum(later, 0) + (1 - kept) * (later > 0).mean() * worth)
    waiting = Waiting(
        gain=expected["run longer"] - max(expected["go on"], 0.0),
        error=float(moved.std() / np.sqrt(len(worth))),
        stake=spec.periods * wide * float(np.abs(worth).mean()),
    )
    return expected, rest * (informed - max(mean, 0.0)), waiting


def reach(effect: Effect) -> float:
    """Size of a roll-out relative to the treated."""
    if is_ratio(effect):
        return float(effect.detail.numerator_reach)
    return float(getattr(effect.detail, "everyone", effect.cells) / max(effect.cells, 1))


def _resolved(effect: Effect) -> float:
    """Share of the effect's posterior variance that as much data again would resolve.

    One half where the data dominate; less where the prior carries much of the posterior, as an experiment can tell.
    """
    error = getattr(effect.detail, "error", None)
    if error is None or not error > 0 or (effect.relative <= -1).any():
        return 0.5
    now = float(np.log1p(effect.relative).var())
    return now / (now + float(error) ** 2)


def _decided(
    effect: Effect, expected: dict[str, float] | None, waiting: Waiting | None, even: float | None
) -> Decision:
    if not effect.passed:
        return "do not act"
    if even is None:
        return "effect only"
    if expected is None or waiting is None:
        return "go on" if even >= SURE else "stop" if even <= 1 - SURE else "not settled"
    if waiting.pays:
        return "run longer"
    return "go on" if expected["go on"] > 0 else "stop"
