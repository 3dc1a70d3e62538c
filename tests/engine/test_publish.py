"""A version appears whole, is never overwritten, and leaves nothing half when a run is killed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.kept_version import filled
from helpers.tiny_project import Project
from reachbook import atomic, report_paths
from reachbook.engine import integrity, plan, publish
from reachbook.engine.plan import Job

VERSION = "0123456789ab"


@pytest.fixture
def job(project: Project) -> Job:
    (found,) = plan.jobs(project.root)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "tiny" / "count"


def test_a_version_is_made_beside_its_place_and_only_then_seen(home: Path, job: Job) -> None:
    with publish.building(home, VERSION) as folder:
        filled(folder, job)
        assert folder.parent == home
        assert report_paths.versions(home) == []
        place = publish.publish(folder, home, VERSION)
    assert report_paths.versions(home) == [place] == [home / VERSION]
    assert integrity.flaw(place) == ""
    assert [path.name for path in home.iterdir()] == [VERSION]


def test_what_was_begun_is_removed_when_its_making_stops(home: Path) -> None:
    def stopped() -> None:
        with publish.building(home, VERSION) as folder:
            (folder / "half").write_text("", "utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(home.iterdir()) == []


def test_remains_of_an_earlier_process_of_the_same_number_are_not_built_upon(home: Path) -> None:
    left = atomic.beside(home / VERSION)
    left.mkdir(parents=True)
    (left / "old").write_text("", "utf-8")
    with publish.building(home, VERSION) as folder:
        assert folder == left
        assert list(folder.iterdir()) == []


def test_the_version_of_a_process_that_was_first_stays(home: Path, job: Job) -> None:
    first = filled(home / VERSION, job)
    (first / "mark").write_text("first", "utf-8")
    assert publish.publish(filled(home / ".building", job), home, VERSION) == first
    assert (first / "mark").read_text("utf-8") == "first"


def test_a_damaged_version_in_its_place_is_set_aside_for_it(home: Path, job: Job) -> None:
    damaged = filled(home / VERSION, job)
    (damaged / "report.html").unlink()
    place = publish.publish(filled(home / ".building", job), home, VERSION)
    assert integrity.flaw(place) == ""
    assert not (home / integrity.BROKEN / VERSION / "report.html").exists()
    assert (home / integrity.BROKEN / VERSION / "run.json").exists()


def test_a_damaged_version_that_another_process_sets_aside_too_is_no_fault(
    home: Path, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    (filled(home / VERSION, job) / "report.html").unlink()

    def first(folder: Path) -> Path:
        shutil.rmtree(folder)
        filled(folder, job)
        raise FileNotFoundError

    monkeypatch.setattr(integrity, "set_aside", first)
    place = publish.publish(filled(home / ".building", job), home, VERSION)
    assert integrity.flaw(place) == ""


def test_two_failures_at_once_leave_one(home: Path, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    publish.publish_failed(filled(home / ".first", job), home, VERSION)
    monkeypatch.setattr(atomic, "remove", lambda path: None)  # as if the other came after this look
    place = publish.publish_failed(filled(home / ".second", job), home, VERSION)
    assert place.is_dir()
    assert report_paths.failing(home) == place


def test_a_place_that_cannot_be_reached_is_an_error(home: Path, job: Job) -> None:
    made = filled(home / ".building", job)
    with pytest.raises(OSError, match="nowhere"):
        publish.publish(made, home / "nowhere", VERSION)


def test_a_failure_is_kept_and_marked_until_its_version_is_made(home: Path, job: Job) -> None:
    for text in ("first", "second"):
        made = filled(home / ".building", job)
        (made / "said").write_text(text, "utf-8")
        place = publish.publish_failed(made, home, VERSION)
    assert place == report_paths.failing(home) == home / report_paths.FAILED / VERSION
    assert (place / "said").read_text("utf-8") == "second"
    assert report_paths.versions(home) == []
    publish.publish(filled(home / ".building", job), home, VERSION)
    assert not place.exists()
    assert report_paths.failing(home) is None


def test_the_mark_of_today_s_version_is_written_only_when_it_changes(home: Path, job: Job) -> None:
    filled(home / VERSION, job)
    publish.publish_failed(filled(home / ".building", job), home, "ba9876543210")
    publish.mark_current(home, VERSION)
    assert report_paths.current(home) == home / VERSION
    assert report_paths.failing(home) is None, "today's inputs are made, so that no failure of theirs is left"
    marker = home / report_paths.CURRENT
    os.utime(marker, ns=(1, 1))
    publish.mark_current(home, VERSION)
    assert marker.stat().st_mtime_ns == 1


def test_only_what_no_living_process_builds_is_swept(home: Path, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = {ended.pid: f".{VERSION}.{ended.pid}", os.getpid(): f".{VERSION}.{os.getpid()}"}
    for name in (*names.values(), ".of-mine"):
        (home / name).mkdir(parents=True)
    publish.sweep(tmp_path)
    assert {path.name for path in home.iterdir()} == {names[os.getpid()], ".of-mine"}
