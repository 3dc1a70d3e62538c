"""Slang, emoticons, sarcasm, and denials of something bad: SnowNLP's answer beside ours, which learnt from reviews.

python benchmarks/sentiment/slang_probes.py
"""

from reachbook import sentiment
from reachbook.sentiment.classifier.model import Model
from reachbook.sentiment.text.base_corpus import reviews
from reachbook.sentiment.text.labels import POLARITIES

PROBES = (
    ("这家店yyds，下次还来", "weibo", "positive"),
    ("绝绝子，好吃到哭", "weibo", "positive"),
    ("纯纯智商税，别买", "weibo", "negative"),
    ("被博主种草了，入手不亏", "xiaohongshu", "positive"),
    ("果断拔草，谁买谁后悔", "xiaohongshu", "negative"),
    ("踩雷了，大家避雷", "xiaohongshu", "negative"),
    ("客服态度可真好[微笑]", "weibo", "negative"),
    ("一开始不信，结果真香", "bilibili", "positive"),
    ("又来割韭菜", "weibo", "negative"),
    ("无语子，发货等了半个月", "weibo", "negative"),
    ("太下头了，直接劝退", "weibo", "negative"),
    ("无限回购的宝藏面霜", "xiaohongshu", "positive"),
)
"""Sentence, platform, polarity."""

DENIALS = tuple(
    """
    一点也不差 不会后悔 不是不好喝 没有不满意 不难过 并不觉得贵 没有让人失望 一点都不贵 毫无异味 从没失望过 不会不喜欢
    没毛病 没有差评 不算贵 物流不慢 不至于难吃 没什么不好 不怎么贵
    """.split()
)
"""Praise in the words of blame; the platform does not matter."""


def trained(step: int = 1) -> Model:
    """A classifier from every `step`-th text of the base reviews and nothing else."""
    whole = reviews()
    return sentiment.train(whole.texts[::step], whole.labels[::step], base=None)


def ours(model: Model) -> list[float]:
    """Probability of positive for each probe, where it was written."""
    texts, platforms, _ = zip(*PROBES, strict=True)
    return [float(each) for each in model.predict_proba(texts, platforms)[:, POLARITIES.index("positive")]]


def main() -> None:
    """Print both answers."""
    from snownlp import SnowNLP

    snow = [SnowNLP(text).sentiments for text, _, _ in PROBES]
    right = [0, 0]
    print("probability of positive; * is wrong\n   meant     SnowNLP    ours")
    for (text, platform, polarity), *found in zip(PROBES, snow, ours(trained()), strict=True):
        hits = [(each > 0.5) == (polarity == "positive") for each in found]
        right = [count + hit for count, hit in zip(right, hits, strict=True)]
        answers = "  ".join(f"{each:6.2f}{' ' if hit else '*'}" for each, hit in zip(found, hits, strict=True))
        print(f"   {polarity}  {answers}   {text} ({platform})")
    print(f"right: SnowNLP {right[0]} of {len(PROBES)}, ours {right[1]} of {len(PROBES)}")
    denied = trained().predict_proba(DENIALS)[:, POLARITIES.index("positive")]
    for text, probability in zip(DENIALS, denied, strict=True):
        both = SnowNLP(text).sentiments, float(probability)
        print(f"   positive  {'  '.join(f'{each:6.2f}{" " if each > 0.5 else "*"}' for each in both)}   {text}")


if __name__ == "__main__":
    main()
