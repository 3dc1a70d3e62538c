"""Priors of the channels, in shares of the outcome."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.density import SHARE_DEVIATION
from reachbook.budget.model.history import History
from reachbook.budget.model.spec import MixSpec


@dataclass(frozen=True)
class Priors:
    """Prior centres of the channels' parameters.

    Attributes
    ----------
    share : float array (channels,)
        Prior mean share of the outcome, a ratio; log-normal, see `density.APART`.
    half : float array (regions, channels)
        Prior median of the adstock at half the largest effect, in units of the channel's mean spend: the mean spend of
        the periods in which it spends, since that is the level at which it was thought to work.
    """

    share: Floats
    half: Floats

    @property
    def deviation(self) -> Floats:
        """Prior standard deviation of each share, float array (channels,)."""
        return np.asarray(self.share * SHARE_DEVIATION)


def priors(pasts: tuple[History, ...], spec: MixSpec) -> Priors:
    """Priors of the spec; without stated shares, `media_share` is divided in proportion to spend.

    Equal prior returns per unit of money mean that a plan moves money on the evidence of the data only.
    """
    spent = np.sum([past.spend.sum(axis=1) for past in pasts], axis=0)
    usual = spec.media_share * spent / spent.sum()
    share = [spec.channel_shares.get(name, each) for name, each in zip(pasts[0].channels, usual, strict=True)]
    busy = np.stack([(past.spend > 0).mean(axis=1) for past in pasts])
    return Priors(np.array(share), 1 / np.where(busy > 0, busy, 1.0))
