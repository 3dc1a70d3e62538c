"""What the process that workers fork from has imported, so that none of them has to."""

import json
import multiprocessing
import subprocess
import sys

import pytest

from reachbook.engine import pool, preload


def test_workers_find_everything_imported_but_no_wing_and_no_slow_grammar() -> None:
    """An import that fails there is passed over in silence, and every worker then pays for it."""
    code = f"import json, sys, {preload.__name__}; print(json.dumps([n for n, m in sys.modules.items() if m]))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(said.stdout))
    assert {"reachbook.engine.make", "reachbook.engine.verify", "papermill.execute"} <= loaded
    assert not {name for name in loaded if name.startswith("rfc3987_syntax")}
    wings = {"reachbook.budget", "reachbook.effects", "reachbook.segmentation", "reachbook.sentiment"}
    assert not {*wings, "pymc", "sklearn"} & loaded


@pytest.mark.skipif(sys.platform == "win32", reason="processes do not fork there")
def test_it_is_what_the_pool_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(multiprocessing.get_context("forkserver"), "set_forkserver_preload", asked.extend)
    pool._context()
    assert asked == [preload.__name__]
