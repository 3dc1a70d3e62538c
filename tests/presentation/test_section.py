"""What sections say where a gate has failed, and what they leave to the gates."""

from reachbook.presentation.section import WITHHELD, Section, cautioned, unless_checked, withheld
from reachbook.verdict import Gate


def test_only_the_first_section_without_numbers_says_why() -> None:
    found = withheld(["plan", "weeks", "move"])
    assert [each.note for each in found.values()] == [WITHHELD, "Not told either.", "Not told either."]


def test_a_caution_stands_in_full_once_and_before_every_note() -> None:
    found = cautioned({"fit": Section("It fits."), "truth": Section()}, "A check has failed.", "Take care.")
    assert {name: each.note for name, each in found.items()} == {
        "fit": "A check has failed. It fits.",
        "truth": "Take care.",
    }


def test_what_a_gate_says_is_referred_to() -> None:
    gates = [Gate("a", True, "All hold. None was widened."), Gate("b", False, "Too few.")]
    assert unless_checked("All hold.", gates, "See above.") == "See above."
    assert unless_checked("Some hold.", gates, "See above.") == "Some hold."
