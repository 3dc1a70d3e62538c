"""Headline numbers of the budget report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice.steady_plan import SMALL
from reachbook.budget.wording import chance, likely, sure
from reachbook.result import Finding
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reachbook.arrays import Floats
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.sections.case import Case, Planned


def findings(case: Case, plans: Planned) -> tuple[Finding, ...]:
    """Gain, its probability, marginal money, returns and proven gap; no gain is stated without a plan."""
    mix, scale, advice = case.mix, case.scale, plans.advice
    spent = mix.spend.sum(axis=1)
    roi = scale.price * (mix.roi @ spent) / spent.sum()
    returns = Finding.from_interval(
        "roi", _returned(case), equal_tailed(roi, mix.level), "", scale.even, tr("break-even"), _paid_off(case, roi)
    )
    if not plans.passed or advice is None:
        return (*_no_gain(case), returns)
    made = [] if plans.settled else list(_gain(case, advice))
    if advice.next_unit is not None:
        made.append(_next_unit(case, advice))
    made += [returns, *_marginal(case, advice)]
    if not plans.settled:
        label = tr("Distance to the best plan")
        made.append(
            Finding("gap", label, advice.plan.gap, unit="ratio", reference=case.spec.gap, against=tr("at most"))
        )
    return tuple(made)


def unknown(case: Case) -> tuple[Finding, ...]:
    """The findings of a model that cannot tell."""
    return (*_no_gain(case), Finding("roi", _returned(case), None))


def _no_gain(case: Case) -> tuple[Finding, ...]:
    blank = Finding("gain", _gained(case), None, unit=case.scale.unit)
    return blank, Finding("sure", tr("Probability of a gain"), None, unit="chance")


def _gain(case: Case, advice: SteadyPlan) -> Iterator[Finding]:
    gain = equal_tailed(advice.net, case.mix.level)
    yield Finding.from_interval("gain", _gained(case), gain, case.scale.unit, 0.0, tr("current plan"))
    if advice.gain_decides:
        least, label = case.spec.least_probability, tr("Probability of a gain")
        yield Finding("sure", label, sure(advice.net), unit="chance", reference=least, against=tr("needed"))


def _gained(case: Case) -> str:
    scale = case.scale
    if scale.pays:
        return tr("Gain a week after spend")
    return tr("Gain a week, {outcome}", outcome=scale.noun)


def _returned(case: Case) -> str:
    scale = case.scale
    if scale.pays:
        return tr("Return on all spend (ROI)")
    return tr("{outcome} for each {one} spent", outcome=scale.subject, one=case.one)


def _paid_off(case: Case, roi: Floats) -> str:
    """What the return on all spend says beside break-even, with the margin that sets it; "" where none is known."""
    even, margin = case.scale.even, case.scale.margin
    if even is None or margin is None:
        return ""
    low, _, high = equal_tailed(roi, case.mix.level)
    told = {"margin": f"{margin:.0%}", "chance": likely(chance(roi, even))}
    if low > even:
        return tr("Whole range above break-even: at {margin} margin, media as a whole pay off.", **told)
    if high < even:
        return tr("Whole range below break-even: at {margin} margin, media as a whole lose money.", **told)
    return tr("Range crosses break-even: at {margin} margin, media as a whole pay off with {chance} probability.",
              **told)  # fmt: skip


def _next_unit(case: Case, advice: SteadyPlan) -> Finding:
    """Finding on the marginal outcome of money."""
    assert advice.next_unit is not None
    outcome, scale = equal_tailed(advice.next_unit, case.mix.level), case.scale
    if scale.pays:
        label = tr("Contribution of {one} more", one=case.one)
        return Finding.from_interval(
            "next_unit", label, outcome, "money", 1.0, tr("break-even"), _worth_adding(case, *outcome)
        )
    label = tr("{outcome} for {one} more", outcome=scale.subject, one=case.one)
    return Finding.from_interval("next_unit", label, outcome, scale.unit)


def _worth_adding(case: Case, low: float, middle: float, high: float) -> str:
    """What the contribution of one more unit of money says of a larger budget."""
    told = {"one": case.one, "loss": case.money(1 - middle)}
    if high < 1:
        return tr("Whole range below {one}: the next {one} a week loses about {loss}; do not add budget.", **told)
    if low > 1:
        return tr("Whole range above {one}: the next {one} a week brings more than it costs.", **told)
    return tr("Range crosses {one}: whether adding budget pays is open.", **told)


def _marginal(case: Case, advice: SteadyPlan) -> Iterator[Finding]:
    """Findings on the channels with the largest increase and the largest decrease."""
    mix, scale, change = case.mix, case.scale, advice.plan.spend - advice.now
    edge = SMALL * advice.now.sum()
    for id, c, large in (
        ("mroi_more", int(np.argmax(change)), change.max() > edge),
        ("mroi_less", int(np.argmin(change)), change.min() < -edge),
    ):
        if large:
            told = {"one": case.one, "channel": case.short(mix.channels[c])}
            label = tr("Return on {one} more, {channel} (mROI)", **told) if scale.pays else (
                tr("{outcome} for {one} more, {channel}", outcome=scale.subject, **told)
            )  # fmt: skip
            mroi = equal_tailed(scale.price * mix.mroi[:, c], mix.level)
            yield Finding.from_interval(id, label, mroi, "", scale.even, tr("break-even"))
