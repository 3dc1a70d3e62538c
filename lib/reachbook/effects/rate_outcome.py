"""Outcomes that are already a rate, such as orders a visit: their sums count nothing and have no value in money."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation.names import named
from reachbook.translation import sentences, tr
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

_MOST_COLUMNS = 12
_ROUNDED = 0.01
"""Relative error that rounding may leave in a rate, half of its last digit."""


def rate_outcome(frame: pd.DataFrame, name: str, spec: EffectSpec) -> list[Gate]:
    """Gate on an outcome that is a rate; none for counts, amounts, conversions and ratios with a `denominator`.

    It blocks where a unit of the outcome was given a value in money, which a rate does not have.

    Parameters
    ----------
    frame : DataFrame
        Table of the design.
    name : str
        Column of the outcome.
    spec : EffectSpec
        Parameters.
    """
    if spec.denominator or name not in frame:
        return []
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float)
    parts = _quotient(frame, name, values)
    if parts is None and not _between(values):
        return []
    if parts is not None:
        over, under = (named(each) for each in parts)
        said = tr("{name} is {over} divided by {under}: a rate.", name=named(name), over=over, under=under)
        way = tr("Name the numerator in its place: `outcome: {over}`.", over=parts[0])
    else:
        said = tr("{name} lies between 0 and 1 throughout, as a rate does.", name=named(name))
        way = tr("Give what it counts (its numerator) in its place; an amount is written in smaller units.")
    if spec.value_per_unit is None:
        rest = tr("It may move because its denominator does, and its sum counts nothing.")
        return [Gate("rate", False, sentences(said, rest, way), "warn")]
    rest = tr("Its sum counts nothing, so that value_per_unit makes no money of it.")
    return [Gate("rate", False, sentences(said, rest, way))]


def _between(values: np.ndarray) -> bool:
    """Whether all values (rows,) lie from 0 to 1 and most of those that are not 0 strictly between."""
    known = values[np.isfinite(values)]
    inside = (known > 0) & (known < 1)
    return bool(len(known) and (known >= 0).all() and (known <= 1).all() and 2 * inside.sum() > (known != 0).sum())


def _quotient(frame: pd.DataFrame, name: str, values: np.ndarray) -> tuple[str, str] | None:
    """Columns of which the outcome is the quotient, but for rounding, in all rows; None where there are none.

    Whole numbers are no quotient, as pieces are revenue by price; nor is a whole by a share of it, as revenue by share.
    """
    if not np.mod(values[np.isfinite(values)], 1).any():
        return None
    others = {
        str(each): frame[each].to_numpy(dtype=float)
        for each in frame.columns
        if each != name and pd.api.types.is_numeric_dtype(frame[each]) and not pd.api.types.is_bool_dtype(frame[each])
    }
    for over, under in permutations(list(others)[:_MOST_COLUMNS], 2):
        up, down = others[over], others[under]
        use = np.isfinite(values) & np.isfinite(up) & np.isfinite(down) & (down != 0) & (values != 0)
        if use.sum() < max(3, len(values) / 2) or np.ptp(down[use]) == 0 or np.ptp(values[use]) == 0:
            continue
        if not _between(down) and (np.abs(up[use] / down[use] / values[use] - 1) <= _ROUNDED).all():
            return over, under
    return None
