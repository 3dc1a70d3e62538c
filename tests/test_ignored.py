"""What a team exports about its members never gets into version control by accident."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KEPT_OUT = ["data/acme/会员.xlsx", "data/orders.csv", "data/acme/events.db", "data/acme/more/a.parquet"]
KEPT_OUT += ["reports/acme/count/0123456789ab/tables/people.parquet", ".cache/tables/users.parquet"]
KEPT_OUT += ["lists/acme/0123456789ab/segment-1.csv"]
KEPT_IN = ["data/README.md", "reports/README.md", "params/acme/study.yaml", "params/acme/orders.sql"]


@pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
def test_exports_are_ignored_and_parameters_are_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    asked = ["git", "-C", str(tmp_path), "-c", "core.quotepath=off", "check-ignore", *KEPT_OUT, *KEPT_IN]
    assert subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines() == KEPT_OUT
