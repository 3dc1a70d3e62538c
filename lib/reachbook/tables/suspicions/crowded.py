"""Detect ids or texts in a column whose values stand for a few groups, each of which is told apart."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.contract import Contract
from reachbook.tables.problems import Problem, show
from reachbook.translation import tr

GROUPS = ("platform", "channel", "arm")
"""Columns of contracts of which every value has its own figures."""


def crowded(contract: Contract, found: Mapping[str, str], typed: pa.Table, most: int) -> list[Problem]:
    """Report a column of groups with more than `most` different values."""
    problems = []
    for name in (each for each in GROUPS if contract.column(each) and each in found):
        values = pc.unique(typed.column(name)).drop_null()
        if len(values) > most:
            said = tr(
                "holds {n:,} different values, as {first} and {second}; {name} may have {most}. Map another column to "
                "it (columns:), put small ones together (values:), or raise most_groups.",
                n=len(values),
                first=show(values[0].as_py()),
                second=show(values[1].as_py()),
                name=name,
                most=most,
            )
            problems.append(Problem(-1, show(found[name]), np.zeros(1, np.int64), lambda _, said=said: said))  # type: ignore[misc]
    return problems
