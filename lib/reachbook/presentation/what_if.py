"""What-if boxes: sliders over stored draws, answered on the page by the same arithmetic as here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape

import numpy as np

from reachbook.arrays import Floats
from reachbook.presentation.numbers import SYMBOLS, number, suffix
from reachbook.translation import language, tr

DRAWS = 200
"""Draws that a page holds: enough for the digits shown, and small."""
_DIGITS = 6
_STILL = 1e-6
"""Part of a slider's step below which it counts as not moved."""
_NONE = "–"


@dataclass(frozen=True)
class Slider:
    """A quantity that the reader may change.

    Attributes
    ----------
    low, high, step, value : float
        Range, smallest step and starting value, in `unit` (see `reachbook.presentation.numbers.number`).
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float
    unit: str = "money"

    @classmethod
    def around(
        cls, name: str, label: str, value: float, low: float, high: float, step: float, unit: str = "money"
    ) -> Slider:
        """A slider whose steps start from `value`, so that it can come back to it; its ends lie within low and high."""
        below, above = (np.floor(max(gap, 0.0) / step + 1e-9) for gap in (value - low, high - value))
        return cls(name, label, float(value - below * step), float(value + above * step), step, value, unit)


@dataclass(frozen=True)
class Limit:
    """A rule on a weighted sum of sliders; `label` is told while it is broken.

    Attributes
    ----------
    weights : mapping of str to float
        Weight of each slider in the sum, by name; others have none.
    low, high : float
        Bounds of the sum, infinite where there is none.
    or_zero : bool
        Whether a sum of exactly 0 keeps the rule, too.
    """

    label: str
    weights: Mapping[str, float]
    low: float = -np.inf
    high: float = np.inf
    or_zero: bool = False


@dataclass(frozen=True)
class WhatIfAnswer:
    """What the sliders' values give: (low, middle, high) of a change, the probability that it is above zero, and more.

    Attributes
    ----------
    total : float
        Sum of the sliders.
    broken : tuple of str
        Labels of the limits that the values break.
    unmoved : bool
        Whether the values are where the change is held against, so that there is none to tell.
    """

    interval: tuple[float, float, float]
    above: float
    total: float
    broken: tuple[str, ...]
    unmoved: bool = False


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Draws of a quantity as a function of sliders.

    Attributes
    ----------
    level : float
        Level of the interval.
    unit : str
        Unit of the quantity (see `reachbook.presentation.numbers.number`).
    labels : tuple of str
        What the page calls the sliders together, the quantity, and the probability that it is above zero.
    """

    id: str
    sliders: tuple[Slider, ...]
    level: float
    unit: str
    labels: tuple[str, str, str]
    limits: tuple[Limit, ...] = ()

    def answer(self, values: Mapping[str, float]) -> WhatIfAnswer:
        """WhatIfAnswer for `values` by slider name; the page's script computes the same."""
        draws, edge = self.draws(values), (1 - self.level) / 2
        low, middle, high = np.quantile(draws, [edge, 0.5, 1 - edge]).tolist()
        broken = tuple(each.label for each in self.limits if not _holds(each, values))
        above = float((draws > 0).mean()) if np.isfinite(draws).all() else math.nan
        return WhatIfAnswer((low, middle, high), above, self.together(values), broken, self.unmoved(values))

    def draws(self, values: Mapping[str, float]) -> Floats:
        """Draws of the quantity, float array (draws,), in `unit`."""
        raise NotImplementedError

    def together(self, values: Mapping[str, float]) -> float:
        """The sliders in one number, in the unit of the first."""
        raise NotImplementedError

    def unmoved(self, values: Mapping[str, float]) -> bool:
        """Whether these values are those that the quantity is a change against; False where it is no change."""
        return False

    def content(self) -> dict[str, object]:
        """What the script needs beside the sliders."""
        raise NotImplementedError

    def data(self, currency: str) -> str:
        """Everything that the page's script needs, as JSON that is safe inside HTML.

        Raises
        ------
        ValueError
            A number is not finite.
        """
        content = {
            "sliders": [{**asdict(each), "suffix": suffix(each.unit)} for each in self.sliders],
            "level": self.level,
            "unit": self.unit,
            "suffix": suffix(self.unit),
            "limits": [_limit(each) for each in self.limits],
            "symbol": SYMBOLS.get(currency, currency + " "),
            "language": language(),
            **self.content(),
        }
        text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")


@dataclass(frozen=True, kw_only=True)
class CurvesWhatIf(WhatIf):
    """Sum of one curve a slider, against the sum at the sliders' starting values.

    Attributes
    ----------
    grid : float array (sliders, points)
        Ascending values of each slider at which its curve is known; between them it is straight, outside it is flat.
    curves : float array (draws, sliders, points)
        Draws of each curve, in `unit`; see `kept` and `thin`, which make them as short as the page needs.
    cost : float
        How much of a unit of the sliders' total is taken off: 1 where the outcome is money to be held against spend, 0
        where it is not.
    """

    grid: Floats
    curves: Floats
    cost: float = 0.0

    def draws(self, values: Mapping[str, float]) -> Floats:
        """Draws of the change, less the cost of what is spent beyond the start."""
        start = {each.name: each.value for each in self.sliders}
        moved = self.together(values) - self.together(start)
        return np.asarray(self._sum(values) - self._sum(start) - self.cost * moved)

    def together(self, values: Mapping[str, float]) -> float:
        """Sum of the sliders."""
        return float(sum(values[each.name] for each in self.sliders))

    def unmoved(self, values: Mapping[str, float]) -> bool:
        """Whether every slider is where it started, to a millionth of its step."""
        return all(abs(values[each.name] - each.value) < _STILL * each.step for each in self.sliders)

    def content(self) -> dict[str, object]:
        """Grid, curves and cost, and what stands where nothing was moved yet."""
        curves = {"kind": "curves", "grid": self.grid.tolist(), "curves": self.curves.tolist(), "cost": self.cost}
        return {**curves, "still": {"change": tr("no change yet"), "above": _NONE, "step": _STILL}}

    def _sum(self, values: Mapping[str, float]) -> Floats:
        parts = [
            [np.interp(values[slider.name], self.grid[i], draw[i]) for i, slider in enumerate(self.sliders)]
            for draw in self.curves
        ]
        return np.asarray(parts).sum(axis=1)


@dataclass(frozen=True, kw_only=True)
class ProductWhatIf(WhatIf):
    """Draws times all sliders, less what was spent.

    Attributes
    ----------
    gained, spent : float array (draws,)
        Units gained, and money spent on them; see `kept` and `thin`, which make them as short as the page needs.
    """

    gained: Floats
    spent: Floats

    def draws(self, values: Mapping[str, float]) -> Floats:
        """Draws of what is left after the spend."""
        return np.asarray(self.gained * self.together(values) - self.spent)

    def together(self, values: Mapping[str, float]) -> float:
        """Product of the sliders, such as value and margin of a unit."""
        return float(np.prod([values[each.name] for each in self.sliders]))

    def content(self) -> dict[str, object]:
        """Gains and spend by draw."""
        return {"kind": "product", "gained": self.gained.tolist(), "spent": self.spent.tolist()}


def thin(draws: Floats) -> Floats:
    """Every so-many-th of the draws (draws, ...), at most `DRAWS`, with the digits that the page keeps."""
    every = np.linspace(0, len(draws) - 1, min(len(draws), DRAWS)).round().astype(int)
    return kept(draws[every])


def kept(values: Floats) -> Floats:
    """The values with the digits that the page keeps, so that both compute with the same numbers."""
    return np.asarray([float(f"{value:.{_DIGITS}g}") for value in np.ravel(values)]).reshape(np.shape(values))


def html(box: WhatIf, currency: str) -> str:
    """The box as HTML: what the starting values give stands there without any script; sliders appear with it.

    Notes
    -----
    A box with a number that is not finite says that its answer is unknown, and has no sliders.
    """
    answer = box.answer({each.name: each.value for each in box.sliders})
    said = shown(box, answer, currency)
    try:
        data, live = f'<script type="application/json">{box.data(currency)}</script>', True
    except ValueError:
        data, live = "", False
    sliders = "".join(_slider(each, currency, live) for each in box.sliders)
    answers = "".join(
        f'<div><dt>{escape(label)}</dt><dd><output data-of="{key}">{escape(said[key])}</output></dd></div>'
        for key, label in zip(("total", "change", "above"), box.labels, strict=True)
    )
    rules = "".join(
        f"<li{'' if each.label in answer.broken else ' hidden'}>{escape(each.label)}</li>" for each in box.limits
    )
    back = f'<button type="reset" hidden>{escape(tr("back to now"))}</button>' if live else ""
    kind = "form" if live else "div"
    return (
        f'<{kind} class="whatif" id="whatif-{box.id}">{data}<div class="sliders">{sliders}</div>'
        f'<dl aria-live="polite">{answers}</dl><ul class="broken">{rules}</ul>{back}</{kind}>'
    )


def _slider(each: Slider, currency: str, live: bool) -> str:
    name, shown_value = escape(each.name), escape(number(each.value, each.unit, currency))
    ends = f'min="{each.low!r}" max="{each.high!r}" step="{each.step!r}" value="{each.value!r}"'
    moved = f'<input type="range" name="{name}" {ends} hidden>' if live else ""
    return f'<label><span>{escape(each.label)}</span>{moved}<output name="{name}">{shown_value}</output></label>'


def shown(box: WhatIf, answer: WhatIfAnswer, currency: str) -> dict[str, str]:
    """The answer as the page writes it, by output."""
    total = number(answer.total, box.sliders[0].unit, currency)
    if answer.unmoved and math.isfinite(answer.above):
        return {"total": total, "change": tr("no change yet"), "above": _NONE}
    low, middle, high = (number(each, box.unit, currency) for each in answer.interval)
    return {"total": total, "change": f"{middle} [{low}, {high}]", "above": _percent(answer.above)}


def _percent(share: float) -> str:
    return f"{math.floor(100 * share + 0.5)}%" if math.isfinite(share) else tr("unknown")  # half up, as scripts round


def _holds(limit: Limit, values: Mapping[str, float]) -> bool:
    total = sum(weight * values[name] for name, weight in limit.weights.items())
    room = 1e-9 * max(sum(abs(value) for value in values.values()), 1.0)
    return (limit.or_zero and abs(total) <= room) or limit.low - room <= total <= limit.high + room


def _limit(limit: Limit) -> dict[str, object]:
    ends = {name: end if np.isfinite(end) else None for name, end in (("low", limit.low), ("high", limit.high))}
    return {"weights": dict(limit.weights), "orZero": limit.or_zero, **ends}
