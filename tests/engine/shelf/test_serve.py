"""The server shows the reports to this machine, and nothing beside them."""

import gzip
import socket
import threading
import time
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
    (tmp_path / "reports" / "away").mkdir()
    (tmp_path / "reports" / "away" / "index.html").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "reports" / "long.bin").write_bytes(bytes(20_000_000))
    with server(tmp_path, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://{running.server_address[0]!s}:{running.server_address[1]}"
        running.shutdown()


@pytest.fixture(params=["", "gzip, deflate, br"], ids=["plain", "gzip"])
def accepts(request: pytest.FixtureRequest) -> str:
    """What the browser reads."""
    return str(request.param)


def status(url: str, accepts: str = "", host: str = "", etag: str = "") -> int:
    told = {"Accept-Encoding": accepts, "Host": host, "If-None-Match": etag}
    try:
        asked = urllib.request.Request(url, headers={name: value for name, value in told.items() if value})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_reports_are_shown_on_this_machine_alone(address: str, accepts: str) -> None:
    assert address.startswith("http://127.0.0.1:")
    assert status(f"{address}/", accepts) == 200
    assert status(f"{address}/tiny/count/{name(1)}/report.html", accepts) == 200


def test_a_page_is_sent_compressed_to_a_browser_that_reads_it(address: str, tmp_path: Path) -> None:
    asked = urllib.request.Request(f"{address}/", headers={"Accept-Encoding": "gzip, deflate"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        sent = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(sent)
    page = (tmp_path / "reports" / "index.html").read_bytes()
    assert gzip.decompress(sent) == page
    assert len(sent) < len(page) / 2
    with urllib.request.urlopen(f"{address}/", timeout=20) as answer:
        assert answer.headers["Content-Encoding"] is None
        assert answer.read() == page


def test_a_browser_asks_again_and_gets_only_what_is_new(address: str, tmp_path: Path) -> None:
    asked = urllib.request.Request(f"{address}/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        tag = answer.headers["ETag"]
    assert status(f"{address}/", "gzip", etag=tag) == 304
    (tmp_path / "reports" / "index.html").write_text("written again", "utf-8")
    assert status(f"{address}/", "gzip", etag=tag) == 200


def test_what_is_no_text_is_sent_as_it_is(address: str, tmp_path: Path) -> None:
    asked = urllib.request.Request(f"{address}/long.bin", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        assert answer.headers["Content-Encoding"] is None
        assert int(answer.headers["Content-Length"]) == (tmp_path / "reports" / "long.bin").stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "/tiny/", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/away/", "/.hidden", "/no",
        "/a%00b", "/%ed%a0%80", "//etc/passwd", f"/{'a' * 5_000}", f"/{'a' * 5_000}.html", "/no.html", "/index.html/",
    ],
)  # fmt: skip
def test_no_folder_is_listed_and_nothing_outside_is_shown(address: str, accepts: str, path: str) -> None:
    assert status(address + path, accepts) == 404


@pytest.mark.parametrize(("host", "expected"), [("evil.example", 421), ("evil.example:80", 421), ("localhost:1", 200)])
def test_a_name_that_another_site_gave_this_address_is_refused(
    address: str, accepts: str, host: str, expected: int
) -> None:
    assert status(f"{address}/", accepts, host) == expected


def test_a_browser_that_goes_early_leaves_the_terminal_quiet(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as browser:
        browser.sendall(b"GET /long.bin HTTP/1.0\r\n\r\n")
        browser.recv(10)
    deadline = time.monotonic() + 10
    while any("process_request_thread" in each.name for each in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert time.monotonic() < deadline
    assert capfd.readouterr().err == ""


def test_a_taken_port_and_an_empty_project_are_lines(address: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^PORT: \d+ cannot be used"):
        server(tmp_path, int(address.rpartition(":")[2]))
    with pytest.raises(RunError, match="nothing has been made yet"):
        server(tmp_path / "reports", 0)
