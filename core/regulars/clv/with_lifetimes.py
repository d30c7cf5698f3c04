"""BG/NBD and Gamma-Gamma through the `lifetimes` package. The only module that knows its spelling and its traps."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.clv.model import DAYS_A_WEEK, PurchaseModel, SpendModel

Floats = npt.NDArray[np.float64]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the package's warnings of overflow inside its optimiser from the user's terminal, here and only here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True)
class FittedPurchases:
    """A fitted BG/NBD. Times are in days on the way in, weeks inside."""

    model: PurchaseModel

    def expected_orders(self, customers: pd.DataFrame, days: float) -> Floats:
        """Return E[Y(t)], purchase days in the next `days`. Fader, Hardie & Lee (2005a), eq. (10)."""
        with _quiet():
            expected = self._fitter().conditional_expected_number_of_purchases_up_to_time(
                days / DAYS_A_WEEK, *_weeks(customers)
            )
        return np.asarray(expected, dtype=np.float64)

    def alive(self, customers: pd.DataFrame) -> Floats:
        """Return the probability that a customer has not dropped out; 1 for every one-time buyer by construction."""
        with _quiet():
            return np.asarray(self._fitter().conditional_probability_alive(*_weeks(customers)), dtype=np.float64)

    def chance_of_purchase(self, customers: pd.DataFrame, days: float) -> Floats:
        """Return the probability of at least one purchase in the next `days`.

        A customer who is alive at T has a purchase rate with the gamma posterior (r + x, alpha + T), and can drop out
        only after a purchase, so that P(none in t) = ((alpha + T) / (alpha + T + t))^(r + x).
        """
        frequency, _, age = _weeks(customers)
        ahead = days / DAYS_A_WEEK
        rate = (self.model.alpha + age) / (self.model.alpha + age + ahead)
        return np.asarray(self.alive(customers) * (1 - rate ** (self.model.r + frequency)))

    def _fitter(self) -> Any:
        from lifetimes import BetaGeoFitter  # noqa: PLC0415  slow to import, and not needed by most commands

        fitter = BetaGeoFitter()
        model = self.model
        fitter.params_ = pd.Series({"r": model.r, "alpha": model.alpha, "a": model.a, "b": model.b})
        return fitter


@dataclass(frozen=True)
class NoFit:
    """The optimiser gave up, or its result means nothing."""

    reason: str


def fit_purchases(customers: pd.DataFrame) -> FittedPurchases | NoFit:
    """Fit BG/NBD by maximum likelihood on frequency, recency and age of the customers (days)."""
    with _quiet():
        from lifetimes import BetaGeoFitter  # noqa: PLC0415
        from lifetimes.utils import ConvergenceError  # noqa: PLC0415

        distinct = customers.groupby(["frequency", "recency", "age"], as_index=False).size()
        frequency, recency, age = _weeks(distinct)
        fitter = BetaGeoFitter()
        try:
            fitter.fit(frequency, recency, age, weights=distinct["size"].to_numpy(float))
        except ConvergenceError:
            return NoFit("the maximum-likelihood fit does not converge on these orders")
    # The package reports the mean on a time scale where the longest age is 1.
    scale = float(np.log(age.max())) * float((frequency * distinct["size"]).sum())
    likelihood = -fitter._negative_log_likelihood_ * float(distinct["size"].sum()) - scale
    r, alpha, a, b = (float(fitter.params_[name]) for name in ("r", "alpha", "a", "b"))
    if not all(np.isfinite(value) and value > 0 for value in (r, alpha, a, b)):
        return NoFit("the maximum-likelihood fit gives no finite parameters")
    return FittedPurchases(PurchaseModel(r, alpha, a, b, float(likelihood)))


def fit_spend(frequency: Floats, spend: Floats) -> SpendModel | NoFit:
    """Fit Gamma-Gamma on the mean spend of repeat purchase days; both arguments hold repeaters only."""
    with _quiet():
        from lifetimes import GammaGammaFitter  # noqa: PLC0415
        from lifetimes.utils import ConvergenceError  # noqa: PLC0415

        fitter = GammaGammaFitter()
        try:
            fitter.fit(frequency, spend)
        except ConvergenceError:
            return NoFit("the spend model does not converge on these orders")
    p, q, v = (float(fitter.params_[name]) for name in ("p", "q", "v"))
    if not all(np.isfinite(value) for value in (p, q, v)) or q <= 1:
        return NoFit(f"the spend model has no finite mean (q = {q:.2f}, and it must be above 1)")
    return SpendModel(p, q, v)


def expected_spend(model: SpendModel, frequency: Floats, spend: Floats) -> Floats:
    """Return the expected spend of a future purchase day: the population's mean, moved towards the customer's own.

    Fader & Hardie (2013), note 025, eq. (5): E(M) = (q − 1)/(px + q − 1) · pv/(q − 1) + px/(px + q − 1) · m.
    """
    own = np.where(frequency > 0, model.p * frequency, 0.0)
    mean = np.where(frequency > 0, spend, 0.0)
    return np.asarray((model.v * model.p + own * mean) / (own + model.q - 1))


def _weeks(customers: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    return (
        customers["frequency"].to_numpy(float),
        customers["recency"].to_numpy(float) / DAYS_A_WEEK,
        customers["age"].to_numpy(float) / DAYS_A_WEEK,
    )
