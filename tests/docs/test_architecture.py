"""docs/architecture.md sends nobody to a place that is not there."""

import re
import tomllib

import papers
from papers import ROOT
from source_names import defined

PAGE = ROOT / "docs" / "architecture.md"
ROW = re.compile(r"^\| (.+?) \| `([\w/.]+)(?::([\w.]+))?` \|$", re.MULTILINE)


def places() -> list[tuple[str, str, str]]:
    """(question, path, name) of every row of the index."""
    _, _, index = PAGE.read_text("utf-8").partition("## Where do I find")
    return [(question, path, name or "") for question, path, name in ROW.findall(index)]


def missing(path: str, name: str) -> bool:
    """Whether there is no such file, or it does not define the name."""
    found = next((base / path for base in (ROOT / "lib" / "reachbook", ROOT) if (base / path).is_file()), None)
    return found is None or bool(name and name not in defined(found))


def test_every_place_of_the_index_is_there() -> None:
    found = places()
    assert len(found) >= 30
    assert [(path, name) for _, path, name in found if missing(path, name)] == []


def test_a_name_that_is_gone_is_missed() -> None:
    assert missing("result.py", "Result.judgement")
    assert missing("results.py", "")


def test_the_layers_are_those_that_are_enforced() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    enforced = [set(layer.split(" | ")) for layer in contracts[0]["layers"]]
    listed = re.findall(r"^\d+\. (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [set(re.findall(r"`(\w+)`", line)) for line in listed] == enforced[1:]  # without __main__


def test_the_picture_is_shown() -> None:
    assert "data_flow.svg" in papers.read(PAGE).links
