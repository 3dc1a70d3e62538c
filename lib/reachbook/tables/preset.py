"""Presets: known exports, each a small YAML file with the options by which it is read."""

import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from reachbook.errors import DataError
from reachbook.spec import Spec
from reachbook.tables.source import Source
from reachbook.translation import sentences, tr

FOLDER = Path(__file__).parent / "presets"
"""Where the files stand, in one folder a kind of exporter."""


class Preset(Spec):
    """One known export.

    Attributes
    ----------
    title : str
        What it is, as in a list.
    table : str
        Our name of the table that it gives.
    shape : str
        Where its shape was read, and when.
    recognise : tuple of (str or tuple of str)
        Names of columns by which a file is known: all must be there, of alternatives one.
    unless : tuple of str
        Names of columns by which a file is known to be another export.
    ask : dict of str to str
        What the export does not say and a person must, by option of the source.
    options : dict
        Options of the source, as in study.yaml.
    """

    title: str = Field(min_length=1)
    table: str
    shape: str = Field(min_length=1)
    recognise: tuple[str | tuple[str, ...], ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    ask: dict[str, str] = Field(default_factory=dict)
    options: dict[str, Any] = Field(default_factory=dict)


@cache
def paths() -> dict[str, Path]:
    """File of each preset, by its name, in alphabetical order."""
    return {path.stem: path for path in sorted(FOLDER.glob("*/*.yaml"), key=lambda path: path.stem)}


@cache
def load(name: str) -> Preset:
    """Read one preset.

    Raises
    ------
    DataError
        There is none of this name, or its file breaks the form.
    """
    if name not in paths():
        near = difflib.get_close_matches(name, paths(), n=1, cutoff=0.4)
        hint = tr("Did you mean {near}?", near=near[0]) if near else ""
        raise DataError(
            sentences(tr("preset: there is no {name!r}.", name=name), hint, tr("`make presets` lists them."))
        )
    path = paths()[name]
    place = f"presets/{path.parent.name}/{path.name}"
    try:
        plain = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        return Preset.model_validate_json(json.dumps(plain, default=str))
    except (YAMLError, ValidationError, ValueError) as error:
        raise DataError(f"{place}: " + tr("is no preset ({error}).", error=" ".join(str(error).split()))) from None


def resolved(source: Source) -> Source:
    """Return the source with the options of its preset; what study.yaml states wins, maps entry by entry.

    Raises
    ------
    DataError
        The preset does not exist, or its options and the stated ones contradict each other.

    Notes
    -----
    An option that study.yaml states as empty, as in `where: {}`, takes the preset's away, and an entry of it that is
    empty, as in `where: {状态: null}`, that entry.
    """
    if source.parts:
        return source.model_copy(update={"parts": tuple(map(resolved, source.parts))})
    if source.preset is None:
        return _without_taken_back(source)
    options = dict(load(source.preset).options)
    stated = json.loads(source.model_dump_json(include=source.model_fields_set))
    for option, value in stated.items():
        preset = options.get(option)
        both = isinstance(preset, dict) and isinstance(value, dict) and value
        options[option] = {**preset, **value} if both else value  # type: ignore[dict-item]
    for option in ("columns", "constants", "from_name"):  # another origin for a column replaces the preset's
        for other in {"columns", "constants", "from_name"} - {option}:
            if option in stated and stated[option] and other in options and other not in stated:
                options[other] = {k: v for k, v in options[other].items() if k not in stated[option]}
    try:
        return _without_taken_back(Source.model_validate_json(json.dumps(options | {"preset": source.preset})))
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise DataError(
            tr("preset {preset} and the options beside it do not go together: {said}.", preset=source.preset, said=said)
        ) from None


def _without_taken_back(source: Source) -> Source:
    """The source without the entries of its rules on rows that are empty."""
    rules = {name: rule for name in ("where", "refund_rows") if () in (rule := getattr(source, name)).values()}
    kept = {name: {key: each for key, each in rule.items() if each != ()} for name, rule in rules.items()}
    return source.model_copy(update=kept) if kept else source


def for_table(source: Source, table: str) -> None:
    """Raise where a preset gives another table than the one that names it.

    Raises
    ------
    DataError
        It does.
    """
    for each in (source, *source.parts):
        if each.preset is not None and load(each.preset).table != table:
            raise DataError(
                tr(
                    "preset {preset}: gives the table {table}, not {named}. Move it there, or name another "
                    "preset: `make presets` lists them.",
                    preset=each.preset,
                    table=load(each.preset).table,
                    named=table,
                )
            )


def alternatives(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """One name or several as a tuple."""
    return (names,) if isinstance(names, str) else names
