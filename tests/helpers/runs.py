"""`python -m reachbook` in processes of their own, what they leave behind, and the bytes of what they published."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.tiny_project import STUDY, Project
from reachbook import hashing, report_paths
from reachbook.engine import integrity

AGAIN = [
    "# Again?\n\nWe count once more.",
    ("parameters", 'study_name: str = "tiny"'),
    "from reachbook.report import Report\nfrom reachbook.study import Study",
    'study = Study.load(study_name)\nreport = Report(study, "again")',
    'orders = study.table("orders")\nreport.table("orders", orders, units={"amount": "money"})',
    'report.decision("Go on.")',
]
_BESIDE = re.compile(r"\..+\.\d+")
PATIENCE = 300
"""Seconds after which a run counts as one that waits for ever."""


@dataclass(frozen=True)
class Ran:
    """What a run said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Every line that tells of a failure, wherever it stands."""
        return [*self.err.splitlines(), *(line for line in self.out.splitlines() if line.startswith("failed"))]


@dataclass(frozen=True)
class Runs:
    """Runs of a project whose temporary folders lie in a place of its own."""

    project: Project
    temporary: Path

    def start(self, *arguments: str, before: tuple[str, ...] = (), heard: bool = True) -> subprocess.Popen[str]:
        """Start a command in a session of its own; `before` are words of a command that starts it, not `heard` one's
        words are lost.
        """
        self.temporary.mkdir(exist_ok=True)
        command = [*before, sys.executable, "-m", "reachbook", *arguments]
        surroundings = os.environ | {"TMPDIR": str(self.temporary)}
        pipe = subprocess.PIPE if heard else subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.project.root, env=surroundings, stdout=pipe, stderr=pipe, text=True,
                                start_new_session=True)  # fmt: skip

    def run(self, *arguments: str, before: tuple[str, ...] = ()) -> Ran:
        """Run a command to its end."""
        return ended(self.start(*arguments, before=before))

    @property
    def homes(self) -> list[Path]:
        """`reports/<study>/<notebook>/` of every report."""
        return list(report_paths.notebooks(self.project.root))

    @property
    def versions(self) -> list[Path]:
        """Every version that is listed."""
        return [each for home in self.homes for each in report_paths.versions(home)]

    @property
    def current(self) -> list[Path]:
        """The current version of each report that has one."""
        return [found for home in self.homes if (found := report_paths.current(home))]

    @property
    def halves(self) -> list[str]:
        """Listed versions that are not whole, with what is wrong."""
        return [f"{each}: {flaw}" for each in self.versions if (flaw := integrity.flaw(each))]

    def bytes(self) -> dict[Path, dict[str, str]]:
        """SHA-256 of every file of every listed version."""
        return {each: hashes(each) for each in self.versions}

    def leftovers(self) -> list[Path]:
        """Temporary folders, and what was begun beside its place."""
        beside = [path for path in self.project.root.rglob(".*") if _BESIDE.fullmatch(path.name)]
        return [*beside, *(self.temporary.glob("reachbook-*") if self.temporary.is_dir() else ())]


def hashes(version: Path) -> dict[str, str]:
    """SHA-256 of every file of a version."""
    files = [path for path in sorted(version.rglob("*")) if path.is_file()]
    return {path.relative_to(version).as_posix(): hashing.of_file(path) for path in files}


def second_notebook(project: Project) -> Project:
    """A tiny project with a second notebook."""
    project.study("tiny", STUDY.replace("[count]", "[count, again]"))
    project.notebook("again", AGAIN, title="Again?", tables=["orders"])
    return project


def ended(process: subprocess.Popen[str]) -> Ran:
    """Wait for a run.

    Raises
    ------
    subprocess.TimeoutExpired
        It waits for ever; nothing of it goes on.
    """
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        for each in family(process):
            each.kill()
        raise
    return Ran(process.returncode, out, err)


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """A run's process and every process that works for it, kernels included."""
    try:
        driver = psutil.Process(process.pid)
        return [driver, *driver.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def by_kind(process: subprocess.Popen[str]) -> dict[str, list[psutil.Process]]:
    """The driver, workers and kernels of a run, as far as there are any at this moment."""
    found: dict[str, list[psutil.Process]] = {"driver": [], "worker": [], "kernel": []}
    for each in family(process):
        try:
            kind = "driver" if each.pid == process.pid else _kind(each)
        except psutil.Error:
            continue
        if kind:
            found[kind].append(each)
    return found


def _kind(process: psutil.Process) -> str:
    words, parent = " ".join(process.cmdline()), process.parent()
    if "ipykernel_launcher" in words:
        return "kernel"
    inside = parent is not None and "forkserver" in " ".join(parent.cmdline())
    return "worker" if inside and "forkserver" in words else ""


def outlived(processes: list[psutil.Process], seconds: float = 30) -> list[psutil.Process]:
    """Those that still run after so many seconds."""
    return list(psutil.wait_procs(processes, timeout=seconds)[1])


def changed(before: dict[Path, dict[str, str]], now: dict[Path, dict[str, str]]) -> list[str]:
    """Versions of before that are gone or hold other bytes."""
    return [str(each) for each, content in before.items() if now.get(each) != content]
