"""What a notebook refuses is refused by `make validate` first, with the same sentence and its place."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from helpers.tiny_project import COUNT, STUDY, Project
from reachbook.engine import plan, refusals
from reachbook.errors import DataError, ParamsError, RunError
from reachbook.segmentation import preflight
from reachbook.segmentation.spec import SegmentationSpec

type Make = Callable[..., int]
type Said = pytest.CaptureFixture[str]

SPEC = "reachbook.segmentation.spec:SegmentationSpec"
PREFLIGHT = "reachbook.segmentation.preflight:refuse"


@pytest.fixture
def two(project: Project) -> Project:
    """The tiny project with a second notebook, `shape`, that has parameters."""
    project.study("tiny", STUDY.replace("[count]", "[count, shape]"))
    project.write("params/tiny/shape.yaml", "\n# how many\nk_max: 5\n")
    project.notebook("shape", COUNT, spec=SPEC, preflight=PREFLIGHT, tables=["orders"])
    return project


def refusing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(spec: SegmentationSpec, tables: Mapping[str, Path], start: date, end: date) -> None:
        assert set(tables) == {"orders"}
        assert (start.month, end.month) == (7, 9)
        raise error

    monkeypatch.setattr(preflight, "refuse", refuse)


SENTENCES = [
    (ParamsError("k_max is 5, but there are 4 people. Lower it."), "params/tiny/shape.yaml:3: "),
    (ParamsError("Too few people for `k_max`. Lower it."), "params/tiny/shape.yaml:3: "),
    (DataError("orders: A and B could each be it. Name one of them."), "params/tiny/shape.yaml: "),
    (DataError("data/orders.csv:7: is odd. Mend it."), ""),
    (ParamsError("params/tiny/study.yaml:5: is odd. Mend it."), ""),
]


@pytest.mark.parametrize(("error", "place"), SENTENCES)
def test_validate_says_what_the_notebook_would_say(
    two: Project, make: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch, error: Exception, place: str
) -> None:
    refusing(monkeypatch, error)
    assert make("validate") == 2
    assert capsys.readouterr().err.splitlines() == [f"{place}{error}"]


def test_make_says_it_before_it_runs_and_makes_the_rest(
    two: Project, make: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, place = SENTENCES[0]
    refusing(monkeypatch, error)
    assert make("reports") == 2
    said = capsys.readouterr()
    assert said.err.splitlines() == [f"{place}{error}", "not started tiny/shape"]
    assert "1 of 2 made." in said.out
    assert [each.name for each in (two.root / "reports/tiny/shape").iterdir()] == ["refused.json"]
    assert make("reports", "--notebook", "count") == 0
    assert "Everything is up to date." in capsys.readouterr().out


def test_mistakes_of_all_studies_are_said_at_once(
    two: Project, make: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.study("other", STUDY.replace("data/orders.csv", "data/nothing.csv"))
    refusing(monkeypatch, SENTENCES[0][0])
    assert make("validate") == 2
    said = capsys.readouterr().err
    assert "params/tiny/shape.yaml:3: k_max is 5" in said
    assert "data/nothing.csv: there is no such file" in said


def test_a_check_that_fails_itself_is_one_line_and_does_not_stop_the_run(
    two: Project, make: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, KeyError("hours"))
    assert make("validate") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "params/tiny/shape.yaml: the check before the run met a fault of the program (KeyError: 'hours'"
    )
    assert "Traceback" in (two.root / ".cache" / "fault.txt").read_text("utf-8")
    assert make("reports", "--notebook", "shape") == 0


@pytest.mark.parametrize(("start", "end"), [("2027-01-01", "2027-03-31"), ("2025-01-01", "2025-03-31")])
def test_a_table_without_rows_in_the_period(project: Project, make: Make, capsys: Said, start: str, end: str) -> None:
    project.study("tiny", STUDY.replace("2026-07-01", start).replace("2026-09-30", end))
    for verb in ("validate", "reports"):
        assert make(verb) == 2
        assert capsys.readouterr().err.splitlines()[0] == (
            "params/tiny/study.yaml:6: table orders: its rows run from 2026-07-01 to 2026-07-12, all "
            f"outside the study's period, {start} to {end}. Export the days of the period, or set `period` in "
            "params/tiny/study.yaml to days that the table holds."
        )


def test_a_verb_that_breaks_is_one_line(
    project: Project, make: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Singular matrix.\nmore")

    monkeypatch.setattr("reachbook.engine.plan.studies", broken)
    assert make("validate") == 70
    said = capsys.readouterr().err
    assert said.startswith("Stopped on a fault of the program (RuntimeError: Singular matrix, reachbook/cli.py:")
    assert "not of your input. What a developer needs to mend it lies in .cache/fault.txt." in said
    assert len(said.splitlines()) == 1


SENTIMENT = "reachbook.sentiment.spec:SentimentSpec"
PREVIOUS = """\
# the last month
previous: {name}
"""


def test_an_earlier_version_that_is_not_there_is_refused_before_the_run(
    project: Project, make: Make, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped `previous` used to pass validate and to end the run minutes later."""
    monkeypatch.setattr(preflight, "refuse", lambda *_: None)
    project.notebook("shape", COUNT, spec=SENTIMENT, preflight=PREFLIGHT, tables=["orders"])
    project.study("tiny", STUDY.replace("[count]", "[shape]"))
    project.write("params/tiny/shape.yaml", PREVIOUS.format(name="tiny/0123456789ab"))
    assert make("validate") == 2
    assert capsys.readouterr().err.splitlines() == [
        "params/tiny/shape.yaml:2: there is no version 'tiny/0123456789ab' of shape. reports/index.html lists the "
        "versions; write <study>/<version>."
    ]
    assert make("reports") == 2
    assert "not started tiny/shape" in capsys.readouterr().err
    project.write("reports/tiny/shape/0123456789ab/result.json", "{}")
    assert make("validate") == 0


WRITTEN = "level: 0.9\naspects:\n  fit: [尺码]\n  level: [等级]\nalarms_a_year: 2\n"
PLACES = [
    ("level is 0.9, but 0.95 is asked for. Raise it.", 1),
    ("`aspects.level` has no comments. Drop it.", 4),
    ("shape: aspects.fit holds one term. Add more.", 3),
    ("Too many alarms: alarms_a_year is 2. Lower it.", 5),
    ("Not even alarms_a_year_or_two would help. Mend the table.", None),
    ("The level of the water is too low. Wait.", None),
    ("Nothing fits. Mend the table.", None),
]


@pytest.mark.parametrize(("sentence", "line"), PLACES)
def test_a_sentence_stands_at_the_line_of_the_parameter_that_it_is_about(
    project: Project, monkeypatch: pytest.MonkeyPatch, sentence: str, line: int | None
) -> None:
    """A name that is a word of prose too, as level, counts only where it begins or is quoted."""
    project.notebook("shape", COUNT, spec=SENTIMENT, preflight=PREFLIGHT, tables=["orders"])
    project.study("tiny", STUDY.replace("[count]", "[shape]"))
    project.write("params/tiny/shape.yaml", WRITTEN)
    (job,) = plan.jobs(project.root)
    refusing(monkeypatch, DataError(sentence))
    with pytest.raises(DataError) as error:
        refusals.refuse(job.file, job.notebook, job.tables)
    place = f"params/tiny/shape.yaml{f':{line}' if line else ''}"
    assert str(error.value) == f"{place}: {sentence}"


def test_a_check_that_fails_is_an_error_of_its_own_class(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the run, which may succeed all the same, is not kept from starting."""
    job = next(job for job in plan.jobs(two.root) if job.notebook.name == "shape")
    refusing(monkeypatch, ZeroDivisionError("division by zero"))
    with pytest.raises(RunError, match=r"^params/tiny/shape.yaml: the check before the run met a fault"):
        refusals.refuse(job.file, job.notebook, job.tables)


@pytest.mark.parametrize(("start", "end"), [("2026-07-12", "2026-12-31"), ("2026-01-01", "2026-07-01")])
def test_one_day_in_the_period_is_enough(project: Project, start: str, end: str) -> None:
    project.study("tiny", STUDY.replace("2026-07-01", start).replace("2026-09-30", end))
    (job,) = plan.jobs(project.root)
    refusals.refuse(job.file, job.notebook, job.tables)


def test_a_table_that_is_not_read_by_its_days_may_lie_anywhere(project: Project) -> None:
    """People have no day of their own: a users table is no table of events."""
    project.notebook("count", COUNT, tables=["users"])
    project.study("tiny", STUDY.replace("2026", "2020") + "  users: {path: data/users.csv}\n")
    project.write("data/users.csv", "user_id\nu1\nu2\n")
    (job,) = plan.jobs(project.root)
    assert "users" not in refusals.EVENTS
    refusals.refuse(job.file, job.notebook, job.tables)


EFFECT = """\
outcome: orders
value_per_unit: 100
margin_low: 0.3
margin_high: 0.3
spend: 60
target: {target}
"""


@pytest.mark.parametrize("target", [0.01, 0.9])
def test_what_may_run_and_looks_wrong_is_warned_of_at_its_line(
    project: Project, make: Make, capsys: Said, target: float
) -> None:
    """Eight of 40 people buy without the campaign: 60 are repaid by two more of them, 25%."""
    rows = [f"u{i},{('control', 'a')[i % 2]},{int(i % 20 < 2) if i % 2 else int(i % 20 < 4)}" for i in range(80)]
    project.write("data/test.csv", "\n".join(["unit_id,arm,orders", *rows]) + "\n")
    path = "reachbook.effects.preflight"
    spec, names = "reachbook.effects.spec:EffectSpec", {"preflight": f"{path}:refuse", "doubts": f"{path}:doubts"}
    project.notebook("shape", COUNT, spec=spec, tables=["experiment"], **names)
    study = STUDY.replace("[count]", "[shape]").replace("orders: {path: data/orders", "experiment: {path: data/test")
    project.study("tiny", study)
    project.write("params/tiny/shape.yaml", EFFECT.format(target=target))
    assert make("validate") == 0
    said = capsys.readouterr().out
    line = "warning   tiny: params/tiny/shape.yaml:6: target is 1.0%: reaching it would still lose money"
    assert (line in said) == (target < 0.5)
    assert ("1 warning(s)" in said) == (target < 0.5)
