"""A version as a zip file: the same bytes each time."""

import os
import zipfile
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from helpers.shelved import home, name, shelved
from reachbook.engine import kept
from reachbook.engine.archive.bundle import bundle
from reachbook.errors import RunError


def test_the_same_version_gives_the_same_bytes_whenever_it_is_zipped(tmp_path: Path) -> None:
    version = kept.read(shelved(tmp_path, 1))
    first = bundle(version).read_bytes()
    for path in version.folder.rglob("*"):
        os.utime(path, (0, 1_000_000_000))
        path.chmod(0o755)
    assert bundle(version).read_bytes() == first
    assert [path.name for path in (home(tmp_path) / "bundles").iterdir()] == [f"tiny-count-{name(1)}.zip"]


def test_it_holds_the_version_and_is_an_ro_crate_even_where_the_version_is_none_yet(tmp_path: Path) -> None:
    version = kept.read(shelved(tmp_path, 1))
    before = sorted(path.name for path in version.folder.rglob("*"))
    with zipfile.ZipFile(bundle(version)) as archive:
        archive.extractall(tmp_path / "out")
    out = tmp_path / "out" / name(1)
    assert (out / "run.json").read_bytes() == (version.folder / "run.json").read_bytes()
    assert ROCrate(out).root_dataset["version"] == name(1)
    assert sorted(path.name for path in version.folder.rglob("*")) == before


def test_what_a_file_manager_leaves_does_not_change_it(tmp_path: Path) -> None:
    version = kept.read(shelved(tmp_path, 1))
    first = bundle(version).read_bytes()
    (version.folder / ".DS_Store").write_text("x", "utf-8")
    assert bundle(version).read_bytes() == first


def test_a_link_is_refused_and_nothing_half_is_left(tmp_path: Path) -> None:
    version = kept.read(shelved(tmp_path, 1))
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (version.folder / "tables" / "more.csv").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(RunError, match=rf"count/{name(1)}/tables/more.csv: is a link. Put the file itself there"):
        bundle(version)
    assert list((home(tmp_path) / "bundles").iterdir()) == []


def test_tables_of_single_people_stay_behind(tmp_path: Path) -> None:
    version = kept.read(shelved(tmp_path, 1))
    (version.folder / "private").mkdir()
    (version.folder / "private" / "people.csv").write_text("planted", "utf-8")
    with zipfile.ZipFile(bundle(version)) as archive:
        assert not [each for each in archive.namelist() if "people" in each]
        assert not [each for each in archive.namelist() if b"people.csv" in archive.read(each)]
