"""What the data-quality report says of the tables that another notebook reads."""

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from reachbook.study.study import Study
from reachbook.translation import clauses, day, days, joined, listing, sentences, tr, trn
from reachbook.verdict import Gate

QUALITY = "data_quality"
"""The notebook whose published checks the others repeat."""
EVENTS = frozenset({"interactions", "orders", "comments"})
"""Tables of which other notebooks read the study's period alone, so that its end decides what they count."""


def quality_gates(study: Study, notebook: str) -> tuple[Gate, ...]:
    """What data_quality found in the tables that `notebook` reads: one gate on all, and one on late last days.

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
    made = made[made["table"].isin(list(study.tables_of(notebook)))]
    dated = made["first"] != "" if "first" in made else False  # versions made before checks had days lack them
    late = made[(made["check"] == "late") & ~made["passed"].astype(bool) & dated]
    return (*_gates(made.drop(late.index), faultless=late.empty), *_late(late))


def _gates(made: pd.DataFrame, faultless: bool) -> Iterator[Gate]:
    failed = made[~made["passed"].astype(bool)]
    if made.empty or (failed.empty and not faultless):
        return
    if failed.empty:
        names = listing(_table(name) for name in dict.fromkeys(made["table"]))
        said = tr("The report on data quality finds nothing wrong with {tables}.", tables=names)
        yield Gate(QUALITY, True, said, "warn")
        return
    said = clauses(
        tr("{table} ({reasons})", table=_table(str(name)), reasons=_reasons(part))
        for name, part in failed.groupby("table", sort=False)
    )
    detail = tr(
        "The report on data quality warns of {tables}. Look there before a number rests on these tables.", tables=said
    )
    yield Gate(QUALITY, False, detail, "warn")


def _late(failed: pd.DataFrame) -> Iterator[Gate]:
    """That incomplete days at the end stay in, and how to do without: no notebook leaves them out by itself."""
    if failed.empty:
        return
    spans: dict[tuple[date, date], list[str]] = {}
    for name, first, last in zip(failed["table"], failed["first"], failed["last"], strict=True):
        spans.setdefault((date.fromisoformat(first), date.fromisoformat(last)), []).append(str(name))
    told = clauses(_days(first, last, names) for (first, last), names in spans.items())
    remedy = tr("Export these days again.")
    if EVENTS.issuperset(failed["table"]):
        end = min(first for first, _ in spans) - timedelta(days=1)
        remedy = tr("Export these days again, or end `period` in study.yaml on {day}.", day=day(end))
    yield Gate(
        "late",
        False,
        sentences(tr("Not left out here, though the export holds them only in part: {days}.", days=told), remedy),
        "warn",
    )


def _days(first: date, last: date, names: list[str]) -> str:
    """Incomplete days of some tables, as a clause."""
    return trn(
        "{n} day, {days} ({tables})",
        "{n} days, {days} ({tables})",
        (last - first).days + 1,
        days=days(first, last),
        tables=listing(map(_table, names)),
    )


def _table(name: str) -> str:
    """A table as readers call it; the quality wing's catalogue holds the names."""
    return tr(name)


def _reasons(failed: pd.DataFrame) -> str:
    """Names of the checks that failed, those that block there first; they are stored in English."""
    ordered: list[str] = failed.sort_values("blocks", ascending=False, kind="stable")["words"].tolist()
    return joined(tr(words) for words in ordered)
