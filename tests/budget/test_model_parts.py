"""The model's parts against sums written out, without sampling."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from reachbook.budget.model.adstock import Kernel, equivalent_retention, kernel
from reachbook.budget.model.baseline import calendar_note, design
from reachbook.budget.model.density.density import Density
from reachbook.budget.model.density.density_numba import lag_weights
from reachbook.budget.model.density.density_pymc import media_mix
from reachbook.budget.model.evidence import drawn, evidence, layout
from reachbook.budget.model.history import History, histories, history
from reachbook.budget.model.holdout import forecast
from reachbook.budget.model.lift_tests import LiftTests, lift_tests
from reachbook.budget.model.priors import APART, COMMON, SHARE_DEVIATION, priors
from reachbook.budget.model.response import adstock
from reachbook.budget.model.saturation import saturation, steepness
from reachbook.budget.model.spec import MixSpec

SPEC = MixSpec(lags=4, calendar="none")
TEST = {"channel": "b", "spend": 14.0, "lift": 10.0, "lift_se": 20.0, "start": "2024-03-04", "end": "2024-03-17"}


def tables(regions: tuple[str, ...] = ("",)) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two channels, 60 weeks."""
    rng, week = np.random.default_rng(5), pd.date_range("2024-01-01", periods=60, freq="7D")
    media, outcome = [], []
    for region in regions:
        named = {"region": region} if region else {}
        media += [
            pd.DataFrame({"week": week, "channel": name, "spend": rng.uniform(1, 9, 60)} | named) for name in "ab"
        ]
        outcome.append(pd.DataFrame({"week": week, "value": rng.uniform(90, 110, 60)} | named))
    return pd.concat(media), pd.concat(outcome)


@pytest.fixture(scope="module")
def past() -> History:
    return history(*tables(), SPEC)


def density(pasts: tuple[History, ...], spec: MixSpec, tests: LiftTests, used: int = 60) -> Density:
    family, designs = kernel(spec, 7), [design(each, spec) for each in pasts]
    given = evidence(pasts, designs, tests, priors(pasts, spec), family, used)
    return Density(layout(spec.saturation, family, given), given)


def no_tests(past: History) -> LiftTests:
    return lift_tests(None, past)


@pytest.mark.parametrize(
    ("curve", "family", "regions"),
    list(product(["hill", "michaelis_menten", "logistic"], ["geometric", "delayed", "weibull"], [("",), ("n", "s")])),
)
def test_gradient_is_the_slope_of_the_density(curve: str, family: str, regions: tuple[str, ...]) -> None:
    spec = SPEC.model_copy(update={"saturation": curve, "adstock": family})
    pasts = histories(*tables(regions), spec)
    made = density(pasts, spec, lift_tests(pd.DataFrame([TEST, TEST | {"channel": "a"}]), pasts[0]), 50)
    z, step = np.random.default_rng(1).standard_normal(made.layout.size) * 0.4, 1e-5
    slope = [(made(z + step * e)[0] - made(z - step * e)[0]) / (2 * step) for e in np.eye(len(z))]
    np.testing.assert_allclose(made(z)[1], slope, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("curve", "family", "regions"),
    [("hill", "geometric", ("",)), ("logistic", "delayed", ("n", "s")), ("michaelis_menten", "weibull", ("",))],
)
def test_density_is_that_of_the_model_in_pymc(curve: str, family: str, regions: tuple[str, ...]) -> None:
    """Both differ by the same constant at all points, with tests, of which one ran in a part of the market."""
    spec = SPEC.model_copy(update={"saturation": curve, "adstock": family})
    pasts = histories(*tables(regions), spec)
    found = pd.DataFrame([TEST, TEST | {"channel": "a", "share": 0.3, "end": "2024-05-12"}])
    made = density(pasts, spec, lift_tests(found, pasts[0], regions), 50)
    model = media_mix(made)
    told = model.compile_logp(mode="FAST_COMPILE")
    names = {"rho": "rho_interval__", "sigma": "sigma_log__", "alike": "alike_interval__"}
    apart = []
    for z in np.random.default_rng(2).standard_normal((4, made.layout.size)) * 0.5:
        apart.append(made(z)[0] - told({names.get(k, k): v for k, v in made.layout.split(z).items()}))
    np.testing.assert_allclose(apart, apart[0], rtol=0, atol=1e-7)


def test_adstock_is_the_recursion_and_keeps_a_constant(past: History) -> None:
    family = Kernel("geometric", 26, 0.0, 0.0, 13.0)
    weights = family.weights(np.array([[-1.2, 0.4]]))
    kept, stock = equivalent_retention(weights, 7), adstock(past.lagged(26), weights[None])[0]
    for t in range(40, 60):
        after = (1 - kept) * past.spend[:, t] + kept * stock[:, t - 1]
        np.testing.assert_allclose(stock[:, t], after, rtol=1e-4)
    np.testing.assert_allclose(adstock(np.ones((2, 27, 9)), weights[None]), 1)


@pytest.mark.parametrize("name", ["geometric", "delayed", "weibull"])
def test_kernels_sum_to_one_and_keep_their_mean_lag(name: str) -> None:
    family = kernel(MixSpec(adstock=name, lags=26, delay=3.0), 7)  # type: ignore[arg-type]
    weights = family.weights(np.zeros((family.parameters, 1)))[0]
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    kept = float(equivalent_retention(weights, 7))
    assert kept / (1 - kept) == pytest.approx(weights @ np.arange(27))
    given = np.random.default_rng(3).standard_normal((family.parameters, 4))
    code = ["geometric", "delayed", "weibull"].index(name)
    np.testing.assert_allclose(lag_weights(code, family.numbers, given, 27)[0], family.weights(given), atol=1e-12)
    assert weights.argmax() == (3 if name == "delayed" else 0)


def test_daily_kernel_keeps_the_weekly_retention() -> None:
    spec = MixSpec(retention=0.5, lags=8)
    weekly, daily = (kernel(spec, step) for step in (7, 1))
    assert (weekly.lags, daily.lags) == (8, 56)
    day = daily.weights(np.zeros((1, 1)))[0]
    assert day[:7].sum() == pytest.approx(weekly.weights(np.zeros((1, 1)))[0, 0])


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
    made = [density((past,), SPEC, lift_tests(pd.DataFrame([TEST | {"lift": x}]), past)) for x in (10.0, 60.0)]
    z = np.zeros(made[0].layout.size)
    found = drawn(made[0], z[None])
    half, slope, weights = found.half[0, 0, 1], found.slope[0, 1], found.weights[0, 1]
    mean, unit = past.spend[1].mean(), past.value.mean()
    stock = adstock(past.lagged(4), found.weights)[0, 1] / mean
    height = unit * found.share[0, 0, 1] / saturation("hill", stock, half, slope).mean()
    start = stock[9:11].mean()
    brought = sum(
        height * (saturation("hill", start + 7 / mean * weights[:k].sum(), half, slope)
                  - saturation("hill", start, half, slope)) for k in (1, 2)
    )  # fmt: skip
    expected = norm.logpdf(60, brought, 20) - norm.logpdf(10, brought, 20)
    assert made[1](z)[0] - made[0](z)[0] == pytest.approx(expected, rel=1e-6)


def test_lift_test_in_a_part_of_the_market_goes_further_up_the_curve_there(past: History) -> None:
    """Money e in a share s of the market brings s times what e / s brings in all of it."""
    part, whole = (
        TEST | {"share": 0.25, "lift": 5.0, "lift_se": 2.0},
        TEST | {"spend": 56.0, "lift": 20.0, "lift_se": 8.0},
    )
    made = [density((past,), SPEC, lift_tests(pd.DataFrame([test]), past)) for test in (part, whole)]
    z = np.random.default_rng(4).standard_normal(made[0].layout.size) * 0.3
    assert made[0](z)[0] == pytest.approx(made[1](z)[0], rel=1e-9)


def test_shares_scatter_about_what_is_believed(past: History) -> None:
    """Logarithms of shares deviate by 0.5 in common and by about 0.5 each: 4,000 draws of the prior, error 3 %."""
    made, rng = density((past,), SPEC, no_tests(past)), np.random.default_rng(6)
    z, tau = np.zeros((4000, made.layout.size)), np.exp(APART[0])
    z[:, :2] = rng.multivariate_normal(np.zeros(2), np.eye(2) * (tau / COMMON) ** 2 + 1, 4000)
    share, believed = drawn(made, z).share[:, 0], priors((past,), SPEC)
    np.testing.assert_allclose(share.mean(axis=0), believed.share, rtol=0.06)
    np.testing.assert_allclose(np.log(share).std(axis=0), np.hypot(tau, COMMON), rtol=0.06)
    np.testing.assert_allclose(believed.share * SHARE_DEVIATION, believed.deviation)


def test_currency_does_not_matter(past: History) -> None:
    """The model is given the very same numbers, so that its draws are the same."""
    other = replace(past, spend=past.spend / 8, before=past.before / 8, value=past.value / 32)
    one, two = (density((each,), SPEC, no_tests(each), 50).evidence for each in (past, other))
    for name in ("y", "lagged", "columns", "project", "shift", "root", "median", "half", "noise"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=1e-9, atol=1e-9, err_msg=name)


def test_forecast_starts_from_the_last_known_error(past: History) -> None:
    ones = np.ones((4000, 1))
    ahead = forecast(past, past.value[None], np.zeros((4000, 1, 60)), 0.5 * ones, ones, 0 * ones, 50, 0.9, 1)
    np.testing.assert_allclose(ahead.middle[:4], past.value[49] * 0.5 ** np.arange(1, 5), atol=0.15)
    assert ahead.high[0] - ahead.low[0] == pytest.approx(2 * norm.ppf(0.95), rel=0.08)
    assert ahead.naive < ahead.error


def test_festivals_come_as_parts_of_the_week_unless_the_table_has_its_own() -> None:
    spec, (media, outcome) = MixSpec(), tables()
    past = history(media, outcome, spec)
    made = design(past, spec)
    double = made.columns[:, made.names.index("11.11")]
    assert past.weeks[double.argmax()] == pd.Timestamp("2024-11-04")
    assert "618" in calendar_note(past, spec)
    own = history(media, outcome.assign(holiday=np.arange(60) % 7 == 0), spec)
    assert not set(design(own, spec).names) & {"618", "11.11"}
    assert "those of the outcome table (holiday)" in calendar_note(own, spec)
