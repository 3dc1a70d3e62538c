"""The words follow from the checks: what can be used, what it covers, and what has to be mended."""

from dataclasses import replace

import pandas as pd
import pytest

from reachbook.quality.bots import Bots
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.labels import TABLES
from reachbook.quality.platforms import Platforms
from reachbook.quality.sections.story import Summary

MOST_WORDS = 40


def test_what_blocks_is_told_with_its_remedies(found: Inspection) -> None:
    summary = Summary(found)
    assert summary.tone == "stop"
    assert summary.decision() == (
        "Do not use orders yet: export 2026-07-21 to 2026-07-22 and 2026-07-24 again; take repeated rows out; find out "
        "who the suspected accounts are. What else to mind is listed below. Use users as it is."
    )
    assert summary.grounds()[:2] == (
        "orders: gaps, duplicates, likely bots, sudden days, level shifts, late last days, times without an hour.",
        "Nothing is wrong with users.",
    )
    assert "No number should rest on suspected accounts before it is known who they are." in summary.grounds()


def mild(found: Inspection) -> Inspection:
    """Orders that only warn."""
    orders, users = found.tables
    warned = replace(orders, gaps=(), duplicates=None)
    return replace(found, tables=(warned, users), bots=Bots((), ()))


def test_warnings_let_one_go_on_with_care(found: Inspection) -> None:
    warned, users = mild(found).tables
    summary = Summary(mild(found))
    assert summary.tone == "except"
    assert summary.decision() == (
        "In orders, leave out 2026-07-27 to 2026-07-28, or export again; find out what happened on 2026-07-06; compare "
        "no days across 2026-07-15. What else to mind is listed below. Use users as it is."
    )
    assert summary.grounds()[1] == "Nothing is wrong with users."
    assert any("end `period` in study.yaml" in each for each in summary.grounds())
    assert Summary(replace(mild(found), tables=tuple(many(users, 2)))).decision() == "Use all 2 tables as they are."
    assert Summary(replace(mild(found), tables=(users,))).tone == "go"
    assert Summary(replace(mild(found), tables=(users,))).decision() == "Use users as it is."
    assert (
        Summary(replace(mild(found), tables=(warned,)))
        .decision()
        .endswith("2026-07-15. What else to mind is listed below.")
    )


def many(table: Inspected, count: int) -> list[Inspected]:
    """Tables that are like one, by other names."""
    return [replace(table, subject=replace(table.subject, name=name)) for name in list(TABLES)[:count]]


@pytest.mark.parametrize("count", [1, 3, 10])
def test_a_decision_is_short_however_many_tables_fail_whatever(found: Inspection, count: int) -> None:
    orders, users = found.tables
    nothing = Inspected(replace(users.subject, rows=0), None)
    known = Platforms(pd.DataFrame({"alone": [99]}), 100, ("orders", "users"))
    for tables in ([*many(orders, count), nothing], many(orders, count), [*many(mild(found).tables[0], count), users]):
        for bots in (found.bots, Bots((), ())):
            told = Summary(replace(found, tables=tuple(tables), bots=bots, platforms=known))
            assert len(told.decision().split()) <= MOST_WORDS, told.decision()


def test_findings_put_what_is_wrong_first_and_glance_says_it_of_all(found: Inspection) -> None:
    summary = Summary(found)
    orders, alarms, bots, users = summary.findings()
    assert (orders.id, orders.value) == ("table_orders", 280)
    assert orders.label.startswith("orders: do not use yet; export 2026-07-21 to 2026-07-22 and 2026-07-24 again; take")
    assert (alarms.id, alarms.value) == ("false_alarms", 0.05)
    assert (bots.label, bots.value, bots.reference) == ("Likely bots in amount", pytest.approx(0.1), 0.05)
    assert (users.label, users.value) == ("users: nothing to do", 7)
    glance = summary.glance().set_index("table")
    assert glance["use"].to_dict() == {"orders": "no", "users": "yes"}
    assert glance["covers"].to_dict() == {"orders": "2026-07-01 to 2026-07-28", "users": "without days"}
    assert glance["missing"].to_dict() == {"orders": "2 days, 1 day of weibo", "users": "nothing"}


def test_a_gate_speaks_for_all_tables_that_were_asked(found: Inspection) -> None:
    gates = {gate.id: gate for gate in Summary(found).gates()}
    assert list(gates) == ["rows", "gaps", "sudden", "shift", "late", "duplicates", "day_only", "bots"]
    assert gates["rows"].detail == "Every table has rows in the period (orders, users)."
    assert {name for name, gate in gates.items() if gate.level == "block"} == {"rows", "gaps", "duplicates", "bots"}
    assert gates["duplicates"].detail.startswith("Duplicates: orders: 8 of 200 rows")
    assert gates["duplicates"].detail.endswith("; at most 1.0%.")
