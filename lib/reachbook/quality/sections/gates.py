"""One gate for each check, over all tables that it was asked of."""

from collections.abc import Sequence
from typing import Literal

from reachbook.presentation.numbers import number
from reachbook.quality.checks import Check
from reachbook.quality.labels import check, table
from reachbook.quality.spec import QualitySpec
from reachbook.translation import clauses, joined, tr
from reachbook.verdict import Gate


def gate(asked: Sequence[Check], spec: QualitySpec) -> Gate:
    """The gate of one check.

    Parameters
    ----------
    asked : sequence of Check
        That check of every table that it was asked of, at least one.
    """
    name = asked[0].name
    failed = [each for each in asked if not each.passed]
    blocks = any(each.blocks for each in failed or asked)
    level: Literal["block", "warn"] = "block" if blocks or (name == "gaps" and not failed) else "warn"
    if not failed:
        names = dict.fromkeys(table(each.table) for each in asked)
        return Gate(name, True, tr("{passed} ({tables}).", passed=_passed(name, spec), tables=joined(names)), level)
    seen = clauses(tr("{table}: {seen}", table=table(each.table), seen=each.seen) for each in failed)
    what = check(name)
    said = tr("{check}: {seen}{limit}.", check=what[:1].upper() + what[1:], seen=seen, limit=_limit(name, spec))
    return Gate(name, False, said, level)


def _passed(name: str, spec: QualitySpec) -> str:
    factor = f"{spec.sudden_factor:g}"
    return {
        "rows": tr("Every table has rows in the period"),
        "gaps": tr("No day or week is without rows that should have some"),
        "sudden": tr("No day holds {factor} times its usual rows or more, or so many times fewer, beyond chance",
                     factor=factor),
        "shift": tr("No level changes for good by {factor} times or more", factor=factor),
        "late": tr("The last days hold at least {share} of what is usual", share=number(spec.late_share, "ratio")),
        "duplicates": tr("At most {share} of rows repeat another one", share=number(spec.most_duplicates, "ratio")),
        "day_only": tr("At most {share} of times stand at one second of the day",
                       share=number(spec.most_day_only, "ratio")),
        "platforms": tr("At most {share} of people are known on one platform only",
                        share=number(spec.most_alone, "ratio")),
        "bots": tr("Likely bots make up at most {share} of each main figure",
                   share=number(spec.most_weight, "ratio")),
    }[name]  # fmt: skip


def _limit(name: str, spec: QualitySpec) -> str:
    """The limit of a check, behind what was seen; "" for none."""
    most = {
        "duplicates": spec.most_duplicates,
        "day_only": spec.most_day_only,
        "platforms": spec.most_alone,
        "bots": spec.most_weight,
    }
    if name in most:
        return tr("; at most {share}", share=number(most[name], "ratio"))
    if name == "gaps":
        return tr("; above {share} of its rows a table is not used", share=number(spec.most_missing, "ratio"))
    if name == "late":
        return tr("; told below {share}, beyond chance", share=number(spec.late_share, "ratio"))
    if name in ("sudden", "shift"):
        return tr("; told from {factor} times on, beyond chance", factor=f"{spec.sudden_factor:g}")
    return ""
