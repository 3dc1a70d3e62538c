"""Counts of comments that cannot be read as intended, for the report; none is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from reachbook.sentiment.text.folding import LONGEST, MENTION, chunks, fold, strings, without_emoticons
from reachbook.sentiment.text.opinion import silent
from reachbook.translation import joined, mark, tr

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"</?[a-z!][^<>\n]{0,300}>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});|\{%|%\}", re.I)
_MISREAD = re.compile(
    "\ufffd|锟斤拷|烫烫烫|屯屯屯"  # bytes that were no text at all, and memory that was never written
    "|ï¿½|[ÃÂ][\x80-\xbf]|â€|[åäæçéè][\x80-\xbf\u2010-\u203a€ŒœŠšŽžŸƒˆ˜™]"  # UTF-8 read as Latin-1 or Windows-1252
)
_HAN = re.compile("[\u4e00-\u9fff]")
_FEW = 2
_DEFECTS = {
    "empty": mark("{count:,} have nothing to read and get the probabilities of the labels as a whole"),
    "wordless": mark("{count:,} hold only emoji, emoticons or punctuation and are judged by these alone"),
    "silent": mark("{count:,} are bare links, mentions or reposts and get the probabilities of the labels as a whole"),
    "cut": mark("{count:,} are longer than {longest:,} characters and were read up to there"),
    "markup": mark("{count:,} hold markup, which was taken out"),
    "control": mark("{count:,} hold control characters, which were read as spaces"),
    "misread": mark("{count:,} look as if saved in another encoding than read (ask for the original file)"),
}


@dataclass(frozen=True)
class Readability:
    """Number of comments with each defect; a comment may have several.

    Attributes
    ----------
    texts : int
        All comments.
    cut : int
        Longer than is read.
    empty : int
        Only blanks, or missing.
    wordless : int
        Only emoji, emoticons or punctuation.
    silent : int
        A bare link, mention or repost mark, without words of the writer.
    control : int
        With control characters.
    markup : int
        With tags or entities of HTML or a template.
    misread : int
        With traces of a wrong character encoding.
    """

    texts: int
    cut: int
    empty: int
    wordless: int
    silent: int
    control: int
    markup: int
    misread: int

    def __add__(self, other: Readability) -> Readability:
        """Add the counts of both."""
        return Readability(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def describe(self) -> str:
        """Describe the defects in one sentence."""
        found = [
            tr(what, count=getattr(self, name), longest=LONGEST)
            for name, what in _DEFECTS.items()
            if getattr(self, name)
        ]
        if not found:
            return tr("All {texts:,} comments could be read in full.", texts=self.texts)
        return tr("Of {texts:,} comments {found}.", texts=self.texts, found=joined(found))


def unread(texts: Iterable[object]) -> Readability:
    """Count the comments that cannot be read as intended.

    Parameters
    ----------
    texts : iterable of object
        Texts, possibly from a generator; they are read in chunks.

    Raises
    ------
    DataError
        An item is not text.
    """
    total = Readability(0, 0, 0, 0, 0, 0, 0, 0)
    for chunk in chunks(texts):
        total += _counted(chunk)
    return total


def _counted(texts: list[object]) -> Readability:
    given = strings(texts)
    folded = fold(given)
    blank = [not each.strip() for each in folded.texts()]
    wordless = [_wordless(each) for each in fold(without_emoticons(given)).texts()]
    return Readability(
        texts=len(given),
        cut=sum(isinstance(each, str) and len(each) > LONGEST for each in texts),
        empty=sum(blank),
        wordless=sum(each and not nothing for each, nothing in zip(wordless, blank, strict=True)),
        silent=int(silent(folded).sum()),
        control=sum(_CONTROL.search(each) is not None for each in given),
        markup=sum(_MARKUP.search(each) is not None for each in given),
        misread=sum(_MISREAD.search(each) is not None or _misread_as_gb(each) for each in given),
    )


def _wordless(text: str) -> bool:
    """Whether a text has no letter, digit, mention or address."""
    return not any(each.isalnum() or ord(each) >= MENTION for each in text)


def _misread_as_gb(text: str) -> bool:
    """Whether the text is UTF-8 that was decoded as GB18030, such as 浣犲ソ for 你好.

    Notes
    -----
    Real Chinese text gives almost no Chinese characters when converted back.
    """
    if text.isascii():
        return False
    meant = text.encode("gb18030", "ignore").decode("utf-8", "ignore")
    return len(_HAN.findall(meant)) >= max(_FEW, len(_HAN.findall(text)) / 3)
