"""Words of comments, and the role each may play in a term, from jieba's tokens and parts of speech."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import rjieba
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from reachbook.sentiment.text.folding import fold

BREAK, FUNCTION, DEGREE, DENIAL, CONTENT = range(5)
"""Roles: ends a phrase; never part of one; only inside one; may begin one; makes one up."""
JUDGEMENT, EITHER, THING = range(3)
"""Kinds: judges (满意); may name a thing or an event (退房); names a thing (屏幕)."""

_DEGREE = frozenset(
    """
    很 太 也 还 挺 真 较 更 最 好 比较 非常 有点 有些 十分 相当 特别 过于 不 不太 不够 都
    """.split()
)
_DENIAL = frozenset(
    """
    不 没 没有 无 无法 太 太过 过于 不够 不太 难 not no too never cannot
    """.split()
)
_EMPTY = frozenset(
    """
    是 有 在 到 去 来 说 看 要 想 会 能 让 给 做 用 买 写 读 住 讲 带 请 叫 当 像 成 过 起 上 下 里 中 前 后 内
    外 人 个 本 时 天 年 月 日 点 次 家 位 件 种 样 事 话 先 开 走 出 进 回 放 拿 找 发 打 得 着 了 的 地 可
    没什么 觉得 感觉 感到 知道 认为 以为 应该 可能 可以 能够 希望 发现 出现 开始 需要 想要 看到 看看 看来 听说
    说明 时候 时间 当时 东西 方面 问题 情况 事情 部分 总体 整体 基本 总的来说 左右 大家 别人 呵呵 哈哈 嘿嘿
    没有 还有 只有 所有 有人 有时 不是 就是 还是 不会 不能 不要 不用 不知 不过 来说 起来 下来 出来 上去 进去
    第一次 第二 一个 一点 一下 一些 有点 有些 好像 似乎 居然 竟然 根本 简直 真的 确实 另外 其他 其它 同时 目前
    今天 昨天 明天 现在 以后 以前 之后 之前 最后 然后 后来 几天 每天 小时 分钟 告诉 决定 准备 继续 进行 属于
    作为 包括 导致 造成 变成 成为 使得 实在 唯一 是不是 结果 想象 是否 算是 看着 显得 稍显 基本上 不算 看起来
    实际 超级 原因 个人 只能 才能 不了 不到 可惜 重要 主要 比如 所谓 整个 不同 建议 要求 遇到 提出 打开 得到
    放在 令人 估计 考虑 注意 相信 明白 肯定 必须 愿意 打算 期待 完全 直接 一般 一样 差不多 不好意思 just really
    got get like don didn did does doesn isn wasn won ve ll re im one time thing things lot way
    """.split()
)
_JUDGING = frozenset("很太不超稍难")
"""First characters of words that judge (很大, 太小, 不错), whatever their part of speech."""
_JUDGES = frozenset(
    """
    喜欢 推荐 值得 适合 满意 失望 后悔 郁闷 享受 感动 感谢 吸引 支持 无语 遗憾 垃圾 好书 热情 陈旧 安静 温馨
    普通 经典 习惯 影响 足够 够用 丰富 超值 缺点 优点 好评 差评 good great nice best love excellent awesome
    amazing perfect happy recommend bad worst terrible awful horrible hate poor disappointed disappointing
    sucks thanks thank slow fast cheap expensive easy hard broken late rude
    """.split()
)
_OPINION = re.compile("好[吃喝看用闻玩听穿]|[香美]味")
"""Verbs and nouns by the dictionary that say how something is (好吃), not what it is."""
_SPEAKING = ("n", "v", "a", "i", "l", "j", "b", "z", "s", "eng")
_WORD = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z0-9+#]*")


@dataclass(frozen=True)
class Tokens:
    """Words of many texts, one after another.

    Attributes
    ----------
    words : str array (vocabulary,)
        Each word once.
    role : int64 array (vocabulary,)
        BREAK, FUNCTION, DEGREE, DENIAL or CONTENT.
    kind : int64 array (vocabulary,)
        JUDGEMENT, EITHER or THING.
    ids : int64 array (tokens,)
        Index into `words`.
    text : int64 array (tokens,)
        Text of each token.
    """

    words: np.ndarray
    role: np.ndarray
    kind: np.ndarray
    ids: np.ndarray
    text: np.ndarray


def tokens(texts: Sequence[str]) -> Tokens:
    """Split texts into words; a space between two Latin words joins them, any other sign separates its neighbours."""
    cut = np.array(["\n", *rjieba.cut("\n".join(fold(texts).texts()), False), "\n"], dtype=object)
    ids, words = pd.factorize(cut)
    words = np.asarray(words, dtype=object)
    text = np.cumsum(ids == 0) - 1
    latin = np.array([word[0] <= "z" and bool(_WORD.fullmatch(word)) for word in words])[ids]
    joining = np.zeros(len(ids), dtype=bool)
    joining[1:-1] = (cut[1:-1] == " ") & latin[:-2] & latin[2:]
    parts = [_part(word) for word in words]
    role, kind = np.array(parts, dtype=np.int64).T
    return Tokens(words, role, kind, ids[~joining], text[~joining])


@cache
def _part(word: str) -> tuple[int, int]:
    """Role and kind of a word."""
    if not _WORD.fullmatch(word):
        return BREAK, EITHER
    if word in _DENIAL or word in _DEGREE:
        return (DENIAL if word in _DENIAL else DEGREE), JUDGEMENT
    tags = {tag for _, tag in rjieba.tag(word, False)}
    if word in _EMPTY or word in ENGLISH_STOP_WORDS or not any(tag.startswith(_SPEAKING) for tag in tags):
        return FUNCTION, EITHER
    if (
        word in _JUDGES
        or word[0] in _JUDGING
        or _OPINION.fullmatch(word)
        or any(tag.startswith(("a", "i", "z")) for tag in tags)
    ):
        return CONTENT, JUDGEMENT
    return CONTENT, THING if all(tag.startswith(("n", "eng")) for tag in tags) else EITHER


def judges(term: str) -> bool:
    """Whether a term says how something is, so that negating it inverts its meaning: 好吃, satisfied."""
    cut = [word for word in rjieba.cut(term, False) if word.strip()]
    return bool(cut) and all(_part(word.lower())[1] == JUDGEMENT for word in cut)
