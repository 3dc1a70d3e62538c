"""Remedy for messages that need monetary parameters which are missing."""

from reachbook.translation import listing, mark, tr

_MEANING = {
    "value_per_unit": mark("`value_per_unit` (money that one unit of outcome is worth; 1 where the outcome is money)"),
    "margin": mark("`margin` (the part of that money which stays after the goods are paid, as 0.4)"),
}


def instruction(missing: list[str]) -> str:
    """Instruction to supply the parameters in `missing`."""
    told = listing([_meaning(name) for name in missing])
    return tr("write {parameters} in budget_optimization.yaml", parameters=told)


def _meaning(name: str) -> str:
    meaning = _MEANING[name]
    return tr(meaning)
