"""Old versions go only where nothing asks for them."""

import json
from pathlib import Path

import pytest

from helpers.shelved import home, name, shelved
from helpers.tiny_project import COUNT, Project
from reachbook.engine import kept, publish
from reachbook.engine.archive import prune
from reachbook.engine.archive.bundle import bundle
from reachbook.engine.archive.review import review
from reachbook.engine.difference import page as difference
from reachbook.errors import RunError
from reachbook.translation import using


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Eight versions: 1 is current, 2 approved, 3 named as previous, 4 read by another report, 5 asked to change."""
    for number in range(1, 9):
        shelved(tmp_path, number, f"2026-10-0{number}T08:00:00+00:00")
    publish.mark_current(home(tmp_path), name(1))
    review(tmp_path, name(2), "A", "approved", "")
    params = tmp_path / "params" / "tiny"
    params.mkdir(parents=True)
    (params / "sentiment_analysis.yaml").write_text(f"previous: tiny/{name(3)}\n", "utf-8")
    reader = shelved(tmp_path, 9, notebook="reader")
    run = json.loads((reader / "run.json").read_text("utf-8"))
    run["inputs"]["upstream"] = {"count": "key 4"}
    (reader / "run.json").write_text(json.dumps(run), "utf-8")
    review(tmp_path, name(5), "A", "approved", "")
    review(tmp_path, name(5), "A", "changes", "Now I see it.")
    return tmp_path


def test_what_something_asks_for_stays_with_its_reason(root: Path) -> None:
    found = prune.plan(root, 2)
    assert [each.name for each in found.removed] == [name(6), name(5)]
    assert [(version.name, reason) for version, reason in found.spared] == [
        (name(4), "was read by another version"),
        (name(3), "is named as `previous` in params/"),
        (name(2), "was approved by A"),
        (name(1), "is current"),
    ]
    assert prune.plan(root, 8).removed == ()
    assert prune.plan(root, 2, "tiny") == found


def test_only_what_is_about_a_removed_version_goes_with_it(root: Path) -> None:
    versions = {each.name: each for each in kept.versions(home(root))[0]}
    six, seven, eight = (versions[name(number)] for number in (6, 7, 8))
    gone, stays = difference.write(six, seven), difference.write(seven, eight)
    zipped = bundle(six)
    shared = [home(root) / "share" / each.name for each in (six, seven)]
    for folder in shared:
        (folder / "figures").mkdir(parents=True)
        (folder / f"{folder.name}.pdf").write_text("made", "utf-8")
    prune.remove(six)
    assert not any(path.exists() for path in (six.folder, gone, zipped, shared[0]))
    assert stays.exists()
    assert (shared[1] / f"{name(7)}.pdf").exists()
    prune.remove(versions[name(5)])
    assert (home(root) / "reviews" / f"{name(5)}.json").exists()


@pytest.mark.parametrize(
    "written",
    [
        "compared: {{with: {{previous: tiny/{v}}}}}\n",
        "compared:\n  - previous: [tiny/{v}]\n",
        "previous: {{first: tiny/{v}}}\n",
    ],
)
def test_a_version_that_is_named_deeper_down_stays(root: Path, written: str) -> None:
    (root / "params" / "tiny" / "other.yaml").write_text(written.format(v=name(6)), "utf-8")
    found = prune.plan(root, 2)
    assert name(6) not in {each.name for each in found.removed}
    assert (name(6), "is named as `previous` in params/") in [(each.name, why) for each, why in found.spared]


def test_the_reasons_are_in_the_language_of_who_reads_them(root: Path) -> None:
    with using("zh"):
        reasons = [reason for _, reason in prune.plan(root, 2).spared]
        with pytest.raises(RunError, match="没有报告"):
            prune.plan(root, 2, "no")
    assert reasons == ["有其他版本引用了它的结果", "在 params/ 中被 `previous` 引用", "已由A通过", "是当前版本"]


def test_parameters_that_cannot_be_read_stop_it(root: Path) -> None:
    (root / "params" / "tiny" / "broken.yaml").write_text("a: [", "utf-8")
    with pytest.raises(RunError, match=r"^params/tiny/broken.yaml:1.* it may name a version as `previous`.$"):
        prune.plan(root, 2)


STUDY = "title: T\nperiod: {start: 2026-07-01, end: 2026-09-30}\nnotebooks: [count]\ntables: {orders: {path: o.csv}}\n"


def test_retention_wins_over_approval_and_reference(root: Path) -> None:
    for each in (root / "params" / "tiny").glob("*.yaml"):
        each.unlink()
    project = Project(root)
    project.notebook("count", COUNT, tables=["orders"])
    project.study("tiny", STUDY + "privacy: {keep_days: 100000}\n")
    assert prune.plan(root, 8).expired == ()
    project.study("tiny", STUDY + "privacy: {keep_days: 1}\n")
    found = prune.plan(root, 8)
    assert {name(1), name(2), name(4)} <= {each.name for each in found.expired}
    assert found.removed == found.expired


def test_a_study_without_reports_is_a_line(root: Path) -> None:
    with pytest.raises(RunError, match=r"^STUDY: 'no' has no reports. Studies with reports: tiny.$"):
        prune.plan(root, 2, "no")


@pytest.mark.parametrize(("text", "sure"), [("", False), ("0", False), ("1", True)])
def test_only_yes_1_is_yes(text: str, sure: bool) -> None:
    assert prune.confirmed(text) is sure
    with pytest.raises(RunError, match="YES: 'y' is not known"):
        prune.confirmed("y")


def test_nothing_that_a_link_leads_to_goes(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "reports" / "linked").symlink_to(shelved(outside, 1).parents[1])
    shelved(outside, 2, "2026-10-02T08:00:00+00:00")
    one = home(root) / name(6)
    one.rename(outside / name(6))
    one.symlink_to(outside / name(6))
    found = prune.plan(root, 1)
    linked = [version.name for version, reason in found.spared if reason == "lies elsewhere: a link leads to it"]
    assert sorted(linked) == [name(1), name(6)]
    assert name(6) not in [each.name for each in found.removed]


def test_a_linked_folder_of_comparisons_keeps_its_files(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / f"{name(6)}.html"
    outside.write_text("mine", "utf-8")
    (home(root) / "diff").symlink_to(outside.parent)
    (home(root) / "share").symlink_to(outside.parent)
    prune.remove({each.name: each for each in kept.versions(home(root))[0]}[name(6)])
    assert outside.read_text("utf-8") == "mine"
    assert not (home(root) / name(6)).exists()
