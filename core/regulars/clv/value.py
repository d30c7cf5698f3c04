"""The figures of each customer: orders, spend, discounted value, its range, and when the next order is due."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.clv.baselines import Baseline, RecencyRule, active_class_means
from regulars.clv.forecast import Forecast, ModelForecast, Rhythm
from regulars.clv.history import Standing
from regulars.clv.model import LIFETIME_COLUMNS
from regulars.clv.ranges import Uncertainty
from regulars.clv.spending import Spending
from regulars.clv.statistics import Floats
from regulars.clv.units import DAYS_A_MONTH, monthly_factors


def monthly_discounts(months: int, annual_rate: float) -> npt.NDArray[np.float64]:
    """Return the factor of each month, discounted at its middle.

    >>> monthly_discounts(2, 0.10).round(4).tolist()
    [0.996, 0.9882]
    """
    return monthly_factors(months, annual_rate)[1]


def discounted_orders(
    forecast: Forecast, standing: Standing, months: int, rate: float, *, as_lifetimes: bool = False
) -> Floats:
    """Return the expected purchase days of each customer over `months`, those of each month discounted.

    `rate` is a year's and a month has 365.25/12 days, discounted at its middle. With `as_lifetimes` it is as in the
    lifetimes package: `rate` is a month's, months have 30 days, and are discounted at their end.
    """
    days, factors = monthly_factors(months, rate, as_lifetimes=as_lifetimes)
    before = np.zeros(len(standing))
    discounted = np.zeros(len(standing))
    ends = [month * days for month in range(1, months + 1)]
    path = (
        forecast.path(standing, ends)
        if isinstance(forecast, ModelForecast)
        else [forecast.orders(standing, end) for end in ends]
    )
    for factor, until in zip(factors, path, strict=True):
        discounted += factor * (until - before)
        before = until
    return discounted


def values_of(
    standing: Standing,
    forecast: Forecast,
    spending: Spending,
    rhythm: Rhythm,
    months: int,
    rate: float,
    error: float,
) -> tuple[pd.DataFrame, Uncertainty]:
    """Return the columns of LIFETIME_COLUMNS, and what the ranges of sums are made of.

    `error` is the relative standard deviation of the forecast's total that a test showed beyond the stated one.
    """
    horizon = months * DAYS_A_MONTH
    orders = forecast.orders(standing, horizon)
    if isinstance(forecast, Baseline):  # orders come evenly
        factor = np.full(len(standing), float(monthly_discounts(months, rate).mean()))
    else:
        discounted = discounted_orders(forecast, standing, months, rate)
        factor = np.divide(discounted, orders, out=np.ones(len(standing)), where=orders > 0)
    clv = orders * factor * spending.mean
    chance = forecast.chance(standing, horizon)
    by_chance = forecast.variance(standing, horizon)
    second = spending.squared * factor**2 * (spending.within * orders + by_chance + orders**2)
    order_slopes, order_covariance = forecast.slopes(standing, horizon)
    uncertainty = Uncertainty(
        clv,
        np.maximum(second - clv**2, 0.0),
        chance,
        np.hstack(
            [
                order_slopes * (factor * spending.mean)[:, None],
                spending.slopes * (orders * factor)[:, None],
            ]
        ),
        _block(order_covariance, spending.covariance),
        error,
    )
    low, high = uncertainty.customers()
    columns = (
        orders,
        spending.mean,
        clv,
        _at_last_order(standing, forecast, months, rate, factor) * spending.mean,
        chance,
        low,
        high,
        rhythm.wait(standing, 0.25),
        rhythm.wait(standing, 0.75),
        rhythm.late(standing),
    )
    return pd.DataFrame(dict(zip(LIFETIME_COLUMNS, columns, strict=True))), uncertainty


def _at_last_order(standing: Standing, forecast: Forecast, months: int, rate: float, factor: Floats) -> Floats:
    """Return the discounted orders that were expected on the day of the last one: the clock of silence stood at nought.

    A naive forecast does not look at silence as a model does: it is as of active customers with as many orders.
    """
    then = standing.at_last_order()
    if not isinstance(forecast, Baseline):
        return discounted_orders(forecast, then, months, rate)
    now = forecast.orders(standing, months * DAYS_A_MONTH)
    if isinstance(forecast, RecencyRule):
        return np.asarray(np.maximum(now, forecast.orders(then, months * DAYS_A_MONTH)) * factor)
    active = active_class_means(standing.history, standing.day).orders(then, months * DAYS_A_MONTH)
    return np.asarray(np.maximum(now, active) * factor)


def _block(one: Floats, other: Floats) -> Floats:
    whole = np.zeros((len(one) + len(other),) * 2)
    whole[: len(one), : len(one)] = one
    whole[len(one) :, len(one) :] = other
    return whole
