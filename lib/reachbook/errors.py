"""Errors for the person who can correct them: one line with the place, the value and the remedy."""

from reachbook.translation.control_characters import visible

_LONGEST, _HEAD, _TAIL = 1_500, 1_000, 400
"""Characters of a line, and those that are left of a longer one at either end: its place and its remedy."""


class ReachbookError(Exception):
    """A mistake in the input that a user can correct; shown without a traceback, in notebooks too.

    Parameters
    ----------
    message : str
        What is wrong; control characters of quoted values are made visible, and overlong lines lose their middle.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__("\n".join(map(_readable, visible(message).replace("\t", r"\t").split("\n"))))

    def _render_traceback_(self) -> list[str]:
        """Return the single line that IPython displays in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


def _readable(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_HEAD]} ... {line[-_TAIL:]}"


class ParamsError(ReachbookError):
    """A study or parameter file holds a value that cannot be used."""


class DataError(ReachbookError):
    """A table breaks its contract, or cannot be read."""


class RunError(ReachbookError):
    """A report could not be made, published, read or verified."""
