"""Damaged versions are named, set aside and made again; nobody trips over them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.tiny_project import Project
from reachbook import report_paths
from reachbook.engine import integrity
from reachbook.engine.shelf import page as shelf
from reachbook.errors import RunError
from reachbook.result import Result

type Make = Callable[..., int]


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def gone(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def another(path: Path) -> None:
    path.write_text("[]", "utf-8")


def lacking(path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({key: content[key] for key in list(content)[:2]}), "utf-8")


def not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00{")


@pytest.fixture
def version(made: Project, project: Project) -> Path:
    """The made version inside a fresh project."""
    shutil.copytree(made.root / "reports", project.root / "reports")
    (found,) = report_paths.versions(project.root / "reports" / "tiny" / "count")
    return found


JSON = [gone, half, empty, another, lacking, not_text]
CASES = [(name, harm) for name in ("run.json", "result.json") for harm in JSON]
CASES += [(name, harm) for name in ("report.html", "notebook.ipynb", "tables/orders.parquet") for harm in (gone, half)]


@pytest.mark.parametrize(("name", "harm"), CASES)
def test_a_damaged_version_is_set_aside_and_nothing_of_it_is_lost(
    version: Path, project: Project, name: str, harm: Callable[[Path], None]
) -> None:
    harm(version / name)
    left = {path.name for path in version.rglob("*")}
    (line,) = integrity.mend(project.root)
    assert line.startswith(
        f"set aside reports/tiny/count/{version.name}: {Path(name).name if '/' not in name else name}"
    )
    assert not version.exists()
    assert {path.name for path in (version.parent / "broken" / version.name).rglob("*")} == left
    assert list(integrity.mend(project.root)) == []


@pytest.mark.parametrize("name", ["run.json", "report.html"])
def test_it_is_made_again(
    version: Path, project: Project, make: Make, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    page = (version / "report.html").read_bytes()
    half(version / name)
    assert make("reports") == 0
    said = capsys.readouterr().out
    assert f"set aside reports/tiny/count/{version.name}: {name} is cut off" in said
    assert f"made      tiny/count {version.name}" in said
    assert (version / "report.html").read_bytes() == page
    assert integrity.flaw(version) == ""
    assert report_paths.current(version.parent) == version


def test_a_second_damage_does_not_overwrite_the_first(version: Path, project: Project) -> None:
    kept = project.root / "kept"
    shutil.copytree(version, kept)
    gone(version / "run.json")
    list(integrity.mend(project.root))
    shutil.copytree(kept, version)
    gone(version / "result.json")
    list(integrity.mend(project.root))
    assert {path.name for path in (version.parent / "broken").iterdir()} == {version.name, f"{version.name}-2"}


@pytest.mark.parametrize("name", ["run.json", "result.json"])
@pytest.mark.parametrize("harm", [gone, half, another])
def test_the_index_and_the_proof_do_not_trip_over_it(
    version: Path,
    project: Project,
    make: Make,
    capsys: pytest.CaptureFixture[str],
    name: str,
    harm: Callable[[Path], None],
) -> None:
    harm(version / name)
    shelf.write(project.root)
    assert make("verify") == 1
    said = capsys.readouterr()
    assert f"not run   tiny/count {version.name}: {name}" in said.out
    assert "Traceback" not in said.out + said.err


def test_a_damaged_result_is_one_line_for_who_reads_it(version: Path) -> None:
    half(version / "tables" / "orders.parquet")
    with pytest.raises(RunError, match=r"orders.parquet is cut off or damaged .* sets such a version aside"):
        Result.read(version).table("orders")
    half(version / "result.json")
    with pytest.raises(RunError, match=rf"reports/tiny/count/{version.name}/result.json: result.json is cut off"):
        Result.read(version)


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"nonsense\n", b"../../../x"])
def test_a_marker_that_says_nothing(version: Path, project: Project, content: bytes) -> None:
    (version.parent / "current").write_bytes(content)
    (version.parent / "failing").write_bytes(content)
    assert report_paths.current(version.parent) is None
    assert version.name in shelf.write(project.root).read_text("utf-8")


def test_a_failure_that_cannot_be_read(version: Path, project: Project, make: Make) -> None:
    failed = version.parent / "failed" / "0123456789ab"
    failed.mkdir(parents=True)
    (failed / "report.html").write_text("<p>", "utf-8")
    (version.parent / "failing").write_text("0123456789ab\n", "utf-8")
    assert "its record cannot be read" in shelf.write(project.root).read_text("utf-8")
