"""Detect results that count different things row by row, and may not be added up."""

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import is_text
from reachbook.tables.problems import Problem, show
from reachbook.translation import tr

_INDICATOR = re.compile(r"\s*(?:results? (?:indicator|type)|成效指标|成效类型|结果指标|结果类型)\s*", re.IGNORECASE)
_RESULT = re.compile(r"\s*(?:total )?results?(?: value)?\s*|\s*(?:成效|结果)(?:数|数量|值)?\s*", re.IGNORECASE)


def mixed_indicators(raw: Raw, contract: Contract, found: Mapping[str, str]) -> list[Problem]:
    """Report a column of results that is read although another column says that its rows count different things."""
    read = [
        theirs
        for ours, theirs in found.items()
        if _RESULT.fullmatch(theirs) and (contract.column(ours) or contract.open)
    ]
    names = [name for name in raw.frame.column_names if _INDICATOR.fullmatch(name)]
    for name in names if read else ():
        kinds = _kinds(raw.frame.column(name))
        if len(kinds) > 1:
            said = tr(
                "counts different things: {name} says {kinds}. Their sum means nothing: choose one, as in "
                "`where: {{{plain}: [{example}]}}`.",
                name=show(name),
                kinds=", ".join(map(show, kinds[:4])),
                plain=name,
                example=kinds[0],
            )
            return [Problem(-1, show(read[0]), np.zeros(1, np.int64), lambda _, said=said: said)]  # type: ignore[misc]
    return []


def _kinds(column: pa.ChunkedArray) -> list[str]:
    if not is_text(column.type):
        return []
    return sorted(each for each in pc.unique(column).to_pylist() if each and each.strip())
