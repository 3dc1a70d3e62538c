"""Detect queries that make clock times out of counts since 1970 without a stated zone: they are in UTC."""

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.problems import Problem, show
from reachbook.translation import tr

_MAKERS = re.compile(
    r"\b(epoch_ms|epoch_us|make_timestamp|make_timestamp_ms|make_timestamp_ns|to_timestamp|from_unixtime|unixepoch"
    r")\b|\b(1970-01-01)",
    re.IGNORECASE,
)


def unzoned_epochs(raw: Raw, contract: Contract, found: Mapping[str, str], timezone: str | None) -> list[Problem]:
    """Report a time column without zone in the result of a query that counts from 1970, unless `timezone:` is stated.

    Notes
    -----
    A time with a zone of its own is an instant, and a number is read by `formats:`; both are certain.
    """
    made = _MAKERS.search(raw.query)
    if made is None or timezone is not None:
        return []
    for column in contract.columns:
        if column.kind == "time" and column.name in found and _is_bare(raw.frame.schema.field(found[column.name]).type):
            said = tr(
                "comes from a query with {made}, which counts in UTC, and its times say no zone. State "
                "`timezone: UTC`, or select the count itself and state `formats: {{{name}: epoch_ms}}`.",
                made=made[0],
                name=column.name,
            )
            return [Problem(-1, show(found[column.name]), np.zeros(1, np.int64), lambda _, said=said: said)]  # type: ignore[misc]
    return []


def _is_bare(kind: pa.DataType) -> bool:
    return not pa.types.is_integer(kind) and not (pa.types.is_timestamp(kind) and kind.tz is not None)
