"""Much at once: a long shelf, a long queue, many categories, years and channels, and a driver that runs on and on."""

import gc
import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from helpers.reliability import Trials
from helpers.runs import Runs
from helpers.shelved import shelved
from helpers.tiny_project import COUNT, STUDY, Project
from reachbook.cli import main
from reachbook.engine import plan, pool
from reachbook.engine.shelf import page

ROOT = Path(__file__).parents[2]
SHELF_SECONDS = 2
NO_GROWTH = 8 << 20
"""Bytes that a driver may differ by between the middle and the end: what the allocator holds back for a while."""


def test_a_shelf_of_500_versions(trial: Trials, tmp_path: Path) -> None:
    """In seconds of the processor, which another process on the machine does not lengthen."""
    for number in range(500):
        day = date(2020, 1, 1) + timedelta(days=4 * number)
        shelved(tmp_path, number + 1, finished=f"{day}T08:00:00+00:00", study=f"study-{number % 10}")
    begun = time.process_time()
    text = page.write(tmp_path).read_text("utf-8")
    seconds = time.process_time() - begun
    assert text.count("report.html") >= 500
    assert seconds < SHELF_SECONDS
    trial.record(f"versions on a shelf that is built within {SHELF_SECONDS} s", 500, 0)


def test_50_studies_in_a_queue(trial: Trials, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are planned, and each job ends once, whatever the others do."""
    shutil.rmtree(project.root / "params" / "tiny")
    for number in range(50):
        project.study(f"s{number:02d}", STUDY.replace("Tiny", f"Study {number}"))
    jobs = plan.jobs(project.root)
    ended = list[str]()
    outcomes = pool.run(jobs, 8, lambda job, event: ended.extend([job.name] * (event[0] == "done")),
                        "helpers.pool_tasks:behave")  # fmt: skip
    assert sorted(ended) == sorted({job.name for job in jobs}) == [f"s{number:02d}/count" for number in range(50)]
    assert [each.failure for each in outcomes] == [""] * 50
    trial.record("studies in one queue", 50, 50 - len(ended), leaked=0)


@pytest.mark.soak
def test_50_studies_are_made(trial: Trials, runs: Runs) -> None:
    shutil.rmtree(runs.project.root / "params" / "tiny")
    for number in range(50):
        runs.project.study(f"s{number:02d}", STUDY.replace("Tiny", f"Study {number}"))
    ran = runs.run("reports", "--jobs", "2")
    assert (ran.code, ran.err) == (0, "")
    assert len(runs.current) == 50
    assert runs.halves == runs.leftovers() == []
    trial.record("studies made in one run", 50, 0, leaked=0)


def notebooks(project: Project, study: str) -> None:
    """The project's own notebooks in place of the tiny one."""
    (project.root / "notebooks" / "count.ipynb").unlink()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, project.root / "notebooks" / path.name)
    project.study("tiny", study)


HEAD = "title: Much\nperiod: {start: 2016-07-01, end: 2026-06-30}\n"


def days(number: int) -> list[str]:
    """Days from the first of the period."""
    return [(date(2016, 7, 1) + timedelta(days=each)).isoformat() for each in range(number)]


def test_100_000_platforms_and_300_channels_are_refused_in_words(
    trial: Trials, project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"u{n},p{n},view,2026-06-{n % 28 + 1:02d} 11:00:00" for n in range(100_000)]
    project.write("data/acts.csv", "\n".join(["user_id,platform,kind,at", *rows, ""]))
    media = [f"{day},c{channel},1" for day in days(14 * 7)[::7] for channel in range(300)]
    project.write("data/media.csv", "\n".join(["week,channel,spend", *media, ""]))
    tables = "tables:\n  interactions: {path: data/acts.csv}\n  media: {path: data/media.csv}\n"
    notebooks(project, HEAD + "notebooks: [data_quality]\n" + tables)
    monkeypatch.chdir(project.root)
    begun = time.process_time()
    assert main(["validate"]) == 2
    said = capsys.readouterr().err
    assert "data/acts.csv:2: platform: holds 100,000 different values, as p0 and p1; platform may have 200." in said
    assert "data/media.csv:2: channel: holds 300 different values, as c0 and c1; channel may have 200." in said
    assert time.process_time() - begun < 60
    trial.record("a column of 100,000 platforms and one of 300 channels, refused in words", 2, 0)


@pytest.mark.soak
def test_100_000_values_of_a_column_that_may_have_them(trial: Trials, project: Project, runs: Runs) -> None:
    """A report on orders of as many people, each its own: read, counted and made."""
    project.orders(12)
    rows = [f"o{n},u{n},2026-07-{n % 28 + 1:02d} 10:00:00,{n}" for n in range(100_000)]
    project.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount", *rows, ""]))
    project.notebook("count", [*COUNT[:6], 'report.decision("Go on.")'], title="Many?", tables=["orders"])
    ran = runs.run("reports")
    assert (ran.code, ran.err) == (0, "")
    trial.record("a report on a column of 100,000 values", 1, 0)


@pytest.mark.soak
def test_ten_years_of_days(trial: Trials, project: Project, runs: Runs) -> None:
    every = days(3652)
    series = [f"b,{day},{100 + number % 7 + number / 100:.2f},{100 + number % 5},{int(day >= '2026-05-01')}"
              for number, day in enumerate(every)]  # fmt: skip
    project.write("data/series.csv", "\n".join(["unit,date,outcome,control,treated", *series, ""]))
    notebooks(
        project, HEAD + "notebooks: [data_quality, campaign_effect]\ntables:\n  series: {path: data/series.csv}\n"
    )
    project.write("params/tiny/campaign_effect.yaml", "design: series\ncampaign: c\n")
    ran = runs.run("reports", "--jobs", "2")
    assert (ran.code, ran.err) == (0, ""), ran
    assert len(runs.current) == 2
    trial.record("reports on ten years of days", 2, 0)


def test_the_driver_s_memory_stays(
    trial: Trials, reported: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs of one process one after the other: it plans, starts a worker, hears of its end and builds the shelf."""
    monkeypatch.chdir(reported.root)
    times, driver, sizes = trial.times(12, 200), psutil.Process(os.getpid()), list[int]()
    jobs = plan.jobs(reported.root)
    for _ in range(times):
        assert main(["reports"]) == 0
        assert [each.failure for each in pool.run(jobs, 1, lambda *_: None, "helpers.pool_tasks:behave")] == [""]
        capsys.readouterr()
        gc.collect()
        sizes.append(driver.memory_info().rss)
    assert sizes[-1] - sizes[times // 2] < NO_GROWTH, sizes
    assert psutil.Process(os.getpid()).num_fds() < 200
    trial.record("runs of one driver whose memory stays", times, 0, leaked=0)
