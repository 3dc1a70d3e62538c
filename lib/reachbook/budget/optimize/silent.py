"""Keep what compiled code writes by itself off the screen and out of reports."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent() -> Iterator[None]:
    """Nothing written to the process's standard output inside is shown.

    HiGHS leaves a line of its own debugging there whatever its options say, and a kernel would show it in the report.
    It is written through C's buffer, which must be emptied before and after.
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
