"""A campaign's table answered and its page composed in one go."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reachbook.effects import EffectSpec
from reachbook.effects.sections import story
from reachbook.effects.sections.story import CampaignStory


def compose(frame: pd.DataFrame, spec: EffectSpec, seed: int, *more: Any) -> CampaignStory:
    """What the page says of `frame`; more : as for `story.compose`."""
    return story.compose(story.answer(frame, spec, seed), *more)
