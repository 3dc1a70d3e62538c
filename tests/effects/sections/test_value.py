"""The section on money: the rows that the entered parameters allow, and nothing that was not entered."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.known_effect import experiment, panel, rolled_out
from reachbook.effects.sections.value import NOT_ENTERED, parts
from reachbook.effects.spec import EffectSpec
from reachbook.effects.value.rollout import RollOut
from reachbook.presentation.section import Section

VALUED: dict[str, object] = {"value_per_unit": 10.0, "margin_low": 0.4, "margin_high": 0.6}
BOTH = {"a": (0.05, 0.02), "b": (0.15, 0.02)}


def told(rollout: RollOut, spec: EffectSpec) -> Section:
    (found,) = parts(rollout, spec, "CNY").values()
    return found


def ledger(section: Section) -> dict[str, str]:
    """Rows of the last column of the table of money."""
    frame = section.tables[0].frame
    return dict(zip(frame["what"], frame.iloc[:, -1], strict=True))


def test_without_a_spend_one_sentence_says_why() -> None:
    spec = EffectSpec.model_validate(VALUED)
    found = told(rolled_out(panel(0.1, 0.02), spec), spec)
    assert found == Section(NOT_ENTERED)


def test_with_the_spend_alone_there_is_a_price_and_no_contribution() -> None:
    found = told(rolled_out(panel(0.1, 0.02), EffectSpec(), 5000.0), EffectSpec())
    assert not found.figures
    rows = ledger(found)
    assert list(rows) == ["spend", "orders added", "spend for one unit of orders"]
    assert rows["spend"] == "¥5,000"
    assert rows["orders added"] == "1,000 [610, 1,390]"
    assert rows["spend for one unit of orders"].startswith("¥5.00 [¥3.59, ¥8.")


def test_with_all_of_it_the_contribution_is_drawn() -> None:
    spec = EffectSpec.model_validate(VALUED | {"margin_low": 0.5, "margin_high": 0.5})
    found = told(rolled_out(panel(0.1, 0.02), spec, 4000.0), spec)
    assert [each.id for each in found.figures] == ["contribution"]
    assert "it pays for itself with probability 84%" in found.figures[0].alt
    rows = ledger(found)
    assert rows["the same in money"] == "¥10,000 [¥6,100, ¥13,900]"
    assert rows["contribution"].startswith("¥1,000 [−¥1,000, ")
    assert rows["pays for itself"] == "84%"
    assert "One unit of orders is worth ¥10.00. Of it a margin of 50.0% stays." in found.note
    assert found.note.endswith("In brackets stand 95% intervals.")


def test_a_range_of_margins_is_told_as_one() -> None:
    spec = EffectSpec.model_validate(VALUED)
    assert "Of it a margin of 40.0% to 60.0% stays." in told(rolled_out(panel(0.1, 0.02), spec, 1.0), spec).note


def test_a_name_that_is_money_is_said_to_be_one() -> None:
    effect = panel(0.1, 0.02, outcome="revenue")
    note = told(rolled_out(effect, EffectSpec(), 100.0), EffectSpec()).note
    assert "is worth ¥1.00 (it is money by its name; if not, set value_per_unit)" in note


def test_money_saved_turns_the_signs_and_the_words() -> None:
    spec = EffectSpec.model_validate(VALUED | {"margin_low": 0.5, "margin_high": 0.5})
    found = told(rolled_out(panel(-0.1, 0.02), spec, -9000.0, 9000.0), spec)
    rows = ledger(found)
    assert rows["saved"] == "¥9,000"
    assert rows["orders lost"] == "1,000 [610, 1,390]"
    assert rows["the same in money"] == "¥10,000 [¥6,100, ¥13,900]"
    assert "Contribution is what was saved less what was lost." in found.note


def test_spend_that_may_have_moved_nothing_has_no_limit_on_its_price() -> None:
    found = told(rolled_out(panel(0.02, 0.02), EffectSpec(), 100.0), EffectSpec())
    assert ledger(found)["spend for one unit of orders"].endswith("no limit]")


def test_of_several_arms_the_one_to_roll_out_has_a_column_beside_the_campaign() -> None:
    both, spec = experiment(BOTH), EffectSpec.model_validate(VALUED)
    whole, best = rolled_out(both, spec, 2000.0), rolled_out(experiment({"b": BOTH["b"]}), spec, 1000.0)
    found = told(replace(best, whole=whole.money, spending=whole.spending), spec)
    frame = found.tables[0].frame.set_index("what")
    assert list(frame) == ["the campaign", "b"]
    assert list(frame.loc["spend"]) == ["¥2,000", "¥1,000"]
    assert [each.split(" ")[0] for each in frame.loc["orders added"]] == ["2,000", "1,500"]


@pytest.mark.parametrize(("net", "usual", "names"), [(1000.0, 0.0, "going on"), (-9000.0, 9000.0, "leaving the ads")])
def test_a_horizon_adds_the_choices_with_the_best_one_marked(net: float, usual: float, names: str) -> None:
    spec = EffectSpec.model_validate(VALUED | {"periods": 3, "test_cost": 10.0})
    rollout = rolled_out(panel(0.1, 0.02), spec, net, usual)
    sheet = told(rollout, spec).tables[1]
    chosen = sheet.frame[sheet.frame["chosen"]]
    assert chosen["expected"].item() == sheet.frame["expected"].max()
    assert chosen["choice"].item().startswith(names)
    assert sheet.units == {"expected": "money"}
    assert "Expected money over 3 further periods" in sheet.caption
    assert rollout.money.expected is not None
    assert np.isclose(sheet.frame.set_index("choice")["expected"].max(), max(rollout.money.expected.values()))
