"""The worth of tests against closed forms, bounds and what must make a test worth more or less."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.response_curves import s_curves
from reachbook.budget import Rules
from reachbook.budget.advice.lift_test_design import Noise, prospect
from reachbook.budget.advice.value_of_information import ValueOfInformation, candidates
from reachbook.budget.optimize.curves import Curves, curves
from reachbook.budget.spec import FieldTest
from reachbook.errors import DataError, ParamsError

GRID = np.linspace(0, 100, 11)
TOTAL = 100.0


def straight(mean: float = 2.1, spread: float = 0.5, draws: int = 1000, known: float = 2.0) -> Curves:
    """Two channels that return a ~ normal and `known` for each unit of money: a plan is all on one of them."""
    rng = np.random.default_rng(1)
    rate = rng.permutation(mean + spread * norm.ppf((np.arange(draws) + 0.5) / draws))
    response = np.stack([rate[:, None] * GRID, np.full((draws, 1), known) * GRID], axis=1)
    return curves(response, GRID, current=[50, 50])


def worth(made: Curves, tests: list[FieldTest], sd: float = 20.0, **more: object) -> ValueOfInformation:
    kept = np.zeros((made.draws, len(made.channels)))
    return candidates(made, TOTAL, retention=kept, noise=Noise(sd), tests=tests, **more)  # type: ignore[arg-type]


def one(weeks: int = 4, channel: str = "channel_1", extra: float = 10.0, **more: float) -> FieldTest:
    return FieldTest(channel=channel, extra_spend=extra, weeks=weeks, **more)  # type: ignore[arg-type]


def loss(mean: float, known: float, spread: float) -> float:
    """Expected gain of choosing the better of N(mean, spread^2) and `known` (unit normal loss)."""
    u = abs(mean - known) / spread
    return float(spread * (norm.pdf(u) - u * norm.sf(u)))


@pytest.mark.parametrize("weeks", [1, 4, 16])
def test_closed_form(weeks: int) -> None:
    """All 100 go to the better channel; the result narrows a by its standard error, lift / (extra * weeks)."""
    row = worth(straight(), [one(weeks)], horizon=10).table.iloc[0]
    error = 20 * np.sqrt(weeks)
    assert row["expected_se"] == pytest.approx(error)
    assert row["expected_lift"] == pytest.approx(2.1 * 10 * weeks)
    preposterior = 0.5**2 / np.hypot(0.5, error / (10 * weeks))
    assert row["value"] == pytest.approx(10 * TOTAL * loss(2.1, 2.0, preposterior), rel=0.02)
    assert row["most"] == pytest.approx(10 * TOTAL * loss(2.1, 2.0, 0.5), rel=0.02)


def test_more_weeks_tell_more_and_never_more_than_all() -> None:
    found = worth(straight(), [one(weeks) for weeks in (1, 2, 4, 8, 16)], horizon=1)
    table = found.table.sort_values("weeks")
    assert (np.diff(table["value"]) > 0).all()
    assert (table["value"] > 0).all()
    assert (table["value"] < table["most"]).all()
    assert (table["most"] <= found.perfect * (1 + 1e-9)).all()
    assert (table["net"] == table["value"] - table["cost"]).all()


def test_what_is_known_is_not_worth_a_test() -> None:
    found = worth(straight(spread=0.0), [one(), one(channel="channel_2")])
    assert (found.table[["value", "most"]].to_numpy() == 0).all()
    assert found.best is None
    assert found.describe().startswith("No test is worth its cost.")


def test_what_cannot_change_the_plan_is_not_worth_a_test() -> None:
    """Uncertain, but never better than what is done."""
    found = worth(straight(mean=0.5, spread=0.2), [one()])
    assert found.table["value"].iloc[0] < 1e-9 * TOTAL


def test_bounds_on_s_curves() -> None:
    """Between nothing and perfect knowledge for every proposal; a result that says nothing is worth little."""
    response, grid = s_curves(3, 2, 200, 21)
    made = curves(response, grid, current=[30, 30])
    kept = np.full((200, 2), 0.4)
    found = candidates(made, 60, Rules(), retention=kept, noise=Noise(20.0, 0.3), horizon=1)
    table = found.table
    assert len(table) == 4
    assert ((table["value"] >= 0) & (table["value"] <= table["most"] + 1e-9)).all()
    assert (table["most"] <= found.perfect).all()
    assert table["chance"].median() < 0.1 * table["value"].max()
    again = candidates(made, 60, Rules(), retention=kept, noise=Noise(20.0, 0.3), horizon=1)
    pd.testing.assert_frame_equal(table, again.table)


def test_cost_is_what_does_not_come_back() -> None:
    """10 a week for 4 weeks, of which 0.2 a unit comes back; with a margin of a half 0.1; and the setup."""
    made = straight(mean=0.2, spread=0.05)
    assert worth(made, [one()]).table["cost"].iloc[0] == pytest.approx(40 - 8)
    assert worth(made, [one(setup=7)], margin=0.5).table["cost"].iloc[0] == pytest.approx(40 - 4 + 7)
    assert worth(straight(), [one()]).table["cost"].iloc[0] == 0


def test_adstock_builds_up_and_is_carried_on() -> None:
    """Straight curve: stock on top is 20 (1 - r^t) in half of the market, and r^k of its end afterwards."""
    made = straight()
    kept = np.full((made.draws, 2), 0.5)
    found = prospect(made, kept, Noise(1.0), one(weeks=3))
    assert found.lift.mean() == pytest.approx(2.1 * 0.5 * 20 * (0.5 + 0.75 + 0.875))
    assert found.carried.mean() == pytest.approx(2.1 * 0.5 * 20 * 0.875 * (1 - 0.5**13))


def test_error_of_a_lift_is_that_of_simulated_regions() -> None:
    """40 regions with AR(1) noise, 16 of them treated; 4,000 panels: the spread is known to about 1.1 %."""
    rng, rho, weeks = np.random.default_rng(3), 0.4, 6
    noise = Noise(12.0, rho)
    steps = rng.standard_normal((4000, 40, weeks + 30)) * np.sqrt(1 - rho**2)
    for t in range(1, steps.shape[2]):
        steps[:, :, t] += rho * steps[:, :, t - 1]
    total = 12.0 / np.sqrt(40) * steps[:, :, 30:].sum(axis=2)
    treated, rest = total[:, :16].sum(axis=1), total[:, 16:].sum(axis=1)
    assert (treated - rest * 0.4 / 0.6).std() == pytest.approx(noise.error(weeks, 0.4), rel=0.04)


def test_noise_from_what_is_left() -> None:
    rng = np.random.default_rng(4)
    left = rng.standard_normal((3, 4000)) * 5
    left[:, 1:] += 0.6 * left[:, :-1]
    found = Noise.of(left + 100)
    assert found.sd == pytest.approx(5 * np.sqrt(1.36), rel=0.05)
    assert found.rho == pytest.approx(0.6 / 1.36, abs=0.03)


def test_sentences_for_what_cannot_be() -> None:
    made = straight()
    with pytest.raises(ParamsError, match=r"tests: channel_9 has no curve. Channels: channel_1, channel_2"):
        worth(made, [one(channel="channel_9")])
    with pytest.raises(ParamsError, match=r"its curve ends at 100. Ask for 25.0 at most|Ask for 25 at most"):
        worth(made, [one(extra=60)])
    with pytest.raises(DataError, match="needs 100 or more"):
        worth(straight(draws=50), [one()])
    with pytest.raises(DataError, match="give sd above 0"):
        Noise(0.0)
    with pytest.raises(ParamsError, match="mode other than target"):
        candidates(
            made, None, Rules(mode="target", target=10), retention=np.zeros((1000, 2)), noise=Noise(1.0), tests=[one()]
        )  # fmt: skip
