"""The words follow from the checks: what can be used, what it covers, and what has to be mended."""

from dataclasses import replace
from datetime import date

import pytest

from reachbook.quality.bots import Bots
from reachbook.quality.inspection import Inspection
from reachbook.quality.story import Summary, covers, lacks


def test_what_blocks_is_told_with_its_remedies(found: Inspection) -> None:
    summary = Summary(found)
    assert summary.tone == "stop"
    assert summary.decision() == (
        "Do not use before mended: orders (gaps, duplicates, likely bots). To mend: export the missing days again; "
        "take the repeated rows out of the file; find out who the suspected accounts are before a number rests on "
        "them. As they are: users."
    )


def test_warnings_and_good_tables_let_one_go_on(found: Inspection) -> None:
    orders, users = found.tables
    warned = replace(orders, gaps=(), duplicates=None)
    mild = replace(found, tables=(warned, users), bots=Bots((), ()))
    assert Summary(mild).tone == "go"
    assert Summary(mild).decision() == (
        "Use with care: orders (sudden days, level shifts, late last days, times without an hour). As they are: users."
    )
    assert Summary(replace(mild, tables=(users, users))).decision() == "Use all 2 tables as they are."
    assert Summary(replace(mild, tables=(users,))).decision() == "Use it as it is."


def test_findings_and_glance_say_the_same_of_a_table(found: Inspection) -> None:
    summary = Summary(found)
    orders, users, bots = summary.findings()
    missing = "2 days, 1 day of weibo"
    assert (orders.label, orders.value) == (f"orders, do not use: 2026-07-01 to 07-28; missing: {missing}", 280)
    assert (users.label, users.value) == ("users, can be used: without days", 7)
    assert (bots.value, bots.reference) == (pytest.approx(0.1), 0.05)
    glance = summary.glance().set_index("table")
    assert glance["use"].to_dict() == {"orders": "no", "users": "yes"}
    assert glance["missing"].to_dict() == {"orders": missing, "users": "nothing"}


def test_a_gate_speaks_for_all_tables_that_were_asked(found: Inspection) -> None:
    gates = {gate.id: gate for gate in Summary(found).gates()}
    assert list(gates) == ["rows", "gaps", "sudden", "shift", "late", "duplicates", "day_only", "bots"]
    assert gates["rows"].detail == "Every table has rows in the period (orders, users)."
    assert {name for name, gate in gates.items() if gate.level == "block"} == {"rows", "gaps", "duplicates", "bots"}
    assert gates["duplicates"].detail.startswith("Duplicates: orders: 8 of 200 rows")
    assert gates["duplicates"].detail.endswith("; at most 1.0%.")


def test_days_of_two_years_are_written_in_full(found: Inspection) -> None:
    orders = found.tables[0]
    assert covers(replace(orders, span=(date(2025, 12, 30), date(2026, 1, 2)))) == "2025-12-30 to 2026-01-02"
    assert covers(replace(orders, span=None)) == "no row in the period"
    assert lacks(replace(orders, gaps=())) == ""
