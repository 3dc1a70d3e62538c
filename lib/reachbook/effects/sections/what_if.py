"""Sliders for value and margin of a unit: from where on the campaign pays for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.value.contribution import margin_of, unit_value
from reachbook.presentation.section import Section
from reachbook.presentation.what_if import ProductWhatIf, Slider, thin
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.contribution import Contribution
    from reachbook.effects.value.rollout import RollOut

_TOP = 3.0
"""End of the slider for the value of a unit, in multiples of the value that was entered."""


def what_if(rollout: RollOut, spec: EffectSpec) -> Section:
    """Section with the sliders; only a note where value, margin or spend is not known."""
    judged, value, margin = rollout.money, unit_value(rollout.effect, spec), margin_of(spec)
    if value is None or margin is None or judged.spend is None or not judged.spend.any():
        return Section(tr("There is nothing to try here, because value, margin or spend of the campaign is not known."))
    note = sentences(
        tr("Change what a unit is worth and what remains of it, and read what the campaign leaves after its spend."),
        tr("Above, the margin is a range; here it is one number, and starts at the middle of that range."),
    )
    return Section(note, what_ifs=(_box(judged, value, margin, spec.level),))


def _box(judged: Contribution, value: float, margin: float, level: float) -> ProductWhatIf:
    assert judged.spend is not None
    return ProductWhatIf(
        id="money",
        sliders=(
            Slider.around("value", tr("value of a unit"), value, 0.0, _TOP * value, value / 20),
            Slider.around("margin", tr("margin"), margin, 0.0, 1.0, 0.01, "ratio"),
        ),
        level=level,
        unit="money",
        labels=(tr("left of a unit"), tr("contribution after spend"), tr("probability that it pays for itself")),
        gained=thin(judged.added),
        spent=thin(judged.spend),
    )
