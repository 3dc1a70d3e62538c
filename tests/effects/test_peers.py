"""The comparison with peers reads and tells answers without the peers."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "effects"


@pytest.fixture
def peers(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return runpy.run_path(str(FOLDER / "peers.py"))


def test_a_panel_becomes_one_treated_series_beside_its_controls(peers):
    days = pd.date_range("2026-01-01", periods=3)
    frame = pd.DataFrame({"unit": np.repeat(list("abc"), 3), "date": np.tile(days, 3), "outcome": np.arange(9.0)})
    frame["treated"] = frame["unit"].isin(["a", "b"]) & (frame["date"] == days[2])
    wide, start = peers["wide_panel"](frame)
    assert start == days[2]
    assert list(wide.columns) == ["date", "treated", "c"]
    assert wide["treated"].tolist() == [1.5, 2.5, 3.5]


def test_answers_are_counted_and_failures_are_said(peers):
    reply = {"middle": 1.0, "low": 0.0, "high": 2.0, "seconds": 3.0, "cpu": 2.0}
    inside, outside = peers["parsed"](reply), peers["parsed"](reply | {"low": 0.8, "high": 1.2})
    failed = peers["parsed"]({"error": "ValueError: too short"})
    told = peers["tally"]([inside, outside, failed], [0.5, 0.5, 0.5], [1.0, 1.0, 1.0], 1.0)
    assert told.split()[:2] == ["0.50", "1.20"]
    assert told.endswith("1 without answer")
    assert peers["tally"]([failed], [0.5], [1.0], 1.0) == "  no answer: ValueError: too short"
    assert peers["line"](inside, 11.0, "ratio").split()[:3] == ["+10.0%", "[+0.0%,", "+22.2%];"]


def test_absent_peers_are_one_clear_line(peers):
    done = subprocess.run(
        [sys.executable, str(FOLDER / "peers" / "answer.py")], capture_output=True, text=True, input="", check=True
    )
    told = peers["refusal"](json.loads(done.stdout))
    assert "causal_impact" in told
    assert told.endswith("make their environment as the top of benchmarks/effects/peers.py says.")
    assert "\n" not in told
