"""Regions summed and fitted as one market where there are more than can be modelled separately."""

from collections.abc import Hashable
from dataclasses import replace
from math import exp
from typing import Any

import numpy as np
import pandas as pd

from reachbook.budget.model.history import REGION, History, positive, total
from reachbook.budget.model.lift_tests import region_of, share_of
from reachbook.budget.model.priors import BETWEEN
from reachbook.translation import listing, tr, trn

_APART = exp(BETWEEN[0])
"""Relative deviation of a channel's effect between regions: prior median of the model with separate regions."""


def idle(pasts: tuple[History, ...]) -> set[tuple[str, str]]:
    """Pairs of region and channel without any spend."""
    return {
        (past.region, name)
        for past in pasts
        for name, spent in zip(past.channels, past.spend, strict=True)
        if not spent.any()
    }


def added_up(pasts: tuple[History, ...]) -> tuple[History, tuple[str, ...]]:
    """All regions as one market, and notes on its columns.

    Returns
    -------
    past : History
        Sums of spend, outcome and counts.
    notes : tuple of str
        Columns that were averaged or dropped.

    Raises
    ------
    DataError
        If the summed outcome cannot be modelled, see `positive`.

    Notes
    -----
    A further column that differs between regions becomes its mean, weighted by each region's share of the total
    outcome: a column that adds b times its value, in shares of each region's outcome, adds b times this mean in shares
    of the sum. The weights are constant over time, so that the column varies only where its values do, and not with the
    outcome that it has to explain.
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
    return positive(replace(whole, others=frame)), (*_averaged_note(mixed), *_constant_note(still))


def _averaged_note(mixed: list[str]) -> tuple[str, ...]:
    if not mixed:
        return ()
    told = trn(
        "{columns} differs between regions and is its mean, weighted by each region's part of the outcome",
        "{columns} differ between regions and are their mean, weighted by each region's part of the outcome",
        len(mixed), columns=listing(mixed),
    )  # fmt: skip
    return (told,)


def _constant_note(names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    told = trn(
        "added up, {columns} is the same in every week: left out",
        "added up, {columns} are the same in every week: left out",
        len(names), columns=listing(names),
    )  # fmt: skip
    return (told,)


def of_the_market(
    tests: pd.DataFrame | None, pasts: tuple[History, ...]
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Tests of single regions restated as tests in a share of the whole market, and a note that lists them.

    Rows that cannot be read are passed through; `lift_tests` reports them.

    Parameters
    ----------
    tests : DataFrame or None
        Lift tests, as for `mix.fit`.
    pasts : tuple of History
        The separate regions.

    Returns
    -------
    tests : DataFrame or None
        Restated tests.
    notes : tuple of str
        Which tests were restated.

    Notes
    -----
    `share` becomes the region's share of the outcome times the part of it in which the test ran. `spend` is scaled as
    if the region had that same share of the channel's spend, since what matters is how far along the region's curve the
    money went. `lift_se` is widened by the variation between regions (`_APART`), the less the larger the region,
    because the model of the sum estimates what the channel brings everywhere.
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
    """One test restated for the whole market; unchanged without a lift, or where the region has no outcome or spend."""
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
        tr(
            "tests of single regions, {tests}, are read as tests in that part of the market, less "
            "surely by what regions usually differ by ({part:.0%} of the lift)",
            tests=listing(read),
            part=_APART,
        ),
    )
