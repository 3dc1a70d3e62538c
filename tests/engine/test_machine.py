"""A disk that refuses and memory that runs out are told in one line: the place, why, and what to do."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from helpers.tiny_project import tiny
from reachbook.cli import main
from reachbook.engine.machine import refusal, refusal_in_kernel

MEMORY = "There is not enough memory. Close other programs, set JOBS=1, or take a shorter period."
CODES = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.ENAMETOOLONG,
    errno.EISDIR,
    errno.EMFILE,
)


@pytest.mark.parametrize("code", CODES)
def test_place_reason_and_remedy_stand_in_one_line(code: int, tmp_path: Path) -> None:
    said = refusal(OSError(code, os.strerror(code), str(tmp_path / "reports" / "x")), tmp_path)
    assert said.startswith(f"reports/x: cannot be used ({os.strerror(code)}). ")
    assert len(said.splitlines()) == 1


def test_a_full_disk_that_names_no_file_is_the_project_s(tmp_path: Path) -> None:
    assert refusal(OSError(errno.ENOSPC, "Error writing bytes. Detail: [errno 28] ..."), tmp_path) == (
        f"{tmp_path.name}: cannot be used (No space left on device). "
        "The disk is full. Free some room, for example with `make prune`, and run again."
    )
    assert refusal(OSError(errno.ENOTDIR, "Not a directory"), tmp_path) == ""


def test_what_a_kernel_says_of_a_full_disk_is_told_the_same_way(tmp_path: Path) -> None:
    error = OSError(errno.EROFS, os.strerror(errno.EROFS), str(tmp_path / "reports" / "x"))
    assert refusal_in_kernel("OSError", str(error), tmp_path) == refusal(error, tmp_path) != ""
    assert refusal_in_kernel("OSError", "[Errno 28] No space left on device", tmp_path).startswith(
        f"{tmp_path.name}: cannot be"
    )
    assert refusal_in_kernel("E", f"[Errno 17] File exists: '{tmp_path}/reports'", tmp_path) == "", "the notebook's"
    assert refusal_in_kernel("E", "no space left in the budget", tmp_path) == ""


def test_other_faults_are_none_of_the_disk(tmp_path: Path) -> None:
    assert refusal(OSError(errno.ECONNREFUSED, "refused", "x"), tmp_path) == ""
    assert refusal(OSError("without a code"), tmp_path) == ""


@pytest.mark.parametrize("blocked", ["reports", "reports/tiny", ".cache"])
def test_a_file_where_a_folder_is_needed_is_named(
    blocked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny(tmp_path).write(blocked, "not a folder")
    monkeypatch.chdir(tmp_path)
    assert main(["reports"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    remedy = "A file stands where a folder is needed. Move it away, and run again."
    assert said == [f"{blocked}: cannot be used (Not a directory). {remedy}"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_reports_folder_without_the_right_to_write_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny(tmp_path)
    (tmp_path / "reports").mkdir(mode=0o500)
    monkeypatch.chdir(tmp_path)
    assert main(["reports"]) == 2
    assert "reports/tiny: cannot be used (Permission denied)." in capsys.readouterr().err


@pytest.mark.parametrize(("content", "kind"), [("[]", "list"), ("7", "int"), ('"x"', "str")])
def test_a_notebook_that_is_no_map_is_named(
    content: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny(tmp_path).write("notebooks/count.ipynb", content)
    monkeypatch.chdir(tmp_path)
    assert main(["validate"]) == 2
    said = f"notebooks/count.ipynb:1: is no map of cells and metadata but a {kind}. Restore it from version control."
    assert said in "".join(capsys.readouterr())


def test_a_missing_lock_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny(tmp_path).root / "requirements.lock").unlink()
    monkeypatch.chdir(tmp_path)
    assert main(["reports"]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("requirements.lock: cannot be read (No such file or directory)")


def test_numpy_s_own_error(tmp_path: Path) -> None:
    with pytest.raises(MemoryError) as error:
        np.empty(1 << 60, np.uint8)
    assert refusal(error.value, tmp_path) == MEMORY


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("MemoryError", ""),
        ("ArrowMemoryError", "malloc of size 64 failed"),
        ("OutOfMemoryException", "Out of Memory Error: could not allocate block"),
        ("OSError", "[Errno 12] Cannot allocate memory"),
        ("ImportError", "libopenblas.so: failed to map segment from shared object"),
        ("RuntimeError", "can't start new thread"),
        ("RuntimeError", "std::bad_alloc"),
    ],
)
def test_names_of_other_libraries(kind: str, message: str, tmp_path: Path) -> None:
    assert refusal_in_kernel(kind, message, tmp_path) == MEMORY


@pytest.mark.parametrize(("kind", "message"), [("ValueError", "memory of a goldfish"), ("KeyError", "'allocated'")])
def test_other_faults_are_none_of_memory(kind: str, message: str, tmp_path: Path) -> None:
    assert refusal_in_kernel(kind, message, tmp_path) == ""
