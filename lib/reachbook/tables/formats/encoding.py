"""Which encoding a text file is in, and its text in UTF-8."""

import codecs
import io
import re

from reachbook.errors import DataError
from reachbook.tables.formats.big5 import big5, first_signs
from reachbook.tables.problems import show
from reachbook.translation import mark, tr

_STEP = 1 << 24
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HAN = re.compile("[\u4e00-\u9fff]")
_ENOUGH = 3
"""Different Chinese characters, which no text in GB18030 gives by chance when it is read as UTF-8."""
_CUT_OFF = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")


class _Undecodable(ValueError):
    """Bytes that an encoding does not have, from `position` on.

    Attributes
    ----------
    cut : bool
        Whether the data end within a character.
    """

    def __init__(self, encoding: str, position: int, cut: bool) -> None:
        self.encoding, self.position, self.cut = encoding.upper(), position, cut
        super().__init__(encoding, position)


def recode(data: bytes, place: str, encoding: str | None) -> tuple[bytes, str]:
    """Convert bytes to UTF-8 without byte-order mark.

    Returns
    -------
    tuple of (bytes, str)
        The text, and the encoding it had.

    Raises
    ------
    DataError
        The bytes are not valid in the encoding, or are Big5 by their looks.

    Notes
    -----
    A byte-order mark decides; else strict UTF-8; else strict GB18030, which Chinese office software writes, unless the
    characters are rare ones and those of Big5 common, or the bytes are Chinese in UTF-8 but for some. A stated encoding
    is never second-guessed.
    """
    for sign, name in _MARKS:
        if data.startswith(sign) and encoding in (None, name, name[:6], "utf-8-sig"):
            return _stated(data, name, place, len(sign)), f"{name} with byte-order mark"
    if encoding:
        return _stated(data, encoding, place), encoding.lower()
    try:
        return _decode(data, "utf-8"), "utf-8"
    except _Undecodable as error:
        return _other_than_utf8(data, place, error), "gb18030"


def _stated(data: bytes, encoding: str, place: str, start: int = 0) -> bytes:
    """Text behind `start` in an encoding that was stated, or that a byte-order mark names."""
    try:
        return _decode(data, encoding, start)
    except _Undecodable as error:
        said = mark(
            "byte 0x{byte:02x} (no. {nth} of its line) is not {encoding}. State what the file is in, as in "
            "`encoding: big5`, or export it as UTF-8."
        )
        raise _refusal(data, place, error, said) from None


def _other_than_utf8(data: bytes, place: str, first: _Undecodable) -> bytes:
    """Text of bytes that are not UTF-8.

    Raises
    ------
    DataError
        They are not GB18030 either, or rather UTF-8 or Big5. Its line is that of the first byte that does not fit, in
        the encoding that the bytes before it are in.
    """
    broken = mark(
        "byte 0x{byte:02x} (no. {nth} of its line) is not {encoding}, which fits all before it. Mend the characters "
        "there, or export the file again; if it is in another encoding, state it, as in `encoding: big5`."
    )
    if len({*_HAN.findall(data[: first.position].decode())}) >= _ENOUGH:
        raise _refusal(data, place, first, broken)
    try:
        text = _decode(data, "gb18030")
    except _Undecodable as second:
        if _line(data, second.position) > _line(data, first.position):
            raise _refusal(data, place, second, broken) from None
        neither = mark(
            "byte 0x{byte:02x} (no. {nth} of its line) is neither UTF-8 nor GB18030. State what the file is in, as in "
            "`encoding: big5`, or export it as UTF-8."
        )
        raise _refusal(data, place, first, neither) from None
    refuse_big5(data, place)
    return text


def _refusal(data: bytes, place: str, error: _Undecodable, said: str) -> DataError:
    """The error with the line, the byte, and its place in the line."""
    at = f"{place}:{_line(data, error.position)}: "
    if error.cut:
        return DataError(
            at
            + tr(
                "ends within a character of {encoding}, as if the file were cut off. Export or copy it again.",
                encoding=error.encoding,
            )
        )
    nth = error.position - data.rfind(b"\n", 0, error.position)
    return DataError(at + tr(said, byte=data[error.position], nth=nth, encoding=error.encoding))


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def refuse_big5(data: bytes, place: str) -> None:
    """Raise for text that GB18030 can read, but only as rare characters, and Big5 as common ones."""
    other = big5(data)
    if other:
        read = show(first_signs(data, other))
        raise DataError(
            f"{place}: "
            + tr(
                "is not UTF-8, and reads as {read} in Big5, as rare characters in GB18030. State "
                "`encoding: {other}`, or `encoding: gb18030`.",
                read=read,
                other=other,
            )
        )


def _decode(data: bytes, encoding: str, start: int = 0) -> bytes:
    """Convert the bytes behind `start` to UTF-8 in blocks, so that a large file is not held a second time as text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    plain = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    out = io.BytesIO()
    for here in range(start, len(data), _STEP):
        last = here + _STEP >= len(data)
        try:
            piece = decoder.decode(data[here : here + _STEP], final=last)
        except UnicodeDecodeError as error:
            behind = len(error.object) - error.start  # the decoder keeps what the block before it left open
            cut = last and (error.end == len(error.object)) and error.reason in _CUT_OFF
            raise _Undecodable(encoding, min(here + _STEP, len(data)) - behind, cut) from None
        if not plain:
            out.write(piece.encode("utf-8"))
    return data[start:].removeprefix(codecs.BOM_UTF8) if plain else out.getvalue()
