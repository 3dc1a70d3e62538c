"""Slips of the keyboard in YAML: full-width punctuation, tabs, a colon without its space; where they are, what to type.

A parser stumbles lines after the slip, over something that is right. Here the line that is wrong is found.
"""

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_KEY = r"^\s*(?:- +)?[\"']?(?P<key>[\w.-]+)[\"']?"
_WIDE = {
    "：": "a full-width colon (：); write a plain colon and a space",
    "，": "a full-width comma (，); write a plain one",
    "｛": "full-width braces (｛｝); write plain ones",
    "｝": "full-width braces (｛｝); write plain ones",
    "［": "full-width brackets (［］); write plain ones",
    "］": "full-width brackets (［］); write plain ones",
    "【": "full-width brackets (【】); write plain ones, [ and ]",
    "“": "curly quotes (“”); write plain ones",
    "”": "curly quotes (“”); write plain ones",
    "\u3000": "a full-width space; write a plain one",
    "\u00a0": "a non-breaking space; write a plain one",
}
_WRONG = (
    (re.compile(r"^ *\t"), "the line is indented with a tab. Write spaces instead"),
    (re.compile(r"^\s*[\u3000\u00a0]"), "the line is indented with a space that is none to YAML. Write plain ones"),
    (re.compile(_KEY + r"\s*："), "the colon after {key} is a full-width one (：). Write `{key}: ...` instead"),
    (re.compile(_KEY + r" *:[\u3000\u00a0]"), "after {key}: stands a space that is none to YAML. Write a plain one"),
    (re.compile(_KEY + r" *: *[｛［【]"), "the bracket after {key}: is a full-width one. Write a plain { or ["),
    (re.compile(r"[{\[][^}\]]*(?P<key>，)"), "the comma {key} is a full-width one. Write a plain one and a space"),
    (re.compile(r"[{\[][^}\]]*(?P<key>：)"), "the colon {key} is a full-width one. Write a plain one and a space"),
    (re.compile(r"[{\[].*(?P<key>[｝］】])"), "the bracket {key} is a full-width one. Write a plain } or ]"),
    (re.compile(_KEY + r" *: *[“”‘’]"), "the quotes after {key}: are curly. Write plain ones"),
    (re.compile(_KEY + r":(?!//)[^\s:/\\]"), "there is no space after the colon of {key}. Write `{key}: ...`"),
)
_MENDS = {"：": ": ", "，": ", ", "“": '"', "”": '"', "\u3000": " ", "\u00a0": " "}
_PLAIN = str.maketrans(_MENDS | dict(zip("｛｝［］【】", "{}[][]", strict=True)))
_COLON_IN_TEXT = re.compile(_KEY + r" *: +[^\s\"'{\[#|>&*].*(?:: |:$)")
_FAR = 50
"""Lines back to look: a block that long without a stumble holds no slip."""


def found(text: str, error: YAMLError) -> tuple[int, str] | None:
    """Line (from 1) and remedy of the slip over which the parser stumbled; None where none is to be seen."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    lines = text.splitlines()
    last = min(mark.line if mark else len(lines) - 1, len(lines) - 1)
    seen = [(number, told) for number in range(last, max(last - _FAR, -1), -1) if (told := _slip(lines[number]))]
    guilty = next((each for each in seen if _helps(lines, [each[0]], last)), None)
    if guilty is None and seen and _helps(lines, [number for number, _ in seen], last):
        guilty = seen[-1]
    if guilty:
        return guilty[0] + 1, guilty[1]
    problem = str(getattr(error, "problem", ""))
    if last >= 0 and "mapping values" in problem and (inside := _COLON_IN_TEXT.match(lines[last])):
        return last + 1, f"the text after {inside['key']}: holds a colon. Put the text into quotes."
    if context and mark and ("end of stream" in problem or context.line < mark.line) and "block" not in _context(error):
        return context.line + 1, "a quote or bracket that opens here is not closed. Close it."
    if "cannot start any token" in problem:
        return last + 1, f"a text that begins with {lines[last][mark.column]} must stand in quotes." if mark else ""
    return None


def first(text: str) -> tuple[int, str] | None:
    """Line and remedy of the first slip in a file that is no mapping at all."""
    return next(((number, told) for number, line in enumerate(text.splitlines(), 1) if (told := _slip(line))), None)


def hint(*texts: object) -> str:
    """A sentence on what was typed in full width in these texts, with a space before it; "" where nothing was."""
    return next((f" It holds {told}." for told in _wide(texts)), "")


def _wide(texts: tuple[object, ...]) -> Iterator[str]:
    for text in texts:
        if isinstance(text, str):
            yield from (told for mark, told in _WIDE.items() if mark in text)


def _slip(line: str) -> str:
    if line.lstrip().startswith("#"):
        return ""
    for pattern, told in _WRONG:
        if seen := pattern.search(line):
            return told.replace("{key}", seen.groupdict().get("key") or "") + "."
    return ""


def _helps(lines: list[str], numbers: list[int], last: int) -> bool:
    """Whether the parser gets beyond line `last` once these lines are mended: then the slip was theirs."""
    mended = [_mended(line) if number in numbers else line for number, line in enumerate(lines)]
    try:
        YAML(typ="safe", pure=True).compose("\n".join(mended))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark is not None and mark.line > last
    return True


def _mended(line: str) -> str:
    spaced = re.sub(_KEY + r":(?=\S)", lambda key: f"{key[0]} ", line.translate(_PLAIN))
    return spaced.replace("\t", "  ")


def _context(error: YAMLError) -> str:
    return str(getattr(error, "context", ""))
