"""docs/parameters.md, from the schemas of study.yaml and of every notebook: `python -m reachbook.reference`."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from reachbook import notebook
from reachbook.study.spec import StudySpec

PAGE = "docs/parameters.md"
_HEAD = """\
# Parameters
Every key that a file under `params/<study>/` may hold. Made from the schemas by `python -m reachbook.reference`; edit
the descriptions there, not this page. A key that is left out has its default; one that is not listed is refused by
`make validate`, with the nearest name that is known. "none" means: not stated. Ratios are written as 0.05, days as
2026-07-01.
"""
_KINDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "null": "none",
    "object": "map",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}
_LISTED = re.compile(r"(?:^|; )(\w+(?:, \w+)*) : ", re.MULTILINE)


def page(root: Path) -> str:
    """The text of docs/parameters.md for the notebooks of the project at `root`."""
    parts = [_HEAD, *_group("study.yaml", "The study: its period, its tables, its notebooks.", StudySpec)]
    for name in notebook.find(root):
        book = notebook.read(root, name)
        parts += _group(name, f"{book.title} In `params/<study>/{name}.yaml`.", book.schema())
    return "\n".join(parts)


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a schema means: its description, else what its class's docstring says."""
    listed = _from_docstring(inspect.getdoc(model) or "")
    return {name: field.description or listed.get(name, "") for name, field in model.model_fields.items()}


def _group(title: str, intro: str, model: type[BaseModel]) -> list[str]:
    """A heading and a table for a schema, then the same for each schema inside it."""
    inner = [each for each in _models(model) if each is not model]
    tables = [f"## {title}\n{intro}\n", table(model)]
    for each in inner:
        tables += [f"### {each.__name__}\n{_first_sentence(each)}\n", table(each)]
    return tables


def table(model: type[BaseModel]) -> str:
    """A Markdown table of a schema's fields: name, type with limits, default, meaning."""
    described = meanings(model)
    rows = [
        f"| `{name}` | {_kind(about)} | {_default(model, name)} | {_cell(described[name])} |"
        for name, about in _properties(model).items()
    ]
    return "\n".join(["| name | type | default | meaning |", "|---|---|---|---|", *rows]) + "\n"


def _properties(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """JSON Schema of each field; a schema that holds itself stands among its own definitions."""
    schema = model.model_json_schema()
    schema = schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return dict(schema["properties"])


def _models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The schema and all that its fields hold, each once, in the order in which they are named."""
    found = [model]
    for each in found:
        for field in each.model_fields.values():
            found += [inner for inner in _inside(field.annotation) if inner not in found]
    return found


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _inside(part)


def _kind(about: dict[str, Any]) -> str:
    """A type of JSON Schema in words, with its bounds."""
    if "anyOf" in about:
        return " or ".join(_kind(each) for each in about["anyOf"])
    if "$ref" in about:
        name = about["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in about:
        return " / ".join(f"`{each}`" for each in about["enum"])
    bounds = [f"{word} {about[key]:,}" for key, word in _BOUNDS.items() if key in about]
    return f"{_plain(about)} ({', '.join(bounds)})" if bounds else _plain(about)


def _plain(about: dict[str, Any]) -> str:
    kind = about.get("type", "")
    if kind == "array":
        return f"list of {_kind(about['items'])}"
    values = about.get("additionalProperties")
    if kind == "object" and isinstance(values, dict):
        return f"map (name: {_kind(values)})"
    return "day" if about.get("format") == "date" else _KINDS.get(kind, "anything")


def _default(model: type[BaseModel], name: str) -> str:
    field = model.model_fields[name]
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    value = value.model_dump(mode="json", exclude_defaults=True) if isinstance(value, BaseModel) else value
    return "none" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


def _from_docstring(text: str) -> dict[str, str]:
    """Name -> meaning of every `name : meaning` in a docstring; several names may share one."""
    lines = re.sub(r"\n +", " ", text)
    parts = _LISTED.split(lines)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {name: meaning.partition("\n")[0].strip() for names, meaning in pairs for name in names.split(", ")}


def _first_sentence(model: type[BaseModel]) -> str:
    return (inspect.getdoc(model) or "").partition("\n")[0]


def _cell(text: str) -> str:
    """Text for a cell of a table: outside code, `<` would begin a tag."""
    parts = text.rstrip(".").replace("|", "\\|").split("`")
    return "`".join(part if i % 2 else part.replace("<", "\\<") for i, part in enumerate(parts))


if __name__ == "__main__":
    Path(PAGE).write_text(page(Path.cwd()), encoding="utf-8")
