"""A fitted mix planned for and its page composed in one go."""

from __future__ import annotations

from typing import Any

from reachbook.budget.model.mix import Mix
from reachbook.budget.sections import story
from reachbook.budget.sections.story import BudgetStory
from reachbook.budget.spec import BudgetSpec


def compose(mix: Mix, spec: BudgetSpec, seed: int, *more: Any, **named: Any) -> BudgetStory:
    """What the page says of `mix`; more, named : as for `story.advise`."""
    return story.compose(story.advise(mix, spec, seed, *more, **named))
