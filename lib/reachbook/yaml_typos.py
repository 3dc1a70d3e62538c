"""Slips of the keyboard in YAML: full-width punctuation, tabs, a colon without its space; where they are, what to type.

A parser stumbles lines after the slip, over something that is right. Here the line that is wrong is found.
"""

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from reachbook.translation import mark, tr

_KEY = r"^\s*(?:- +)?[\"']?(?P<key>[\w.-]+)[\"']?"
_WIDE = {
    "：": mark("a full-width colon (：); write a plain colon and a space"),
    "，": mark("a full-width comma (，); write a plain one"),
    "｛": mark("full-width braces (｛｝); write plain ones"),
    "｝": mark("full-width braces (｛｝); write plain ones"),
    "［": mark("full-width brackets (［］); write plain ones"),
    "］": mark("full-width brackets (［］); write plain ones"),
    "【": mark("full-width brackets (【】); write plain ones, [ and ]"),
    "“": mark("curly quotes (“”); write plain ones"),
    "”": mark("curly quotes (“”); write plain ones"),
    "\u3000": mark("a full-width space; write a plain one"),
    "\u00a0": mark("a non-breaking space; write a plain one"),
}
_WRONG = (
    (re.compile(r"^ *\t"), mark("the line is indented with a tab. Write spaces instead")),
    (
        re.compile(r"^\s*[\u3000\u00a0]"),
        mark("the line is indented with a space that is none to YAML. Write plain ones"),
    ),
    (re.compile(_KEY + r"\s*："), mark("the colon after {key} is a full-width one (：). Write `{key}: ...` instead")),
    (
        re.compile(_KEY + r" *:[\u3000\u00a0]"),
        mark("after {key}: stands a space that is none to YAML. Write a plain one"),
    ),
    (re.compile(_KEY + r" *: *[｛［【]"), mark("the bracket after {key}: is a full-width one. Write a plain { or [")),
    (
        re.compile(r"[{\[][^}\]]*(?P<key>，)"),
        mark("the comma {key} is a full-width one. Write a plain one and a space"),
    ),
    (
        re.compile(r"[{\[][^}\]]*(?P<key>：)"),
        mark("the colon {key} is a full-width one. Write a plain one and a space"),
    ),
    (re.compile(r"[{\[].*(?P<key>[｝］】])"), mark("the bracket {key} is a full-width one. Write a plain } or ]")),
    (re.compile(_KEY + r" *: *[“”‘’]"), mark("the quotes after {key}: are curly. Write plain ones")),
    (re.compile(_KEY + r":(?!//)[^\s:/\\]"), mark("there is no space after the colon of {key}. Write `{key}: ...`")),
)
_MENDS = {"：": ": ", "，": ", ", "“": '"', "”": '"', "\u3000": " ", "\u00a0": " "}
_PLAIN = str.maketrans(_MENDS | dict(zip("｛｝［］【】", "{}[][]", strict=True)))
_COLON_IN_TEXT = re.compile(_KEY + r" *: +[^\s\"'{\[#|>&*].*(?:: |:$)")
_FAR = 50
"""Lines back to look: a block that long without a stumble holds no slip."""


def found(text: str, error: YAMLError) -> tuple[int, str] | None:
    """Line (from 1) and remedy of the slip over which the parser stumbled; None where none is to be seen."""
    where, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    lines = text.splitlines()
    last = min(where.line if where else len(lines) - 1, len(lines) - 1)
    seen = [(number, told) for number in range(last, max(last - _FAR, -1), -1) if (told := _slip(lines[number]))]
    guilty = next((each for each in seen if _helps(lines, [each[0]], last)), None)
    if guilty is None and seen and _helps(lines, [number for number, _ in seen], last):
        guilty = seen[-1]
    if guilty:
        return guilty[0] + 1, guilty[1]
    problem = str(getattr(error, "problem", ""))
    if last >= 0 and "mapping values" in problem and (inside := _COLON_IN_TEXT.match(lines[last])):
        return last + 1, tr("the text after {key}: holds a colon. Put the text into quotes.", key=inside["key"])
    if (
        context
        and where
        and ("end of stream" in problem or context.line < where.line)
        and "block" not in _context(error)
    ):
        return context.line + 1, tr("a quote or bracket that opens here is not closed. Close it.")
    if "cannot start any token" in problem:
        return last + 1, tr(
            "a text that begins with {sign} must stand in quotes.", sign=lines[last][where.column]
        ) if where else ""
    return None


def first(text: str) -> tuple[int, str] | None:
    """Line and remedy of the first slip in a file that is no mapping at all."""
    return next(((number, told) for number, line in enumerate(text.splitlines(), 1) if (told := _slip(line))), None)


def hint(*texts: object) -> str:
    """A sentence on what was typed in full width in these texts; "" where nothing was."""
    return next((tr("It holds {what}.", what=tr(told)) for told in _wide(texts)), "")


def _wide(texts: tuple[object, ...]) -> Iterator[str]:
    for text in texts:
        if isinstance(text, str):
            yield from (told for sign, told in _WIDE.items() if sign in text)


def _slip(line: str) -> str:
    if line.lstrip().startswith("#"):
        return ""
    for pattern, told in _WRONG:
        if seen := pattern.search(line):
            return tr(told).replace("{key}", seen.groupdict().get("key") or "") + tr(".")
    return ""


def _helps(lines: list[str], numbers: list[int], last: int) -> bool:
    """Whether the parser gets beyond line `last` once these lines are mended: then the slip was theirs."""
    mended = [_mended(line) if number in numbers else line for number, line in enumerate(lines)]
    try:
        YAML(typ="safe", pure=True).compose("\n".join(mended))
    except YAMLError as error:
        where = getattr(error, "problem_mark", None)
        return where is not None and where.line > last
    return True


def _mended(line: str) -> str:
    spaced = re.sub(_KEY + r":(?=\S)", lambda key: f"{key[0]} ", line.translate(_PLAIN))
    return spaced.replace("\t", "  ")


def _context(error: YAMLError) -> str:
    return str(getattr(error, "context", ""))
