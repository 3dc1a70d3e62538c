"""Detect times that are days: exports that keep no hour put midnight in its place."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from reachbook.stats.hours import mostly_no_hour
from reachbook.tables.contract import Contract
from reachbook.tables.problems import show
from reachbook.translation import tr


def midnight_share(times: pa.Array | pa.ChunkedArray) -> float:
    """Share of the given times that are midnight to the second; 0 where there is none."""
    given = times.drop_null()
    midnight = pc.equal(given, pc.floor_temporal(given, unit="day"))
    return (pc.sum(midnight).as_py() or 0) / max(len(given), 1)


def day_only(table: pa.Table, contract: Contract, place: str) -> Iterator[str]:
    """Yield one line for each time column in which more than a third of the times are midnight."""
    for column in contract.columns:
        if column.kind != "time":
            continue
        times = table.column(column.name)
        share = midnight_share(times)
        given = len(times) - times.null_count
        if mostly_no_hour(share * given, given):
            yield (
                f"{place}: "
                + tr(
                    "{name}: {share:.0%} of the times are 00:00:00, so the export holds days without hours "
                    "there. What depends on hours leaves these rows out; export times with hours to have it.",
                    name=show(column.name),
                    share=share,
                )
            )
