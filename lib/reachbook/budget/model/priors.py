"""Every prior of the media mix: shares, half-saturation and slope, retention and delay."""

import math
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.budget.model.spec import MixSpec

COMMON = 0.5
"""Prior standard deviation of the log factor by which all channels together differ from their prior shares."""
APART = (math.log(0.5), 0.5)
"""Prior mean and standard deviation of the log between-channel scale, itself a deviation of log shares: 0.2 to 1.3.

Shares are log-normal and partially pooled: where channels are similar, extreme estimates shrink towards the others, so
that a plan does not select noise (Gelman, Hill & Yajima 2012, "Why we (usually) don't have to worry about multiple
comparisons"). The degree of pooling is learned: a channel that brings nothing is not lifted by the others.
"""
HALF_SPREAD = 0.7
"""Prior standard deviation of the log half-saturation point, around `Priors.half`."""
SLOPE = (0.35, 0.33)
"""Prior mean and standard deviation of the log Hill slope: 0.8 to 2.4, with 1, where S-shapes begin, well inside."""
BETWEEN = (math.log(0.3), 0.6)
"""Prior mean and standard deviation of the log between-region scale, itself a deviation of logarithms."""
_VARIANCE = COMMON**2 + math.exp(2 * APART[0])
MEAN_SHARE = math.exp(_VARIANCE / 2)
"""Prior mean over prior median of a share, at the median between-channel scale."""
SHARE_DEVIATION = math.sqrt(math.expm1(_VARIANCE))
"""Prior standard deviation over prior mean of a share, at the median between-channel scale."""
RETENTION_SPREAD = 0.95
"""Prior standard deviation of the log-odds of retention: around a mean of 0.4 it spans about 0.12 to 0.76."""
PEAK_SPREAD = 1.0
"""Prior standard deviation of the log-odds of the delay: the peak's lag as a ratio of the latest one allowed."""
WEIBULL_SCALE_SPREAD = 0.7
"""Prior standard deviation of the log Weibull scale."""
WEIBULL_SHAPE = (0.3, 0.4)
"""Prior mean and standard deviation of the log Weibull shape: about 0.7 to 2.6, where 1 is geometric."""


@dataclass(frozen=True)
class Priors:
    """Prior centres of the channels' parameters.

    Attributes
    ----------
    share : float array (channels,)
        Prior mean share of the outcome; log-normal, see `APART`.
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
