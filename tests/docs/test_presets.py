"""What docs/tables.md says of presets is what their files say, and its examples are presets and sources."""

import json

from ruamel.yaml import YAML

import papers
from reachbook.tables import preset
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.preset import Preset, load, resolved
from reachbook.tables.source import Source

PAGE = papers.ROOT / "docs" / "tables.md"


def example(key: str) -> dict[str, object]:
    """The example on the page that begins with this key."""
    text = next(text for language, text in papers.read(PAGE).blocks if language == "yaml" and text.startswith(key))
    plain: dict[str, object] = YAML(typ="safe", pure=True).load(text)
    return json.loads(json.dumps(plain, default=str))  # type: ignore[no-any-return]


def test_every_preset_stands_in_the_list_in_the_order_of_the_folders() -> None:
    text = PAGE.read_text("utf-8")
    listed = text.partition("| preset | table | export |\n|---|---|---|\n")[2].partition("\n\n")[0]
    files = sorted(preset.paths().values())
    expected = [f"| {each.stem} | {load(each.stem).table} | {load(each.stem).title} |" for each in files]
    assert listed.splitlines() == expected


def test_the_example_of_a_study_names_presets_of_its_tables() -> None:
    for name, written in example("tables:")["tables"].items():  # type: ignore[attr-defined]
        source = Source.model_validate_json(json.dumps(written))
        resolved(source)
        assert {load(str(part.preset)).table for part in source.parts or (source,)} == {name}


def test_the_example_of_a_preset_is_one() -> None:
    made = Preset.model_validate_json(json.dumps(example("title:")))
    options = Source.model_validate_json(json.dumps(made.options | {"path": "till.csv"}))
    needed = {column.name for column in CONTRACTS[made.table].columns if column.needed}
    assert needed == {*options.columns}
