"""Every preset is a table that can be read, known by its columns alone, and yields to study.yaml."""

from pathlib import Path

import pytest

from helpers.exporters import EXPORTS
from reachbook.errors import DataError
from reachbook.tables import preset
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.preset import Preset, alternatives, load, resolved
from reachbook.tables.source import Source

NAMES = sorted(preset.paths())
FOLDERS = ("ads", "crawlers", "creators", "shops")


def source(name: str, **stated: object) -> Source:
    """The preset of a file as its exporter ends its name."""
    return resolved(Source(preset=name, path=f"x{EXPORTS[name].suffix}", **stated))  # type: ignore[arg-type]


def knows(each: Preset, columns: tuple[str, ...]) -> bool:
    """Whether a file with these columns is of this kind."""
    return all(set(alternatives(names)) & {*columns} for names in each.recognise) and not {*each.unless} & {*columns}


def test_every_preset_has_an_export_of_its_kind() -> None:
    assert sorted(EXPORTS) == NAMES


def test_no_two_files_share_a_name_and_no_folder_is_full() -> None:
    files = sorted(preset.FOLDER.glob("*/*.yaml"))
    assert len({file.stem for file in files}) == len(files) == len(NAMES)
    assert sorted({file.parent.name for file in files}) == sorted(FOLDERS)
    assert all(len([*(preset.FOLDER / folder).iterdir()]) <= 20 for folder in FOLDERS)


@pytest.mark.parametrize("name", NAMES)
def test_its_options_are_a_source_of_an_existing_table(name: str) -> None:
    contract, options = CONTRACTS[load(name).table], source(name)
    named = [*options.columns, *options.constants, *options.from_name, *options.numbers, *options.formats]
    named += [*options.values, *options.scale, *options.subtract]
    assert [ours for ours in named if contract.column(ours) is None] == []


@pytest.mark.parametrize("name", NAMES)
def test_needed_columns_are_mapped_or_given_or_asked_for(name: str) -> None:
    options, asked = source(name), load(name).ask
    given = {*options.columns, *options.constants, *options.from_name, *(each.rpartition(".")[2] for each in asked)}
    needed = {column.name for column in CONTRACTS[load(name).table].columns if column.needed}
    assert needed <= given


@pytest.mark.parametrize("name", NAMES)
def test_what_it_asks_for_is_an_option_of_a_source(name: str) -> None:
    contract = CONTRACTS[load(name).table]
    for each in load(name).ask:
        option, _, column = each.partition(".")
        assert option in Source.model_fields
        assert not column or contract.column(column) is not None


@pytest.mark.parametrize("name", NAMES)
def test_it_says_where_its_shape_was_read_and_when(name: str) -> None:
    assert "read 20" in load(name).shape


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_known_by_one_preset_alone(name: str) -> None:
    assert [other for other in NAMES if knows(load(other), EXPORTS[name].header)] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_every_column_it_is_known_by_or_needs_is_one_the_exporter_writes(name: str) -> None:
    header = {column.strip() for column in EXPORTS[name].header}
    for names in source(name).columns.values():
        assert header & {*alternatives(names)}


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(DataError) as error:
        load("taobao_order")
    assert str(error.value) == (
        "preset: there is no 'taobao_order'. Did you mean taobao_orders? `make presets` lists them."
    )


def test_what_study_yaml_states_wins_entry_by_entry() -> None:
    own = source("taobao_orders", columns={"amount": "总金额"}, trim=False)
    assert own.columns["amount"] == "总金额"
    assert own.columns["order_id"] == load("taobao_orders").options["columns"]["order_id"]
    assert own.trim is False
    assert own.where == source("taobao_orders").where


def test_an_option_stated_as_empty_takes_the_presets_away() -> None:
    assert source("taobao_orders", where={}).where == {}
    assert source("weibo_search", keep=None).keep is None


@pytest.mark.parametrize("nothing", ["[]", "null"])
def test_one_condition_is_taken_away_alone(nothing: str) -> None:
    (column,) = source("taobao_orders").where
    text = f'{{"preset": "taobao_orders", "path": "x.csv", "where": {{"{column}": {nothing}, "b": ["c"]}}}}'
    stated = Source.model_validate_json(text)
    assert resolved(stated).where == {"b": ("c",)}
    assert resolved(Source.model_validate_json(stated.model_dump_json())).where == {"b": ("c",)}, "as a run records it"


@pytest.mark.parametrize("nothing", ["{}", "[]", "null"])
def test_an_option_is_taken_away_by_any_empty_value_of_yaml(nothing: str) -> None:
    def stated(preset: str, option: str) -> object:
        text = f'{{"preset": "{preset}", "path": "x.csv", "{option}": {nothing}}}'
        return getattr(resolved(Source.model_validate_json(text)), option)

    assert source("taobao_orders").where
    assert stated("taobao_orders", "where") == {}
    assert source("taobao_orders").trim
    assert stated("taobao_orders", "trim") is False
    assert stated("weibo_search", "keep") is None
    assert stated("taobao_orders", "missing") == ()


def test_another_origin_of_a_column_replaces_the_presets() -> None:
    own = source("google_ads", constants={"channel": "search"})
    assert own.constants == {"channel": "search"}
    assert "channel" not in own.columns
    assert "spend" in own.columns


def test_parts_have_presets_of_their_own() -> None:
    both = resolved(Source(parts=(Source(preset="juguang", path="a.xlsx"), Source(preset="tencent_ads", path="b.csv"))))
    assert [part.constants for part in both.parts] == [{"channel": "xiaohongshu"}, {"channel": "wechat"}]


def test_a_file_that_breaks_the_form_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "shops" / "odd.yaml"
    file.parent.mkdir()
    file.write_text("title: Odd\ntabel: orders\n", encoding="utf-8")
    monkeypatch.setattr(preset, "paths", lambda: {"odd": file})
    with pytest.raises(DataError, match=r"presets/shops/odd\.yaml: is no preset"):
        load("odd")
