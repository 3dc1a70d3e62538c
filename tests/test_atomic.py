"""Files and folders appear whole or not at all, reach the disk before their names, and go whole."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reachbook import atomic


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is brought to the disk or renamed, by name, in the order in which it happens."""
    done: list[str] = []
    sync, replace = atomic._sync, Path.replace

    def synced(path: Path) -> None:
        done.append(f"sync {path.name}")
        sync(path)

    def replaced(made: Path, place: Path) -> Path:
        done.append(f"rename {made.name}")
        return replace(made, place)

    monkeypatch.setattr(atomic, "_sync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    return done


@pytest.fixture
def ended() -> int:
    """The number of a process that no longer runs."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_the_folder_is_made_and_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    atomic.write_text(tmp_path / "a" / "b.json", "一")
    assert (tmp_path / "a" / "b.json").read_text("utf-8") == "一"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.json"]


def test_what_was_there_stays_where_the_new_text_cannot_be_written(tmp_path: Path) -> None:
    """A lone surrogate has no UTF-8: writing fails midway."""
    path = tmp_path / "b.json"
    atomic.write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        atomic.write_text(path, "new \ud800")
    assert path.read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["b.json"]


def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as error:
        atomic.write_text(tmp_path / "b.json", "new")
    assert error.value.filename == str(tmp_path / "b.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_that_brings_no_folder_to_the_disk_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", unable)
    atomic.write_text(tmp_path / "b.json", "new")
    assert (tmp_path / "b.json").read_text("utf-8") == "new"


def test_contents_reach_the_disk_before_the_name(tmp_path: Path, order: list[str]) -> None:
    made = tmp_path / "made"
    (made / "tables").mkdir(parents=True)
    (made / "page").write_text("1", "utf-8")
    (made / "tables" / "t").write_text("2", "utf-8")
    atomic.put(made, tmp_path / "place")
    assert order == ["sync page", "sync made", "sync t", "sync tables", "rename made", f"sync {tmp_path.name}"]


def test_a_file_takes_the_place_of_another_and_a_folder_does_not(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / f"{name}.txt").write_text(name, "utf-8")
        (tmp_path / name).mkdir()
        (tmp_path / name / "mark").write_text(name, "utf-8")
    assert atomic.put(tmp_path / "new.txt", tmp_path / "old.txt").read_text("utf-8") == "new"
    with pytest.raises(OSError, match=r"not empty|exists"):
        atomic.put(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "mark").read_text("utf-8") == "old"


def test_only_what_ended_processes_began_is_swept(tmp_path: Path, ended: int) -> None:
    stay = {f".a.json.{os.getpid()}", ".a.json.part", "a.json", f"a.json.{ended}"}
    for name in (*stay, f".a.json.{ended}"):
        (tmp_path / name).write_text("half", "utf-8")
    (tmp_path / f".folder.{ended}" / "in").mkdir(parents=True)
    (tmp_path / f".link.{ended}").symlink_to(tmp_path / "a.json")
    atomic.sweep([tmp_path, tmp_path / "nowhere"])
    assert {path.name for path in tmp_path.iterdir()} == stay


def test_a_name_of_this_process_is_swept_by_another(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from reachbook import atomic; atomic.beside(Path(sys.argv[1])).mkdir()"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "v")], check=True)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".v.")
    atomic.sweep([tmp_path])
    assert list(tmp_path.iterdir()) == []


def folder(path: Path) -> None:
    (path / "in").mkdir(parents=True)


def file(path: Path) -> None:
    path.write_text("x", "utf-8")


def link(path: Path) -> None:
    path.symlink_to(path.parent / "else")


@pytest.mark.parametrize("make", [folder, file, link, lambda path: None])
def test_whatever_it_is_is_removed_and_what_a_link_leads_to_stays(make: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    make(tmp_path / "it")
    atomic.remove(tmp_path / "it")
    assert [path.name for path in tmp_path.iterdir()] == ["else"]


def test_a_folder_is_gone_before_the_first_of_its_files_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(path: Path, ignore_errors: bool = False) -> None:
        if path.exists():
            raise KeyboardInterrupt

    folder(tmp_path / "version")
    monkeypatch.setattr(atomic.shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        atomic.remove(tmp_path / "version")
    (left,) = tmp_path.iterdir()
    assert left == atomic.beside(tmp_path / "version")
    assert (left / "in").is_dir()
