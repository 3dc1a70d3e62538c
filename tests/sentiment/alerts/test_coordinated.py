"""Organised groups: planted ones are found and told apart, quiet comments are left alone."""

import numpy as np
import pandas as pd
import pytest

from reachbook.sentiment.alerts.coordinated import find_coordinated

WORDS = """
    屏幕 电池 手感 外观 客服 物流 包装 价格 声音 系统 散热 键盘 早餐 房间 前台 位置 今天 昨天 朋友 家里 孩子
    同事 清楚 漂亮 实惠 麻烦 普通 安静 热情 新鲜 结实 模糊 破旧 便宜 方便 收到 打开 退回 安装 试用 确实 居然
    总算 好像
""".split()
PRAISE = ["好评", "不错", "很好!!!", "好好好好好好好好好好好好好", "五星好评", "满意", "👍👍👍", "真不错👍", "[赞][赞]"]


def quiet(seed: int, count: int = 1500) -> pd.DataFrame:
    """Comments of people who write each on their own: a third of them short praise that everybody writes."""
    rng = np.random.default_rng([seed, 61])
    long = ["".join(rng.choice(WORDS, rng.integers(6, 14))) for _ in range(count)]
    texts = np.where(rng.random(count) < 1 / 3, rng.choice(PRAISE, count), long).astype(object)
    at = pd.Timestamp("2026-07-01") + pd.to_timedelta(np.sort(rng.integers(0, 90 * 86400, count)), unit="s")
    user = [None if rng.random() < 0.2 else f"u{k}" for k in rng.integers(0, 400, count)]
    return pd.DataFrame({"text": texts, "at": at, "user_id": user, "platform": rng.choice(["weibo", "douyin"], count)})


def planted(copies: int, hours: float, accounts: int, seed: int = 1) -> pd.DataFrame:
    """Near copies of one text, each with another number and emoji, over `hours` from `accounts` accounts."""
    rng = np.random.default_rng([seed, 62])
    text = "这个牌子的电池真是太让人失望了,打13800138000也没人接"
    at = pd.Timestamp("2026-08-01") + pd.to_timedelta(rng.random(copies) * hours, unit="h")
    texts = [f"{text}{'😡' * (k % 3)}{k}" for k in range(copies)]
    return pd.DataFrame(
        {"text": texts, "at": at, "user_id": [f"army{k % accounts}" for k in range(copies)], "platform": "weibo"}
    )


@pytest.mark.parametrize(
    ("army", "sign", "accounts"),
    [
        (planted(12, 5, 12), "burst", 12),
        (planted(12, 24 * 60, 12), "copies", 12),
        (planted(4, 100, 1), "repeater", 1),
        (planted(9, 5, 2), "repeater", 2),
    ],
)
def test_a_planted_army_is_found_and_named(army: pd.DataFrame, sign: str, accounts: int) -> None:
    comments = pd.concat([quiet(1), army], ignore_index=True).sample(frac=1, random_state=3, ignore_index=True)
    found = find_coordinated(comments)
    assert found.table[["sign", "comments", "accounts", "platforms"]].values.tolist() == [
        [sign, len(army), accounts, "weibo"]
    ]
    assert set(comments.loc[found.flags, "user_id"]) == set(army["user_id"])
    assert (found.table["first"][0], found.table["last"][0]) == (army["at"].min(), army["at"].max())
    assert "[phone]" in found.table["example"][0]
    assert f"{len(army)} of {len(comments):,} comments, in 1 group, " in found.describe()


def test_quiet_comments_are_left_alone() -> None:
    """20 quiet tables of 1,500 comments, a third of them short praise: no group in any (30,000 comments)."""
    assert sum(len(find_coordinated(quiet(seed)).table) for seed in range(20)) == 0


def test_shares_without_an_army_are_those_of_the_others() -> None:
    comments = pd.concat([quiet(2, 300), planted(100, 5, 60)], ignore_index=True)
    p = np.repeat([[0.2, 0.2, 0.6], [0.9, 0.05, 0.05]], [300, 100], axis=0)
    moved = find_coordinated(comments).without(p).set_index("polarity")
    assert moved.loc["negative"].tolist() == pytest.approx([0.375, 0.2, -0.175])
    assert moved["moved"].sum() == pytest.approx(0)


def test_texts_alone_are_enough_and_nothing_is_made_up() -> None:
    found = find_coordinated(planted(8, 5, 8)[["text"]])
    assert found.table["sign"].tolist() == ["copies"]
    assert found.table[["accounts", "first"]].isna().all(axis=None)
    assert found.unknown == 8
    empty = find_coordinated(pd.DataFrame({"text": pd.Series([], dtype=object)}))
    assert empty.describe() == "Of 0 comments none shares a longer wording with many others or repeats its own."
