"""Lengths of time that the lifetime models count in, and what later months are worth."""

from __future__ import annotations

import numpy as np

from regulars.clv.statistics import Floats

DAYS_A_WEEK = 7.0
DAYS_A_MONTH = 365.25 / 12
DAYS_A_SHORT_MONTH = 30.0  # of the lifetimes package


def monthly_factors(months: int, rate: float, *, as_lifetimes: bool = False) -> tuple[float, Floats]:
    """Return the days of a month and the discount factor of each.

    `rate` is a year's; a month has 365.25/12 days and is discounted at its middle. With `as_lifetimes` it is as in the
    lifetimes package: `rate` is a month's, months have 30 days and are discounted at their end.

    >>> monthly_factors(2, 0.01, as_lifetimes=True)[1].round(4).tolist()
    [0.9901, 0.9803]
    """
    if as_lifetimes:
        return DAYS_A_SHORT_MONTH, np.asarray((1 + rate) ** -np.arange(1.0, months + 1))
    return DAYS_A_MONTH, np.asarray((1 + rate) ** -((np.arange(months) + 0.5) / 12))
