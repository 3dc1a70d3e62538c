"""The comparison with pymc-marketing reads and judges answers without it."""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reachbook.demo import media

FOLDER = Path(__file__).parents[2] / "benchmarks" / "budget"


@pytest.fixture
def peers(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return runpy.run_path(str(FOLDER / "peers.py"))


def test_a_process_tells_its_last_line_or_why_not(peers, tmp_path):
    told = peers["process"]([sys.executable, "-c", "print('noise'); print('{\"fitted\": 1.5}')"], tmp_path)
    assert told == {"fitted": 1.5}
    broken = peers["process"]([sys.executable, "-c", "raise ValueError('too few weeks')"], tmp_path)
    assert peers["refusal"](broken) == "no answer: ValueError: too few weeks"
    assert peers["refusal"](told) == ""


def test_without_the_peer_there_is_one_clear_line(peers, tmp_path):
    (tmp_path / "task.json").write_text(json.dumps({}))
    told = peers["process"]([sys.executable, str(FOLDER / "peers" / "theirs.py"), str(tmp_path)], tmp_path)
    assert "pymc_marketing" in peers["refusal"](told)
    assert peers["refusal"](told).endswith("benchmarks/budget/peers.py says.")


def test_plans_are_judged_by_the_true_curves(peers):
    weeks = pd.date_range("2026-01-05", periods=20, freq="7D")
    wide = pd.DataFrame({each.name: np.linspace(0.5, 1.5, 20) * each.typical for each in media.CHANNELS}, weeks)
    now = wide.tail(13).mean()
    assert peers["won"](now, wide)[1] == pytest.approx(0)
    assert peers["won"](now[::-1], wide)[1] == pytest.approx(0)
    moved = now.copy()
    moved["weibo"], moved["xiaohongshu"] = 0.0, now["xiaohongshu"] + now["weibo"]
    assert 0 < peers["won"](moved, wide)[1] < 1


def test_runs_are_merged_to_medians_and_coverage(peers):
    parts = {"imported": 1, "fitted": 2, "cpu": 2, "r_hat": 1.0, "divergences": 0}
    runs = [parts | {"planned": k, "effective": 100.0 * k, "roi": {"a": [0, k], "b": [0, 9]}} for k in (1, 2, 9)]
    assert peers["medians"](runs) == [1, 2, 2, 5, 2, 200, 1, 0]
    assert [peers["covered"](run, pd.Series({"a": 1.5, "b": 2})) for run in runs] == [0.5, 1, 1]
