"""A run that is stopped or killed leaves nothing that could be taken for a report."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from helpers.tiny_project import COUNT, Project
from reachbook.cli import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
SLOW = [*COUNT, 'import pathlib, time\npathlib.Path("../running").touch()\ntime.sleep(120)']


def started(project: Project) -> subprocess.Popen[str]:
    """`reachbook reports` in a session of its own, at the point where its kernel sleeps."""
    project.notebook("count", SLOW, tables=["orders"])
    command = [sys.executable, "-m", "reachbook", "reports"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    process = subprocess.Popen(command, cwd=project.root, **pipes)
    deadline = time.monotonic() + 90
    while not (project.root / "running").exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    return process


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Every process that works for it, kernels included."""
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process], seconds: float = 20) -> bool:
    return not psutil.wait_procs(processes, timeout=seconds)[1]


def leftovers(root: Path) -> list[Path]:
    return [path for path in (root / "reports").rglob("*") if path.is_dir() and path.name != "count"]


def test_ctrl_c(project: Project) -> None:
    process = started(project)
    workers = family(process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=40)
    assert process.returncode == 130
    assert "Stopped. Nothing half is left." in said
    assert "Traceback" not in said
    assert gone(workers)
    assert [path.name for path in leftovers(project.root)] == ["tiny"]


def test_kill(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    process = started(project)
    workers = family(process)
    for each in [psutil.Process(process.pid), *workers]:
        each.kill()
    process.wait(timeout=20)
    assert gone(workers)
    assert [path for path in leftovers(project.root) if path.name.startswith(".")]
    project.notebook("count", COUNT, tables=["orders"])
    monkeypatch.chdir(project.root)
    assert main(["reports"]) == 0
    assert not [path for path in leftovers(project.root) if path.name.startswith(".")]
