"""Lines of a drafted YAML file: keys with values and reasons, some of them commented out."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

_BARE = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff./+-]*(?: [\w\u4e00-\u9fff./+-]+)*")
_WORDS = frozenset("true false null yes no on off y n nan inf".split())
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WIDE = 112


@dataclass(frozen=True)
class YamlEntry:
    """One key of a draft.

    Attributes
    ----------
    value : scalar, list, dict or tuple of YamlEntry or of tuples of YamlEntry
        Entries make a block with a line each; tuples of entries a list of such blocks.
    why : str
        Reason, written as a comment; "" for none.
    off : bool
        Whether the line is commented out: a suggestion, or a question.
    """

    key: str
    value: Any
    why: str = ""
    off: bool = False


def plain(entries: Sequence[YamlEntry]) -> dict[str, Any]:
    """What a YAML reader makes of the entries that are not commented out."""
    found = {each.key: _plain(each.value) for each in entries if not each.off}
    return {key: value for key, value in found.items() if value != {} or not _is_block(entries, key)}


def _is_block(entries: Sequence[YamlEntry], key: str) -> bool:
    return any(each.key == key and not each.off and isinstance(each.value, tuple) for each in entries)


def _plain(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    if value and isinstance(value[0], tuple):
        return [plain(each) for each in value]
    return plain(value)


def text(entries: Sequence[YamlEntry]) -> str:
    """The entries as YAML."""
    return "".join(f"{line}\n" for line in _lines(entries))


def _lines(entries: Sequence[YamlEntry]) -> Iterator[str]:
    for each in entries:
        silent = isinstance(each.value, tuple) and not _says(each.value)
        shown = replace(each, value=tuple(replace(one, off=False) for one in each.value)) if silent else each
        for line in _of(shown):
            yield f"# {line}" if (each.off or silent) and not line.startswith("#") else line


def _of(entry: YamlEntry) -> Iterator[str]:
    if not isinstance(entry.value, tuple):
        yield from _with_reason(f"{scalar(entry.key)}: {flow(entry.value)}", entry.why)
        return
    yield from _with_reason(f"{scalar(entry.key)}:", entry.why)
    if isinstance(entry.value[0], tuple):
        for item in entry.value:
            yield from _item(list(_lines(item)))
    else:
        yield from (f"  {line}" for line in _lines(entry.value))


def _item(lines: Sequence[str]) -> Iterator[str]:
    """Lines of a block as one item of a list; its first key carries the dash, comments above it stay above."""
    first = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    yield from (f"  {line}" for line in lines[:first])
    yield f"  - {lines[first]}"
    yield from (f"    {line}" for line in lines[first + 1 :])


def _says(value: tuple[Any, ...]) -> bool:
    """Whether any line below is not commented out."""
    return any(isinstance(each, tuple) or (not each.off and _stands(each)) for each in value)


def _stands(entry: YamlEntry) -> bool:
    return not isinstance(entry.value, tuple) or _says(entry.value)


def _with_reason(line: str, why: str) -> Iterator[str]:
    reason = "".join(sign for sign in " ".join(why.split()) if sign.isprintable())
    if reason and len(line) + len(reason) + 4 > _WIDE:
        yield f"# {reason}"
        yield line
    else:
        yield f"{line}  # {reason}" if reason else line


def scalar(value: Any) -> str:
    """A value on one line; text in quotes where YAML could read it as something else."""
    if isinstance(value, str):
        bare = _BARE.fullmatch(value) and value.casefold() not in _WORDS
        return value if bare else "".join(map(_escaped, json.dumps(value, ensure_ascii=False)))
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _escaped(sign: str) -> str:
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def flow(value: Any) -> str:
    """A value, list or map on one line; days without quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    return scalar(value)
