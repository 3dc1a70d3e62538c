"""Temporary folders: what a killed run leaves behind is removed by the next one, and nothing else."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from reachbook.engine import scratch
from reachbook.errors import RunError

HELD = """
import sys, time
from reachbook.engine import scratch
from reachbook.errors import RunError
with scratch.folder() as place:
    open(place + "/kernel.json", "w").write("key")
    print(place, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary folders be made in a folder of the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_the_folder_of_a_killed_run_goes_with_the_next_one(temporary: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HELD], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        place = Path(run.stdout.readline().strip())
        scratch.sweep()
        assert (place / "kernel.json").exists(), "its process runs"
        run.send_signal(signal.SIGKILL)
    assert (place / "kernel.json").exists(), "a killed process removes nothing"
    scratch.sweep()
    assert list(temporary.iterdir()) == []


def test_a_place_too_long_for_sockets_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "长" * 22)
    scratch.measure()
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "长" * 23)
    with pytest.raises(RunError, match=r"TMPDIR: /tmp/长+ has 74 characters.* leave room for 71\. Set TMPDIR=/tmp"):
        scratch.measure()


def test_what_is_not_a_run_s_folder_stays(temporary: Path) -> None:
    kept = {"reachbook-notes", "reachbook-12a-x", "other-1-x"}
    for name in kept:
        (temporary / name).mkdir()
    with scratch.folder() as place:
        scratch.sweep()
        assert Path(place).is_dir()
        assert Path(place).stat().st_mode & 0o077 == 0, "only its owner reads it"
    scratch.sweep()
    assert {path.name for path in temporary.iterdir()} == kept
