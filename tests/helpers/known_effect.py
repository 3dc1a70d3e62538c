"""A campaign's effect made by hand: its draws are quantiles of a normal, so that every interval is a closed form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.stats import norm

from reachbook.effects.effect import Effect
from reachbook.effects.experiment.detail import Arm, ExperimentDetail
from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.spec import EffectSpec
from reachbook.effects.value.contribution import assess
from reachbook.effects.value.incremental_spend import IncrementalSpend
from reachbook.effects.value.rollout import NOUN, RollOut
from reachbook.verdict import Gate

STANDARD = norm.ppf((np.arange(4000) + 0.5) / 4000)
GOOD = (Gate("sample", True, "Every arm has enough."),)
BAD = (Gate("sample", False, "We cannot tell: too few orders."),)


def arm(name: str, lift: float, error: float, baseline: float = 10.0, units: int = 1000, **more: object) -> Arm:
    """An arm whose relative lift is normal(lift, error) over a control of exactly `baseline`."""
    relative = lift + error * STANDARD
    own = Arm(
        name=name, control=name == "control", units=units, exposed=None, weight=float(units),
        observed=baseline * (1 + lift), mean=baseline * (1 + relative), conversion=None, basket=None,
        effect=baseline * relative, relative=relative, complier=None, best=float(lift > 0), expected_loss=0.0,
        above_rope=None if name == "control" else float((relative > 0).mean()),
    )  # fmt: skip
    return replace(own, **more)  # type: ignore[arg-type]


def detail(arms: tuple[Arm, ...], **more: object) -> ExperimentDetail:
    """Detail of an experiment of these arms, the control first, with nothing else to tell."""
    plain = ExperimentDetail(
        kind="count", control=arms[0].name, control_from="name", arms=arms, complier=None, sample_ratio=0.5,
        segments=(), influence=(), predictive=None, tail=None, prior=LiftPrior(0.4), cluster="",
        members=tuple(each.units for each in arms), error=math.nan, always_valid=None, peeking=None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def experiment(
    lifts: Mapping[str, tuple[float, float]], gates: tuple[Gate, ...] = GOOD, outcome: str = "orders", **more: object
) -> Effect:
    """Experiment of arms of 1,000 beside a control of 10 a unit; lifts : relative lift and its error, by arm."""
    arms = (arm("control", 0.0, 0.0), *(arm(name, *lift) for name, lift in lifts.items()))
    average = np.mean([each.effect for each in arms[1:]], axis=0)
    return Effect("experiment", outcome, average, arms[0].mean, 1000 * len(lifts), gates, detail(arms, **more))


def panel(lift: float, error: float, gates: tuple[Gate, ...] = GOOD, outcome: str = "orders") -> Effect:
    """Effect of a panel over 1,000 cells of 10 each, without a detail."""
    baseline = np.full(len(STANDARD), 10.0)
    return Effect("panel", outcome, baseline * (lift + error * STANDARD), baseline, 1000, gates)


def rolled_out(effect: Effect, spec: EffectSpec, net: float | None = None, usual: float = 0.0) -> RollOut:
    """What would be rolled out of `effect`, which cost `net` on top of the usual spend."""
    spent = IncrementalSpend(net, None if net is None else usual + net, usual)
    money = assess(effect, spec, spend=net)
    name = effect.detail.arms[1].name if effect.design == "experiment" else NOUN[spent.way]
    return RollOut(money, spent, name, effect, money, spent)
