"""Exports of crawlers."""

from functools import partial
from typing import Any

from helpers.exporters.cells import counted, cut, written
from helpers.exports import Cell, Export, Line


def _crawled(lines: list[Line]) -> list[Line]:
    """Above the lines an older version of the first, as a crawl that appends to its file leaves it."""
    newer = [line | {"last_modify_ts": "1790000000000"} for line in lines]
    return [newer[0] | {"last_modify_ts": "1780000000000"}, *newer]


def _commented(lines: list[Line]) -> list[Line]:
    """As posts, with another text in the older version, and below them comments of only a picture."""
    older, *newer = _crawled(lines)
    pictures = [newer[0] | {"comment_id": f"picture{i}", "content": text} for i, text in enumerate(("", " \n"))]
    return [older | {"content": "older"}, *newer, *pictures]


def _comments(header: str, post: str, at: str = "create_time", factor: int = 1, **more: Any) -> Export:
    names = header.split()
    user = next(name for name in names if name in ("user_id", "creator_hash"))
    time = counted("at", factor) if factor else written("at", "%Y-%m-%d %H:%M:%S")
    cells: dict[str, Cell] = {
        "comment_id": "comment_id", at: time, post: "content_id", "content": "text", user: "user_id",
    }  # fmt: skip
    return Export((*names, "last_modify_ts"), cells, _commented, **more)


def _posts(header: str, post: str, at: str = "create_time", factor: int = 1, **more: Any) -> Export:
    time = counted("published_at", factor) if factor else written("published_at", "%Y-%m-%d %H:%M:%S")
    return Export((*header.split(), "last_modify_ts"), {post: "content_id", at: time}, _crawled, **more)


def _appended(lines: list[Line]) -> list[Line]:
    """The first line twice, because a later run found it again."""
    return [lines[0], *lines]


EXPORTS: dict[str, Export] = {
    "mediacrawler_xhs_comments": _comments(
        "comment_id create_time note_id content creator_hash nickname sub_comment_count pictures parent_comment_id "
        "like_count",
        "note_id",
        factor=1000,
    ),
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
        "comment_id parent_comment_id content creator_hash user_nickname publish_time sub_comment_count note_id "
        "note_url tieba_id tieba_name tieba_link",
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
            "time": counted("published_at", 1000),
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
        "content_id content_type content_text content_url question_id title desc created_time updated_time "
        "voteup_count comment_count source_keyword creator_hash user_nickname",
        "content_id",
        "created_time",
    ),
    "weibo_crawler": Export(
        tuple(
            "id bid 正文 头条文章url 原始图片url 视频url 位置 日期 工具 点赞数 评论数 转发数 话题 @用户 "
            "完整日期".split()
        ),
        {
            "id": "content_id",
            "日期": written("published_at", "%Y-%m-%d"),
            "完整日期": written("published_at", "%Y-%m-%d %H:%M:%S"),
        },
        _appended,
    ),
    "weibo_search": Export(
        tuple(
            "id bid user_id 用户昵称 微博正文 头条文章url 发布位置 艾特用户 话题 转发数 评论数 点赞数 发布时间 "
            "发布工具 微博图片url 微博视频url retweet_id".split()
        ),
        {
            "id": "comment_id",
            "user_id": "user_id",
            "微博正文": "text",
            "发布时间": written("at", "%Y-%m-%d %H:%M"),
        },
        _appended,
        partial(cut, "at", second=0),
    ),
    "bilibili_danmaku": Export(
        ("video_second", "mode", "size", "colour", "sent_at", "pool", "sender_hash", "danmaku_id", "text", "chat_id"),
        {
            "danmaku_id": "comment_id",
            "sent_at": counted("at"),
            "text": "text",
            "sender_hash": "user_id",
            "chat_id": lambda row: "38412",
        },
        fit=lambda row: row | {"content_id": "38412"},
        suffix=".xml",
    ),
}
