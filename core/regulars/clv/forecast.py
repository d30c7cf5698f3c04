"""Forecasts: what turns how customers stand today into purchase days ahead, and how certain that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from regulars.clv.bgnbd import BGNBD
from regulars.clv.fitted import Fitted
from regulars.clv.history import Standing
from regulars.clv.mbgnbd import MBGNBD
from regulars.clv.moments import betageometric_pairs, pareto_pairs
from regulars.clv.paretonbd import ParetoNBD
from regulars.clv.statistics import Floats, Places, distinct_rows
from regulars.clv.units import DAYS_A_WEEK

AnyModel = BGNBD | MBGNBD | ParetoNBD
STEP = 1e-3  # of log-parameters, in central differences
MOST_DAYS = 3650.0  # ten years stand for "hardly ever"


class Forecast(Protocol):
    """What the estimate asks of a fitted model or a learned rule. Times are in days."""

    @property
    def key(self) -> str:
        """Return the candidate's key."""

    @property
    def name(self) -> str:
        """Return what people call it."""

    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the expected purchase days of each customer in the next `days`."""

    def chance(self, standing: Standing, days: float) -> Floats:
        """Return the probability of at least one purchase in the next `days`."""

    def variance(self, standing: Standing, days: float) -> Floats:
        """Return the variance of each customer's purchase days when the forecast is right."""

    def slopes(self, standing: Standing, days: float) -> tuple[Floats, Floats]:
        """Return how the expected purchase days move with what was estimated (customers by k), and its covariance."""


def total_of(forecast: Forecast, standing: Standing, days: float) -> tuple[float, float]:
    """Return the purchase days expected of all customers together in the next `days`, and their variance.

    The variance has two parts: chance, and the uncertainty of what was estimated.
    """
    slopes, covariance = forecast.slopes(standing, days)
    slope = slopes.sum(axis=0)
    chance = float(forecast.variance(standing, days).sum())
    return float(forecast.orders(standing, days).sum()), chance + float(slope @ covariance @ slope)


@dataclass(frozen=True, eq=False)
class ModelForecast:
    """A fitted purchase model; its times are weeks."""

    key: str
    name: str
    fitted: Fitted[AnyModel]

    @property
    def params(self) -> AnyModel:
        """Return the parameters."""
        return self.fitted.params

    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the expected purchase days of each customer in the next `days`."""
        return self.path(standing, [days])[0]

    def path(self, standing: Standing, ends: Sequence[float]) -> list[Floats]:
        """Return the same for several stretches at once: equal customers are looked for once."""
        return _path(self.params, standing, ends, distinct_rows(standing.frequency, standing.age))

    def chance(self, standing: Standing, days: float) -> Floats:
        """Return the probability of at least one purchase in the next `days`."""
        return self.params.chance_of_purchase(*weeks(standing), days / DAYS_A_WEEK)

    def variance(self, standing: Standing, days: float) -> Floats:
        """Return E[Y(Y − 1)] + E[Y] − E[Y]² for each customer."""
        x, t_x, T = weeks(standing)  # noqa: N806
        time, params = days / DAYS_A_WEEK, self.params
        if isinstance(params, ParetoNBD):
            pairs = pareto_pairs(params.values, x, T, time)
        else:
            pairs = betageometric_pairs(params.values, x, T, time, int(isinstance(params, MBGNBD)))
        expected = self.path(standing, [days])[0]
        return np.asarray(np.maximum(params.alive(x, t_x, T) * pairs + expected - expected**2, 0.0))

    def slopes(self, standing: Standing, days: float) -> tuple[Floats, Floats]:
        """Return the slopes in log-parameters by central differences, and the covariance of the log-parameters.

        A parameter at a bound is held there; without a covariance (the likelihood is flat) there are no slopes.
        """
        values = np.array(self.params.values)
        covariance = self.fitted.covariance
        free = [place for place, name in enumerate(self.params.names) if name not in self.fitted.at_bound]
        if covariance is None or not free:
            return np.zeros((len(standing), 0)), np.zeros((0, 0))
        rows = distinct_rows(standing.frequency, standing.age)
        slopes = []
        for place in free:
            up, down = values.copy(), values.copy()
            up[place] *= np.exp(STEP)
            down[place] *= np.exp(-STEP)
            ends = [_path(type(self.params)(*end), standing, [days], rows)[0] for end in (up, down)]
            slopes.append((ends[0] - ends[1]) / (2 * STEP))
        logs = (covariance / np.outer(values, values))[np.ix_(free, free)]
        return np.column_stack(slopes), np.asarray(logs)


@dataclass(frozen=True, eq=False)
class Rhythm:
    """When the next purchase is due: the rate has the gamma posterior (r + x, alpha + time observed); alpha in days.

    The waiting time of a customer who is still there is Pareto distributed: P(wait > v) = (A / (A + v))^(r + x), with
    A = alpha + T today, and alpha + t_x on the day of the last purchase. Fader, Hardie & Lee (2005a), section 3.
    """

    r: float
    alpha: float

    def wait(self, standing: Standing, share: float) -> Floats:
        """Return the days from today by which `share` of such customers have bought, if still there; at most ten years."""
        return self._quantile(standing.frequency, standing.age, share)

    def late(self, standing: Standing, share: float = 0.9) -> Floats:
        """Return 1 for a repeat customer who is silent for longer than `share` of the own gaps, else 0."""
        gap = self._quantile(standing.frequency, standing.recency, share)
        return np.where((standing.frequency > 0) & (standing.silence > gap), 1.0, 0.0)

    def _quantile(self, frequency: Floats, observed: Floats, share: float) -> Floats:
        with np.errstate(over="ignore"):
            found = (self.alpha + observed) * np.expm1(-np.log1p(-share) / (self.r + frequency))
        return np.asarray(np.minimum(found, MOST_DAYS))


def _path(params: AnyModel, standing: Standing, ends: Sequence[float], rows: tuple[Places, Places]) -> list[Floats]:
    x, t_x, T = weeks(standing)  # noqa: N806
    first, at = rows
    alive = params.alive(x, t_x, T)
    return [alive * params.orders_while_alive(x[first], T[first], end / DAYS_A_WEEK)[at] for end in ends]


def weeks(standing: Standing) -> tuple[Floats, Floats, Floats]:
    """Return frequency, recency and age, times in weeks."""
    return standing.frequency, standing.recency / DAYS_A_WEEK, standing.age / DAYS_A_WEEK
