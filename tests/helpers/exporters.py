"""One export for each preset, in the shape that its exporter gives it."""

from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from helpers.exports import Cell, Export, Line, Row

Lines = list[Line]

_BEIJING = ZoneInfo("Asia/Shanghai")
_FORMATS = {"image_text": "图文", "short_video": "视频"}


def _counted(name: str, factor: int = 1) -> Cell:
    """A time as counted since 1970: in seconds, or with 1000 in milliseconds."""
    return lambda row: str(int(row[name].replace(tzinfo=_BEIJING).timestamp()) * factor)


def _written(name: str, form: str) -> Cell:
    return lambda row: format(row[name], form)


def _cut(name: str, row: Row, **parts: int) -> Row:
    """Cut a time, with `second=0` to the minute."""
    return row | {name: row[name].replace(**parts)}


_to_the_day = partial(_cut, "published_at", hour=0, minute=0, second=0)


def _crawled(lines: Lines) -> Lines:
    """Above the lines an older version of the first, as a crawl that appends to its file leaves it."""
    newer = [line | {"last_modify_ts": "1790000000000"} for line in lines]
    return [newer[0] | {"last_modify_ts": "1780000000000"}, *newer]


def _commented(lines: Lines) -> Lines:
    """As posts, with another text in the older version, and below them a comment of only a picture."""
    older, *newer = _crawled(lines)
    return [older | {"content": "older"}, *newer, newer[0] | {"comment_id": "picture", "content": ""}]


def _comments(header: str, post: str, at: str = "create_time", factor: int = 1, **more: Any) -> Export:
    names = header.split()
    user = next(name for name in names if name in ("user_id", "creator_hash"))
    time = _counted("at", factor) if factor else _written("at", "%Y-%m-%d %H:%M:%S")
    cells: dict[str, Cell] = {
        "comment_id": "comment_id", at: time, post: "content_id", "content": "text", user: "user_id",
    }  # fmt: skip
    return Export((*names, "last_modify_ts"), cells, _commented, **more)


def _posts(header: str, post: str, at: str = "create_time", factor: int = 1, **more: Any) -> Export:
    time = _counted("published_at", factor) if factor else _written("published_at", "%Y-%m-%d %H:%M:%S")
    return Export((*header.split(), "last_modify_ts"), {post: "content_id", at: time}, _crawled, **more)


def _appended(lines: Lines) -> Lines:
    """The first line twice, because a later run found it again."""
    return [lines[0], *lines]


def _split(spend: str, impressions: str, where: str, label: str, lines: Lines) -> Lines:
    """Each line in two parts, as of two campaigns, and a line of totals behind them."""
    parts = [part for line in lines for part in _parts(line, spend, impressions)]
    total = dict.fromkeys(lines[0], "") | {where: label}
    total[spend] = f"{sum(Decimal(line[spend]) for line in parts):,}"
    total[impressions] = f"{sum(int(line[impressions]) for line in parts):,}"
    return [*parts, total]


def _parts(line: Line, spend: str, impressions: str) -> tuple[Line, Line]:
    money, views = Decimal(line[spend]), int(line[impressions])
    first = (money / 3).quantize(Decimal("0.01"))
    return (
        line | {spend: str(first), impressions: str(views // 3)},
        line | {spend: str(money - first), impressions: str(views - views // 3)},
    )


def _ads(header: str, day: str, spend: str, impressions: str, total: tuple[str, str], **more: Any) -> Export:
    """A report of ads, whose columns stand in `header` with | between them; `total` is where it says what."""
    cells: dict[str, Cell] = {day: "week", spend: "spend", impressions: "impressions", **more.pop("cells", {})}
    return Export(tuple(header.split("|")), cells, partial(_split, spend, impressions, *total), **more)


def _taobao(lines: Lines) -> Lines:
    open_, closed = (
        lines[0] | {"订单编号": f'="10000000000000000{i}"', "订单状态": status, "买家实际支付金额": "0.00"}
        for i, status in enumerate(("等待买家付款", "交易关闭"))
    )
    return [open_, *(line | {"订单状态": "交易成功"} for line in lines), closed]


def _shopify(lines: Lines) -> Lines:
    """Every order with a second line for its second item, one voided order, one refund in part."""
    further = ["Financial Status", "Total", "Created at", "Discount Amount", "Refunded Amount", "Paid at"]
    paid = [line | {"Financial Status": "paid", "Refunded Amount": "0.00"} for line in lines]
    refund = Decimal("1.50")
    paid[0] |= {
        "Financial Status": "partially_refunded",
        "Total": str(Decimal(paid[0]["Total"]) + refund),
        "Refunded Amount": str(refund),
    }
    voided = paid[-1] | {"Name": "#voided", "Financial Status": "voided"}
    return [
        each
        for line in (*paid, voided)
        for each in (line, line | dict.fromkeys(further, "") | {"Email": "", "Lineitem name": 'Mug "summer"'})
    ]


def _grand_total(lines: Lines) -> Lines:
    total = str(sum(Decimal(line["Total revenue"]) for line in lines))
    return [*lines, {"Date": "", "Total revenue": total, "one more": "Grand total"}]


def _by_product(lines: Lines) -> Lines:
    return [
        line | {"商品ID": number, "支付金额": f"{part:,}"}
        for line in lines
        for number, part in zip(("61", "62"), _two(Decimal(line["支付金额"])), strict=True)
    ]


def _two(amount: Decimal) -> tuple[Decimal, Decimal]:
    first = (amount / 3).quantize(Decimal("0.01"))
    return first, amount - first


def _by_channel(lines: Lines) -> Lines:
    return [line | {"渠道": channel} for line in lines for channel in ("全部", "朋友圈", "推荐")]


_XHS = "comment_id create_time note_id content creator_hash nickname sub_comment_count pictures parent_comment_id like_count"
EXPORTS: dict[str, Export] = {
    "mediacrawler_xhs_comments": _comments(_XHS, "note_id", factor=1000),
    "mediacrawler_dy_comments": _comments(
        "comment_id create_time ip_location aweme_id content user_id sec_uid nickname sub_comment_count like_count "
        "parent_comment_id pictures",
        "aweme_id",
        suffix=".jsonl",
    ),
    "mediacrawler_wb_comments": _comments(
        "comment_id create_time create_date_time note_id content sub_comment_count comment_like_count ip_location "
        "parent_comment_id user_id nickname",
        "note_id",
        suffix=".json",
    ),
    "mediacrawler_bili_comments": _comments(
        "comment_id parent_comment_id create_time video_id content creator_hash nickname sub_comment_count like_count",
        "video_id",
        suffix=".xlsx",
        stated={"sheet": "Comments"},
    ),
    "mediacrawler_ks_comments": _comments(
        "comment_id create_time video_id content creator_hash nickname sub_comment_count", "video_id", factor=1000
    ),
    "mediacrawler_tieba_comments": _comments(
        "comment_id parent_comment_id content creator_hash user_nickname publish_time sub_comment_count note_id note_url "
        "tieba_id tieba_name tieba_link",
        "note_id",
        "publish_time",
        0,
    ),
    "mediacrawler_zhihu_comments": _comments(
        "comment_id parent_comment_id content publish_time sub_comment_count like_count dislike_count content_id "
        "content_type creator_hash user_nickname",
        "content_id",
        "publish_time",
    ),
    "mediacrawler_xhs_contents": Export(
        tuple(
            "note_id type title desc video_url time last_update_time creator_hash nickname liked_count collected_count "
            "comment_count share_count image_list tag_list last_modify_ts note_url source_keyword xsec_token".split()
        ),
        {
            "note_id": "content_id",
            "time": _counted("published_at", 1000),
            "type": lambda row: {"image_text": "normal", "short_video": "video"}[row["format"]],
        },
        _crawled,
    ),
    "mediacrawler_dy_contents": _posts(
        "aweme_id aweme_type title desc create_time creator_hash nickname liked_count collected_count comment_count "
        "share_count aweme_url source_keyword",
        "aweme_id",
        suffix=".jsonl",
    ),
    "mediacrawler_wb_contents": _posts(
        "note_id content create_time create_date_time liked_count comments_count shared_count note_url creator_hash "
        "nickname source_keyword",
        "note_id",
    ),
    "mediacrawler_bili_contents": _posts(
        "video_id video_type title desc create_time creator_hash nickname liked_count disliked_count video_play_count "
        "video_favorite_count video_share_count video_coin_count video_danmaku video_comment video_url source_keyword",
        "video_id",
        suffix=".xlsx",
        stated={"sheet": "Contents"},
    ),
    "mediacrawler_ks_contents": _posts(
        "video_id video_type title desc create_time creator_hash nickname liked_count viewd_count video_url "
        "video_cover_url video_play_url source_keyword",
        "video_id",
        factor=1000,
        suffix=".json",
    ),
    "mediacrawler_tieba_contents": _posts(
        "note_id title desc note_url publish_time creator_hash user_nickname tieba_id tieba_name tieba_link "
        "total_replay_num total_replay_page source_keyword",
        "note_id",
        "publish_time",
        0,
    ),
    "mediacrawler_zhihu_contents": _posts(
        "content_id content_type content_text content_url question_id title desc created_time updated_time voteup_count "
        "comment_count source_keyword creator_hash user_nickname",
        "content_id",
        "created_time",
    ),
    "weibo_crawler": Export(
        tuple("id bid 正文 头条文章url 原始图片url 视频url 位置 日期 工具 点赞数 评论数 转发数 话题 @用户 完整日期".split()),
        {
            "id": "content_id",
            "日期": _written("published_at", "%Y-%m-%d"),
            "完整日期": _written("published_at", "%Y-%m-%d %H:%M:%S"),
        },
        _appended,
    ),
    "weibo_search": Export(
        tuple(
            "id bid user_id 用户昵称 微博正文 头条文章url 发布位置 艾特用户 话题 转发数 评论数 点赞数 发布时间 发布工具 "
            "微博图片url 微博视频url retweet_id".split()
        ),
        {
            "id": "comment_id",
            "user_id": "user_id",
            "微博正文": "text",
            "发布时间": _written("at", "%Y-%m-%d %H:%M"),
        },
        _appended,
        partial(_cut, "at", second=0),
    ),
    "bilibili_danmaku": Export(
        ("video_second", "mode", "size", "colour", "sent_at", "pool", "sender_hash", "danmaku_id", "text", "chat_id"),
        {
            "danmaku_id": "comment_id",
            "sent_at": _counted("at"),
            "text": "text",
            "sender_hash": "user_id",
            "chat_id": lambda row: "38412",
        },
        fit=lambda row: row | {"content_id": "38412"},
        suffix=".xml",
    ),
    "xhs_creator_notes": Export(
        tuple("笔记标题 首次发布时间 体裁 曝光 观看量 封面点击率 点赞 评论 收藏 涨粉 分享 人均观看时长 弹幕".split()),
        {
            "首次发布时间": _written("published_at", "%Y年%m月%d日%H时%M分%S秒"),
            "体裁": lambda row: _FORMATS[row["format"]],
        },
        fit=lambda row: row | {"content_id": f"{row['published_at']:%Y年%m月%d日%H时%M分%S秒}"},
        suffix=".xlsx",
        above=(("最多导出排序后前1000条笔记",) * 13,),
    ),
    "douyin_creator_videos": Export(
        tuple(
            "作品名称 发布时间 体裁 审核状态 播放量 完播率 5s完播率 封面点击率 2s跳出率 平均播放时长 点赞量 分享量 评论量 "
            "收藏量 主页访问量 粉丝增量".split()
        ),
        {"发布时间": _written("published_at", "%Y-%m-%d %H:%M:%S"), "作品名称": lambda row: "第一条,\n第二行 😭"},
        fit=lambda row: row | {"content_id": f"{row['published_at']:%Y-%m-%d %H:%M:%S}"},
    ),
    "channels_videos": Export(
        tuple("视频描述 视频ID 发布时间 完播率 平均播放时长 播放量 推荐 喜欢 评论量 分享量 关注量".split()),
        {
            "视频ID": lambda row: f"\texport/{row['content_id']}",
            "发布时间": _written("published_at", "%Y/%m/%d"),
        },
        fit=lambda row: _to_the_day(row | {"content_id": f"export/{row['content_id']}"}),
    ),
    "wechat_articles": Export(
        ("渠道", "发表日期", "内容标题", "阅读人数"),
        {"内容标题": "content_id", "发表日期": _written("published_at", "%Y%m%d")},
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
            "发表日期": _written("published_at", "%Y%m%d"),
        },
        fit=lambda row: _to_the_day(
            row | {"content_id": f"https://example.com/s/{row['content_id']}?a=1&b=2#rd"}
        ),
        suffix=".xlsx",
        above=(("数据来源概况",),),
    ),
    "ocean_engine": _ads(
        "时间-天|单元名称|单元ID|消耗|展示数|点击数|转化数",
        "时间-天",
        "消耗",
        "展示数",
        ("时间-天", "汇总"),
        cells={"单元ID": lambda row: "1812345678901234567\t"},
    ),
    "juguang": _ads("时间|投放位置|消费|展现量|点击量|点击率", "时间", "消费", "展现量", ("时间", "合计"), suffix=".xlsx"),
    "tencent_ads": _ads(
        "日期|广告名称|曝光次数|点击次数|花费|目标转化量",
        "日期",
        "花费",
        "曝光次数",
        ("日期", "总计"),
        encoding="gb18030",
    ),
    "google_ads": _ads(
        "Day|Campaign|Campaign type|Currency code|Impr.|Clicks|Cost|Search impr. share",
        "Day",
        "Cost",
        "Impr.",
        ("Day", "Total: Account"),
        cells={"Campaign type": lambda row: "Search", "Search impr. share": lambda row: "< 10%"},
        encoding="utf-16",
        delimiter="\t",
        above=(("Campaign report",), ("July 1, 2026 - July 14, 2026",)),
    ),
    "meta_ads": _ads(
        "Reporting starts|Reporting ends|Campaign name|Amount spent (CNY)|Impressions|Results|Result indicator",
        "Reporting starts",
        "Amount spent (CNY)",
        "Impressions",
        ("Reporting starts", "2026-01-01"),
        cells={"Campaign name": lambda row: "Cold brew, \"new\""},
    ),
    "tiktok_ads": _ads(
        "Campaign name|By Day|Cost|Impressions|Clicks|Currency",
        "By Day",
        "Cost",
        "Impressions",
        ("Campaign name", "Total of 12 results"),
        cells={"Campaign name": lambda row: "Cold brew"},
        suffix=".xlsx",
    ),
    "ga4": Export(
        ("Date", "Total revenue"),
        {"Date": _written("week", "%Y%m%d"), "Total revenue": "value"},
        _grand_total,
        above=(("# ----------------------------------------",), ("# Start date: 20260701",)),
        stated={"columns": {"value": "Total revenue"}},
    ),
    "taobao_orders": Export(
        (
            "订单编号", "买家会员名", "买家支付宝账号", "总金额", "买家实际支付金额", "订单状态", "收货地址 ", "联系手机",
            "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝总数量", "店铺名称",
        ),
        {
            "订单编号": lambda row: f'="{row["order_id"]}"',
            "买家会员名": "user_id",
            "订单创建时间": _written("at", "%Y-%m-%d %H:%M:%S"),
            "买家实际支付金额": "amount",
            "宝贝总数量": lambda row: "1",
            "联系手机": lambda row: "'1**********",
            "宝贝标题 ": lambda row: '冷萃咖啡液 "6枚装"',
        },
        _taobao,
        encoding="gb18030",
        quoted=True,
    ),
    "sycm_daily": Export(
        ("统计日期", "浏览量", "访客数", "支付金额", "支付买家数", "支付转化率"),
        {"统计日期": _written("week", "%Y-%m-%d"), "支付金额": lambda row: f"{row['value']:,}"},
        suffix=".xlsx",
        above=(("店铺概况",), ("统计周期 2026-07",), (), ("说明", "数据仅供参考")),
    ),
    "sycm_products": Export(
        ("统计日期", "商品ID", "商品名称", "商品访客数", "支付金额", "支付买家数"),
        {"统计日期": _written("week", "%Y-%m-%d"), "支付金额": "value"},
        _by_product,
        suffix=".xlsx",
        above=(("商品概况",), ("统计周期 2026-07",), (), ("说明", "数据仅供参考"), ()),
    ),
    "shopify_orders": Export(
        (
            "Name", "Email", "Financial Status", "Paid at", "Currency", "Subtotal", "Total", "Discount Amount",
            "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Refunded Amount", "Id",
        ),
        {
            "Name": lambda row: f"#{row['order_id']}",
            "Email": "user_id",
            "Created at": _written("at", "%Y-%m-%d %H:%M:%S +0800"),
            "Total": "amount",
        },
        _shopify,
        fit=lambda row: row | {"order_id": f"#{row['order_id']}"},
    ),
}  # fmt: skip
"""An export for each preset, by its name."""
