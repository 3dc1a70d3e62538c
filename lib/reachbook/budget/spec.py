"""Parameters of the budget's optimisation."""

from reachbook.budget.mix_spec import MixSpec


class BudgetSpec(MixSpec):
    """The model, the money and the rules it is to be spent under."""
