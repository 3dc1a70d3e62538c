"""What the data-quality report says of the tables that another notebook reads."""

import pandas as pd

from reachbook.study.study import Study
from reachbook.translation import joined, tr
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
    names = joined(dict.fromkeys(made["table"]))
    if failed.empty:
        sound = tr("The report {report} finds nothing wrong with {names}.", report=QUALITY, names=names)
        return (Gate(QUALITY, True, sound, "warn"),)
    said = "; ".join(f"{table} ({_reasons(part)})" for table, part in failed.groupby("table", sort=False))
    detail = tr(
        "The report {report} warns of {said}. Look there before a number rests on these tables.",
        report=QUALITY,
        said=said,
    )
    return (Gate(QUALITY, False, detail, "warn"),)


def _reasons(failed: pd.DataFrame) -> str:
    """Names of the checks that failed, those that block there first."""
    return joined(failed.sort_values("blocks", ascending=False, kind="stable")["words"])
