"""What is believed of each channel before the data, in shares of the outcome."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.density import SHARE_DEVIATION
from reachbook.budget.model.history import History
from reachbook.budget.model.spec import MixSpec


@dataclass(frozen=True)
class Priors:
    """share : mean share of the outcome, (channels,), log-normal, see `mix_density.APART`.

    half : median of the adstock of half the largest effect, in units of the channel's mean spend: its mean spend in
    the weeks in which it spends, since that is where it was thought to work, (regions, channels).
    """

    share: Floats
    half: Floats

    @property
    def deviation(self) -> Floats:
        """Prior standard deviation of each share, (channels,)."""
        return np.asarray(self.share * SHARE_DEVIATION)


def priors(pasts: tuple[History, ...], spec: MixSpec) -> Priors:
    """Shares from the spec, or by money: before the data no channel's money is thought to be worth more than another's,
    so that a plan that moves money does so on the word of the data."""
    spent = np.sum([past.spend.sum(axis=1) for past in pasts], axis=0)
    usual = spec.media_share * spent / spent.sum()
    share = [spec.channel_shares.get(name, each) for name, each in zip(pasts[0].channels, usual, strict=True)]
    busy = np.stack([(past.spend > 0).mean(axis=1) for past in pasts])
    return Priors(np.array(share), 1 / np.where(busy > 0, busy, 1.0))
