"""Outcomes that are already a rate: named as such, and never turned into money."""

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from reachbook.effects.rate_outcome import rate_outcome
from reachbook.effects.spec import EffectSpec
from reachbook.verdict import Gate

VALUED = {"value_per_unit": 200.0, "margin_low": 0.4, "margin_high": 0.5}


def cities(seed: int = 1, digits: int = 5) -> pd.DataFrame:
    """Orders stay in 3 of 12 cities while their visits rise by 30%; the outcome is orders a visit."""
    rng, days, after = np.random.default_rng([seed, 63]), 70, 21
    treated = np.repeat(np.arange(12) < 3, days) & np.tile(np.arange(days) >= days - after, 12)
    usual = np.repeat(rng.uniform(500, 900, 12), days) * np.exp(0.05 * np.tile(rng.standard_normal(days), 12))
    orders, visits = rng.poisson(0.06 * usual), np.round(usual * np.where(treated, 1.3, 1.0))
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(12)], days),
            "date": np.tile(pd.date_range("2026-03-02", periods=days), 12),
            "outcome": np.round(orders / visits, digits),
            "treated": treated,
            "orders": orders,
            "visits": visits,
        }
    )


def checks(frame: pd.DataFrame, **more: object) -> list[Gate]:
    return rate_outcome(frame, "outcome", EffectSpec.model_validate({"design": "panel", **more}))


def test_a_panel_of_orders_a_visit_blocks_beside_a_value_and_names_both() -> None:
    spec = EffectSpec.model_validate({"design": "panel", "replays": 0, "leave_out": ["orders", "visits"], **VALUED})
    first = effects.estimate(cities(), spec).gates[0]
    assert (first.id, first.passed, first.level) == ("rate", False, "block")
    assert "outcome is orders divided by visits" in first.detail
    assert "`outcome: orders`" in first.detail


def test_without_a_value_the_rate_is_named_and_may_be_told() -> None:
    (found,) = checks(cities())
    assert (found.passed, found.level) == (False, "warn")


def test_a_rate_alone_is_known_by_its_range() -> None:
    (found,) = checks(cities().drop(columns=["orders", "visits"]), **VALUED)
    assert "between 0 and 1" in found.detail


def test_the_mean_basket_is_a_rate_though_above_one() -> None:
    frame = cities().assign(revenue=lambda f: f["orders"] * 57.3 + f["visits"] % 7)
    frame["outcome"] = (frame["revenue"] / frame["orders"]).round(2)
    (found,) = checks(frame, **VALUED)
    assert "outcome is revenue divided by orders" in found.detail


@pytest.mark.parametrize("kind", ["count", "amount", "conversion", "pieces", "whole", "scaled"])
def test_what_adds_up_is_no_rate(kind: str) -> None:
    rng = np.random.default_rng(64)
    frame = cities().drop(columns="outcome")
    price = rng.uniform(5, 50, len(frame)).round(2)
    share = rng.uniform(0.1, 0.6, len(frame))
    outcomes = {
        "count": frame["orders"],
        "amount": frame["orders"] * 33.4,
        "conversion": rng.integers(0, 2, len(frame)),
        "pieces": frame["orders"],
        "whole": frame["orders"] * 12.5 / share,
        "scaled": frame["orders"] / 10,
    }
    more = {"pieces": {"sales": frame["orders"] * price, "price": price}, "whole": {"part": frame["orders"] * 12.5}}
    frame = frame.assign(outcome=outcomes[kind], **more.get(kind, {}), **({"share": share} if kind == "whole" else {}))
    assert checks(frame, **VALUED) == []


def test_an_experiment_with_a_denominator_is_a_ratio_already() -> None:
    frame = pd.DataFrame({"orders": [0.5, 0.2], "visits": [2, 3], "arm": ["control", "a"]})
    assert rate_outcome(frame, "orders", EffectSpec(denominator="visits")) == []
    assert len(rate_outcome(frame, "orders", EffectSpec())) == 1
