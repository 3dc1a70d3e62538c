"""Errors for the person who can mend them: one line with the place, the value and the remedy."""


class ReachbookError(Exception):
    """A mistake in input that a user can mend. Shown without a traceback."""


class ParamsError(ReachbookError):
    """A study or parameter file says something that cannot be used."""


class DataError(ReachbookError):
    """A table breaks its contract, or cannot be read."""


class RunError(ReachbookError):
    """A report could not be made, published or verified."""
