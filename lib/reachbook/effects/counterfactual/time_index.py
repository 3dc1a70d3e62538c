"""Number of each period since the first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reachbook.arrays import Ints


def periods(dates: pd.DatetimeIndex) -> tuple[Ints, bool]:
    """Periods since the first date, int array (periods,), and whether a period is a day.

    Daily data with many gaps stay daily: a longer period is used only if no two dates fall into the same one.
    """
    days = (dates - dates[0]).days.to_numpy()
    step = float(np.median(np.diff(days))) if len(days) > 1 else 1.0
    if step < 2:
        return days, True
    length = 365.25 if step > 350 else 365.25 / 12 if 27 < step < 32 else step
    whole = np.rint(days / length).astype(int)
    return (whole, False) if (np.diff(whole) > 0).all() else (days, True)
