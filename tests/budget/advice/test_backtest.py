"""Looking back: which fits judge which weeks, and what a plan made then is given in hindsight."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from reachbook.budget.advice.backtest import Backtest, rolling
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.model import mix
from reachbook.budget.model.mix import Mix
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.optimize.rules import Rules
from reachbook.errors import DataError

SPEC = MixSpec(holdout_weeks=8)


def tables(found: Mix) -> tuple[pd.DataFrame, pd.DataFrame]:
    spend = pd.DataFrame(found.spend.T, index=found.weeks, columns=list(found.channels)).rename_axis("week")
    media = spend.reset_index().melt("week", var_name="channel", value_name="spend")
    return media, pd.DataFrame({"week": found.weeks, "value": found.value})


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> tuple[Backtest, list[tuple[int, int]]]:
    """Fits take minutes: here each is a mix made by hand from the weeks that it is given, with its own draws."""
    whole, asked = known_mix.mix(1), []

    def fit(media: pd.DataFrame, outcome: pd.DataFrame, spec: MixSpec, seed: int, *rest: object) -> Mix:
        size = len(outcome)
        asked.append((size, len(rest[0]) if isinstance(rest[0], pd.DataFrame) else 0))
        assert len(media) == size * len(whole.channels)
        made = known_mix.mix(2 + len(asked))
        ahead = outcome["value"].to_numpy()[-8:]
        known = replace(made.holdout, actual=ahead, low=ahead - 20, middle=ahead - 1, high=ahead + 20)
        return replace(made, weeks=whole.weeks[:size], holdout=known)

    monkeypatch.setattr(mix, "fit", fit)
    tests = pd.DataFrame({"end": [whole.weeks[45], whole.weeks[50]]})
    return rolling(*tables(whole), whole, SPEC, Rules(change=0.5), lift_tests=tests, origins=2), asked


def test_only_the_past_is_known(looked: tuple[Backtest, list[tuple[int, int]]]) -> None:
    """52 and 44 of 60 weeks; a test that has not ended by then does not count."""
    found, asked = looked
    assert asked == [(52, 2), (44, 0)]
    whole = known_mix.mix(1)
    assert list(found.frame["origin"]) == [whole.weeks[52], whole.weeks[44]]
    assert found.frame["actual"].to_numpy() == pytest.approx([whole.value[52:].sum(), whole.value[44:52].sum()])
    assert (found.frame["low"] < found.frame["actual"]).all()


def test_plan_of_then_is_judged_by_all_weeks(looked: tuple[Backtest, list[tuple[int, int]]]) -> None:
    """douyin is far from full and weibo is full in every draw: the plans gain, then and in hindsight."""
    frame = looked[0].frame
    assert (frame["promised"] > 0).all()
    assert (frame["hindsight_low"] > 0).all()
    assert (frame["probability"] > 0.95).all()
    assert (frame["moved"] <= 0.5 * known_mix.CURRENT.sum()).all()
    assert 0.5 < looked[0].realised_ratio < 2
    told = looked[0].describe()
    assert told.startswith("At 2 earlier weeks the model was fitted to the past alone. Of the 8 weeks")
    assert told.endswith("history can show that a promise did not last, not that it was kept.")


def test_rules_that_allow_no_plan_leave_the_forecasts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = known_mix.mix(1)
    monkeypatch.setattr(mix, "fit", lambda *given: known_mix.mix(2))
    found = rolling(*tables(whole), whole, SPEC, Rules(fixed={"douyin": 1.0, "wechat": 1.0}), origins=1)
    assert found.frame["promised"].isna().all()
    assert np.isnan(found.realised_ratio)
    assert "plans made then" not in found.describe()


def test_history_must_be_long_enough() -> None:
    whole = known_mix.mix(1)
    held = replace(whole, holdout=replace(whole.holdout, actual=whole.value[-26:]))
    with pytest.raises(DataError, match="60 weeks are too few to look back; bring 66 or more"):
        rolling(*tables(whole), held, MixSpec(holdout_weeks=26))


def test_least_seen_is_a_poor_week() -> None:
    """weibo has paused in 7 of 60 weeks and may go to nothing; the others no lower than the lowest twentieth."""
    whole = known_mix.mix(1)
    made = planning(whole)
    assert made.least is not None
    assert made.least[2] == 0
    assert made.least[:2] == pytest.approx(np.quantile(whole.spend[:2], 0.05, axis=1), rel=0.02)
    daily = replace(whole, contribution=whole.contribution / 7, step=1)
    assert planning(daily).least == pytest.approx(made.least)
