"""The environment is pinned once and says the same to everybody."""

import re
import tomllib
from pathlib import Path

from reachbook.environment import conda, pins

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def test_environment_yml_holds_the_same_pins() -> None:
    python = (ROOT / ".python-version").read_text("utf-8").strip()
    assert (ROOT / "environment.yml").read_text("utf-8") == conda(LOCK, python)


def test_every_package_is_pinned_and_hashed() -> None:
    assert len(pins(LOCK)) == len(re.findall(r"^[a-z0-9]", LOCK, re.MULTILINE))
    assert len(re.findall(r"--hash=sha256:", LOCK)) >= len(pins(LOCK))


def test_the_lock_names_no_index() -> None:
    assert "://" not in LOCK


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]["test"]
    asked = [re.split(r"[\[<>=]", each)[0].replace(".", "-") for each in (*project["dependencies"], *extras)]
    locked = {pin.split("==")[0] for pin in pins(LOCK)}
    assert asked
    assert set(asked) <= locked
