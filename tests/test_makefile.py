"""What a person types after a verb arrives as typed."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")


def passed_on(verb: str, *typed: str) -> list[str]:
    """The arguments that the program gets."""
    show = "printf '%s\\n'"
    asked = ["make", "-s", "-o", ".venv/.ready", verb, f"REACHBOOK={show}", *typed]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("text", ["costs $5 of $(HOME)", "\"double\" and 'single'", "`id` && $$ # %", "<script>"])
def test_a_note_is_neither_computed_nor_cut(text: str) -> None:
    said = passed_on("review", "VERSION=3f9a", f"BY={text}", "STATUS=approved", f"NOTE={text}")
    assert said == ["review", "--version", "3f9a", "--by", text, "--status", "approved", "--note", text]


def test_a_version_that_nobody_named_is_empty() -> None:
    assert passed_on("share") == ["share", "--version", ""]
