"""What plans have been worth on simulated brands, and that what is recorded is what the code does."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reachbook.budget.advice.gain import LOWERED, WIDENED, corrected
from reachbook.budget.advice.track_record import TrackRecord, record
from reachbook.budget.model import mix
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.sections.backtest import track_record_section

FOLDER = Path(__file__).parents[3] / "benchmarks" / "budget"


def rows(realised: list[float], probability: float = 0.9, world: str = "demo") -> pd.DataFrame:
    """Plans that promised 100, with 20 to 180."""
    frame = pd.DataFrame({"realised": realised}).assign(world=world, rules="within reach", passed=True, promised=100.0)
    return frame.assign(low=20.0, high=180.0, probability=probability, naive=110.0, oracle=200.0)


def test_the_table_says_what_came_of_promises():
    told = TrackRecord(rows([-10, 50, 100, 190])).table().iloc[0]
    assert (told["plans"], told["kept"], told["inside"], told["worse"]) == (4, 0.75, 0.5, 0.25)
    assert told["stated"] == pytest.approx(0.1)
    assert told["chance"] == pytest.approx(1 - 0.9**4)
    assert told["oracle"] == pytest.approx(330 / 800)


def test_plans_that_a_gate_blocked_are_no_measure():
    frame = rows([100, 100, -500]).assign(passed=[True, True, False])
    assert TrackRecord(frame).table()["worse"].tolist() == [0]


@pytest.mark.parametrize(
    ("realised", "held"),
    [
        ([90, 100, 110], True),
        ([70, 70, 70], False),
        ([130, 130, 130], False),
        ([-1, 100, 110], True),
        ([-1] * 4 + [100] * 6, False),
    ],
)
def test_it_holds_where_promises_are_kept_and_losses_are_no_more_frequent_than_stated(realised, held):
    good = rows([100, 100], world="drawn")
    assert TrackRecord(pd.concat([rows(realised), good])).reliable is held


def test_words_and_table_of_the_appendix():
    part = track_record_section((), TrackRecord(rows([-10, 50, 100, 190])))
    assert part.note.startswith(
        "4 plans made this way for simulated brands, whose truth is known, brought 75.0% of what they promised"
    )
    assert part.note.endswith("Of their 90% intervals 50.0% held what came.")
    assert part.tables[0].frame["channels"].tolist() == ["the demo's channels"]
    assert "1 of 4 lost" in part.figures[0].alt
    assert "; 25.0% did worse than going on, where 10.0% was foretold." in part.note


def test_the_level_of_intervals_is_the_one_that_was_checked():
    told = TrackRecord(rows([-10, 50, 100, 190]))
    assert told.reason(0.9) == (
        "Why 90%: that is what was checked, on 4 plans for simulated brands of known truth; 50.0% of ranges held."
    )
    assert told.reason(0.95) == "Ranges were checked at 90% only, on plans for simulated brands."


def test_a_gain_is_lowered_and_widened_by_its_own_deviation():
    draws = np.random.default_rng(1).normal(50, 10, 4_000)
    told = corrected(draws)
    assert told.mean() == pytest.approx(draws.mean() - LOWERED * draws.std())
    assert told.std() == pytest.approx(WIDENED * draws.std())
    assert (np.argsort(told) == np.argsort(draws)).all()
    assert corrected(np.full(30, 7.0)) == pytest.approx(np.full(30, 7.0))


def test_the_record_is_of_seeds_that_nothing_was_chosen_by():
    frame = record().frame
    assert frame["seed"].min() >= 10_000
    assert (frame.groupby(["world", "rules"])["seed"].nunique() >= 50).all()
    assert set(frame["world"]) == {"demo", "drawn"}


def test_the_record_is_what_the_code_does_today(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    bench = runpy.run_path(str(FOLDER / "decisions.py"))
    kept = record().frame.query("world == 'drawn'")
    seed = int(kept["seed"].iloc[0])
    known = bench["brand"](seed, "drawn")
    found = mix.fit(known.spend, known.outcome, MixSpec(), seed)
    for now, then in zip(bench["decide"](known, found), kept.to_dict("records"), strict=False):
        assert now["rules"] == then["rules"]
        told = ["promised", "low", "high"]
        apart = [abs(now[name] - then[name]) for name in told]
        assert max(apart) < 0.25 * (then["high"] - then["low"])
        assert now["oracle"] == pytest.approx(then["oracle"], rel=0.05)
