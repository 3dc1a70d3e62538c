"""Exports of the platforms' own consoles for who publishes there."""

from functools import partial

from helpers.exporters.cells import cut, written
from helpers.exports import Export, Line

_FORMATS = {"image_text": "图文", "short_video": "视频"}
_to_the_day = partial(cut, "published_at", hour=0, minute=0, second=0)


def _by_channel(lines: list[Line]) -> list[Line]:
    return [line | {"渠道": channel} for line in lines for channel in ("全部", "朋友圈", "推荐")]


EXPORTS: dict[str, Export] = {
    "xhs_creator_notes": Export(
        tuple("笔记标题 首次发布时间 体裁 曝光 观看量 封面点击率 点赞 评论 收藏 涨粉 分享 人均观看时长 弹幕".split()),
        {
            "首次发布时间": written("published_at", "%Y年%m月%d日%H时%M分%S秒"),
            "体裁": lambda row: _FORMATS[row["format"]],
        },
        fit=lambda row: row | {"content_id": f"{row['published_at']:%Y年%m月%d日%H时%M分%S秒}"},
        suffix=".xlsx",
        above=(("最多导出排序后前1000条笔记",) * 13,),
    ),
    "douyin_creator_videos": Export(
        tuple(
            "作品名称 发布时间 体裁 审核状态 播放量 完播率 5s完播率 封面点击率 2s跳出率 平均播放时长 点赞量 分享量 "
            "评论量 收藏量 主页访问量 粉丝增量".split()
        ),
        {"发布时间": written("published_at", "%Y-%m-%d %H:%M:%S"), "作品名称": lambda row: "第一条,\n第二行 😭"},
        fit=lambda row: row | {"content_id": f"{row['published_at']:%Y-%m-%d %H:%M:%S}"},
    ),
    "channels_videos": Export(
        tuple("视频描述 视频ID 发布时间 完播率 平均播放时长 播放量 推荐 喜欢 评论量 分享量 关注量".split()),
        {
            "视频ID": lambda row: f"\texport/{row['content_id']}",
            "发布时间": written("published_at", "%Y/%m/%d"),
        },
        fit=lambda row: _to_the_day(row | {"content_id": f"export/{row['content_id']}"}),
    ),
    "wechat_articles": Export(
        ("渠道", "发表日期", "内容标题", "阅读人数"),
        {"内容标题": "content_id", "发表日期": written("published_at", "%Y%m%d")},
        _by_channel,
        _to_the_day,
        suffix=".xlsx",
        above=(("数据趋势",), ()),
        left=11,
    ),
    "wechat_article_list": Export(
        tuple("内容标题 发表日期 阅读人数 分享人数 阅读后关注人数 送达人数 送达完成率 阅读完成率 内容url".split()),
        {
            "内容url": lambda row: f"https://example.com/s/{row['content_id']}?a=1&b=2#rd",
            "发表日期": written("published_at", "%Y%m%d"),
        },
        fit=lambda row: _to_the_day(row | {"content_id": f"https://example.com/s/{row['content_id']}?a=1&b=2#rd"}),
        suffix=".xlsx",
        above=(("数据来源概况",),),
    ),
}
