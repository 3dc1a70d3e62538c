"""Suppression of what compiled code prints."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent() -> Iterator[None]:
    """Discard whatever is written to the process's standard output inside the context.

    HiGHS prints a debugging line whatever its options say, which a kernel would show in the report. It goes through C's
    buffer, which is therefore flushed before and after.
    """
    flush = ctypes.CDLL(None).fflush
    flush(None)
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        flush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
