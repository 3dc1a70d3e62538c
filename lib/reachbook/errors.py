"""Errors for the person who can correct them: one line with the place, the value and the remedy."""

from reachbook.translation.control_characters import visible


class ReachbookError(Exception):
    """A mistake in the input that a user can correct; shown without a traceback, in notebooks too.

    Parameters
    ----------
    message : str
        What is wrong; control characters of quoted values are made visible.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(visible(message).replace("\t", r"\t"))

    def _render_traceback_(self) -> list[str]:
        """Return the single line that IPython displays in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class ParamsError(ReachbookError):
    """A study or parameter file holds a value that cannot be used."""


class DataError(ReachbookError):
    """A table breaks its contract, or cannot be read."""


class RunError(ReachbookError):
    """A report could not be made, published, read or verified."""
