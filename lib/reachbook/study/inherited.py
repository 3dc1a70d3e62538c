"""What the data-quality report says of the tables that another notebook reads."""

import pandas as pd

from reachbook.study.study import Study
from reachbook.translation import clauses, joined, listing, tr
from reachbook.verdict import Gate

QUALITY = "data_quality"
"""The notebook whose published checks the others repeat."""


def quality_gates(study: Study, notebook: str) -> tuple[Gate, ...]:
    """One gate that says what data_quality found in the tables that `notebook` reads.

    Returns
    -------
    tuple of Gate
        Empty where the study has no published data_quality, or that judged none of these tables. What blocks there only
        warns here: a fault of one table need not touch the question that is asked of it.
    """
    result = study.result(QUALITY)
    if result is None:
        return ()
    made = result.table("checks")
    return _gate(made[made["table"].isin(study.tables_of(notebook))])


def _gate(made: pd.DataFrame) -> tuple[Gate, ...]:
    if made.empty:
        return ()
    failed = made[~made["passed"].astype(bool)]
    if failed.empty:
        names = listing(_table(name) for name in dict.fromkeys(made["table"]))
        return (
            Gate(
                QUALITY, True, tr("The report on data quality finds nothing wrong with {tables}.", tables=names), "warn"
            ),
        )
    said = clauses(
        tr("{table} ({reasons})", table=_table(str(name)), reasons=_reasons(part))
        for name, part in failed.groupby("table", sort=False)
    )
    detail = tr(
        "The report on data quality warns of {tables}. Look there before a number rests on these tables.", tables=said
    )
    return (Gate(QUALITY, False, detail, "warn"),)


def _table(name: str) -> str:
    """A table as readers call it; the quality wing's catalogue holds the names."""
    return tr(name)


def _reasons(failed: pd.DataFrame) -> str:
    """Names of the checks that failed, those that block there first; they are stored in English."""
    ordered: list[str] = failed.sort_values("blocks", ascending=False, kind="stable")["words"].tolist()
    return joined(tr(words) for words in ordered)
