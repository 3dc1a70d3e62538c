"""The server shows the reports to this machine, and nothing beside them."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.shelved import name, shelved
from reachbook.engine.shelf import page
from reachbook.engine.shelf.serve import server
from reachbook.errors import RunError


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A running server of a project with one report, a secret beside it and a link that leads there."""
    shelved(tmp_path, 1)
    page.write(tmp_path)
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "reports" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "reports" / ".hidden").write_text("secret", "utf-8")
    with server(tmp_path, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://{running.server_address[0]!s}:{running.server_address[1]}"
        running.shutdown()


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_reports_are_shown_on_this_machine_alone(address: str) -> None:
    assert address.startswith("http://127.0.0.1:")
    assert status(f"{address}/") == 200
    assert status(f"{address}/tiny/count/{name(1)}/report.html") == 200


@pytest.mark.parametrize("path", ["/tiny/", "/../secret.txt", "/%2e%2e/secret.txt", "/link.txt", "/.hidden", "/no"])
def test_no_folder_is_listed_and_nothing_outside_is_shown(address: str, path: str) -> None:
    assert status(address + path) == 404


def test_a_taken_port_and_an_empty_project_are_lines(address: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^PORT: \d+ cannot be used"):
        server(tmp_path, int(address.rpartition(":")[2]))
    with pytest.raises(RunError, match="nothing has been made yet"):
        server(tmp_path / "reports", 0)
