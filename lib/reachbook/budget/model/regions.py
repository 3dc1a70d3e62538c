"""Regions fitted each, or, where there are more than a model of each can carry, added up and fitted as one market.

Spend, outcome and counts are sums. A further column that differs between regions becomes its mean, weighted by each
region's part of all outcome: a column that adds b times its value, in shares of each region's outcome, adds b times
this mean in shares of the sum. The weights are the same in every period, so that the column moves only where its values
do, and not with the outcome that it is to explain.
"""

from collections.abc import Hashable
from dataclasses import replace
from math import exp
from typing import Any

import numpy as np
import pandas as pd

from reachbook.budget.model.density import BETWEEN
from reachbook.budget.model.history import REGION, History, positive, total
from reachbook.budget.model.lift_tests import region_of, share_of
from reachbook.budget.wording import listed

_APART = exp(BETWEEN[0])
"""Deviation between regions of what a channel brings, a ratio: the median of what is believed where each is fitted."""


def idle(pasts: tuple[History, ...]) -> set[tuple[str, str]]:
    """Regions and channels that spend nothing there."""
    return {
        (past.region, name)
        for past in pasts
        for name, spent in zip(past.channels, past.spend, strict=True)
        if not spent.any()
    }


def added_up(pasts: tuple[History, ...]) -> tuple[History, tuple[str, ...]]:
    """All regions as one market, and what a reader must know of its columns.

    Raises DataError where the sum is no outcome that a mix can explain.
    """
    whole, weights = total(pasts), np.array([past.value.sum() for past in pasts])
    others, mixed = {}, []
    for name in pasts[0].others.columns:
        values = np.stack([past.others[name].to_numpy(dtype=float) for past in pasts])
        alike = bool((values == values[0]).all())
        others[name] = values[0] if alike else weights @ values / weights.sum()
        mixed += [] if alike else [str(name)]
    still = [name for name, values in others.items() if np.ptp(values) <= 1e-12 * np.abs(values).max()]
    frame = pd.DataFrame(others, index=whole.others.index).drop(columns=still)
    mixed = [name for name in mixed if name not in still]
    return positive(replace(whole, others=frame)), (*_told(mixed), *_still(still))


def _told(mixed: list[str]) -> tuple[str, ...]:
    if not mixed:
        return ()
    verb = "differs between regions and is its mean" if len(mixed) == 1 else "differ between regions and are their mean"
    return (f"{listed(mixed)} {verb}, weighted by each region's part of the outcome",)


def _still(names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    verb = "is the same in every week" if len(names) == 1 else "are the same in every week"
    return (f"added up, {listed(names)} {verb}: left out",)


def of_the_market(
    tests: pd.DataFrame | None, pasts: tuple[History, ...]
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Tests of single regions as tests in a share of the market, and which those are, in words.

    share : the region's part of all outcome (times the part of it in which the test ran). spend : as if the region had
    that part of the channel's spend, too, since what counts is how far the money went up the region's curve. lift_se :
    with what regions differ by (`_APART`), less as the region is more of the market, since the sum is to learn what the
    channel brings everywhere. What cannot be read stays as it is: `lift_tests` names it.
    """
    if tests is None or REGION not in tests:
        return tests, ()
    known = {(past.region, name): past for past in pasts for name in past.channels}
    rows, read = [], []
    for number, row in enumerate(tests.to_dict("records"), start=1):
        past = known.get((region_of(row), str(row.get("channel"))))
        spread = row if past is None else _spread(row, number, past, pasts)
        read += [] if spread is row else [f"{number} ({region_of(row)})"]
        rows.append(spread)
    return pd.DataFrame(rows, columns=tests.columns.union(["share"], sort=False)), _read(read)


def _spread(row: dict[Hashable, Any], number: int, past: History, pasts: tuple[History, ...]) -> dict[Hashable, Any]:
    """The row in the terms of the whole market; as it is where it says nothing, or no money is spent in the region."""
    k = past.channels.index(str(row["channel"]))
    part = float(past.value.sum() / sum(each.value.sum() for each in pasts))
    paid = float(past.spend[k].sum() / sum(each.spend[k].sum() for each in pasts))
    if part <= 0 or paid <= 0 or pd.isna(row.get("lift")):
        return row
    lift, error = float(row["lift"]), float(row["lift_se"])
    wide = float(np.hypot(error, _APART * lift * np.sqrt(1 - part))) if error > 0 else error
    return row | {
        REGION: None, "share": share_of(row, number) * part, "spend": float(row["spend"]) * part / paid,
        "lift_se": wide,
    }  # fmt: skip


def _read(read: list[str]) -> tuple[str, ...]:
    if not read:
        return ()
    return (
        f"tests of single regions, {listed(read)}, are read as tests in that part of the market, less surely by what "
        f"regions usually differ by ({_APART:.0%} of the lift)",
    )
