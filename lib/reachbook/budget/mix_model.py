"""The media-mix model in PyMC, built once for each size; what was observed comes in as data.

Everything is in units of the mean outcome and of each channel's mean spend, so that no currency matters. Two choices
make it quick to sample. A channel's parameter is its share of the outcome, which the data know, not the height of a
curve, which they know only together with its bend. And the coefficients of the baseline are written as what a ridge
regression of (outcome - media) would give, plus a whitened rest: then they move with the media instead of against them
(Papaspiliopoulos, Roberts & Skold 2007, "A general framework for the parametrization of hierarchical models").
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from reachbook.budget.baseline import Design
from reachbook.budget.history import History
from reachbook.budget.lifttests import LONGEST, LiftTests
from reachbook.budget.priors import Priors
from reachbook.budget.saturation import saturation
from reachbook.stats.sampling import compile_model

type Floats = npt.NDArray[np.float64]

_DRAWN = ("raw_share", "retention", "half", "rest", "rho", "sigma")
_RHO = 0.3
"""Autocorrelation that the whitening takes; only speed depends on it."""
_LARGEST = 0.95
_HALF_NORMAL = float(np.sqrt(np.pi / 2))
"""Scale of a half-normal whose mean is one."""


@dataclass(frozen=True)
class Size:
    """What the graph depends on."""

    kind: str
    channels: int
    weeks: int
    lags: int
    columns: int
    groups: int
    tests: int


def size(past: History, baseline: Design, tests: LiftTests, kind: str, lags: int) -> Size:
    """The size of a problem."""
    counts = (len(past.channels), len(past.weeks), lags, len(baseline.names), len(baseline.median))
    return Size(kind, *counts, len(tests.lift))


def inputs(
    past: History, baseline: Design, tests: LiftTests, priors: Priors, lags: int, used: int
) -> dict[str, Floats | npt.NDArray[np.int64]]:
    """The data of the graph where the first `used` weeks are learned from."""
    unit = past.value[:used].mean()
    means = past.spend.mean(axis=1)
    learned = (np.arange(len(past.weeks)) < used).astype(float)
    y, lagged = past.value / unit, past.lagged(lags) / means[:, None, None]
    scale = baseline.median[baseline.group]
    centre = np.zeros(len(baseline.names))
    centre[0] = 1 - priors.share.sum()
    project, shift, root = _ridge(y, baseline.columns, lagged[:, 0], learned, centre, scale)
    found = {
        "test_channel": tests.channel, "test_window": tests.window, "test_running": tests.running,
        "test_extra": (tests.extra / means[tests.channel])[:, None] * np.ones(LONGEST),
        "test_lift": tests.lift / unit, "test_error": tests.error / unit,
    }  # fmt: skip
    known = {
        "y": y, "lagged": lagged, "learned": learned, "columns": baseline.columns, "group": baseline.group,
        "centre": centre, "median": np.log(baseline.median), "spread": baseline.spread, "project": project,
        "shift": shift, "root": root, "prior_share": priors.share, "prior_half": priors.half,
        "prior_retention": np.array(priors.retention),
        "noise": np.array(y[:used].std()),
    }  # fmt: skip
    return known | (found if len(tests.lift) else {})


def _ridge(
    y: Floats, columns: Floats, media: Floats, learned: Floats, centre: Floats, scale: Floats
) -> tuple[Floats, Floats, Floats]:
    """Ridge coefficients as project @ (y - media) + shift, and a root of their covariance."""
    white = np.eye(len(y)) - _RHO * np.eye(len(y), k=-1)
    white *= learned[:, None]
    rough = white @ np.column_stack([columns, np.sqrt(media.T)])
    target = white @ y
    left = target - rough @ np.linalg.lstsq(rough, target, rcond=1e-8)[0]
    precision = max(learned.sum() - rough.shape[1], 8) / max(float(left @ left), 1e-8)
    design = white @ columns
    inverse = np.linalg.inv(precision * design.T @ design + np.diag(scale**-2))
    return precision * inverse @ design.T @ white, inverse @ (centre / scale**2), np.linalg.cholesky(inverse)


@lru_cache(maxsize=4)
def compiled(shape: Size) -> Any:
    """The model, compiled once for each size."""
    return compile_model(graph(shape), names(shape.kind))


def names(kind: str) -> tuple[str, ...]:
    """What is drawn. All else follows from it, and costs less to compute afterwards than to compile."""
    return (*_DRAWN, "bend") if kind == "hill" else _DRAWN


def parameters(drawn: dict[str, Floats], known: Priors) -> dict[str, Floats]:
    """share, retention, half (in units of the channel's mean spend) and slope, (draws, channels); rest, rho, sigma."""
    slope = 1 + drawn["bend"] if "bend" in drawn else np.ones_like(drawn["half"])
    share = drawn["raw_share"] * known.share * _HALF_NORMAL
    kept = {name: drawn[name] for name in ("retention", "rest", "rho", "sigma")}
    return {"share": share, "half": drawn["half"] * known.half, "slope": slope} | kept


def coefficients(data: dict[str, Floats | npt.NDArray[np.int64]], rest: Floats, media: Floats) -> Floats:
    """Coefficients of the baseline, (draws, columns), from `rest` and each week's media in units of the mean."""
    return np.asarray((data["y"] - media) @ data["project"].T + data["shift"] + rest @ data["root"].T)


def graph(shape: Size) -> Any:
    """The PyMC model, its data to be set."""
    import pymc as pm
    import pytensor.tensor as tensor

    pt: Any = tensor
    c, w, lags, p, g = shape.channels, shape.weeks, shape.lags, shape.columns, shape.groups
    with pm.Model() as model:
        y, learned = pm.Data("y", np.ones(w)), pm.Data("learned", np.ones(w))
        lagged = pm.Data("lagged", np.ones((c, lags + 1, w)))
        columns, group = pm.Data("columns", np.ones((w, p))), pm.Data("group", np.zeros(p, np.int64))
        centre, project = pm.Data("centre", np.zeros(p)), pm.Data("project", np.zeros((p, w)))
        shift, root = pm.Data("shift", np.zeros(p)), pm.Data("root", np.eye(p))
        median, spread = pm.Data("median", np.zeros(g)), pm.Data("spread", np.ones(g))
        prior_share, memory = pm.Data("prior_share", np.ones(c)), pm.Data("prior_retention", np.ones(2))
        noise = pm.Data("noise", np.array(0.1))

        share = pm.HalfNormal("raw_share", 1, shape=c) * prior_share * _HALF_NORMAL
        retention = pm.Beta("retention", memory[0], memory[1], shape=c)
        half = pm.LogNormal("half", 0.0, 0.7, shape=c) * pm.Data("prior_half", np.ones(c))
        slope = 1 + pm.Exponential("bend", 1.5, shape=c) if shape.kind == "hill" else pt.ones(c)
        stock = _adstock(pt, retention, lagged, lags)
        part = saturation(shape.kind, stock, half[:, None], slope[:, None], pt)
        height = share / part.mean(axis=1)
        media = (height[:, None] * part).sum(axis=0)

        rest = pm.Flat("rest", shape=p)
        coefficient = pt.dot(project, y - media) + shift + pt.dot(root, rest)
        scale = pt.exp(median + spread * pm.Normal("log_scale", 0, 1, shape=g))[group]
        pm.Potential("baseline", pm.logp(pm.Normal.dist(centre, scale), coefficient).sum())

        rho, sigma = pm.Uniform("rho", -0.5, _LARGEST), pm.HalfNormal("sigma", noise)
        error = y - pt.dot(columns, coefficient) - media
        step = pt.concatenate([error[:1] * pt.sqrt(1 - rho**2), error[1:] - rho * error[:-1]])
        size = learned.sum()
        fit = -0.5 * (learned * (step / sigma) ** 2).sum() - size * pt.log(sigma)
        pm.Potential("weeks", fit + 0.5 * pt.log1p(-(rho**2)))
        _tests(pm, pt, shape, (retention, half, slope, height, stock))
    return model


def _adstock(pt: Any, retention: Any, lagged: Any, lags: int) -> Any:
    """Weights (1 - r) r^lag, the last lag taking all that is left: they sum to one."""
    powers = retention[:, None] ** np.arange(lags + 1)
    weights = pt.concatenate([(1 - retention[:, None]) * powers[:, :-1], powers[:, -1:]], axis=1)
    return (weights[:, :, None] * lagged).sum(axis=1)


def _tests(pm: Any, pt: Any, shape: Size, parts: tuple[Any, ...]) -> None:
    """What each test found, given what the model says that money on top brings while the test runs."""
    if not shape.tests:
        return
    index = pm.Data("test_channel", np.zeros(shape.tests, np.int64))
    window = pm.Data("test_window", np.zeros((shape.tests, shape.weeks)))
    extra, running = (pm.Data(name, np.ones((shape.tests, LONGEST))) for name in ("test_extra", "test_running"))
    lift, error = (pm.Data(name, np.ones(shape.tests)) for name in ("test_lift", "test_error"))
    retention, half, slope, height, stock = (part[index] for part in parts)
    start = (stock * window).sum(axis=1)[:, None]
    added = extra * (1 - retention[:, None] ** np.arange(1, LONGEST + 1))
    curve = [saturation(shape.kind, at, half[:, None], slope[:, None], pt) for at in (start, start + added)]
    pm.Normal("tests", height * (running * (curve[1] - curve[0])).sum(axis=1), error, observed=lift)
