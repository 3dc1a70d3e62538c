"""What a notebook hands over, and how it is kept."""

import json
import math
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.tiny_project import STUDY, Project
from reachbook import notebook
from reachbook.errors import ParamsError
from reachbook.presentation import style
from reachbook.presentation.section import Figure, Section, Table
from reachbook.report import Report
from reachbook.result import PRIVATE, Result
from reachbook.study import Study
from reachbook.translation import using


@pytest.fixture
def report(project: Project, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(project.root)
    return Report(Study.load("tiny"), "count")


def kept(report: Report) -> Result:
    return Result.read(report.result.folder)


def test_outside_the_engine_it_writes_a_draft(report: Report, project: Project) -> None:
    assert report.result.folder == project.root / "reports" / "tiny" / "count" / "draft"


def test_what_is_handed_over_is_what_is_read(report: Report) -> None:
    report.finding("lift", "Lift", 0.05, 0.01, 0.09, "ratio", reference=0)
    report.gate("fit", True, "fits")
    report.gate("edge", False, "one city at the edge", level="warn")
    report.decision("Go on.")
    report.table("cities", pd.DataFrame({"city": ["北京"], "lift": [0.05]}))
    assert kept(report) == report.result
    assert kept(report).verdict == "act"
    assert kept(report).table("cities")["city"].tolist() == ["北京"]


def test_a_failed_blocking_gate_forbids_to_act(report: Report) -> None:
    report.decision("Go on.")
    report.gate("fit", False, "does not fit")
    assert kept(report).verdict == "do not act"


def test_without_a_decision_there_is_nothing_to_act_on(report: Report) -> None:
    report.gate("fit", True, "fits")
    assert kept(report).verdict == "no decision"


def test_what_cannot_be_told_is_said_so(report: Report) -> None:
    shown = report.finding("lift", "Lift", math.nan, math.nan, math.inf, "ratio")
    assert shown.text == "Lift: we cannot tell"
    assert json.loads((report.result.folder / "result.json").read_text("utf-8"))["findings"][0]["value"] is None


@pytest.mark.parametrize("id", ["Lift", "a b", "../up", "", "1st"])
def test_a_malformed_id(report: Report, id: str) -> None:
    with pytest.raises(ValueError, match="malformed"):
        report.table(id, pd.DataFrame())


def test_a_cell_that_is_run_again_replaces_what_it_showed(report: Report) -> None:
    for value in (1.0, 2.0):
        report.finding("first", "First", value)
        report.finding("contribution", "Contribution", value)
        report.gate("fit", value > 1, f"fits {value:g}")
        report.table("cities", pd.DataFrame({"lift": [value]}), download=value == 1)
        report.figure("line", plt.figure(), alt=f"Line {value:g}.")
    result = kept(report)
    assert [(each.id, each.value) for each in result.findings] == [("first", 2.0), ("contribution", 2.0)]
    assert [(each.passed, each.detail) for each in result.gates] == [(True, "fits 2")]
    assert result.table("cities")["lift"].tolist() == [2.0]
    assert [each.name for each in (result.folder / "tables").iterdir()] == ["cities.parquet"]
    assert [each.alt for each in result.figures] == ["Line 2."]
    assert result.verdict == "no decision"


def test_under_the_engine_two_things_cannot_share_an_id(report: Report, tmp_path: Path) -> None:
    study = Study("tiny", Study.load("tiny").spec, {}, {}, tmp_path / "run", output=tmp_path / "run")
    report = Report(study, "count")
    report.gate("fit", False, "does not fit")
    with pytest.raises(ValueError, match="used twice"):
        report.gate("fit", True, "fits")
    assert not kept(report).gates[0].passed


def test_rows_that_look_wrong_are_a_warning_of_every_report_that_reads_them(report: Report, tmp_path: Path) -> None:
    seen = {"count": (("orders", "6 rows say 退款 (refund)."), ("orders", "1 row is the sum of the others."))}
    study = Study("tiny", Study.load("tiny").spec, {}, {}, tmp_path / "run", output=tmp_path / "run", warnings=seen)
    report = Report(study, "count")
    report.decision("Go on.")
    assert [(each.id, each.passed, each.level, each.detail) for each in kept(report).gates] == [
        ("rows_1_orders", False, "warn", "Table orders: 6 rows say 退款 (refund)."),
        ("rows_2_orders", False, "warn", "Table orders: 1 row is the sum of the others."),
    ]
    assert kept(report).verdict == "act"
    assert kept(Report(study, "other")).gates == ()


def test_an_interval_upside_down(report: Report) -> None:
    with pytest.raises(ValueError, match="low 2 lies above high 1"):
        report.finding("lift", "Lift", 1.5, 2, 1)


def test_a_figure_needs_words(report: Report) -> None:
    with pytest.raises(ValueError, match="alt is empty"):
        report.figure("line", plt.figure(), alt=" ")
    plt.close("all")


def test_a_figure_keeps_its_text_follows_the_page_and_has_no_clock(report: Report) -> None:
    def drawn(id: str) -> str:
        figure, axes = plt.subplots()
        axes.plot([1, 2], color="#1b1f24")
        axes.set_title("抖音 <b>")
        return report.figure(id, figure, alt='A "line"').html

    first, second = drawn("one"), drawn("two")
    assert "抖音 &lt;b&gt;" in first
    assert "currentColor" in first
    assert "#1b1f24" not in first
    assert "dc:date" not in first
    assert 'aria-label="A &quot;line&quot;"' in first
    assert second == first.replace("one-", "two-").replace("figure-one", "figure-two")


def test_a_table_shows_its_first_rows_and_escapes(report: Report) -> None:
    frame = pd.DataFrame({"text": ["<script>x</script>"] * 60, "amount": [1234.5] * 60, "none": [None] * 60})
    html = report.table("texts", frame, units={"amount": "money"}).html
    assert "<script>" not in html
    assert html.count("<tr>") == 51
    assert "10 more rows in tables/texts.parquet" in html
    assert "¥1,234" in html
    assert '<th scope="col" class="number">amount</th>' in html


def test_values_of_the_study_are_shown_by_their_names_and_kept_as_they_are(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project.root / "params" / "tiny" / "study.yaml"
    path.write_text(path.read_text("utf-8") + "channels: {douyin: 抖音}\nnames: {brand_a: 甲牌}\n", "utf-8")
    monkeypatch.chdir(project.root)
    report = Report(Study.load("tiny"), "count")
    frame = pd.DataFrame({"on": ["douyin, weibo", None], "brand": ["brand_a", "brand_c"], "note": ["douyin", "male"]})
    shown = report.table("shares", frame, named=("on", "brand", "absent"), download=True)
    assert [cell in shown.html for cell in ("<td>抖音, weibo</td>", "<td>甲牌</td>", "<td>brand_c</td>")] == [True] * 3
    assert "<td>douyin</td>" in shown.html, "a column that is not named stays as it is"
    pd.testing.assert_frame_equal(kept(report).table("shares"), frame)
    report.table("read", frame, named=("brand",), download=True, verbatim=True)
    assert "brand_a" in (report.result.folder / "tables" / "read.csv").read_text("utf-8-sig")


def test_an_empty_table_says_so(report: Report) -> None:
    assert "There is none." in report.table("nothing", pd.DataFrame({"feature": []})).html


@given(text=st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_no_text_becomes_markup(report: Report, text: str) -> None:
    html = report.decision(text + "<i>").html
    assert "<i>" not in html


def test_a_new_draft_starts_empty(report: Report, project: Project) -> None:
    report.table("old", pd.DataFrame({"a": [1]}))
    fresh = Report(Study.load("tiny"), "count")
    assert list((fresh.result.folder / "tables").iterdir()) == []
    assert Path(fresh.result.folder, "result.json").is_file()


NAME = "$5_off_$20"


def test_a_name_with_dollars_is_a_name_wherever_it_stands_in_a_figure(report: Report) -> None:
    with style.theme():
        figure, (axes, other) = plt.subplots(1, 2)
    axes.plot([1, 2], label=NAME)
    axes.set_title(f"title {NAME}")
    axes.set_xlabel(f"across {NAME}")
    axes.set_xticks([0, 1], [f"tick {NAME}", "x_{"])
    axes.legend(title=f"legend {NAME}")
    axes.annotate(f"arrow {NAME}", (0, 1))
    other.barh([f"bar {NAME}", r"\frac$ ^_$"], [1, 2])
    figure.suptitle(f"above {NAME}")
    html = report.figure("names", figure, alt=f"Arm {NAME}").html
    for word in ("title", "across", "tick", "legend", "arrow", "bar", "above"):
        assert f">{word} {NAME}<" in html, word
    assert r">\frac$ ^_$<" in html


def test_names_with_dollars_need_no_house_style(report: Report) -> None:
    figure, axes = plt.subplots()
    axes.bar([NAME, "$x^$"], [1, 2], label=NAME)
    axes.legend()
    assert report.figure("plain", figure, alt="Bars").html.count(f">{NAME}<") == 2


def test_the_labels_of_a_logarithmic_axis_stay_numbers(report: Report) -> None:
    figure, axes = plt.subplots()
    axes.plot([0.01, 1, 10_000], [-1000, 0, 1000])
    axes.set_xscale("log")
    axes.set_yscale("symlog")
    html = report.figure("powers", figure, alt="A line").html
    assert ">10⁻²<" in html
    assert ">−10³<" in html
    assert "mathdefault" not in html


def test_a_decision_keeps_what_it_asks_for(report: Report) -> None:
    assert kept(report).tone is None
    report.decision("Stop the campaign.", tone="stop")
    assert kept(report).tone == "stop"
    with pytest.raises(ValueError, match="Write 'go', 'care', 'stop', 'longer' or 'wait'"):
        report.decision("Go on.", tone="maybe")  # type: ignore[arg-type]


def test_every_cell_run_twice_gives_what_it_gives_once(
    report: Report, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drafted(times: int) -> bytes:
        scope: dict[str, object] = {}
        for source in notebook.read(project.root, "count").code:
            for _ in range(times):
                exec(source, scope)
        return (report.result.folder / "result.json").read_bytes()

    monkeypatch.chdir(project.root / "notebooks")
    assert drafted(times=2) == drafted(times=1)


def section(*tables: Table, figures: int = 1) -> Section:
    drawn = tuple(Figure(f"f{at}", plt.figure(), f"Figure {at}.") for at in range(figures))
    return Section("A note.", drawn, tables)


def test_tables_of_a_figure_fold_below_it_and_what_is_taken_along_does_not(report: Report) -> None:
    long = pd.DataFrame({"n": range(60)})
    html = report.section(section(Table("costs_now", long), Table("queue", long, download=True))).html
    folded = html[html.index('<details class="data">') :]
    assert folded.startswith('<details class="data"><summary>Data: costs now</summary><div class="table"')
    assert html.count("<details") == 2
    assert html.index("</figure>") < html.index('<details class="data">') < html.index('id="table-queue"')
    assert [each.id for each in report.result.tables] == ["costs_now", "queue"]
    assert "<details" not in report.section(section(Table("alone", long[:3]), figures=0)).html


def test_files_for_people_speak_the_language_of_the_page_unless_they_are_read_again(report: Report) -> None:
    frame = pd.DataFrame({"kept_here": ["yes", "no"], "n": [1, 2]})
    folder = report.result.folder / "tables"
    with using("zh"):
        report.table("told", frame, download=True, worded=("kept_here",))
        report.table("kept", frame, download=True, worded=("kept_here",), verbatim=True)
    told, kept_ = (pd.read_excel(folder / f"{id}.xlsx", engine="openpyxl") for id in ("told", "kept"))
    assert kept_.to_dict("list") == {"kept_here": ["yes", "no"], "n": [1, 2]}
    assert told.iloc[:, 0].tolist() == ["是", "否"]
    assert list(told) == ["kept here", "n"]
    assert (folder / "kept.csv").read_text("utf-8-sig").startswith("kept_here,n")
    assert pd.read_parquet(folder / "told.parquet").equals(frame)


def shared(project: Project, audience: str) -> Report:
    project.study("tiny", f"{STUDY}privacy: {{audience: {audience}}}\n")
    return Report(Study.load("tiny"), "count")


PLANTED = pd.DataFrame({"user_id": ["planted-1", "planted-2"], "said": ["秘密一", "秘密二"], "texts": [30, 40]})


def everything(report: Report) -> str:
    """All bytes that a version lets go: what the page shows and its open files, workbooks unpacked."""
    opened = [path for path in report.result.folder.rglob("*") if path.is_file() and PRIVATE not in path.parts]
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in opened if path.suffix in (".csv", ".json"))


@pytest.mark.parametrize("audience", ["internal", "shared"])
def test_a_table_of_people_is_on_no_page_and_can_still_be_read(report: Report, project: Project, audience: str) -> None:
    report = shared(project, audience)
    shown = report.table("people", PLANTED, download=True, private="always")
    assert "planted" not in shown.html + shown.text + everything(report)
    assert "private/people.xlsx" in shown.text
    assert not list((report.result.folder / "tables").glob("people*"))
    assert kept(report).table("people").equals(PLANTED)


def test_what_people_wrote_is_left_out_of_shared_pages_alone(report: Report, project: Project) -> None:
    for audience, there in (("internal", True), ("shared", False)):
        report = shared(project, audience)
        rows = report.table("rows", PLANTED[["said"]], private="shared")
        column = report.table("column", PLANTED[["said", "texts"]], download=True, shown=["said"], quoted=("said",))
        for shown in (rows, column):
            assert ("秘密" in shown.html + shown.text) is there
        assert ("秘密" in everything(report)) is there
        assert ("said" in kept(report).table("column")) is there


def test_a_shared_page_refuses_a_small_group(report: Report, project: Project) -> None:
    report = shared(project, "shared")
    with pytest.raises(ParamsError, match="counts a group of 3 people"):
        report.table("sizes", pd.DataFrame({"people": [3, 400]}), people=("people",))
    shared(project, "internal").table("sizes", pd.DataFrame({"people": [3, 400]}), people=("people",))
