"""Ranges: between which figures the value lies in 80 of 100 cases, for a customer, a segment and the total.

Three sources add up: chance (what customers do when the forecast is right), the parameters (their covariance, by the
delta method in log-parameters) and the error of the forecast itself, as far as tests showed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, stdtrit

from regulars.clv.statistics import Floats

SHARE_INSIDE = 0.8
Z = 1.2815515655446004  # 90 % of a normal distribution lie below
MEANING = (
    "If the forecast is right, four times in five the customers will bring an amount inside the range: it covers chance "
    "and the uncertainty of the estimated parameters, and it is widened by the forecast's own error where held-out orders fell outside their range. "
    "It does not cover what the orders have never seen, such as a new competitor or a closed shop."
)


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What the ranges are made of. Money in the shop's currency."""

    value: Floats  # expected, of each customer
    variance: Floats  # of each customer's value by chance alone
    chance: Floats  # probability of any value at all
    slopes: Floats  # of the values in the estimated quantities: customers by k
    covariance: Floats  # of those
    error: float = 0.0  # relative standard deviation common to all, from the tests

    def group(self, members: npt.NDArray[np.bool_] | None = None) -> tuple[float, float]:
        """Return the 80 % range of the sum over some customers, or all: lognormal with the sum's mean and variance."""
        chosen = slice(None) if members is None else members
        mean = float(self.value[chosen].sum())
        slope = self.slopes[chosen].sum(axis=0)
        variance = float(self.variance[chosen].sum() + slope @ self.covariance @ slope) + (self.error * mean) ** 2
        return lognormal_range(mean, variance)

    def customers(self) -> tuple[Floats, Floats]:
        """Return the 80 % range of each customer: nothing with 1 − chance, else gamma with the mean and variance left."""
        parameters = np.einsum("ij,jk,ik->i", self.slopes, self.covariance, self.slopes)
        variance = self.variance + parameters + (self.error * self.value) ** 2
        some = np.clip(self.chance, 1e-12, 1.0)
        mean = self.value / some
        # E[V²] is the same with and without those who bring nothing.
        spread = np.maximum((variance + self.value**2) / some - mean**2, 1e-6 * mean**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            shape = mean**2 / spread
            low, high = (
                np.where(left > 0, gammaincinv(shape, np.clip(left, 0.0, 1.0)) * spread / mean, 0.0)
                for left in (1 - (1 - quantile) / some for quantile in (0.1, 0.9))
            )
        known = (self.value > 0) & (some > 1e-9)
        return np.where(known, low, 0.0), np.where(known, high, 0.0)


def lognormal_range(mean: float, variance: float) -> tuple[float, float]:
    """Return the quantiles 0.1 and 0.9 of the lognormal distribution with a mean and a variance.

    >>> low, high = lognormal_range(100.0, 100.0)
    >>> round(low, 1), round(high, 1)
    (87.6, 113.1)
    """
    if mean <= 0:
        return 0.0, 0.0
    width = np.log1p(variance / mean**2)
    centre = np.log(mean) - width / 2
    return float(np.exp(centre - Z * np.sqrt(width))), float(np.exp(centre + Z * np.sqrt(width)))


@dataclass(frozen=True)
class Miss:
    """A total that was forecast without being known: what came, what was expected, and how sure the forecast was."""

    day: str  # the last day that was known
    actual: float
    predicted: float
    deviation: float  # relative standard deviation that the forecast stated

    @property
    def relative(self) -> float:
        """Return by how much more came than expected, as a share of it; 0 where nothing was expected."""
        return self.actual / self.predicted - 1 if self.predicted > 0 else 0.0

    @property
    def inside(self) -> bool:
        """Tell whether what came lay within the 80 % range of the forecast."""
        low, high = lognormal_range(self.predicted, (self.deviation * self.predicted) ** 2)
        return low <= self.actual <= high


def error_beyond(misses: Sequence[Miss]) -> float:
    """Return the relative standard deviation that a forecast has beside the one it states, as its tests show it.

    It is 0 where every total lay within its 80 % range. Otherwise it is the root mean square miss, less the variance
    that the forecasts stated themselves. So few misses tell their own spread badly: the result is stretched by
    Student's t with as many degrees of freedom, so that 1.28 times it is the 90 % point.

    >>> error_beyond([Miss("2025-03-31", 102.0, 100.0, 0.05)])
    0.0
    >>> round(error_beyond([Miss("2025-03-31", 140.0, 100.0, 0.05), Miss("2025-06-30", 98.0, 100.0, 0.05)]), 3)
    0.41
    """
    if all(one.inside for one in misses):
        return 0.0
    beyond = float(np.mean([one.relative**2 - one.deviation**2 for one in misses]))
    return float(np.sqrt(max(beyond, 0.0)) * stdtrit(len(misses), 0.9) / Z)
