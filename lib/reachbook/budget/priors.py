"""What is believed of each channel before the data, in shares of the outcome."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.history import History
from reachbook.budget.mix_spec import MixSpec

type Floats = npt.NDArray[np.float64]

_WEIGHT = 5.0
"""Sum of the parameters of the Beta prior of retention: it spans about 0.1 to 0.75 around a mean of 0.4."""


@dataclass(frozen=True)
class Priors:
    """share : mean share of the outcome, half-normal, (channels,). retention : the two parameters of a Beta.

    half : median of the adstock of half the largest effect, in units of the channel's mean spend: its mean spend in
    the weeks in which it spends, since that is where it was thought to work, (channels,).
    """

    share: Floats
    half: Floats
    retention: tuple[float, float]

    @property
    def deviation(self) -> Floats:
        """Prior standard deviation of each share, (channels,)."""
        return np.asarray(self.share * np.sqrt(np.pi / 2 - 1))


def priors(past: History, spec: MixSpec) -> Priors:
    """Shares from the spec, or half by money and half alike: money is not spent where nothing is believed to come."""
    spent = past.spend.sum(axis=1)
    usual = spec.media_share * (0.5 * spent / spent.sum() + 0.5 / len(spent))
    share = [spec.channel_shares.get(name, each) for name, each in zip(past.channels, usual, strict=True)]
    half = 1 / (past.spend > 0).mean(axis=1)
    return Priors(np.array(share), half, (_WEIGHT * spec.retention, _WEIGHT * (1 - spec.retention)))
