"""The shelf: every report is a row, whatever state its versions are in."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpers.shelved import SHARE, home, name, shelved
from reachbook.engine import publish
from reachbook.engine.archive.review import review
from reachbook.engine.erasure.withdraw import withdraw
from reachbook.engine.shelf import page
from reachbook.result import Finding


def text(root: Path) -> str:
    return page.write(root).read_text("utf-8")


def rows(shown: str) -> list[str]:
    return re.findall(r'<tbody class="entry".*?</tbody>', shown, re.DOTALL)


def test_a_row_says_question_verdict_first_finding_and_the_day_of_the_data(tmp_path: Path) -> None:
    shelved(tmp_path, 1, passed=False)
    (row,) = rows(text(tmp_path))
    assert f'<a href="tiny/count/{name(1)}/report.html">How many orders?</a>' in row
    assert '<span class="verdict stop">Do not act on this</span>' in row
    assert "<li>The model does not fit: add data.</li>" in row
    assert "20.0% [15.0%, 25.0%]</b>" in row
    assert '<time datetime="2026-09-30">' in row
    assert "not reviewed" in row
    assert "<svg" not in row  # one version is no line


def test_reports_stand_under_their_studies(tmp_path: Path) -> None:
    for study in ("b", "a"):
        for notebook in ("one", "two"):
            shelved(tmp_path, 1, study=study, notebook=notebook)
    shown = text(tmp_path)
    assert re.findall(r'class="(group|entry)"', shown) == ["group", "entry", "entry"] * 2
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", shown) == ["Study a", "Study b"]


def test_the_newest_twelve_say_what_changed_and_the_others_are_folded_by_month(tmp_path: Path) -> None:
    for number in range(1, 31):
        shelved(
            tmp_path,
            number,
            f"2026-{(number - 1) // 6 + 1:02d}-{(number - 1) % 6 + 1:02d}T08:00:00+00:00",
            tables={"orders": {"rows": number, "sha256": str(number)}},
        )
    (row,) = rows(text(tmp_path))
    assert "30 versions and what changed" in row
    assert row.count("table orders:") == 12
    assert "table orders: 29 → 30 rows" in row
    assert re.findall(r"<summary>(2026-\d\d: \d+ versions)</summary>", row) == [
        "2026-03: 6 versions", "2026-02: 6 versions", "2026-01: 6 versions",
    ]  # fmt: skip
    assert all(name(number) in row for number in range(1, 31))


def test_a_verdict_that_turned_is_said_before_the_verdict(tmp_path: Path) -> None:
    shelved(tmp_path, 1, "2026-10-01T08:00:00+00:00")
    shelved(tmp_path, 2, "2026-10-02T08:00:00+00:00", passed=False)
    (row,) = rows(text(tmp_path))
    said = "The verdict has turned. Before: You may rely on these numbers."
    assert row.index(said) < row.index('<span class="verdict stop">')
    assert "turned" in re.findall(r'data-state="([^"]*)"', row)[0]


def test_a_report_is_out_of_date_where_a_marker_asks_for_a_version_that_is_not_there(tmp_path: Path) -> None:
    folder = shelved(tmp_path, 1)
    publish.mark_current(folder.parent, folder.name)
    assert "out of date since" not in text(tmp_path)
    publish.mark_outdated(folder.parent, name(2))
    since = (folder.parent / "outdated").read_text("utf-8")
    assert f"out of date since {since[13:23]} {since[24:29]} UTC" in text(tmp_path)
    publish.mark_outdated(folder.parent, name(3))  # other inputs again: out of date since the first
    assert (folder.parent / "outdated").read_text("utf-8") == since.replace(name(2), name(3))
    shelved(tmp_path, 3)
    assert "out of date since" not in text(tmp_path)


def test_the_last_review_is_shown(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    review(tmp_path, name(1), "A <b>", "changes", "Explain the gap.")
    (row,) = rows(text(tmp_path))
    assert f"changes asked for by A &lt;b&gt; on {datetime.now(UTC).date()}: Explain the gap." in row
    review(tmp_path, name(1), "B", "approved", "")
    (row,) = rows(text(tmp_path))
    assert "approved by B" in row
    assert "Explain" not in row


def test_what_is_damaged_is_named_and_the_rest_is_shown(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    (shelved(tmp_path, 2) / "report.html").unlink()
    (shelved(tmp_path, 3, notebook="lost") / "result.json").write_text("{", "utf-8")
    reviews = home(tmp_path) / "reviews" / f"{name(1)}.json"
    reviews.parent.mkdir()
    reviews.write_text("[", "utf-8")
    kept, lost = rows(text(tmp_path))
    assert f"<code>{name(2)}</code>: report.html is missing" in kept
    assert f"<code>reviews/{name(1)}.json</code>: cannot be read" in kept
    assert "You may rely on these numbers" in kept
    assert f"<code>{name(3)}</code>: result.json is cut off or damaged" in lost
    assert "Every version is damaged" in lost


def test_the_shelf_speaks_as_most_studies_do_and_each_report_in_its_own_language(tmp_path: Path) -> None:
    share = Finding("people", "人数", 12000.0, unit="count")
    for study in ("a", "b"):
        shelved(tmp_path, 1, study=study, findings=(share,), language="zh")
    shelved(tmp_path, 1, study="c", findings=(SHARE, share))
    shown = text(tmp_path)
    assert '<html lang="zh">' in shown
    assert shown.count("1.2万") == 2
    assert '<h3 lang="en">' in shown
    shelved(tmp_path, 1, study="d")
    assert '<html lang="en">' in text(tmp_path)


def test_the_one_script_is_allowed_by_its_hash_and_nothing_is_loaded(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    shown = text(tmp_path)
    (script,) = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", shown, re.DOTALL)
    script_hash, style_hash = (
        f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in (script, style)
    )
    assert f"default-src 'none'; script-src {script_hash}; style-src {style_hash}; img-src data:" in shown
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', shown)


@pytest.mark.parametrize("harm", ["{}", "[]", "", "\x00"])
def test_the_age_and_the_language_survive_a_damaged_record(tmp_path: Path, harm: str) -> None:
    end = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    shelved(tmp_path, 1)
    run = shelved(tmp_path, 2, notebook="other") / "run.json"
    content = json.loads(run.read_text("utf-8"))
    content["inputs"]["study"]["period"]["end"] = end
    run.write_text(json.dumps(content), "utf-8")
    (home(tmp_path) / name(1) / "run.json").write_text(harm, "utf-8")
    assert "3 days old" in text(tmp_path)


def test_an_empty_folder_has_no_table(tmp_path: Path) -> None:
    assert "Nothing has been made yet." in text(tmp_path)
    assert "<script>" not in text(tmp_path)


def test_what_was_withdrawn_is_named_with_its_day(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    withdraw(shelved(tmp_path, 2), "2026-11-03", 30)
    withdraw(shelved(tmp_path, 3, notebook="lost"), "2026-11-04", 30)
    kept, lost = rows(text(tmp_path))
    assert f"<code>{name(2)}</code> was withdrawn on 2026-11-03, because people" in kept
    assert "You may rely on these numbers" in kept
    assert f"<code>{name(3)}</code> was withdrawn on 2026-11-04" in lost
    assert '<span class="verdict stop">Withdrawn</span>' in lost


def test_simulated_data_is_called_so_beside_the_verdict(tmp_path: Path) -> None:
    shelved(tmp_path, 1, tables={"orders": {"rows": 12, "sha256": "aa", "source": "simulated"}})
    shelved(tmp_path, 1, study="real")
    real, simulated = rows(text(tmp_path))
    assert '<p class="told" lang="en">Simulated data: nothing here is real.</p>' in simulated
    assert "Simulated" not in real


def test_a_study_with_a_register_of_processing_links_to_it(tmp_path: Path) -> None:
    for study in ("a", "b"):
        shelved(tmp_path, 1, study=study)
    (tmp_path / "reports/b/privacy.html").write_text("<html></html>", "utf-8")
    assert re.findall(r'href="(\w+/privacy.html)"', text(tmp_path)) == ["b/privacy.html"]
