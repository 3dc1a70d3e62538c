"""Errors for the person who can mend them: one line with the place, the value and the remedy."""


class ReachbookError(Exception):
    """A mistake in input that a user can mend. Shown without a traceback, in notebooks too."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows."""
        return [f"{type(self).__name__}: {self}"]


class ParamsError(ReachbookError):
    """A study or parameter file says something that cannot be used."""


class DataError(ReachbookError):
    """A table breaks its contract, or cannot be read."""


class RunError(ReachbookError):
    """A report could not be made, published, read or verified."""
