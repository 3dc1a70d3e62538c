"""Files with mistakes: each is used, or refused in lines that name their place; never a traceback."""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from helpers.mutations import mutated_table, mutated_text
from helpers.reliability import Trials
from helpers.tiny_project import Project
from reachbook.cli import main
from reachbook.errors import ReachbookError
from reachbook.study import files
from reachbook.tables.source import Source
from reachbook.tables.store import checked

PARAMS = Path(__file__).parents[2] / "params"
NOW = datetime(2026, 11, 1)
LONGEST = 1_500
"""Characters of one line."""
TABLES: dict[str, list[list[str]]] = {
    "orders": [["order_id", "user_id", "at", "amount"]]
    + [[f"o{n}", f"u{n % 5}", f"2026-07-{n + 1:02d} 10:00:00", f"{10 + n}.50"] for n in range(12)],
    "comments": [["comment_id", "platform", "at", "text", "user_id"]]
    + [[f"c{n}", "douyin", f"2026-07-{n + 1:02d} 10:00:00", f"第{n}次买，很好", f"u{n}"] for n in range(12)],
    "media": [["week", "channel", "spend", "impressions"]]
    + [[f"2026-07-{6 + 7 * (n // 2):02d}", ("douyin", "weibo")[n % 2], f"{900 + n}", f"{9000 + n}"] for n in range(6)],
    "users": [["user_id", "platform", "joined_on", "consent"]]
    + [[f"u{n}", "weibo", f"2026-01-{n + 1:02d}", "yes"] for n in range(8)],
}
STUDY = """\
title: Tiny 小店
period: {start: 2026-07-01, end: 2026-09-30}
currency: CNY
seed: 7
channels: {douyin: 抖音}
notebooks: [count]
places: [/mnt/exports]
privacy:
  purpose: to send fewer and better messages
  minimum: 5
tables:
  orders:
    path: data/orders.csv
    columns: {amount: [amount, 实付金额]}
    numbers: {amount: [currency, rounded]}
    where: {user_id: {other_than: [nobody]}}
    formats: {at: "%Y-%m-%d %H:%M:%S"}
    scale: {amount: 0.01}
    missing: ["--"]
"""


def whole(lines: Sequence[str]) -> bool:
    """Whether what is said is a few lines of a length that can be read."""
    return bool(lines) and all(line.strip() and len(line) <= LONGEST for line in lines) and len(lines) <= 60


def refusal(do: Callable[..., object], *arguments: object) -> str:
    """What is wrong with the way in which something is refused; "" where it is done, or refused as it should be."""
    try:
        do(*arguments)
    except ReachbookError as error:
        said = str(error)
        return "" if whole(said.splitlines()) else f"refused in {said[:3000]!r}"
    except Exception as error:  # what a user would see as a fault of the program
        return f"{type(error).__name__}: {error}"
    return ""


def test_mutated_parameter_files_are_used_or_refused_in_a_line(trial: Trials, tmp_path: Path) -> None:
    """Every parameter file that ships, with one to three mistakes."""
    shutil.copytree(PARAMS, tmp_path / "params")
    (tmp_path / "notebooks").symlink_to(PARAMS.parent / "notebooks")
    texts = {path: path.read_text("utf-8") for path in sorted((tmp_path / "params").rglob("*.yaml"))}
    count = trial.times(100, 9_000)
    wrong = []
    for seed in range(count):
        rng = Random(seed)
        path = rng.choice(list(texts))
        mutated = mutated_text(rng, texts[path])
        path.write_text(mutated, "utf-8")
        said = refusal(files.load, tmp_path, path.parent.name)
        path.write_text(texts[path], "utf-8")
        wrong += [(seed, path.name, said)] if said else []
    assert wrong[:20] == []
    trial.record("a parameter file with mistakes", count, lost=len(wrong))


def test_mutated_studies_end_in_a_line_on_the_terminal(
    trial: Trials, project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make validate` reads parameters and tables; a fault of the program would leave with 70 and name a log."""
    monkeypatch.chdir(project.root)
    count = trial.times(25, 1_000)
    wrong = []
    project.study("tiny", STUDY)
    assert main(["validate"]) == 0
    capsys.readouterr()
    for seed in range(count):
        project.study("tiny", mutated_text(Random(seed), STUDY))
        code, said = main(["validate"]), capsys.readouterr()
        lines = said.err.splitlines()
        if code not in (0, 2) or "Traceback" in said.err + said.out or (code == 2 and not whole(lines)):
            wrong.append((seed, code, said.err[:2_000]))
    assert wrong[:20] == []
    trial.record("a study with mistakes, on the terminal", count, lost=len(wrong))


def test_mutated_tables_are_read_or_refused_in_lines(trial: Trials, tmp_path: Path) -> None:
    count = trial.times(100, 2_000)
    wrong = []
    for seed in range(count):
        rng = Random(seed)
        name = rng.choice(list(TABLES))
        folder = tmp_path / str(seed)
        folder.mkdir()
        path = mutated_table(rng, TABLES[name], folder)
        source = Source(path=path.name)
        said = refusal(checked, name, source, folder, folder / "cache", "Asia/Shanghai", NOW, "CNY")
        shutil.rmtree(folder)
        wrong += [(seed, name, path.name, said)] if said else []
    assert wrong[:20] == []
    trial.record("a table with mistakes", count, lost=len(wrong))


def test_the_measure_can_fail() -> None:
    assert refusal({}.__getitem__, "a") == "KeyError: 'a'"
    assert refusal(files.load, Path("/nowhere"), "none") == ""
    assert not whole(["a" * (LONGEST + 1)])
    assert not whole([])
