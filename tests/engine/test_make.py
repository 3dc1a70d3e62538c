"""Running notebooks into versions: published whole, kept when they fail, rendered again without running."""

import json
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.tiny_project import COUNT, Project
from reachbook import report_paths
from reachbook.engine.make import study_spec
from reachbook.engine.page import render
from reachbook.study.spec import Period, StudySpec
from reachbook.tables.source import Source

type Make = Callable[..., int]


def home(project: Project) -> Path:
    return project.root / "reports" / "tiny" / "count"


def only(project: Project) -> Path:
    (version,) = report_paths.versions(home(project))
    return version


def index(project: Project) -> str:
    return (project.root / "reports" / "index.html").read_text("utf-8")


def test_a_run_becomes_a_version_and_a_second_does_nothing(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    project.orders(encoding="gb18030")
    assert make("reports") == 0
    version = only(project)
    kept = {path: path.stat().st_mtime_ns for path in version.rglob("*")}
    names = {path.name for path in kept}
    assert {"report.html", "notebook.ipynb", "result.json", "run.json", "ro-crate-metadata.json"} <= names
    assert report_paths.current(home(project)) == version
    capsys.readouterr()
    assert make("reports") == 0
    assert "Everything is up to date." in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in version.rglob("*")} == kept
    page = (version / "report.html").read_text("utf-8")
    assert "gb18030" in page
    assert "顾客0" in page


def test_the_page_says_what_the_notebook_said_and_loads_nothing(reported: Project, made: Project) -> None:
    page = (only(reported) / "report.html").read_text("utf-8")
    assert "You may rely on these numbers" in page
    assert "12 [0, 100]" in page
    assert '<a href="#Reading">Reading</a>' in page
    assert "Orders 订单" in page
    assert page.count("<h1") == 1
    assert page.count("<script") == page.count("<script>") == 1
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert str(made.root) not in page


def test_the_index_comes_back_when_it_is_deleted(reported: Project, make: Make) -> None:
    index = reported.root / "reports" / "index.html"
    before = index.read_bytes()
    index.unlink()
    make("reports")
    assert index.read_bytes() == before
    assert f"tiny/count/{only(reported).name}/report.html" in before.decode()


def test_a_notebook_that_raises(project: Project, make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    fault = "import numpy\nnumpy.linalg.inv(numpy.zeros((2, 2)))"
    project.notebook("count", [*COUNT, "We stop here.", fault, "print('never')"], tables=["orders"])
    assert make("reports") == 1
    said = capfd.readouterr()
    (line,) = [line for line in said.out.splitlines() if line.startswith("failed")]
    assert "cell 13 stopped on a fault of the program (LinAlgError: Singular matrix)" in line
    assert line.endswith("/report.html")
    assert "Traceback" not in said.out + said.err
    assert report_paths.versions(home(project)) == []
    (failed,) = (home(project) / "failed").iterdir()
    page = (failed / "report.html").read_text("utf-8")
    assert "This run stopped before its end" in page
    assert "Go on." not in page.split("</section>")[0]
    assert f"failed/{failed.name}/report.html" in (project.root / "reports" / "index.html").read_text("utf-8")


def test_a_mistake_in_the_data_that_a_notebook_finds_has_no_traceback(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [*COUNT, "from reachbook.errors import DataError", 'raise DataError("orders.csv:3: too few. Add more.")']
    project.notebook("count", cells, tables=["orders"])
    assert make("reports") == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("failed")]
    (failed,) = (home(project) / "failed").iterdir()
    place = f"reports/tiny/count/failed/{failed.name}/report.html"
    assert line == f"failed    tiny/count: cell 13: orders.csv:3: too few. Add more. · what it did until then: {place}"
    page = (failed / "report.html").read_text("utf-8")
    assert "orders.csv:3: too few. Add more." in page
    assert "Traceback" not in page


def test_another_page_is_rendered_from_the_kept_run(reported: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project = reported
    monkeypatch.chdir(project.root)
    first = only(project)
    project.write("lib-is-not-here", "")
    monkeypatch.setattr(render, "TEMPLATES", _copied_templates(project))
    render.key.cache_clear()
    render.environment.cache_clear()
    try:
        from reachbook.engine import plan
        from reachbook.engine.make import make as make_job

        (job,) = plan.jobs(project.root)
        outcome = make_job(job, lambda cell, of: pytest.fail("a kept run was run again"))
    finally:
        monkeypatch.undo()
        render.key.cache_clear()
        render.environment.cache_clear()
    assert outcome.kind == "rendered"
    assert "another look" in (outcome.folder / "report.html").read_text("utf-8")
    assert (outcome.folder / "result.json").read_bytes() == (first / "result.json").read_bytes()


def _copied_templates(project: Project) -> Path:
    import shutil

    copied = project.root / "templates"
    shutil.copytree(render.TEMPLATES, copied)
    page = copied / "report.html.j2"
    page.write_text(page.read_text("utf-8").replace("<main>", "<main><!-- another look -->"), encoding="utf-8")
    return copied


def test_a_wrong_parameter_is_refused_before_anything_runs(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("params/tiny/count.yaml", "k_max: 3\n")
    assert make("reports") == 2
    said = capsys.readouterr().err
    assert said.startswith("params/tiny/count.yaml:1: k_max is not a known key.")
    assert sorted(path.name for path in (project.root / "reports").rglob("*.*")) == ["index.html", "refused.json"]


@pytest.mark.parametrize("verb", ["validate", "reports"])
def test_a_missing_lock_is_told_in_one_line(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    (project.root / "requirements.lock").unlink()
    assert make(verb) == 2
    assert capsys.readouterr().err == (
        "requirements.lock: cannot be read (No such file or directory), and a version is named by the packages that it "
        "lists. Take it back from the repository, as in `git checkout requirements.lock`, or make a new one with `make "
        "lock`.\n"
    )


def test_validate_checks_tables_too(project: Project, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("validate") == 0
    assert "tiny: 1 notebook(s)" in capsys.readouterr().out
    project.orders(first=-3.5)
    assert make("validate", "--study", "tiny") == 2
    assert "data/orders.csv:2: amount: -3.5 is negative." in capsys.readouterr().err


def test_validate_shows_what_a_column_holds_and_names_rows_that_should_not_count(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """The column is not read; the last row is the sum of the others; ids are as a spreadsheet wrote them."""
    rows = [
        f'"=""{i:03d}""",u{i % 4},2026-07-{i + 1:02d},{10 + i},{("交易成功", "已退款")[i % 3 == 0]}' for i in range(12)
    ]
    total = f"合计,u0,2026-07-20,{sum(range(10, 22))},"
    project.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount,订单状态", *rows, total, ""]))
    assert make("validate") == 0
    said = capsys.readouterr().out
    assert "tiny: 1 notebook(s) can run" in said
    assert "  orders: 订单状态: 交易成功 8, 已退款 4\n" in said
    warnings = [line for line in said.splitlines() if line.startswith("warning   tiny: table orders: data/orders.csv")]
    assert ["订单状态 says 已退款 in 4 of" in line for line in warnings].count(True) == 1
    assert ["data/orders.csv:14: looks like a totals row" in line for line in warnings].count(True) == 1
    assert ["are written like a formula" in line for line in warnings].count(True) == 1


def test_downstream_reads_what_upstream_published_and_the_index_says_why_not(project: Project, make: Make) -> None:
    read = 'orders = study.result("count").table("orders")'
    finding, gate = (
        'report.finding("seen", "Seen", len(orders), unit="count")',
        'report.gate("fit", False, "It does not fit: add data.")',
    )
    cells = [*COUNT[:5], read, finding, gate]
    cells[4] = 'study = Study.load(study_name)\nreport = Report(study, "after")'
    project.notebook("after", cells, tables=[], needs=["count"])
    path = project.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8").replace("[count]", "[after, count]"), encoding="utf-8")
    assert make("reports") == 0
    (version,) = report_paths.versions(project.root / "reports" / "tiny" / "after")
    assert json.loads((version / "result.json").read_text("utf-8"))["findings"][0]["value"] == 12.0
    assert "<li>It does not fit: add data.</li>" in index(project)
    assert "Do not act on this" in index(project)


def test_a_new_month_has_a_version_of_its_own_and_the_index_says_what_changed(reported: Project, make: Make) -> None:
    project = reported
    project.orders(rows=20)
    make("reports")
    assert len(report_paths.versions(home(project))) == 2
    index = (project.root / "reports" / "index.html").read_text("utf-8")
    assert "table orders: 12 → 20 rows" in index
    assert "Orders 订单: 12 [0, 100] → 20 [0, 100]" in index


FAILS = [*COUNT, "from pathlib import Path", "assert len(orders) > 15 or Path('../mended').exists(), 'too few'"]


def test_the_index_forgets_a_failure_that_a_later_success_has_overtaken(project: Project, make: Make) -> None:
    project.notebook("count", FAILS, tables=["orders"])
    assert make("reports") == 1
    assert "A run has failed" in index(project)
    project.orders(rows=20)
    assert make("reports") == 0
    assert "/failed/" not in index(project)
    project.orders(rows=12)
    assert make("reports") == 1
    assert "The run of today&#39;s inputs failed, this is an earlier version" in index(project)
    assert "out of date since" in index(project)
    project.orders(rows=20)
    assert make("reports") == 0  # up to date again: today's inputs are made
    assert "out of date since" not in index(project)
    assert "/failed/" not in index(project)
    assert len(list((home(project) / "failed").iterdir())) == 1
    project.write("mended", "")
    project.orders(rows=12)
    assert make("reports") == 0  # the run that had failed now comes to its end
    assert not list((home(project) / "failed").iterdir())


NOTICE = "Real data of a retailer. Not for other use."


def test_page_and_index_say_the_notice_and_colour_the_decision(project: Project, make: Make) -> None:
    path = project.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8") + f'notice: "{NOTICE}"\n', encoding="utf-8")
    project.notebook("count", [*COUNT, 'report.decision("Stop the campaign.", tone="stop")'], tables=["orders"])
    assert make("reports") == 0
    page = (only(project) / "report.html").read_text("utf-8")
    assert f'<div class="notice">{NOTICE}</div>' in page
    assert f'<p class="told" lang="en">{NOTICE}</p>' in index(project)
    assert '<span class="act">You may rely on these numbers</span><span class="stop">Decision: stop</span>' in page
    assert '<p class="decision">Stop the campaign.</p>' in page
    assert '<b class="word stop">Decision: stop</b> Stop the campaign.</p>' in index(project)


CRASHED = "crashed in compiled code (SIGSEGV), which is a fault of a library, not of your input. Run again; if it"
DEADLY = {
    "import os\nos._exit(1)": "its kernel ended with exit code 1, without saying why. Run again",
    "raise MemoryError": "There is not enough memory. Close other programs",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)": f"its kernel {CRASHED}",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)": "ended its kernel (SIGKILL), most likely because memory",
}


@pytest.mark.parametrize("cell", DEADLY)
def test_whatever_ends_a_run_is_one_line(
    project: Project, make: Make, capfd: pytest.CaptureFixture[str], cell: str
) -> None:
    """Only a kernel that the system ended ran out of memory."""
    if "signal" in cell and sys.platform == "win32":
        pytest.skip("signals of POSIX systems")
    project.notebook("count", [*COUNT, cell], tables=["orders"])
    assert make("reports") == 1
    said = capfd.readouterr()
    (line,) = [line for line in said.out.splitlines() if line.startswith("failed")]
    assert DEADLY[cell] in line
    assert ("memory" in line) == ("Memory" in cell or "SIGKILL" in cell)
    assert "cell 12" in line
    assert line.endswith("/report.html")
    assert "Traceback" not in said.out + said.err


def test_no_password_of_a_database_is_kept_not_even_of_a_part() -> None:
    secret = {"url": "postgresql://me:pa55@host/shop", "query": "select 1"}
    tables = {"orders": Source(**secret), "comments": Source(parts=(Source(**secret), Source(path="c.csv")))}
    period = Period(start=date(2026, 7, 1), end=date(2026, 7, 2))
    spec = StudySpec(title="t", period=period, notebooks=("audience_segmentation",), tables=tables)
    shown = study_spec(SimpleNamespace(file=SimpleNamespace(spec=spec)))  # type: ignore[arg-type]
    assert "pa55" not in str(shown)
    assert shown["tables"]["comments"]["parts"][0]["url"] == "postgresql://host/shop"
