"""Contributions, returns and response curves from posterior draws, summed over regions."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import equivalent_retention
from reachbook.budget.model.density.density import ModelData
from reachbook.budget.model.evidence import Draws, coefficients
from reachbook.budget.model.history import History
from reachbook.budget.model.saturation import saturation, steepness
from reachbook.budget.model.spec import MixSpec

_CHUNK = 250


@dataclass(frozen=True)
class Response:
    """Posterior quantities by draw, summed over regions unless stated otherwise; in units of the outcome.

    Attributes
    ----------
    contribution : float array (draws, channels, weeks)
        Outcome attributed to each channel.
    stock : float array (draws, channels, weeks)
        Adstock, in money a week.
    baseline : float array (draws, weeks)
        Outcome without media.
    by_region : float array (draws, regions, channels)
        Contribution over all periods.
    expected : float array (draws, regions, weeks)
        Expected outcome.
    roi : float array (draws, channels)
        Outcome per unit of money over all periods.
    mroi : float array (draws, channels)
        Outcome per additional unit of money a week at current spend.
    saturated : float array (draws, channels)
        Effect at current spend as a share of `ceiling`.
    ceiling : float array (draws, channels)
        Outcome a week as spend tends to infinity.
    response : float array (draws, channels, points)
        Outcome a week at each spend of the grid.
    """

    contribution: Floats
    stock: Floats
    baseline: Floats
    by_region: Floats
    expected: Floats
    roi: Floats
    mroi: Floats
    saturated: Floats
    ceiling: Floats
    response: Floats


def grids(pasts: tuple[History, ...], spec: MixSpec) -> tuple[Floats, Floats]:
    """Weekly spends of the response curves, in money.

    Returns
    -------
    grid : float array (channels, points)
        From 0 to the largest period of all regions together, at a weekly rate.
    current : float array (channels,)
        Mean weekly spend of the last `current_weeks` weeks.
    """
    spend = np.sum([past.spend for past in pasts], axis=0) * (7 / pasts[0].step)
    return (
        np.linspace(0, spend.max(axis=1), spec.points, axis=1),
        spend[:, -pasts[0].periods(spec.current_weeks) :].mean(axis=1),
    )


def response(pasts: tuple[History, ...], given: ModelData, drawn: Draws, spec: MixSpec) -> Response:
    """Quantities of all draws, computed in chunks to bound memory, see `_some`."""
    made = list(_pieces(pasts, given, drawn, spec))
    return Response(*(np.concatenate([getattr(one, each.name) for one in made]) for each in fields(Response)))


OF_ALL = ("baseline", "rho", "sigma", "region correlation")
"""Quantities of `watched` that belong to no channel; the last axis of all others is the channel."""


def watched(pasts: tuple[History, ...], given: ModelData, drawn: Draws, spec: MixSpec) -> dict[str, Floats]:
    """Reported quantities without their time axis, float arrays (draws, ...), whose convergence is assessed."""
    parts = [
        {"contribution": one.by_region, "mroi": one.mroi, "saturated": one.saturated,
         "baseline": one.baseline.sum(axis=1), "response at the end": one.response[:, :, -1]}
        for one in _pieces(pasts, given, drawn, spec)
    ]  # fmt: skip
    made = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    made |= {"half": drawn.half, "slope": drawn.slope, "rho": drawn.rho, "sigma": drawn.sigma}
    if len(pasts) > 1:
        made["region correlation"] = drawn.region_correlation
    return made | {"retention": equivalent_retention(drawn.weights, pasts[0].step)}


def adstock(lagged: Floats, weights: Floats) -> Floats:
    """Adstock, float array (draws, channels, weeks), in the unit of `lagged`.

    Parameters
    ----------
    lagged : float array (channels, lags + 1, weeks)
        Spend at each lag.
    weights : float array (draws, channels, lags + 1)
        Lag weights, which sum to one.
    """
    return np.asarray(np.matmul(weights.swapaxes(0, 1), lagged).swapaxes(0, 1))


def _pieces(pasts: tuple[History, ...], given: ModelData, drawn: Draws, spec: MixSpec) -> Iterator[Response]:
    for start in range(0, len(drawn), _CHUNK):
        yield _some(pasts, given, drawn.only(slice(start, start + _CHUNK)), spec)


def _some(pasts: tuple[History, ...], given: ModelData, drawn: Draws, spec: MixSpec) -> Response:
    """Quantities of some draws, with regions summed.

    Response curves are of a constant weekly spend, divided between regions as current spend is. Its adstock equals the
    spend, since the lag weights sum to one.
    """
    grid, current = grids(pasts, spec)
    kind, power, parts = spec.saturation, drawn.slope[:, :, None], _parts(pasts, spec)
    weekly, totals, brought = 7 / pasts[0].step, dict[str, Floats](), []
    expected: list[Floats] = []
    for r, past in enumerate(pasts):
        half, means = drawn.half[:, r, :, None], past.means
        unit = float(past.value[: given.used].mean())
        stock = adstock(given.lagged[r], drawn.weights)
        part = saturation(kind, stock, half, power)
        height = unit * drawn.share[:, r] / np.maximum(part.mean(axis=2), 1e-300)
        contribution = height[:, :, None] * part
        found = coefficients(given, r, drawn.rest, contribution.sum(axis=1) / unit)
        at, now = (grid * parts[r, :, None] / weekly / means[:, None]), (current * parts[r] / weekly / means)[:, None]
        nothing = saturation(kind, np.zeros((1, 1, 1)), half, power)
        height *= weekly
        one = {
            "contribution": contribution, "stock": stock * (weekly * means)[:, None],
            "baseline": unit * found @ given.columns[r],
            "mroi": height * steepness(kind, now[None], half, power)[:, :, 0] * parts[r] / (weekly * means),
            "saturated": height * saturation(kind, now[None], half, power)[:, :, 0], "ceiling": height,
            "response": height[:, :, None] * (saturation(kind, at[None], half, power) - nothing),
        }  # fmt: skip
        totals = {name: totals.get(name, 0.0) + each for name, each in one.items()}
        brought.append(contribution.sum(axis=2))
        expected.append(one["baseline"] + contribution.sum(axis=1))
    spent = np.sum([past.spend.sum(axis=1) for past in pasts], axis=0)
    totals["saturated"] = totals["saturated"] / totals["ceiling"]
    by_region = np.stack(brought, axis=1)
    return Response(
        by_region=by_region, expected=np.stack(expected, axis=1), roi=by_region.sum(axis=1) / spent, **totals
    )


def _parts(pasts: tuple[History, ...], spec: MixSpec) -> Floats:
    """Each region's share of a channel's current spend, or of all its spend if that is 0: (regions, channels)."""
    recent = pasts[0].periods(spec.current_weeks)
    now = np.stack([past.spend[:, -recent:].sum(axis=1) for past in pasts])
    ever = np.stack([past.spend.sum(axis=1) for past in pasts])
    used = np.where(now.sum(axis=0) > 0, now, ever)
    return np.asarray(used / used.sum(axis=0))
