"""Which modules count into a version."""

import ast
import os
import time
from pathlib import Path

import pytest

from helpers import package_copy
from reachbook import notebook, stamped
from reachbook.engine import sources

ROOT = Path(__file__).parents[2]
PACKAGE = package_copy.PACKAGE
BOOKS = {
    "budget": "budget_optimization",
    "effects": "campaign_effect",
    "headcount": "people_counts",
    "quality": "data_quality",
    "segmentation": "audience_segmentation",
    "sentiment": "sentiment_analysis",
}
BESIDE = [str(path.relative_to(PACKAGE)) for end in ("sql", "csv") for path in sorted(PACKAGE.rglob(f"*.{end}"))]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package `pack` of a few modules."""
    files = {
        "pack/__init__.py": "",
        "pack/study/__init__.py": "from pack.study.study import Study",
        "pack/study/study.py": "import pack.loader\nclass Study: ...",
        "pack/loader.py": "",
        "pack/wing/__init__.py": "def __getattr__(name):\n    from pack.wing.model import fit\n    return fit",
        "pack/wing/model.py": "from . import shape\nfrom ..stats import mean",
        "pack/wing/shape.py": "",
        "pack/wing/features.sql": "select 1",
        "pack/wing/data/words.csv": "a",
        "pack/stats.py": "",
        "pack/other.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path / "pack"


CODE = ("%matplotlib inline\nfrom pack import wing", "from pack.study import Study")


def test_imports_are_followed_also_inside_functions_and_relative(package: Path) -> None:
    found = sources.modules(CODE, package=package)
    assert {"pack", "pack.wing", "pack.wing.model", "pack.wing.shape", "pack.stats", "pack.study"} <= set(found)


def test_a_module_that_is_not_imported_does_not_count(package: Path) -> None:
    assert "pack.other" not in sources.modules(CODE, package=package)


def test_what_loads_inputs_counts_but_not_what_it_loads_with(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BOUNDARY", frozenset({"pack.study.study"}))
    found = sources.modules(CODE, package=package)
    assert "pack.study.study" in found
    assert "pack.loader" not in found


@pytest.mark.parametrize("beside", ["features.sql", "data/words.csv"])
def test_a_change_of_source_sql_or_data_changes_its_hash(package: Path, beside: str) -> None:
    before = sources.modules(CODE, package=package)
    (package / "wing" / beside).write_text("select 2")
    (package / "stats.py").write_text("# a comment")
    after = sources.modules(CODE, package=package)
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"pack.wing", "pack.wing.model", "pack.wing.shape", "pack.stats"}


@pytest.fixture
def settled(package: Path) -> Path:
    """The package as it was a minute ago: young files are read each time."""
    then = time.time_ns() - 60_000_000_000
    for path in package.rglob("*.*"):
        os.utime(path, ns=(then, then))
    return package


def test_an_unchanged_file_is_read_once(settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)  # a file's change time cannot be set back
    first = sources.modules(CODE, package=settled, cache=tmp_path / "c")
    assert first == sources.modules(CODE, package=settled)
    sources._known.cache_clear()  # as another process finds it
    monkeypatch.setattr(ast, "parse", lambda *_: pytest.fail("parsed again"))
    assert sources.modules((), "pack.wing", package=settled, cache=tmp_path / "c").items() <= first.items()


def test_a_change_that_keeps_size_and_time_is_noticed(settled: Path, tmp_path: Path) -> None:
    path = settled / "wing" / "model.py"
    before = sources.modules(CODE, package=settled, cache=tmp_path / "c")
    stat, text = path.stat(), path.read_text()
    path.write_text(text.replace("mean", "mode"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    after = sources.modules(CODE, package=settled, cache=tmp_path / "c")
    assert {name for name in after if before[name] != after[name]} == {"pack.wing.model"}


def test_a_new_import_and_a_new_file_are_followed(settled: Path, tmp_path: Path) -> None:
    sources.modules(CODE, package=settled, cache=tmp_path / "c")
    (settled / "stats.py").write_text("from pack import other, later")
    found = sources.modules(CODE, package=settled, cache=tmp_path / "c")
    assert "pack.other" in found
    assert "pack.later" not in found
    (settled / "later.py").write_text("")
    assert "pack.later" in sources.modules(CODE, package=settled, cache=tmp_path / "c")


def test_a_cell_that_is_no_python_imports_nothing(package: Path) -> None:
    assert sources.modules(("from pack import (",), package=package) == {}


def test_the_engine_is_no_part_of_a_version() -> None:
    code = ("from reachbook.study import Study\nfrom reachbook.report import Report",)
    found = sources.modules(code)
    assert "reachbook.report" in found
    assert not [name for name in found if name.startswith(("reachbook.engine", "reachbook.demo", "reachbook.tables"))]


def hashes(name: str, package: Path) -> dict[str, str]:
    """The modules of a notebook's version, read from this package."""
    book = notebook.read(ROOT, name)
    return sources.modules(book.code, book.spec.partition(":")[0], package=package)


def test_queries_word_lists_and_records_are_known() -> None:
    names = {Path(each).name for each in BESIDE}
    assert {"comments.sql", "features.sql", "slang.csv", "emoticons.csv", "decisions.csv"} <= names


@pytest.mark.parametrize("beside", BESIDE)
def test_a_query_or_data_file_of_a_wing_is_part_of_its_notebook_s_version(tmp_path: Path, beside: str) -> None:
    """A file counts with the modules of its own folder: one that has moved away from them would not."""
    package, book = package_copy.copied(tmp_path), BOOKS[Path(beside).parts[0]]
    before = hashes(book, package)
    (package / beside).write_text("changed")
    after = hashes(book, package)
    assert after.keys() == before.keys()
    assert after != before


BESIDES = {f"reachbook.{wing}.{module}" for wing in BOOKS for module in ("preflight", "labels", "sections.labels")}
BESIDES |= {"reachbook.segmentation.scoring", "reachbook.segmentation.scoring.rules"}
"""No part of a version: a preflight only refuses, and the notebook's own modules refuse the same; labels only name
words for the catalogue, which is a part of it; scoring reads what was published, for lists.
"""


@pytest.mark.parametrize(("wing", "book"), BOOKS.items())
def test_every_other_module_of_a_wing_is_part_of_its_notebook_s_version(wing: str, book: str) -> None:
    paths = (path.relative_to(PACKAGE.parent).with_suffix("") for path in (PACKAGE / wing).rglob("*.py"))
    wanted = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    assert wanted - set(hashes(book, PACKAGE)) <= BESIDES
