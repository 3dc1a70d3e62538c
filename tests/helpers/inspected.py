"""An inspection of which everything is given, so that no table is read."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.event_tables import END, START
from reachbook.quality.alarms import Alarm, Watched
from reachbook.quality.bots import Bots, Rule, Weight
from reachbook.quality.duplicates import Duplicates
from reachbook.quality.gaps import Gap
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.layout import Subject
from reachbook.quality.rows import Rows
from reachbook.quality.spec import QualitySpec
from reachbook.quality.times import Times

SLOTS = 28


def inspection() -> Inspection:
    """What an inspection finds: orders with a gap, three alarms, repeats and bots, and people without a day."""
    total = np.full(SLOTS, 10.0)
    total[5], total[20:22] = 30, 0
    layout = Subject("orders", Path("orders.parquet"), int(total.sum()), ("order_id", "at", "platform"))
    slots = pd.date_range(START, periods=SLOTS, freq="D")
    rows = Rows(layout, START, slots[-1].date(), slots, total, {"weibo": total / 2}, None, 2)
    orders = Inspected(
        layout,
        rows,
        (rows.first, rows.last),
        (Gap("", 20, 21, 20.0), Gap("weibo", 23, 23, 5.0)),
        (
            Alarm("sudden", "", 5, 5, 30.0, 10.0),
            Alarm("shift", "weibo", 14, 14, 2.0, 5.0),
            Alarm("late", "", 26, 27, 5.0, 10.0),
        ),
        Watched(rows, ("",), total[None], 1.0),
        Times(1000, 0.5, 0, 0.9, 0.33),
        Duplicates(200, 8, 3, "2026-07-03", 5, ("at",)),
    )
    users = Inspected(Subject("users", Path("users.parquet"), 7, ("user_id",)), None)
    bots = Bots(
        (Rule("orders", "many", "more than 30 a day", True, ("robot7",)),), (Weight("orders", "amount", 200.0, 180.0),)
    )
    return Inspection(QualitySpec(), START, END, (orders, users), None, bots, pd.DataFrame())
