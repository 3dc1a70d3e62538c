"""The writer's own opinion in a folded text, separated out before characters are counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from reachbook.sentiment.text.folding import ADDRESS, LITOTES, MENTION, Batch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

PRAISE = 0.8
"""Polarity of a negated negative word before any label, on the scale of the slang tables from -1 to 1."""

_MARK = f"{chr(MENTION)}{chr(ADDRESS)}"
_SILENT = re.compile(
    rf"(?:[{_MARK}]|转发(?:微博|视频|了)?|转(?=[/ ])|reposts?|rt(?![a-z])|分享(?:图片|视频|链接|网页)|网页链接"
    rf"|快转(?:微博|了)?|回复(?= ?{chr(MENTION)})|查看(?:图片|链接)|图片评论|来自|via|o(?=网页)"
    r"|[\s/:：,，.。!！~|、+\-])+"
)
_OPENING = np.array([ord(each) for each in f"{_MARK}转快回r分网查图来vo/: "], dtype=np.uint32)
_DENYING = np.array([ord(each) for each in "不没无未毫零"], dtype=np.uint32)

_WORSE = """
    差(?!不多|异|别|距|价|钱|人|这|那|你|我|几|点|评) 差劲 差评 后悔 失望 难过 难受 难吃 难喝 难用 难闻 难看(?!出|到|见)
    贵(?!宾|阳|州|族) 坏(?!处) 烂 脏 臭 腥 腻 油腻 吵 吵闹 慢 卡顿 痛 疼 刺激 刺鼻 过敏 麻烦 糟 糟糕 丑 土气 冷清 拥挤
    乱 烦 讨厌 可怕 恐怖 吃亏 亏 坑 上当 毛病 瑕疵 缺点 异味 色差 破损 损坏 起球 掉色 褪色 副作用 遗憾 怨言 抱怨 无聊
    生硬 粗糙 紧张 尴尬 枯燥 寒酸 累人 费劲 心疼 反感 嫌弃 做作 违和 踩过?雷 踩过?坑 翻车 不满(?!意) 槽点
""".split()
_BETTER = "好(?:喝|吃|看|用|闻|听|玩)? 满意 喜欢 舒服 值得? 开心 高兴 专业 新鲜 干净 方便 划算 合适 实用".split()
_BETWEEN = """
    一点儿? 半点 丝毫 任何 什么 啥 会 是 算 显得 觉得 感到 感觉 [让令使叫](?:人|[我你您他她](?:们)?|大家) 很 太 那么
    这么 怎么 特别 非常 十分 有 有点儿? 有些 至于 曾 过于 算是 存在 可 可能
    想[象像][中得]?的? 预期中?的? 传说中的? (?<=[挑找看]不)[出到]
""".split()
_DENIAL = "不|没|无|未|毫无|零"
_STRESS = "(?:(?:一点儿?|半点|丝毫|完全|根本|真的?|真心|绝对?|从来?|并|也|都|倒)*(?=[不没无未毫]))?"


def _any(parts: Iterable[str]) -> str:
    return "|".join(sorted(parts, key=lambda each: (-len(each), each)))


_BEFORE = r"(?<![能难岂])(?<!不得)(?<!怎么)(?<!为什么)(?<!难道)(?<!还会)"
_ASKED = r"(?![^,，。.;；\n]{0,4}(?:吗|么|嘛|[?？]))"
_TAKEN_BACK = r"(?![^。.;；\n]{0,8}[,，]?(?:而是|只是|就是|但|可是|不过|是(?:真|非常|很|太|特别|极|因为)))"
_LITOTES = re.compile(
    rf"(?P<plain>(?:没有?|无|不是|并非)(?:{_any(_BETWEEN)})?(?:{_DENIAL})(?:{_any(_WORSE)}))"
    rf"|{_STRESS}{_BEFORE}(?P<denial>{_DENIAL})(?!得不)(?:{_any(_BETWEEN)}){{0,3}}"
    rf"(?:(?:{_any(_WORSE)}){_ASKED}|不(?:{_any(_BETTER)}){_ASKED}{_TAKEN_BACK})"
)


def opinions(batch: Batch) -> Batch:
    """Empty texts without an opinion, and replace each negated negative expression by one code point; text i stays text
    i.

    Notes
    -----
    Character counts are misled in two ways. A repost mark, a bare link or a mention is nobody's opinion; such texts are
    emptied, so that they get the overall probabilities of the labels. And Chinese negates at a distance: 一点也不差,
    不会后悔 and 不是不好喝 praise with the words of blame. Each such litotes becomes one code point, whose polarity is
    taken to be positive until labels say otherwise. Expressions that only resemble one are left to the counts:
    questions (不贵吗, 差不差), 不得不, 不能再差, and what is taken back at once (不是不好, 是太贵).
    """
    spoken = ~silent(batch)
    keep, codes = np.repeat(spoken, batch.lengths), batch.codes.copy()
    for begin, end in _denials(batch, spoken):
        codes[begin] = LITOTES
        keep[begin + 1 : end] = False
    before = np.concatenate([[0], np.cumsum(keep)])
    return Batch(codes[keep], before[batch.starts].astype(np.int64))


def silent(batch: Batch) -> Flags:
    """Flag texts that hold only repost marks, links or mentions, bool array (texts,)."""
    result = np.zeros(len(batch), dtype=bool)
    rows = np.flatnonzero(batch.lengths > 0)
    opening = np.isin(batch.codes[batch.starts[rows]], _OPENING)
    for row in rows[opening].tolist():
        text = batch.text(row)
        result[row] = _SILENT.fullmatch(text) is not None and any(each.isalpha() or each in _MARK for each in text)
    return result


def _denials(batch: Batch, asked: Flags) -> list[tuple[int, int]]:
    """(first, end) of each negated negative expression, as positions in the batch's codes."""
    at = np.flatnonzero(np.isin(batch.codes, _DENYING))
    rows = np.unique(np.searchsorted(batch.starts, at, side="right") - 1)
    found = []
    for row in rows[asked[rows]].tolist():
        text, start = batch.text(row), int(batch.starts[row])
        for match in _LITOTES.finditer(text):
            if match["plain"] is None and not _either_or(text, match.start("denial"), match.end()):
                found.append((start + match.start(), start + match.end()))
    return found


def _either_or(text: str, begin: int, end: int) -> bool:
    """Whether the negation is part of a question of the form A-not-A, such as 贵不贵 or 会不会后悔."""
    return begin > 0 and begin + 1 < end and text[begin - 1] == text[begin + 1]
