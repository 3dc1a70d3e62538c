"""Remedy for messages that need monetary parameters which are missing."""

_MEANING = {
    "value_per_unit": "`value_per_unit` (money that one unit of outcome is worth; 1 where the outcome is money)",
    "margin": "`margin` (the part of that money which stays after the goods are paid, as 0.4)",
}


def instruction(missing: list[str]) -> str:
    """Instruction to supply the parameters in `missing`."""
    return f"write {' and '.join(_MEANING[name] for name in missing)} in budget_optimization.yaml"
