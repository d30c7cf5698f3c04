"""Engines: what fits the models. Ours is the default; the lifetimes package runs the same report when asked to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from regulars.base.settings import Settings
from regulars.clv.bgnbd import WEAK_PRIOR, fit_bgnbd
from regulars.clv.fitted import Fitted, NoFit
from regulars.clv.forecast import ModelForecast, weeks
from regulars.clv.gammagamma import GammaGamma, fit_gammagamma
from regulars.clv.history import Standing
from regulars.clv.mbgnbd import fit_mbgnbd
from regulars.clv.paretonbd import fit_paretonbd
from regulars.clv.statistics import Floats, purchase_statistics, spend_statistics

# The candidates in the order in which they are shown.
MODELS = {"bgnbd": "BG/NBD", "mbgnbd": "MBG/NBD", "paretonbd": "Pareto/NBD"}
FITS: dict[str, Callable[..., Any]] = {"bgnbd": fit_bgnbd, "mbgnbd": fit_mbgnbd, "paretonbd": fit_paretonbd}


class Engine(Protocol):
    """What the estimate asks of an engine."""

    how: str  # how it fits, for the reader

    def fit_purchases(
        self,
        key: str,
        standing: Standing,
        *,
        start: ModelForecast | None = None,
        information: bool = False,
    ) -> ModelForecast | NoFit:
        """Fit a model of MODELS. `information` asks for its covariance, `start` is where to search first."""

    def fit_spend(self, frequency: Floats, spend: Floats) -> Fitted[GammaGamma] | NoFit:
        """Fit Gamma-Gamma on the mean spend of repeat purchase days; both arguments hold repeaters only."""


class OwnEngine:
    """Our own maximum-likelihood engine."""

    how = "maximum likelihood by our own engine"

    def fit_purchases(
        self,
        key: str,
        standing: Standing,
        *,
        start: ModelForecast | None = None,
        information: bool = False,
    ) -> ModelForecast | NoFit:
        """Fit a model of MODELS, times in weeks."""
        begin = None if start is None else start.params
        fitted = FITS[key](purchase_statistics(*weeks(standing)), start=begin, information=information)
        if isinstance(fitted, NoFit):
            return fitted
        if not fitted.converged:
            return NoFit("the maximum-likelihood fit does not converge on these orders")
        return ModelForecast(key, MODELS[key], fitted)

    def fit_spend(self, frequency: Floats, spend: Floats) -> Fitted[GammaGamma] | NoFit:
        """Fit Gamma-Gamma."""
        return fit_gammagamma(spend_statistics(frequency, spend))


def fit_with_prior(standing: Standing) -> ModelForecast | NoFit:
    """Fit BG/NBD with a weak prior on dropping out, for few customers or parameters at a bound; always our own engine."""
    fitted: Any = fit_bgnbd(purchase_statistics(*weeks(standing)), prior=WEAK_PRIOR)
    if isinstance(fitted, NoFit):
        return fitted
    return ModelForecast("bgnbd", "BG/NBD with a weak prior", fitted)


def engine_for(settings: Settings) -> Engine:
    """Return the engine that the settings name."""
    if settings.clv_engine == "lifetimes":
        from regulars.clv.with_lifetimes import LifetimesEngine  # noqa: PLC0415  slow to import

        return LifetimesEngine()
    return OwnEngine()
