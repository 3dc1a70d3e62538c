"""The model's parts against sums written out, without sampling."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy.stats import norm

from reachbook.budget.baseline import design
from reachbook.budget.history import History, history
from reachbook.budget.lifttests import lift_tests
from reachbook.budget.mix_holdout import forecast
from reachbook.budget.mix_model import graph, inputs, size
from reachbook.budget.mix_spec import MixSpec
from reachbook.budget.priors import priors
from reachbook.budget.response import adstock
from reachbook.budget.saturation import saturation, steepness

SPEC = MixSpec(lags=4)


@pytest.fixture(scope="module")
def past() -> History:
    rng = np.random.default_rng(5)
    week = pd.date_range("2024-01-01", periods=60, freq="7D")
    spend = [pd.DataFrame({"week": week, "channel": name, "spend": rng.uniform(1, 9, 60)}) for name in ("a", "b")]
    return history(pd.concat(spend), pd.DataFrame({"week": week, "value": rng.uniform(90, 110, 60)}), SPEC)


def test_adstock_is_the_recursion_and_keeps_a_constant(past: History) -> None:
    retention = np.array([[0.2, 0.5]])
    stock = adstock(past.lagged(26), retention)[0]
    for t in range(40, 60):
        np.testing.assert_allclose(stock[:, t], (1 - retention[0]) * past.spend[:, t]
                                   + retention[0] * stock[:, t - 1], rtol=1e-6)  # fmt: skip
    np.testing.assert_allclose(adstock(np.ones((2, 5, 9)), retention), 1)


@pytest.mark.parametrize("kind", ["hill", "michaelis_menten", "logistic"])
def test_saturation(kind: str) -> None:
    stock, half, slope = np.linspace(0.1, 5, 50), np.array(1.3), np.array(2.0)
    assert saturation(kind, np.array(1.3), half, slope) == pytest.approx(0.5, abs=1e-5)
    assert saturation(kind, np.array(0.0), half, slope) == pytest.approx(0, abs=1e-5)
    step = 1e-5
    rise = [saturation(kind, stock + side * step, half, slope) for side in (1, -1)]
    np.testing.assert_allclose(steepness(kind, stock, half, slope), (rise[0] - rise[1]) / (2 * step), rtol=1e-5)


def test_lift_test_enters_as_what_money_on_top_brings(past: History) -> None:
    """The log density moves with the reported lift as the normal density of the curve's difference does."""
    row = {"channel": "b", "spend": 14.0, "lift_se": 20.0, "start": "2024-03-04", "end": "2024-03-17"}
    found = []
    for lift in (10.0, 60.0):
        tests = lift_tests(pd.DataFrame([row | {"lift": lift}]), past)
        found.append(_log_density(past, tests))
    stock, mean = past.lagged(4)[1] / past.spend[1].mean(), past.spend[1].mean()
    # The point that the model starts from: retention at its prior mean, half 1, slope 1 + 2 / 3, share at sqrt(pi / 2).
    (retention, half, slope, share), unit = found[0][1], past.value.mean()
    series = adstock(stock[None], np.array([[retention]]))[0, 0]
    height = unit * share / saturation("hill", series, half, slope).mean()
    start = series[9:11].mean()
    brought = sum(
        height * (saturation("hill", start + 7 / mean * (1 - retention**k), half, slope)
                  - saturation("hill", start, half, slope)) for k in (1, 2)
    )  # fmt: skip
    expected = norm.logpdf(60, brought, 20) - norm.logpdf(10, brought, 20)
    assert found[1][0] - found[0][0] == pytest.approx(expected, rel=1e-6)


def _log_density(past: History, tests: Any) -> tuple[float, tuple[float, ...]]:
    """Log density at the initial point, and retention, half, slope and share of the second channel there."""
    baseline, known = design(past, 1, SPEC.media_share), priors(past, SPEC)
    model = graph(size(past, baseline, tests, "hill", SPEC.lags))
    with model:
        pm.set_data(inputs(past, baseline, tests, known, SPEC.lags, 60))
        point = model.initial_point()
        at = {name: np.asarray(value)[1] for name, value in point.items() if np.shape(value) == (2,)}
        density = float(model.compile_logp(mode="FAST_COMPILE")(point))
    retention = 1 / (1 + np.exp(-at["retention_logodds__"]))
    share = np.exp(at["raw_share_log__"]) * known.share[1] * np.sqrt(np.pi / 2)
    return density, (retention, np.exp(at["half_log__"]), 1 + np.exp(at["bend_log__"]), share)


def test_currency_does_not_matter(past: History) -> None:
    """The model is given the very same numbers, so that its draws are the same."""
    other = replace(past, spend=past.spend / 8, before=past.before / 8, value=past.value / 32)
    given = [
        inputs(each, design(each, 1, 0.3), lift_tests(None, each), priors(each, SPEC), 4, 50) for each in (past, other)
    ]
    for name, values in given[0].items():
        np.testing.assert_allclose(values, given[1][name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_forecast_starts_from_the_last_known_error(past: History) -> None:
    expected = np.zeros((4000, 60))
    ahead = forecast(past, expected, np.full(4000, 0.5), np.full(4000, 1.0), 50, 0.9, 1)
    np.testing.assert_allclose(ahead.middle[:4], past.value[49] * 0.5 ** np.arange(1, 5), atol=0.15)
    assert ahead.high[0] - ahead.low[0] == pytest.approx(2 * norm.ppf(0.95), rel=0.08)
    assert ahead.naive < ahead.error
