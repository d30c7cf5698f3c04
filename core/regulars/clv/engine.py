"""Engines: what fits the models. Ours is the default; the lifetimes package runs the same report when asked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from regulars.base.settings import Settings
from regulars.clv.bgnbd import FittedBGNBD, fit_bgnbd
from regulars.clv.fitted import NoFit
from regulars.clv.gammagamma import fit_gammagamma
from regulars.clv.model import DAYS_A_WEEK, PurchaseModel, SpendModel
from regulars.clv.statistics import Floats, purchase_statistics, spend_statistics

Columns = tuple[Floats, Floats, Floats]


class Forecast(Protocol):
    """A fitted purchase model over customers with frequency, recency and age in days."""

    @property
    def model(self) -> PurchaseModel:
        """Return the parameters; time in weeks."""

    def expected_orders(self, customers: pd.DataFrame, days: float) -> Floats:
        """Return the expected purchase days in the next `days`."""

    def chance_of_purchase(self, customers: pd.DataFrame, days: float) -> Floats:
        """Return the probability of at least one purchase in the next `days`."""


class Engine(Protocol):
    """What the estimate asks of an engine."""

    how: str  # how it fits, for the reader

    def fit_purchases(self, customers: pd.DataFrame) -> Forecast | NoFit:
        """Fit BG/NBD on frequency, recency and age (days)."""

    def fit_spend(self, frequency: Floats, spend: Floats) -> SpendModel | NoFit:
        """Fit Gamma-Gamma on the mean spend of repeat purchase days; both arguments hold repeaters only."""


@dataclass(frozen=True)
class OwnForecast:
    """A BG/NBD fitted by our own engine, in weeks."""

    fitted: FittedBGNBD

    @property
    def model(self) -> PurchaseModel:
        params = self.fitted.params
        return PurchaseModel(params.r, params.alpha, params.a, params.b, self.fitted.log_likelihood)

    def expected_orders(self, customers: pd.DataFrame, days: float) -> Floats:
        return self.fitted.expected_orders(*weeks(customers), days / DAYS_A_WEEK)

    def chance_of_purchase(self, customers: pd.DataFrame, days: float) -> Floats:
        return self.fitted.chance_of_purchase(*weeks(customers), days / DAYS_A_WEEK)


class OwnEngine:
    """Our own maximum-likelihood engine."""

    how = "maximum likelihood by our own engine"

    def fit_purchases(self, customers: pd.DataFrame) -> Forecast | NoFit:
        fitted = fit_bgnbd(purchase_statistics(*weeks(customers)), information=False)
        if isinstance(fitted, NoFit):
            return fitted
        if not fitted.converged:
            return NoFit("the maximum-likelihood fit does not converge on these orders")
        return OwnForecast(fitted)

    def fit_spend(self, frequency: Floats, spend: Floats) -> SpendModel | NoFit:
        fitted = fit_gammagamma(spend_statistics(frequency, spend), information=False)
        if isinstance(fitted, NoFit):
            return fitted
        return SpendModel(fitted.params.p, fitted.params.q, fitted.params.v)


def engine_for(settings: Settings) -> Engine:
    """Return the engine that the settings name."""
    if settings.clv_engine == "lifetimes":
        from regulars.clv.with_lifetimes import LifetimesEngine  # noqa: PLC0415  slow to import

        return LifetimesEngine()
    return OwnEngine()


def weeks(customers: pd.DataFrame) -> Columns:
    """Return frequency, recency and age of the customers, times in weeks."""
    return (
        customers["frequency"].to_numpy(np.float64),
        customers["recency"].to_numpy(np.float64) / DAYS_A_WEEK,
        customers["age"].to_numpy(np.float64) / DAYS_A_WEEK,
    )
