"""A fitted mix planned for and told in one go."""

from __future__ import annotations

from typing import Any

from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.story import BudgetStory, advise
from reachbook.budget.sections.story import compose as told
from reachbook.budget.spec import BudgetSpec


def tell(mix: Mix, spec: BudgetSpec, seed: int, *more: Any, **named: Any) -> BudgetStory:
    """What the page says of `mix`; more, named : as for `story.advise`."""
    return told(advise(mix, spec, seed, *more, **named))
