"""Show the reports to a browser on this machine, and nothing else to anybody."""

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reachbook import report_paths
from reachbook.errors import RunError

HOST = "127.0.0.1"


class ReportHandler(SimpleHTTPRequestHandler):
    """Serves files of one folder, without listings and without links that lead out of it."""

    def send_head(self) -> Any:
        """Send a file's header, or an error where it is hidden or lies outside of the folder."""
        path, folder = Path(self.translate_path(self.path)).resolve(), Path(self.directory).resolve()
        if not path.is_relative_to(folder) or any(part.startswith(".") for part in path.relative_to(folder).parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        """Refuse to list a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal quiet."""


def server(root: Path, port: int) -> ThreadingHTTPServer:
    """Open a server of the reports on this machine's own address.

    Raises
    ------
    RunError
        Nothing has been made yet, or the port is taken.
    """
    folder = report_paths.reports(root)
    if not (folder / "index.html").is_file():
        raise RunError("reports: nothing has been made yet. Run `make reports` first.")
    try:
        return ThreadingHTTPServer((HOST, port), partial(ReportHandler, directory=str(folder)))
    except OSError as error:
        raise RunError(f"PORT: {port} cannot be used ({error.strerror}). Name another one, as PORT=8001.") from error
