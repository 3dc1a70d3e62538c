"""Show the reports to a browser on this machine, and nothing else to anybody."""

import gzip
import io
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reachbook import report_paths
from reachbook.errors import RunError
from reachbook.result import PRIVATE
from reachbook.translation import tr

HOST = "127.0.0.1"
_TEXT = ("text/", "application/json", "application/xml", "image/svg+xml")
"""Beginnings of the media types that are sent compressed: a page becomes a quarter of its size."""


class ReportHandler(SimpleHTTPRequestHandler):
    """Serves files of one folder, without listings and without links that lead out of it.

    Notes
    -----
    A browser keeps what it got and asks each time whether that still holds: `make reports` writes the list again, and
    what was erased must not come back from a browser's cache.
    """

    def send_head(self) -> Any:
        """Send a file's header, or an error where it is hidden or lies outside of the folder, or for another host."""
        if not self._is_ours():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        if not self._is_shown():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        text = self._text()
        return super().send_head() if text is None else self._compressed(text)

    def end_headers(self) -> None:
        """Say of each answer that it may be kept, but not used unasked."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Vary", "Accept-Encoding")
        super().end_headers()

    def _text(self) -> Path | None:
        """Return the text file that is asked for; None for anything else, and for a browser that reads no gzip."""
        accepted = [each.strip() for each in self.headers.get("Accept-Encoding", "").split(",")]
        path = Path(self.translate_path(self.path))
        if urlsplit(self.path).path.endswith("/"):
            path /= self.index_pages[0]
        return path if "gzip" in accepted and self.guess_type(str(path)).startswith(_TEXT) else None

    def _compressed(self, path: Path) -> io.BytesIO | None:
        """Send the header of a compressed file, or that it is not there, or that the browser has it already."""
        try:
            about, content = path.stat(), path.read_bytes()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        tag = f'"{about.st_mtime_ns:x}-{about.st_size:x}-gzip"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return None
        body = gzip.compress(content, compresslevel=6)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.end_headers()
        return io.BytesIO(body)

    def _is_ours(self) -> bool:
        """Whether the browser asked for this machine: a page of another site may give its own name this address."""
        return self.headers.get("Host", HOST).partition(":")[0] in (HOST, "localhost")

    def _is_shown(self) -> bool:
        """Whether the path, with the page that stands for a folder, lies within ours, neither hidden nor private."""
        folder = Path(self.directory).resolve()
        asked = Path(self.translate_path(self.path))
        try:
            found = [path.resolve() for path in (asked, *(asked / page for page in self.index_pages))]
        except ValueError:  # a null character, or half of a pair of surrogates
            return False
        if not all(path.is_relative_to(folder) for path in found):
            return False
        parts = [part for path in found for part in path.relative_to(folder).parts]
        return PRIVATE not in parts and not any(part.startswith(".") for part in parts)

    def list_directory(self, path: Any) -> None:
        """Refuse to list a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal quiet."""


class ReportServer(ThreadingHTTPServer):
    """A server that keeps the terminal quiet where a browser goes before its answer ends."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that broke off; anything else is a fault to be seen."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(root: Path, port: int) -> ThreadingHTTPServer:
    """Open a server of the reports on this machine's own address.

    Raises
    ------
    RunError
        Nothing has been made yet, or the port is taken.
    """
    folder = report_paths.reports(root)
    if not (folder / "index.html").is_file():
        raise RunError("reports: " + tr("nothing has been made yet. Run `make reports` first."))
    try:
        return ReportServer((HOST, port), partial(ReportHandler, directory=str(folder)))
    except OSError as error:
        raise RunError(
            tr(
                "PORT: {port} cannot be used ({error}). Name another one, as PORT=8001.",
                port=port,
                error=error.strerror,
            )
        ) from error
