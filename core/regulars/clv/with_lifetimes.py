"""The models through the `lifetimes` package. The only module that knows its spelling and its traps."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from regulars.clv.bgnbd import BGNBD
from regulars.clv.engine import FITS, MODELS
from regulars.clv.fitted import Fitted, NoFit
from regulars.clv.forecast import AnyModel, ModelForecast, weeks
from regulars.clv.gammagamma import GammaGamma, fit_gammagamma
from regulars.clv.history import Standing
from regulars.clv.mbgnbd import MBGNBD
from regulars.clv.paretonbd import ParetoNBD
from regulars.clv.statistics import Floats, purchase_statistics, spend_statistics
from regulars.clv.units import DAYS_A_WEEK

FITTERS = {"bgnbd": "BetaGeoFitter", "mbgnbd": "ModifiedBetaGeoFitter", "paretonbd": "ParetoNBDFitter"}
OWN: dict[str, type[AnyModel]] = {"bgnbd": BGNBD, "mbgnbd": MBGNBD, "paretonbd": ParetoNBD}
REMEDY = " (the engine of our own, --clv-engine own, may)"
NEAR = 1e-3  # relative distance of two maxima that counts as one: the package stops early


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the package warns of and prints inside its optimiser from the user's terminal, here and only here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True, eq=False)
class LifetimesForecast(ModelForecast):
    """A BG/NBD fitted by the package, which computes its expected purchases too."""

    def path(self, standing: Standing, ends: Sequence[float]) -> list[Floats]:
        """Return E[Y(t)], purchase days in each of the next stretches of days, as the package computes it."""
        return [self._orders(standing, end) for end in ends]

    def _orders(self, standing: Standing, days: float) -> Floats:
        with _quiet():
            from lifetimes import BetaGeoFitter  # noqa: PLC0415

            fitter = BetaGeoFitter()
            fitter.params_ = pd.Series(dict(zip(self.params.names, self.params.values, strict=True)))
            expected = fitter.conditional_expected_number_of_purchases_up_to_time(days / DAYS_A_WEEK, *weeks(standing))
        found = np.asarray(expected, dtype=np.float64)
        # The package has no value where a = 1 or a + b = 1, and for some frequent customers.
        if np.isfinite(found).all():
            return found
        return np.where(np.isfinite(found), found, super().path(standing, [days])[0])


class LifetimesEngine:
    """The lifetimes package, selectable and the oracle of our own engine."""

    how = "maximum likelihood through the lifetimes package"

    def fit_purchases(
        self,
        key: str,
        standing: Standing,
        *,
        start: ModelForecast | None = None,  # noqa: ARG002  the package has its own starts
        information: bool = False,
    ) -> ModelForecast | NoFit:
        """Fit a model of MODELS, times in weeks; its covariance is our own, since the package's is wrong off the diagonal."""
        statistics = purchase_statistics(*weeks(standing))
        with _quiet():
            import lifetimes  # noqa: PLC0415
            from lifetimes.utils import ConvergenceError  # noqa: PLC0415

            fitter: Any = getattr(lifetimes, FITTERS[key])()
            try:
                fitter.fit(*statistics.rows(), weights=statistics.weights)
            except ConvergenceError:
                return NoFit(f"the lifetimes package does not converge on these orders{REMEDY}")
        values = tuple(float(fitter.params_[name]) for name in OWN[key].names)
        if not all(np.isfinite(value) and value > 0 for value in values):
            return NoFit(f"the lifetimes package gives no finite parameters{REMEDY}")
        params = OWN[key](*values)
        covariance, at_bound = None, ()
        if information:
            own = FITS[key](statistics, start=params)
            same = not isinstance(own, NoFit) and np.allclose(own.params.values, values, rtol=NEAR)
            covariance, at_bound = (own.covariance, own.at_bound) if same else (None, ())
        fitted: Fitted[AnyModel] = Fitted(
            params,
            params.log_likelihood(statistics),
            covariance,
            at_bound,
            converged=True,
            customers=statistics.customers,
        )
        kind = LifetimesForecast if key == "bgnbd" else ModelForecast
        return kind(key, MODELS[key], fitted)

    def fit_spend(self, frequency: Floats, spend: Floats) -> Fitted[GammaGamma] | NoFit:
        """Fit Gamma-Gamma on the mean spend of repeat purchase days; both arguments hold repeaters only."""
        with _quiet():
            from lifetimes import GammaGammaFitter  # noqa: PLC0415
            from lifetimes.utils import ConvergenceError  # noqa: PLC0415

            fitter = GammaGammaFitter()
            try:
                fitter.fit(frequency, spend)
            except ConvergenceError:
                return NoFit(f"the spend model of the lifetimes package does not converge on these orders{REMEDY}")
        p, q, v = (float(fitter.params_[name]) for name in ("p", "q", "v"))
        if not all(np.isfinite(value) for value in (p, q, v)) or q <= 1:
            return NoFit(f"the spend model has no finite mean (q = {q:.2f}, and it must be above 1)")
        params = GammaGamma(p, q, v)
        statistics = spend_statistics(frequency, spend)
        own = fit_gammagamma(statistics, start=params)
        same = not isinstance(own, NoFit) and np.allclose(
            (own.params.p, own.params.q, own.params.v), (p, q, v), rtol=NEAR
        )
        covariance = own.covariance if same and not isinstance(own, NoFit) else None
        return Fitted(
            params, params.log_likelihood(statistics), covariance, (), converged=True, customers=statistics.customers
        )
