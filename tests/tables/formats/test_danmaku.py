"""Bilibili's danmaku: the second in the video is no time of day."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from reachbook.tables.formats.danmaku import NAMES

GOOD = '<d p="12.5,1,25,16777215,1782864000,0,4f2e,9{i}">好喝&amp;不贵</d>'
OPTIONS = {
    "columns": {"comment_id": "danmaku_id", "at": "sent_at", "user_id": "sender_hash", "content_id": "chat_id"},
    "formats": {"at": "epoch_s"},
    "constants": {"platform": "bilibili"},
}


def write(folder: Path, *nodes: str) -> None:
    body = "".join(nodes)
    (folder / "d.xml").write_text(f'<?xml version="1.0"?><i><chatid>77</chatid>{body}</i>', "utf-8")


def test_each_line_is_a_comment(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    write(tmp_path, GOOD.format(i=1), GOOD.format(i=2).replace(',92"', ',92,10"'))
    table = load("comments", path="d.xml", **OPTIONS)
    assert table.column("text").to_pylist() == ["好喝&不贵"] * 2
    assert str(table.column("at")[0]) == "2026-07-01 08:00:00"
    assert table.column("content_id").to_pylist() == ["77", "77"]
    assert set(NAMES) >= {"video_second", "sent_at"}


def test_what_is_no_danmaku_is_said(tmp_path: Path, refuse: Callable[..., str]) -> None:
    write(tmp_path)
    assert "holds no danmaku" in refuse("comments", path="d.xml", **OPTIONS)
    write(tmp_path, '<d p="1,2">x</d>')
    assert refuse("comments", path="d.xml", **OPTIONS).startswith('d.xml, danmaku 1: p="1,2" has 2 parts')
    (tmp_path / "d.xml").write_text("<i><d>", "utf-8")
    assert "cannot be read as XML" in refuse("comments", path="d.xml", **OPTIONS)
