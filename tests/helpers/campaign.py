"""A campaign's table answered and told in one go."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reachbook.effects import EffectSpec
from reachbook.effects.sections.story import CampaignStory, answer
from reachbook.effects.sections.story import compose as told


def tell(frame: pd.DataFrame, spec: EffectSpec, seed: int, *more: Any) -> CampaignStory:
    """What the page says of `frame`; more : as for `story.compose`."""
    return told(answer(frame, spec, seed), *more)
