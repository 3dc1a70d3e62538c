"""Print a page to PDF and draw figures as PNG with an installed Chromium."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from reachbook.engine import scratch
from reachbook.errors import RunError
from reachbook.translation import tr

CHROMIUM = "CHROMIUM"
"""Environment variable that names the browser to use."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 120
SCALE = 3
"""Pixels of a PNG for each pixel of the page, so that it stays sharp on a slide."""


def find() -> str:
    """Path of a Chromium.

    Raises
    ------
    RunError
        None is installed.
    """
    found = os.environ.get(CHROMIUM) or next((path for name in _NAMES if (path := shutil.which(name))), "")
    if not found:
        raise RunError(
            tr("PDF and PNG need Chromium, and none is installed. Install it, or set CHROMIUM to the browser's path.")
        )
    return found


def pdf(page: Path, target: Path) -> None:
    """Print `page` to `target`.

    Raises
    ------
    RunError
        There is no browser, or it failed.
    """
    _run(["--no-pdf-header-footer", f"--print-to-pdf={target.resolve()}", page.resolve().as_uri()], target)


def png(html: str, size: tuple[int, int], target: Path) -> None:
    """Draw `html` on a page of `size` (width, height in CSS pixels) to `target`.

    Raises
    ------
    RunError
        There is no browser, or it failed.
    """
    with scratch.folder() as temporary:
        page = Path(temporary) / "figure.html"
        page.write_text(html, encoding="utf-8")
        drawn = [f"--screenshot={target.resolve()}", f"--window-size={size[0]},{size[1]}"]
        _run([*drawn, f"--force-device-scale-factor={SCALE}", "--hide-scrollbars", page.as_uri()], target)


def _run(options: list[str], target: Path) -> None:
    with scratch.folder() as profile:
        own = ["--headless=new", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        own += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        try:
            said = _ended([find(), *own, *options])
        except OSError as error:
            raise RunError(tr("the browser did not draw {file}: {why}", file=target.name, why=error)) from error
        except subprocess.TimeoutExpired as error:
            target.unlink(missing_ok=True)
            why = tr("it had not ended after {n} seconds. Try again when the machine is less busy.", n=_SECONDS)
            raise RunError(tr("the browser did not draw {file}: {why}", file=target.name, why=why)) from error
    if not target.is_file():
        raise RunError(tr("the browser did not draw {file}: {why}", file=target.name, why=said))


def _ended(command: list[str]) -> str:
    """Run a browser to its end and return the last line it said; its own processes end with it, whatever happens."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True
    ) as running:
        try:
            _, said = running.communicate(timeout=_SECONDS)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(running.pid, signal.SIGKILL) if hasattr(os, "killpg") else running.kill()
    return (said.strip().splitlines() or [""])[-1]
