"""Discrete Laplace noise, exact, from a stream of random bits that a secret key decides.

References
----------
Ghosh, Roughgarden & Sundararajan (2012), "Universally utility-maximizing privacy mechanisms", SIAM J. Computing 41(6).
Canonne, Kamath & Steinke (2020), "The discrete Gaussian for differential privacy", Algorithms 1 and 2: sampling with
whole numbers alone, because rounded logarithms give noise away (Mironov 2012, CCS).
"""

import hmac
import math
from fractions import Fraction

import numpy as np


class KeyedBits:
    """Whole numbers drawn from HMAC-SHA-256 in counter mode: the same key and seed give the same numbers.

    Parameters
    ----------
    secret : bytes
        Whoever lacks it cannot tell the numbers from random ones.
    seed : bytes
        What the numbers are drawn for; another one gives independent numbers.
    """

    def __init__(self, secret: bytes, seed: bytes) -> None:
        self._secret = hmac.digest(secret, seed, "sha256")
        self._bits, self._left, self._blocks = 0, 0, 0

    def bits(self, count: int) -> int:
        """Draw a whole number of `count` random bits."""
        while self._left < count:
            block = hmac.digest(self._secret, self._blocks.to_bytes(8, "big"), "sha256")
            self._bits = (self._bits << 256) | int.from_bytes(block, "big")
            self._left, self._blocks = self._left + 256, self._blocks + 1
        self._left -= count
        drawn, self._bits = self._bits >> self._left, self._bits & ((1 << self._left) - 1)
        return drawn

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 to `limit` - 1, each as probable as any other."""
        while (drawn := self.bits((limit - 1).bit_length())) >= limit:
            pass
        return drawn


def laplace(bits: KeyedBits, epsilon: Fraction) -> int:
    """Draw a whole number x with a probability proportional to exp(-epsilon |x|)."""
    steps, scale = epsilon.numerator, epsilon.denominator
    while True:
        part = bits.below(scale)
        if not _exp(bits, Fraction(part, scale)):
            continue
        whole = 0
        while _exp(bits, Fraction(1)):
            whole += 1
        size, negative = (part + scale * whole) // steps, bits.bits(1)
        if size or not negative:  # zero would be drawn twice as often, as 0 and as -0
            return -size if negative else size


def _exp(bits: KeyedBits, exponent: Fraction) -> bool:
    """True with probability exp(-exponent), for exponents from 0 to 1."""
    trials = 1
    while bits.below(exponent.denominator * trials) < exponent.numerator:
        trials += 1
    return trials % 2 == 1


def reach(epsilon: float, level: float = 0.95) -> int:
    """Smallest r such that a draw lies within -r and r with probability `level`: P(|x| > r) = 2 a^(r+1) / (1 + a),
    a = exp(-epsilon).
    """
    ratio = math.exp(-epsilon)
    return max(0, math.ceil(math.log((1 - level) * (1 + ratio) / 2) / -epsilon - 1))


def reach_of_sum(epsilon: float, draws: int, level: float = 0.95) -> int:
    """Smallest r such that the sum of independent draws lies within -r and r with probability `level`.

    Notes
    -----
    The distribution of the sum is the inverse Fourier transform of a power of the characteristic function,
    (1 - a)^2 / (1 - 2 a cos t + a^2). The sum is taken to lie within twelve standard deviations and the reach of a
    single draw at one in a billion.
    """
    ratio = math.exp(-epsilon)
    deviation = math.sqrt(2 * ratio * draws) / (1 - ratio)
    half = math.ceil(12 * deviation) + reach(epsilon, 1 - 1e-9) + 1
    angles = 2 * np.pi * np.arange(half + 1) / (2 * half)
    one = (1 - ratio) ** 2 / (1 - 2 * ratio * np.cos(angles) + ratio**2)
    mass = np.fft.irfft(one**draws, 2 * half)
    inside = mass[0] + 2 * np.cumsum(np.concatenate([[0.0], mass[1:half]]))
    return int(np.searchsorted(inside, level))
