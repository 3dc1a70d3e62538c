"""Orders of people in a window of days."""

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from reachbook.errors import ParamsError
from reachbook.study.data import Data
from reachbook.study.files import StudyFile
from reachbook.translation import tr

DAYS = 28
"""Days of orders that a test is planned for, and counted over unless stated otherwise."""


def ordering(ids: Iterable[str], file: StudyFile) -> float:
    """Share of people who ordered in the last 28 days of the study's period.

    Raises
    ------
    ParamsError
        The study has no orders.
    """
    everyone, end = set(ids), file.spec.period.end
    found = orders(Data(file), end - timedelta(days=DAYS - 1), end)
    if found is None:
        raise ParamsError(
            "HOLDOUT: "
            + tr(
                "the study has no orders, from which a test could be planned. State the share that is held out "
                "yourself, as HOLDOUT=0.2."
            )
        )
    return len(everyone & set(found["user_id"])) / max(len(everyone), 1)


def orders(data: Data, first: date, last: date) -> pd.DataFrame | None:
    """Orders of a study from `first` to `last`, both inclusive: user_id, at, amount; None without a table of orders."""
    if "orders" not in data:
        return None
    table = pd.read_parquet(data["orders"].path, columns=["user_id", "at", "amount"])
    day = pd.to_datetime(table["at"]).dt.date
    return table[(day >= first) & (day <= last)].assign(amount=lambda found: found["amount"].astype(float))
