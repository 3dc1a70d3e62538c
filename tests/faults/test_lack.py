"""A machine that has too little of something: one line with the place and what to do, and nothing half."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.reliability import Trials
from helpers.runs import Ran, Runs, changed, second_notebook
from helpers.shelved import shelved
from helpers.tiny_project import COUNT, Project, tiny

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and rights of POSIX systems")
KIB = 1024
FULL = "The disk is full. Free some room, for example with `make prune`, and run again."
BARE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
"""Words before a command that take from root the right to write everywhere."""


def limited(limit: str) -> tuple[str, ...]:
    """Words before a command that set a limit of the shell, as in `-f 20`."""
    return ("sh", "-c", f'ulimit {limit}; exec "$@"', "sh")


def bound() -> tuple[str, ...]:
    """Words before a command that has to keep to the rights of files."""
    if os.geteuid() != 0:
        return ()
    if shutil.which(BARE[0]) is None or subprocess.run([*BARE, "true"], check=False).returncode:
        pytest.skip("root may write everywhere, and setpriv does not take this right away here")
    return BARE


def one_line(ran: Ran) -> str:
    """The one line that a run says of its failure."""
    assert ran.code != 0, ran
    assert "Traceback" not in ran.out + ran.err
    (line,) = ran.lines
    return line


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def filled(disk: Path, room: int) -> Path:
    """Fill a disk up to so many bytes."""
    state = os.statvfs(disk)
    path = disk / "filler"
    path.write_bytes(b"x" * max(0, state.f_bavail * state.f_bsize - room))
    return path


def test_a_disk_that_fills_up(trial: Trials, disk: Path, temporary: Path) -> None:
    """From a disk that is full at the start to one that is full before the last file; every run ends in its words."""
    runs = Runs(second_notebook(tiny(disk)), temporary)
    rooms = [40] if not trial.soak else [0, 4, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160]
    lost, said = list[str](), 0
    for number, room in enumerate(rooms):
        runs.project.orders(13 + number)
        before = runs.bytes()
        filler = filled(disk, room * KIB)
        ran = runs.run("reports", "--jobs", "2")
        wrong = [line for line in ran.lines if FULL not in line]
        lost += [f"{room} KB left: {ran}"] if not ran.code or not ran.lines or wrong else []
        lost += [*runs.halves, *changed(before, runs.bytes()), *map(str, runs.leftovers())]
        said += 1
        filler.unlink()
    if trial.soak:
        assert runs.run("reports", "--jobs", "2").code == 0
    assert lost == [] == runs.leftovers()
    trial.record("a disk that is full before, while or after a notebook runs", said, 0, leaked=0)


def test_a_limit_on_files(trial: Trials, runs: Runs) -> None:
    line = one_line(runs.run("reports", before=limited("-f 16")))
    assert line.endswith("cannot be used (File too large). No file may become that large here (ulimit -f). "
                         "Raise the limit, and run again.")  # fmt: skip
    assert runs.versions == runs.leftovers() == []
    trial.record("a limit on the size of files", 1, 0, leaked=0)


CLOSED = ("reports", "reports/tiny", "reports/tiny/count", ".cache", ".cache/tables", "params/tiny", "data/orders.csv")


def test_places_without_the_right_to_write_or_read(trial: Trials, reported: Project, runs: Runs) -> None:
    before, words = runs.bytes(), bound()
    places = CLOSED if trial.soak else ("reports/tiny/count", ".cache/tables", "data/orders.csv")
    for number, name in enumerate(places):
        runs.project.orders(13 + number)
        place = runs.project.root / name
        shut, mode = (0o000 if place.is_file() or name.startswith("params") else 0o500), place.stat().st_mode
        place.chmod(shut)
        line = one_line(runs.run("reports", before=words))
        assert name in line, line
        assert "cannot be used (Permission denied). Give yourself the right" in line or "cannot be read" in line
        place.chmod(mode)
        assert changed(before, runs.bytes()) == runs.halves == runs.leftovers() == []
    trial.record("a folder or file without the right to write or read it", len(places), 0, leaked=0)


def test_a_disk_mounted_read_only(trial: Trials, disk: Path, temporary: Path, made: Project) -> None:
    shutil.copytree(made.root, disk, dirs_exist_ok=True)
    runs = Runs(Project(disk), temporary)
    runs.project.orders(13)
    before = runs.bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    line = one_line(runs.run("reports"))
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert "(Read-only file system). The disk is mounted read-only. Mount it for writing" in line
    assert changed(before, runs.bytes()) == runs.halves == []
    trial.record("a disk that is mounted read-only", 1, 0)


def test_paths_that_are_too_long(trial: Trials, runs: Runs, temporary: Path) -> None:
    long = replace(runs, temporary=temporary / ("t" * 100))
    line = one_line(long.run("reports"))
    assert line.startswith(f"TMPDIR: {long.temporary} has ")
    assert line.endswith("Set TMPDIR=/tmp, and run again.")
    name = "s" * 240
    version = shelved(runs.project.root, 1, study=name)
    line = one_line(runs.run("bundle", "--version", version.name))
    assert "cannot be used (File name too long). The path is too long. Move the project up, or give" in line
    assert runs.halves == runs.leftovers() == []
    trial.record("a path that is too long, of sockets or of files", 2, 0, leaked=0)


TOO_MUCH = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
DEATHS = {
    "numpy": (TOO_MUCH + "import numpy\nnumpy.ones(1 << 40)", "There is not enough memory."),
    "python": (TOO_MUCH + "bytearray(1 << 40)", "There is not enough memory."),
    "arrow": (TOO_MUCH + "import pyarrow\npyarrow.allocate_buffer(1 << 40)", "There is not enough memory."),
    "killed": (
        "import os\nos.kill(os.getpid(), 9)",
        "the system ended its kernel (SIGKILL), most likely because memory",
    ),
}


def test_a_kernel_without_memory_says_cell_page_and_memory(trial: Trials, runs: Runs) -> None:
    names = list(DEATHS) if trial.soak else ["numpy", "killed"]
    for name in names:
        runs.project.notebook(name, [*COUNT[:6], DEATHS[name][0]], title="Too much?", tables=["orders"])
    study = (runs.project.root / "params/tiny/study.yaml").read_text("utf-8")
    runs.project.study("tiny", study.replace("[count]", f"[{', '.join(names)}]"))
    ran = runs.run("reports", "--jobs", "2")
    assert ran.code == 1
    assert len(ran.lines) == len(names)
    for name in names:
        (line,) = [each for each in ran.lines if each.startswith(f"failed    tiny/{name}: ")]
        page = line.rpartition("until then: ")[2]
        assert line.startswith(f"failed    tiny/{name}: cell 8: {DEATHS[name][1]}")
        assert "Close other programs, set JOBS=1, or take a shorter period." in line
        assert (runs.project.root / page).is_file(), line
        assert "memory" in (runs.project.root / page).read_text("utf-8")
    assert runs.versions == runs.halves == runs.leftovers() == []
    trial.record("a kernel that runs out of memory or is ended by the system", len(names), 0, leaked=0)


@pytest.mark.soak
def test_a_driver_without_memory(trial: Trials, runs: Runs) -> None:
    """A library may end the process in words of its own, which say memory too."""
    limits = range(300, 1300, 100)
    for megabytes in limits:
        runs.project.orders(megabytes)
        ran = runs.run("reports", before=limited(f"-v {megabytes * KIB}"))
        assert ran.code != 0
        assert "memory" in (ran.out + ran.err).casefold(), f"{megabytes} MB: {ran}"
        assert "Traceback" not in ran.out + ran.err
        assert runs.halves == runs.leftovers() == []
    trial.record("a driver whose memory is limited to 300 to 1,200 MB", len(limits), 0, leaked=0)
