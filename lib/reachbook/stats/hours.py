"""Times without an hour: dates that were read as times stand at one second of the day, midnight in some time zone."""

NEVER = -1
"""A second of the day that no event has."""
FEWEST = 5
"""Events at one second below which nothing can be told."""
FEWEST_IN_ALL = 10
"""Events of a table below which a share of them tells nothing."""
MOST = 1 / 3
"""Share of events at one second above which times are taken for days; by chance it is one in 86,400."""
_TOWER, _SHARE = 3, 0.01


def no_hour(commonest: float, following: float, events: float, most: float = 1.0) -> bool:
    """Whether the commonest second of the day stands for "no hour known".

    Parameters
    ----------
    commonest, following : float
        Events at the commonest second and at the one that follows it in frequency.
    events : float
        All events.
    most : float
        Share of the events above which the commonest second stands for it whatever the others are; with 1, no share.

    Notes
    -----
    A second dominates with three times the events of the next, 1 % of all and at least `FEWEST`. Times rounded to hours
    have 24 similar values, and none dominates.
    """
    towers = commonest > _TOWER * following and commonest >= max(FEWEST, _SHARE * events)
    return towers or mostly_no_hour(commonest, events, most)


def mostly_no_hour(commonest: float, events: float, most: float = MOST) -> bool:
    """Whether so many events stand at one second that a table's times say the day and not the hour; of few events
    nothing is said.
    """
    return events >= FEWEST_IN_ALL and commonest > most * events
