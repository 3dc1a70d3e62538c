"""A thousand invented people are erased: no byte of reports, cache or parameters names one of them afterwards."""

import gzip
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from helpers.consenting import KEY, people, person
from helpers.tiny_project import Project
from reachbook import report_paths
from reachbook.cli import main
from reachbook.privacy import asked, forget
from reachbook.privacy.key import Key

ERASED = [person(number) for number in range(1, 1001)]


@pytest.fixture
def made(tmp_path, monkeypatch) -> Project:
    """1,200 people in all tables, 1,000 of whom are erased."""
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    project = people(tmp_path, 1200)
    project.write("ids.txt", "\n".join(ERASED) + "\nnobody-at-all\n")
    return project


def _bytes(path: Path) -> bytes:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pandas().to_csv().encode()
    if path.suffix in (".xlsx", ".zip", ".pptx", ".npz"):
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def naming(root: Path) -> set[str]:
    """Files that name an erased person."""
    files = [
        path for folder in ("reports", ".cache", "params") for path in (root / folder).rglob("*") if path.is_file()
    ]
    contents = ((path.suffix, _bytes(path)) for path in files)
    return {suffix for suffix, content in contents if any(each.encode() in content for each in ERASED)}


def test_no_byte_names_them_afterwards(made, capsys):
    assert main(["reports"]) == 0
    (version,) = report_paths.versions(made.root / "reports/people/count")
    main(["bundle", "--version", version.name])
    assert {".parquet", ".xlsx", ".zip", ".csv"} <= naming(made.root)
    exports = {path.name: path.read_bytes() for path in (made.root / "data").iterdir()}
    capsys.readouterr()
    assert main(["erase", "--study", "people", "--ids", "ids.txt", "--by", "A"]) == 0
    told = capsys.readouterr().out
    assert "interactions: 2,000 rows of 1,000 people; data/interactions.csv still holds them" in told
    assert "1 ids stand in no table that is read today, at places 1001 of the input" in told
    assert "nobody-at-all" not in told
    assert naming(made.root) == set()
    assert [path.name for path in version.iterdir()] == ["withdrawn.json"]
    assert main(["verify", "--version", version.name]) == 2
    assert "was withdrawn on 20" in capsys.readouterr().err
    assert main(["verify"]) == 0
    assert f"withdrawn people/count {version.name} was withdrawn on 20" in capsys.readouterr().out
    assert main(["reports"]) == 0
    assert naming(made.root) == set()
    (again,) = report_paths.versions(made.root / "reports/people/count")
    assert pq.read_metadata(again / "tables/orders.parquet").num_rows == 200
    assert exports == {path.name: path.read_bytes() for path in (made.root / "data").iterdir()}
    assert (made.root / "params/people/erasures.csv").read_text("utf-8").splitlines()[1].endswith(",1001,1,A")


def test_without_a_key_nothing_is_touched(made, monkeypatch, capsys):
    monkeypatch.delenv("REACHBOOK_KEY")
    assert main(["erase", "--study", "people", "--ids", "ids.txt"]) == 2
    assert "REACHBOOK_KEY: is not set" in capsys.readouterr().err
    assert not (made.root / "params/people/forget.csv").exists()


def test_ids_with_one_hash_are_refused_by_their_places(monkeypatch, tmp_path):
    monkeypatch.setattr(Key, "hashes", lambda self, ids: ["same" for _ in ids])
    with pytest.raises(Exception, match="the ids at places 1 and 2 are different and have the same hash"):
        asked.hashed(asked.read("u1,u2", tmp_path), Key(KEY.encode()))


@pytest.mark.parametrize("key", ["short", "another key " * 4])
def test_with_a_short_or_changed_key_nothing_is_touched(made, monkeypatch, capsys, key):
    listed = made.root / "params/people/forget.csv"
    one = Key(KEY.encode())
    forget.add(listed, one, one.hashes(["somebody"]))
    before = listed.read_bytes()
    monkeypatch.setenv("REACHBOOK_KEY", key)
    assert main(["erase", "--study", "people", "--ids", "ids.txt"]) == 2
    said = "has 5 characters" if key == "short" else f"forget.csv:1: was made with key {one.fingerprint}"
    assert said in capsys.readouterr().err
    assert listed.read_bytes() == before
    assert not (made.root / "params/people/erasures.csv").exists()


def test_ids_with_one_hash_erase_nobody(made, monkeypatch, capsys):
    monkeypatch.setattr(Key, "hashes", lambda self, ids: ["0" * 32 for _ in ids])
    assert main(["erase", "--study", "people", "--ids", "u1,u2"]) == 2
    assert "have the same hash, so that they cannot be told apart" in capsys.readouterr().err
    assert not (made.root / "params/people/forget.csv").exists()
