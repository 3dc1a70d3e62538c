"""Details of people and passwords: none leaves through a page, a file, a message or a log."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine

from helpers.given_files import given, read
from helpers.planted_details import Planted, ordinary, planted
from helpers.planted_people import planted as brand
from helpers.reliability import Trials
from helpers.tiny_project import COUNT, STUDY, Project
from reachbook import crash_log
from reachbook.cli import main
from reachbook.engine import refused_inputs
from reachbook.errors import ReachbookError
from reachbook.study import files
from reachbook.study.data import Data
from reachbook.tables.formats import database
from reachbook.tables.masking import mask

PASSWORD = "hunter22"
SHOP = f"postgresql://shop:{PASSWORD}@localhost/shop"
QUERY = "select order_id, user_id, at, amount from orders"


def found(planted: Iterable[Planted], text: str) -> list[str]:
    """Details that stand in a text as they were written."""
    return [one.secret for one in planted if one.secret in text]


def lines(planted: Iterable[Planted]) -> list[str]:
    """One line each, as a cell holds it."""
    return [one.text.replace("\n", " ") for one in planted]


def everything(root: Path) -> str:
    """All that the project keeps but its inputs and the checked tables: reports, their records, logs and lists."""
    paths = [path for folder in ("reports", ".cache") for path in (root / folder).rglob("*") if path.is_file()]
    return "\n".join("\n".join(read(path)) for path in paths if path.suffix != ".parquet" or "reports" in path.parts)


def test_no_detail_stays_in_a_log_or_in_what_is_said_of_a_fault(trial: Trials, tmp_path: Path) -> None:
    """Each text in the message of an error, and in that of the one that caused it."""
    leaked = 0
    texts = planted(5)[:: trial.times(4, 1)]
    for one in texts:
        try:
            try:
                raise KeyError(one.text)
            except KeyError as error:
                raise ValueError(f"row 3: {one.text}") from error
        except ValueError as error:
            said = crash_log.describe(error, tmp_path)
        log = (tmp_path / ".cache" / "fault.txt").read_text("utf-8")
        leaked += any(one.leaked(line) for line in [said, *log.splitlines()] if "planted_details" not in line)
    trial.record("a personal detail in a fault, its line and its log", len(texts), leaked=leaked)


def test_no_detail_stays_in_what_is_said_of_refused_cells(
    trial: Trials, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text where an amount belongs; the refusal is kept, and stands on the list of reports."""
    texts = planted(6)[:: trial.times(25, 1)]
    leaked = 0
    monkeypatch.chdir(project.root)
    for one in texts:
        rows = f'o1,u1,2026-07-01 10:00:00,"{lines([one])[0]}"\n'
        project.write("data/orders.csv", f"order_id,user_id,at,amount\n{rows}")
        file = files.load(project.root, "tiny")
        with pytest.raises(ReachbookError) as refused:
            Data(file)["orders"]
        refused_inputs.keep(file, file.notebooks[0], [str(refused.value)])
        leaked += any(map(one.leaked, [str(refused.value).partition("orders.csv")[2], *kept_lines(project.root)]))
    trial.record("a personal detail in a refused cell", len(texts), leaked=leaked)


def kept_lines(root: Path) -> list[str]:
    (refused,) = root.glob("reports/tiny/count/*refused*")
    return [str(line).partition("orders.csv")[2] for line in json.loads(refused.read_text("utf-8"))["why"]]


def test_no_detail_stays_in_what_a_failing_kernel_leaves(
    trial: Trials, project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A notebook that prints and warns of cells, and stops on an error that quotes them."""
    texts = planted(7)
    project.write("data/texts.txt", "\n".join(lines(texts)) + "\n")
    project.notebook("count", [*COUNT, *STOPPING], title="How many orders?", tables=["orders"])
    monkeypatch.chdir(project.root)
    assert main(["reports"]) == 1
    said = capfd.readouterr()
    assert "Traceback" not in said.err + said.out
    whole = everything(project.root) + said.out + said.err
    assert "[phone]" in whole, "the search must reach what was masked"
    trial.record("a personal detail in what a kernel prints and stops on", len(texts), leaked=len(found(texts, whole)))


STOPPING = [
    "import pathlib, warnings\ntexts = pathlib.Path('../data/texts.txt').read_text('utf-8')\nprint(texts)",
    "for line in texts.splitlines():\n    warnings.warn(line)",
    "raise ValueError(texts)",
]


@pytest.mark.soak
def test_no_detail_of_a_comment_is_published(
    trial: Trials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The reports on data and on opinions, of comments of which each holds a detail; pages are for the house alone."""
    texts = planted(8)
    project = brand(tmp_path, "internal", ["data_quality", "sentiment_analysis"])
    project.write("data/comments.csv", _spoken(project.root / "data" / "comments.csv", lines(texts)))
    monkeypatch.chdir(project.root)
    assert main(["validate"]) == 0
    assert main(["reports"]) == 0
    said = capfd.readouterr()
    whole = "\n".join("\n".join(read(path)) for path in given(project.root)) + said.out + said.err
    assert "[phone]" in whole, "the search must reach what was masked"
    trial.record("a personal detail in a comment, published", len(texts), leaked=len(found(texts, whole)))


def _spoken(path: Path, texts: list[str]) -> str:
    """The comments of a file with these texts in place of theirs, again and again until there are enough."""
    import pandas as pd

    frame = pd.read_csv(path, dtype=str)
    frame = pd.concat([frame] * (len(texts) // len(frame) + 1), ignore_index=True).iloc[: len(texts)]
    ids = [f"c{n}" for n in range(len(texts))]
    return frame.assign(comment_id=ids, text=texts).to_csv(index=False)


def test_ordinary_texts_keep_their_numbers(trial: Trials) -> None:
    """Prices, dates, models and quantities look like details; less than a hundredth may be changed."""
    texts = [one for seed in range(trial.times(1, 10)) for one in ordinary(seed)]
    changed = sum(mask(one.text) != one.text for one in texts)
    assert changed < len(texts) / 100
    trial.record("an ordinary text, masked by mistake", len(texts), lost=changed, promised=False)


@pytest.fixture
def shop(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[URL]:
    """A study that reads a database behind a password; which URLs were opened."""
    opened: list[URL] = []
    file = project.root / "data" / "shop.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table orders (order_id text, user_id text, at text, amount text)")
        connection.execute("insert into orders values ('o1', 'u1', '2026-07-01 10:00:00', '12.50')")

    def engine(url: URL, seconds: int) -> Engine:
        opened.append(url)
        if url.password != PASSWORD:
            raise ConnectionError(f"password authentication failed for {url.render_as_string(hide_password=False)}")
        return create_engine(f"sqlite:///{file}")

    monkeypatch.setattr(database, "engine", engine)
    monkeypatch.chdir(project.root)
    return opened


def study(url: str) -> str:
    return STUDY.replace("{path: data/orders.csv}", f"{{url: '{url}', query: '{QUERY}'}}")


@pytest.mark.parametrize("url", [SHOP, "${SHOP_URL}", "postgresql://shop:${SHOP_PASSWORD}@localhost/shop"])
def test_a_password_reaches_the_database_and_nothing_else(
    url: str,
    trial: Trials,
    project: Project,
    shop: list[URL],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Published, run again to the same bytes, and refused, with the password in the file or in the environment."""
    monkeypatch.setenv("SHOP_URL", SHOP)
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    project.study("tiny", study(url))
    project.notebook("count", [*COUNT, "import os\nprint(sorted(os.environ))"], title="How many?", tables=["orders"])
    assert main(["validate"]) == main(["reports"]) == main(["verify", "--version", "all"]) == 0
    assert {each.password for each in shop} == {PASSWORD}
    said = capfd.readouterr()
    assert "1 of 1 gave the same bytes" in said.out
    monkeypatch.setenv("SHOP_URL", SHOP.replace(PASSWORD, f"{PASSWORD}wrong"))
    monkeypatch.setenv("SHOP_PASSWORD", f"{PASSWORD}wrong")
    project.study("tiny", study(url.replace(PASSWORD, f"{PASSWORD}wrong")))
    assert main(["reports"]) == 2
    refused = capfd.readouterr()
    assert "password authentication failed" in refused.err
    whole = everything(project.root) + said.out + said.err + refused.out + refused.err
    trial.record(f"a password in {url.replace(PASSWORD, '...')}", 5, leaked=whole.count(PASSWORD))


def test_the_measure_can_fail(tmp_path: Path) -> None:
    texts = planted(9)
    assert len(found(texts, "\n".join(lines(texts)))) > 990
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.json").write_text(json.dumps({"a": lines(texts)}))
    assert len(found(texts, everything(tmp_path))) > 990
