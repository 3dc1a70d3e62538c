"""From draws of the model's parameters to contributions, returns and response curves."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from reachbook.budget.history import History
from reachbook.budget.mix_spec import MixSpec
from reachbook.budget.saturation import saturation, steepness

type Floats = npt.NDArray[np.float64]

_FIXED = ("grid", "current", "observed")


@dataclass(frozen=True)
class Response:
    """Names and shapes as in `mix.Mix`; stock : adstock in money a week, (draws, channels, weeks)."""

    contribution: Floats
    stock: Floats
    roi: Floats
    mroi: Floats
    saturated: Floats
    response: Floats
    grid: Floats
    current: Floats
    observed: Floats

    def thinned(self, kept: int) -> "Response":
        """About so many of the draws, evenly spread."""
        step = max(1, len(self.roi) // kept)
        made = {field.name: getattr(self, field.name) for field in fields(self)}
        return Response(**{name: each if name in _FIXED else each[::step] for name, each in made.items()})


def response(past: History, drawn: dict[str, Floats], unit: float, spec: MixSpec) -> Response:
    """What each draw says; `unit` is the outcome that the shares are of, a week.

    The curves are of a constant spend, whose adstock is the spend itself: the weights of the adstock sum to one.
    """
    means = past.spend.mean(axis=1)
    half, slope, kind = drawn["half"][:, :, None], drawn["slope"][:, :, None], spec.saturation
    stock = adstock(past.lagged(spec.lags) / means[:, None, None], drawn["retention"])
    part = saturation(kind, stock, half, slope)
    height = unit * drawn["share"] / part.mean(axis=2)
    contribution = height[:, :, None] * part
    grid = np.linspace(0, past.spend.max(axis=1), spec.points, axis=1)
    current = past.spend[:, -spec.current_weeks :].mean(axis=1)
    now = (current / means)[None, :, None]
    nothing = saturation(kind, np.zeros((1, 1, 1)), half, slope)
    curve = height[:, :, None] * (saturation(kind, grid / means[:, None], half, slope) - nothing)
    return Response(
        contribution=contribution,
        stock=stock * means[:, None],
        roi=contribution.sum(axis=2) / past.spend.sum(axis=1),
        mroi=height * steepness(kind, now, half, slope)[:, :, 0] / means,
        saturated=saturation(kind, now, half, slope)[:, :, 0],
        response=curve,
        grid=grid,
        current=current,
        observed=np.median(stock.max(axis=2), axis=0) * means,
    )


def adstock(lagged: Floats, retention: Floats) -> Floats:
    """Geometric adstock, (draws, channels, weeks), from `lagged` (channels, lags + 1, weeks) and retention.

    Weights (1 - r) r^lag; the last lag takes all that is left, so that they sum to one.
    """
    lags = lagged.shape[1] - 1
    weights = retention[:, :, None] ** np.arange(lags + 1)
    weights[:, :, :-1] *= (1 - retention)[:, :, None]
    return np.asarray(np.einsum("dcl,clw->dcw", weights, lagged))
