"""Ranges: between which figures the value lies in 80 of 100 cases, for a customer, a segment and the total.

Three sources add up: chance (what customers do when the forecast is right), the parameters (their covariance, by the
delta method in log-parameters) and the error of the forecast itself, as far as a test showed one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from regulars.clv.statistics import Floats

SHARE_INSIDE = 0.8
Z = 1.2815515655446004  # 90 % of a normal distribution lie below
MEANING = (
    "If the forecast is right, four times in five the customers will bring an amount inside the range: it covers chance "
    "and the uncertainty of the estimated parameters, and it is widened where the test fell outside its own range. "
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
    error: float = 0.0  # relative standard deviation common to all, from the test

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


def error_beyond(actual: float, predicted: float, deviation: float) -> float:
    """Return the relative standard deviation that a forecast has beside the stated one, after a test.

    It is 0 where what came lay within the 80 % range; otherwise the miss counts as one standard deviation in all.

    >>> error_beyond(100.0, 102.0, 0.05)
    0.0
    >>> round(error_beyond(140.0, 100.0, 0.05), 3)
    0.397
    """
    if predicted <= 0:
        return 0.0
    missed = abs(actual / predicted - 1)
    return float(np.sqrt(missed**2 - deviation**2)) if missed > Z * deviation else 0.0
