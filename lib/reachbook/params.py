"""Reads params/<study>/*.yaml into frozen schemas, and says file, line and remedy when something is wrong."""

import difflib
import json
import math
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reachbook import yaml_typos
from reachbook.demands import demand
from reachbook.errors import ParamsError
from reachbook.spec import Keys, Spec
from reachbook.tables.address import redacted
from reachbook.translation import sentences, tr

_DEEPEST = 20
_MOST_VALUES = 50_000
"""Values that a file may hold, those that its aliases repeat counted each time."""
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "timestamp", "value")}
_COMPUTED = re.compile("[_:xob=]")
"""What no number or day in decimal digits holds."""
_ONE_TUPLE = re.compile(r"\(('[^']*'),\)")
"""How the parser spells the token that it found."""


@dataclass(frozen=True)
class Document:
    """A parameter file as plain data, with the place each value was written.

    values : the mapping that the file (and those it extends) holds.
    places : path of keys -> "file:line".
    """

    values: dict[str, Any]
    places: dict[Keys, str] = field(default_factory=dict)

    def place(self, keys: Keys) -> str:
        """Where `keys`, or else the nearest mapping around it, is written."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, "")


def read_yaml(path: Path, shown: str) -> Document:
    """The document in `path`; `shown` is how messages name the file.

    Raises ParamsError for a missing file, bad encoding, bad YAML, a repeated key or a value that is not finite.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _read(text, shown)
    except FileNotFoundError as error:
        raise ParamsError(f"{shown}: " + tr("there is no such file. Create it, or correct the name.")) from error
    except UnicodeDecodeError as error:
        raise ParamsError(
            f"{shown}: " + tr("byte {start} is not UTF-8. Save the file as UTF-8.", start=error.start)
        ) from error
    except OSError as error:
        raise ParamsError(
            f"{shown}: " + tr("cannot be read ({strerror}). Mend its rights, or the name.", strerror=error.strerror)
        ) from error


@lru_cache(maxsize=64)
def _read(text: str, shown: str) -> Document:
    """The document in `text`; planning asks for the same ones several times."""
    try:
        node, constructor = _composed(text)
    except YAMLError as error:
        raise ParamsError(_yaml_message(shown, error, text)) from error
    if node is None:
        return Document({}, {(): f"{shown}:1"})
    if not isinstance(node, MappingNode):
        if slip := yaml_typos.first(text):
            raise ParamsError(f"{shown}:{slip[0]}: {slip[1]}")
        raise ParamsError(f"{shown}:1: " + tr("the file is not a list of `key: value` lines. Write one key a line."))
    places: dict[Keys, str] = {}
    try:
        return Document(_plain(constructor, node, (), shown, places), places)
    except YAMLError as error:
        raise ParamsError(_unreadable(shown, error)) from error


def _composed(text: str) -> tuple[Node | None, SafeConstructor]:
    """The tree of nodes in `text` by YAML 1.2, and what makes plain values of its leaves."""
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth, yaml.composer.warn_double_anchors = _DEEPEST + 2, False
    return yaml.compose(text), yaml.constructor


def _yaml_message(shown: str, error: YAMLError, text: str) -> str:
    if isinstance(error, MaxDepthExceededError):
        return f"{shown}:{_line(error)}: {_too_deep()}"
    if slip := yaml_typos.found(text, error):
        return f"{shown}:{slip[0]}: {slip[1]}"
    return _unreadable(shown, error)


def _unreadable(shown: str, error: YAMLError) -> str:
    problem = _ONE_TUPLE.sub(r"\1", getattr(error, "problem", None) or str(error).splitlines()[0])
    return f"{shown}:{_line(error)}: " + tr(
        "not readable as YAML ({problem}). Check indentation, quotes and colons on this line and the one above.",
        problem=problem,
    )


def _too_deep() -> str:
    return tr("nested more than {most} levels deep. Flatten it; an alias may point at itself.", most=_DEEPEST)


def _too_many() -> str:
    return tr(
        "the file holds more than {most:,} values, with those that aliases (*name) repeat. "
        "Write fewer aliases of aliases.",
        most=_MOST_VALUES,
    )


def _line(error: YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _plain(constructor: SafeConstructor, node: Node, keys: Keys, shown: str, places: dict[Keys, str]) -> Any:
    places[keys] = place = f"{shown}:{node.start_mark.line + 1}"
    if len(places) > _MOST_VALUES:
        raise ParamsError(f"{place}: {_too_many()}")
    if len(keys) > _DEEPEST:
        raise ParamsError(f"{place}: {_too_deep()}")
    if isinstance(node, SequenceNode):
        return [_plain(constructor, item, (*keys, i), shown, places) for i, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(constructor, node, keys, shown, places)
    try:
        value = _scalar(constructor, node)
    except (YAMLError, ValueError) as error:
        raise ParamsError(
            f"{place}: "
            + tr(
                "{value!r} cannot be read ({why}). Correct the value.",
                value=node.value,
                why=str(error).splitlines()[0],
            )
        ) from error
    if isinstance(value, float) and not math.isfinite(value):
        raise ParamsError(
            f"{place}: "
            + tr("{name} is {value}, not a finite number. Write a number.", name=dotted(keys), value=node.value)
        )
    return value


def _scalar(constructor: SafeConstructor, node: Node) -> Any:
    """A plain 2026_618, 0x1f, = or time of day is text, as it stands: the library would compute with it."""
    if str(node.tag) in _TAGS and not getattr(node, "style", "") and _COMPUTED.search(str(node.value)):
        return node.value
    return constructor.construct_object(node)


def _mapping(
    constructor: SafeConstructor, node: MappingNode, keys: Keys, shown: str, places: dict[Keys, str]
) -> dict[str, Any]:
    constructor.flatten_mapping(node)
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise ParamsError(f"{shown}:{line}: " + tr("a list or map stands as a key. Write a name before the colon."))
        key = str(key_node.value)
        if not key_node.style and _is_slip(key, value_node):
            raise ParamsError(
                f"{shown}:{line}: "
                + sentences(
                    tr("{key!r} is no key.", key=key.strip()),
                    yaml_typos.hint(key) or tr("Write a name before the colon."),
                )
            )
        if key in values:
            raise ParamsError(
                f"{shown}:{line}: "
                + tr("{name} is written twice. Keep one of the two lines.", name=dotted((*keys, key)))
            )
        values[key] = _plain(constructor, value_node, (*keys, key), shown, places)
        places[(*keys, key)] = f"{shown}:{line}"
    return values


def _is_slip(key: str, value: Node) -> bool:
    """A key that begins with a space that is none to YAML, or whose own colon is a full-width one."""
    return key[:1] in "\u3000\u00a0" or (value.value == "" and "：" in key)


def merge(parent: Document, child: Document) -> Document:
    """`child` over `parent`: nested maps are merged, everything else replaced; places follow their values.

    Notes
    -----
    An empty map replaces too: so a child takes back what its parent states.
    """
    return Document(_over(parent.values, child.values), {**parent.places, **child.places})


def _over(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _over(old[key], value) if isinstance(value, dict) and value and isinstance(old.get(key), dict) else value
        for key, value in new.items()
    }
    return {**old, **both}


def validated[S: Spec](document: Document, schema: type[S]) -> S:
    """The document as `schema`.

    Raises ParamsError with one line a mistake: `file:line: what. Remedy.`
    """
    text = json.dumps(document.values, default=str, ensure_ascii=False)
    try:
        return schema.model_validate_json(text)
    except ValidationError as error:
        lines = [
            sentences(_explain(document, schema, dict(mistake)), yaml_typos.hint(*mistake["loc"], mistake["input"]))
            for mistake in error.errors()
        ]
        raise ParamsError("\n".join(dict.fromkeys(lines))) from error


def _explain(document: Document, schema: type[Spec], mistake: dict[str, Any]) -> str:
    keys: Keys = tuple(mistake["loc"])
    place, name = document.place(keys), redacted(dotted(keys))
    if mistake["type"] == "extra_forbidden":
        return f"{place}: " + sentences(tr("{name} is not a known key.", name=name), *_known(schema, keys))
    if mistake["type"] == "missing":
        return f"{place}: " + tr("{name} is missing. Add a line `{key}: ...` here.", name=name, key=keys[-1])
    if mistake["type"] in ("value_error", "assertion_error"):
        return f"{place}: {name} {mistake['msg'].removeprefix('Value error, ')}".replace(":  ", ": ")
    asked = demand(mistake)
    if "url" in keys or "://" in str(mistake["input"]):
        hidden = tr("{name} cannot be read (its value is not shown, since a URL may hold a password).", name=name)
        return f"{place}: {sentences(hidden, asked)}"
    shown = tr("{name} is {value}.", name=name, value=_shown(mistake["input"]))
    return f"{place}: {sentences(shown, asked)}"


def _known(schema: type[Spec], keys: Keys) -> tuple[str, ...]:
    names = sorted(_schema_at(schema, keys[:-1]).model_fields)
    near = difflib.get_close_matches(str(keys[-1]), names, n=1)
    guess = tr("Did you mean {name}?", name=near[0]) if near else ""
    return guess, tr("Known here: {names}.", names=", ".join(names))


def _schema_at(schema: type[Spec], keys: Keys) -> type[Spec]:
    for key in keys:
        annotation = schema.model_fields[str(key)].annotation if str(key) in schema.model_fields else None
        schema = next((found for found in _specs_in(annotation)), schema)
    return schema


def _specs_in(annotation: Any) -> list[type[Spec]]:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return [annotation]
    return [spec for argument in get_args(annotation) for spec in _specs_in(argument)]


def dotted(keys: tuple[Hashable, ...]) -> str:
    """Keys as a person writes them: tests[0].channel."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
