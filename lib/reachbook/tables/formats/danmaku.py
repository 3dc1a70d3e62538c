"""Read the XML of Bilibili's danmaku: comments that fly over a video."""

from pathlib import Path
from xml.etree.ElementTree import ParseError

import numpy as np
import pyarrow as pa
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from reachbook.errors import DataError
from reachbook.tables.formats.raw import Raw
from reachbook.tables.problems import show
from reachbook.translation import tr

NAMES = ("video_second", "mode", "size", "colour", "sent_at", "pool", "sender_hash", "danmaku_id")
"""What the commas of the attribute `p` separate; newer files append more."""


def read_danmaku(path: Path, place: str) -> Raw:
    """Read a danmaku file: a row for each `<d p="...">text</d>`, with the columns of `NAMES`, `text` and `chat_id`.

    Raises
    ------
    DataError
        It is no XML, or not of this kind.

    Notes
    -----
    `video_second` is the place in the video; the time of day is `sent_at`, in seconds since 1970.
    """
    try:
        root = parse(path).getroot()
    except (ParseError, DefusedXmlException) as error:
        raise DataError(f"{place}: " + tr("cannot be read as XML ({error}). Download it again.", error=error)) from None
    nodes = [] if root is None else root.findall("d")
    if root is None or not nodes:
        raise DataError(f"{place}: " + tr('holds no danmaku (<d p="...">). Export another kind of file as CSV.'))
    rows = [_cells(node.get("p", ""), place + tr(", danmaku {n}", n=n)) for n, node in enumerate(nodes, start=1)]
    chat = root.findtext("chatid") or None
    columns = {name: pa.array([row[i] or None for row in rows], pa.string()) for i, name in enumerate(NAMES)}
    columns["text"] = pa.array([node.text or None for node in nodes], pa.string())
    columns["chat_id"] = pa.array([chat] * len(rows), pa.string())
    facts = {"source": place, "format": "danmaku"}
    return Raw(pa.table(columns), place, facts, np.arange(1, len(rows) + 1), mark=tr(", danmaku "))


def _cells(p: str, place: str) -> list[str]:
    cells = p.split(",")
    if len(cells) < len(NAMES):
        raise DataError(
            f"{place}: " + tr("p={p} has {n} parts, not the {of} of a danmaku.", p=show(p), n=len(cells), of=len(NAMES))
        )
    return cells
