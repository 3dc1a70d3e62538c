"""docs/reliability.md from the tests: what was tried, how often, and what was lost, executed or leaked.

A test asks for the fixture `trial` and states one row a promise. `pytest --soak docs/reliability.md` also runs tests
marked `soak`, tries more often where a test offers it, and writes the rows into the page; without it they try a
few times and write nothing.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

OPTION = "--soak"
PROPERTY = "trial"
ROOT = Path(__file__).parents[2]
HEAD = "| What was tried | Tried | Lost | Executed | Leaked | Seconds | Day | Test |\n|---|--:|--:|--:|--:|--:|---|---|"
_TABLE = re.compile(r"^\| What was tried .*(?:\n\|.*)*", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Trial:
    """One row of the table.

    Attributes
    ----------
    what : str
        What was tried, in a few words; a row of the same words takes its place.
    tried : int
        How many times, or with how many inputs.
    lost : int or None
        Versions, files or answers that were lost, changed, half or wrong; None where nothing can be.
    executed : int or None
        Inputs of which anything ran as code.
    leaked : int or None
        What stayed behind or got out that must not: processes, temporary folders, keys, people's details.
    seconds : float
    day : str
        YYYY-MM-DD, UTC.
    test : str
        Path of its test from the project's root.
    """

    what: str
    tried: int
    lost: int | None
    executed: int | None
    leaked: int | None
    seconds: float
    day: str
    test: str

    @property
    def row(self) -> str:
        """The line of the table."""
        counts = ["–" if each is None else f"{each:,}" for each in (self.lost, self.executed, self.leaked)]
        link = f"[{Path(self.test).name}](../{self.test})"
        cells = [self.what.replace("|", r"\|"), f"{self.tried:,}", *counts, f"{self.seconds:,.1f}", self.day, link]
        return f"| {' | '.join(cells)} |"


class Trials:
    """What a test says of its trials; `soak` is whether there is time to try often."""

    def __init__(self, node: pytest.Item, soak: bool) -> None:
        self.soak = soak
        self._node, self._since = node, time.monotonic()

    def times(self, few: int, many: int) -> int:
        """How often to try: `few` in every run of the tests, `many` in `make soak`."""
        return many if self.soak else few

    def record(
        self,
        what: str,
        tried: int,
        lost: int | None = None,
        executed: int | None = None,
        leaked: int | None = None,
        promised: bool = True,
    ) -> None:
        """Put a row into the table; the test fails where zero is promised and something else was counted.

        Parameters
        ----------
        promised : bool
            False for what the page says is not promised.
        """
        since, self._since = self._since, time.monotonic()
        day, test = datetime.now(UTC).date().isoformat(), self._node.path.relative_to(ROOT).as_posix()
        row = Trial(what, tried, lost, executed, leaked, self._since - since, day, test)
        self._node.user_properties.append((PROPERTY, asdict(row)))
        assert tried > 0, f"{what}: nothing was tried"
        assert not promised or not (lost or executed or leaked), row.row


@pytest.fixture
def trial(request: pytest.FixtureRequest) -> Trials:
    """State what was tried, how often, and what was lost, executed or leaked; see `helpers.reliability`."""
    return Trials(request.node, bool(request.config.getoption(OPTION)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the page to write."""
    parser.addoption(OPTION, metavar="PAGE", help="also run the tests marked soak, and write their rows into this page")


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means, and collect rows where a page is asked for."""
    config.addinivalue_line("markers", "soak: too slow for every run of the tests; run by `make soak`")
    if config.getoption(OPTION) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Page(Path(config.getoption(OPTION))))


def unsoaked(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the slow tests where they are not asked for."""
    slow = [item for item in items if item.get_closest_marker("soak") and not config.getoption(OPTION)]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


class _Page:
    """Collects the rows of every process of a test run, and writes them at its end."""

    def __init__(self, page: Path) -> None:
        self._page, self._rows = page, dict[str, str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._rows |= {about["what"]: Trial(**about).row for about in _about(report.user_properties)}

    def pytest_sessionfinish(self) -> None:
        if self._rows:
            text = self._page.read_text("utf-8") if self._page.is_file() else HEAD
            self._page.write_text(with_rows(text, self._rows), "utf-8")


def _about(properties: Iterable[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    return (value for name, value in properties if name == PROPERTY)


def with_rows(page: str, rows: Mapping[str, str]) -> str:
    """The page with these rows in its table, by what was tried; others stay. In the order of their tests."""
    found = _TABLE.search(page)
    assert found, "the page has no table of trials"
    kept = {_CELL.split(line)[1].strip().replace(r"\|", "|"): line for line in found[0].splitlines()[2:]}
    lines = sorted((kept | dict(rows)).values(), key=lambda line: (_CELL.split(line)[-2], line))
    return page[: found.start()] + "\n".join([HEAD, *lines]) + page[found.end() :]
