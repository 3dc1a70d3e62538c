"""How people who left differ from those who stayed: intervals hold what they say, and small groups are not told."""

import numpy as np
import pyarrow as pa
import pytest

from reachbook.privacy.comparison import LEAST, Contrast, Moved, contrasts, moved
from reachbook.privacy.sums import of_group

MINIMUM = 20
RUNS = 400


def orders(people: int, amounts: np.ndarray, platform: str = "douyin") -> dict:
    """Sums of orders, one a person."""
    ids = [f"u{n}" for n in range(people)]
    table = pa.table({"user_id": ids, "amount": amounts, "platform": pa.array([platform] * people)})
    return of_group("orders", table, "user_id", MINIMUM)


def users(**ages: int) -> dict:
    """Sums of users by age band."""
    bands = [band for band, count in ages.items() for _ in range(count)]
    table = pa.table({"user_id": [f"u{n}" for n in range(len(bands))], "age_band": bands})
    return of_group("users", table, "user_id", MINIMUM)


def only(found: tuple[Contrast, ...], measure: str) -> Contrast:
    (one,) = [each for each in found if each.measure == measure]
    return one


@pytest.mark.parametrize("left", [LEAST, 1000])
@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_interval_of_a_difference_in_uneven_amounts_holds_the_truth(left: int, sigma: float) -> None:
    """Log-normal amounts, 2,000 people stay: at 95%, 400 runs cover at least 92% but for a chance of 1 in 250."""
    rng, held = np.random.default_rng(11), 0
    for _ in range(RUNS):
        gone = orders(left, 1.3 * rng.lognormal(0, sigma, left))
        stay = orders(2000, rng.lognormal(0, sigma, 2000))
        one = only(contrasts({"orders": {"kept": stay, "no_consent": gone}}), "amount")
        assert one.difference is not None
        held += not one.difference.excludes(0.3)
    assert held / RUNS >= 0.92


@pytest.mark.parametrize("left", [60, 600])
def test_interval_of_a_difference_in_shares_holds_the_truth(left: int) -> None:
    rng, held = np.random.default_rng(12), 0
    for _ in range(RUNS):
        gone, stay = rng.binomial(left, 0.5), rng.binomial(2000, 0.4)
        about = {"kept": users(a=int(stay), b=2000 - int(stay)), "no_consent": users(a=int(gone), b=left - int(gone))}
        (one,) = [each for each in contrasts({"users": about}) if each.value == "a"] or [None]
        held += one is None or not one.difference.excludes(0.1)
    assert held / RUNS >= 0.92


def test_a_mean_of_few_people_has_no_interval() -> None:
    stay = orders(500, np.full(500, 10.0) + np.arange(500) % 2)
    for people, told in ((LEAST - 1, False), (LEAST, True)):
        about = {"orders": {"kept": stay, "no_consent": orders(people, np.full(people, 12.0))}}
        assert (only(contrasts(about), "amount").difference is not None) == told


def test_totals_are_told_with_and_without_those_who_left() -> None:
    stay, gone = orders(300, np.full(300, 10.0)), orders(100, np.full(100, 20.0))
    found = moved({"orders": {"kept": stay, "no_consent": gone}})
    assert found == (
        Moved("orders", "people", 400, 300),
        Moved("orders", "rows", 400, 300),
        Moved("orders", "amount", 5000.0, 3000.0),
    )
    assert found[2].share == pytest.approx(0.4)


def test_of_fewer_people_than_the_minimum_nothing_is_told() -> None:
    stay, gone = orders(300, np.full(300, 10.0)), orders(MINIMUM - 1, np.full(MINIMUM - 1, 20.0))
    about = {"orders": {"kept": stay, "no_consent": gone}}
    assert (contrasts(about), moved(about)) == ((), ())


def test_a_small_group_cannot_be_found_by_subtraction() -> None:
    assert users(a=100, b=19)["traits"]["age_band"] == {}
    assert users(a=100, b=30, c=5)["traits"]["age_band"] == {"a": 100}
    assert users(a=100, b=30, c=12, d=12)["traits"]["age_band"] == {"a": 100, "b": 30}


def test_people_who_are_alike_do_not_differ() -> None:
    about = {"kept": users(a=500, b=500), "no_consent": users(a=50, b=50)}
    assert [each.differs for each in contrasts({"users": about})] == [False, False]
