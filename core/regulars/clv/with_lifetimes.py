"""BG/NBD and Gamma-Gamma through the `lifetimes` package. The only module that knows its spelling and its traps."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from regulars.clv.bgnbd import BGNBD
from regulars.clv.engine import Forecast, weeks
from regulars.clv.fitted import NoFit
from regulars.clv.model import DAYS_A_WEEK, PurchaseModel, SpendModel
from regulars.clv.statistics import Floats


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the package warns of and prints inside its optimiser from the user's terminal, here and only here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True)
class LifetimesForecast:
    """A BG/NBD fitted by the package."""

    model: PurchaseModel

    def expected_orders(self, customers: pd.DataFrame, days: float) -> Floats:
        """Return E[Y(t)], purchase days in the next `days`, as the package computes it."""
        with _quiet():
            expected = self._fitter().conditional_expected_number_of_purchases_up_to_time(
                days / DAYS_A_WEEK, *weeks(customers)
            )
        return np.asarray(expected, dtype=np.float64)

    def chance_of_purchase(self, customers: pd.DataFrame, days: float) -> Floats:
        """Return the probability of at least one purchase; the package has none, so the formula is our own."""
        model = BGNBD(self.model.r, self.model.alpha, self.model.a, self.model.b)
        return model.chance_of_purchase(*weeks(customers), days / DAYS_A_WEEK)

    def _fitter(self) -> Any:
        from lifetimes import BetaGeoFitter  # noqa: PLC0415

        fitter = BetaGeoFitter()
        model = self.model
        fitter.params_ = pd.Series({"r": model.r, "alpha": model.alpha, "a": model.a, "b": model.b})
        return fitter


class LifetimesEngine:
    """The lifetimes package, selectable and the oracle of our own engine."""

    how = "maximum likelihood through the lifetimes package"

    def fit_purchases(self, customers: pd.DataFrame) -> Forecast | NoFit:
        """Fit BG/NBD on frequency, recency and age of the customers (days)."""
        with _quiet():
            from lifetimes import BetaGeoFitter  # noqa: PLC0415
            from lifetimes.utils import ConvergenceError  # noqa: PLC0415

            distinct = customers.groupby(["frequency", "recency", "age"], as_index=False).size()
            counts = distinct["size"].to_numpy(np.float64)
            frequency, recency, age = weeks(distinct)
            fitter = BetaGeoFitter()
            try:
                fitter.fit(frequency, recency, age, weights=counts)
            except ConvergenceError:
                return NoFit("the lifetimes package does not converge on these orders")
        # The package reports the mean on a time scale where the longest age is 1.
        scale = float(np.log(age.max())) * float((frequency * counts).sum())
        likelihood = -fitter._negative_log_likelihood_ * float(counts.sum()) - scale  # noqa: SLF001
        r, alpha, a, b = (float(fitter.params_[name]) for name in ("r", "alpha", "a", "b"))
        if not all(np.isfinite(value) and value > 0 for value in (r, alpha, a, b)):
            return NoFit("the lifetimes package gives no finite parameters")
        return LifetimesForecast(PurchaseModel(r, alpha, a, b, float(likelihood)))

    def fit_spend(self, frequency: Floats, spend: Floats) -> SpendModel | NoFit:
        """Fit Gamma-Gamma on the mean spend of repeat purchase days; both arguments hold repeaters only."""
        with _quiet():
            from lifetimes import GammaGammaFitter  # noqa: PLC0415
            from lifetimes.utils import ConvergenceError  # noqa: PLC0415

            fitter = GammaGammaFitter()
            try:
                fitter.fit(frequency, spend)
            except ConvergenceError:
                return NoFit("the spend model of the lifetimes package does not converge on these orders")
        p, q, v = (float(fitter.params_[name]) for name in ("p", "q", "v"))
        if not all(np.isfinite(value) for value in (p, q, v)) or q <= 1:
            return NoFit(f"the spend model has no finite mean (q = {q:.2f}, and it must be above 1)")
        return SpendModel(p, q, v)
