"""Sliders over the response curves: what another split of the money would bring, under the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.optimize.constraints import Bound, LinearConstraint, MinimumBuy, constraints
from reachbook.budget.wording import renamed
from reachbook.presentation.section import Section
from reachbook.presentation.what_if import CurvesWhatIf, Limit, Slider, kept, thin
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.optimize.constraints import Constraint
    from reachbook.budget.sections.case import Case

POINTS = 33
"""Points of each curve that the page holds."""
_STEPS = 100
"""Steps of the longest slider, about."""


def what_if_section(case: Case, advice: SteadyPlan) -> Section:
    """Section with one slider a channel, from current spend on."""
    note = sentences(
        tr("Move money and read what the curves say of it, held against going on as now."),
        tr(
            "Whoever looks here for the best split reads too much: the gain of the plan above is judged by draws that "
            "did not choose it."
        ),
        ""
        if advice.scale.pays
        else tr("What the money itself is worth is not known here, so that only the outcome is shown."),
    )
    return Section(note, what_ifs=(what_if(case, advice),))


def what_if(case: Case, advice: SteadyPlan) -> CurvesWhatIf:
    """Box over the curves of the plan; rebates are not counted, and money is at list price."""
    curves, rules = advice.curves.thinned(POINTS), constraints(advice.rules, advice.curves, advice.total)
    step = _step(float(max(advice.now.max(), 1.0)) / _STEPS)
    sliders = [
        Slider.around(name, case.called(name), float(advice.now[c]), *_ends(advice, rules, c), step)
        for c, name in enumerate(curves.channels)
    ]
    limits = [limit for each in rules if (limit := _limit(each, curves.channels, case.names)) is not None]
    cost = 1.0 if advice.scale.pays else 0.0
    draws = advice.worth * curves.response
    return CurvesWhatIf(
        id="split",
        sliders=tuple(sliders),
        level=case.mix.level,
        unit=advice.scale.unit,
        labels=(tr("all together a week"), tr("change a week against now"), tr("probability of a gain")),
        limits=tuple(limits),
        grid=kept(curves.grid),
        curves=thin(draws),
        cost=cost,
    )


def _step(size: float) -> float:
    """The size, rounded up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(size))
    return float(next(times * power for times in (1, 2, 5, 10) if times * power >= size * (1 - 1e-9)))


def _ends(advice: SteadyPlan, rules: list[Constraint], channel: int) -> tuple[float, float]:
    """Range of a slider: what was observed and what the channel's own rules allow, whichever is wider."""
    bounds = [each for each in rules if isinstance(each, Bound) and each.channel == channel and np.isfinite(each.high)]
    high = max([float(advice.now[channel]), *(each.high for each in bounds)])
    return 0.0, min(high, float(advice.curves.grid[channel, -1]))


def _limit(rule: Constraint, channels: tuple[str, ...], names: Mapping[str, str]) -> Limit | None:
    """A rule as a limit on the sliders; None for rules that are no bound on a sum, such as packages."""
    words = renamed(rule.words, names)
    if isinstance(rule, Bound):
        return Limit(words, {channels[rule.channel]: 1.0}, rule.low, rule.high)
    if isinstance(rule, MinimumBuy):
        return Limit(words, {channels[rule.channel]: 1.0}, rule.least, or_zero=True)
    if isinstance(rule, LinearConstraint):
        return Limit(words, dict(zip(channels, rule.coefficients.tolist(), strict=True)), rule.low, rule.high)
    return None
