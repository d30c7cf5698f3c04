"""Estimate lifetime value by the forecast that the user's own orders choose, or say why they cannot carry any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.base.settings import Settings
from regulars.base.units import counted
from regulars.clv.backtest import Backtest, backtest, holdout_of
from regulars.clv.baselines import NAMES, Baseline, learn_baselines
from regulars.clv.bgnbd import BGNBD
from regulars.clv.engine import Engine, engine_for, fit_with_prior
from regulars.clv.fitted import NoFit
from regulars.clv.forecast import Forecast, ModelForecast, Rhythm
from regulars.clv.gates import (
    FEWEST_REPEATERS,
    FEWEST_SPENDERS,
    INDICATIVE_BELOW,
    MISSED,
    Gate,
    at_edge,
    cautions,
    correlation,
    drift_between_cohorts,
    too_small,
)
from regulars.clv.history import History, Standing
from regulars.clv.model import LIFETIME_COLUMNS, Holdout, Lifetime, Parameter, PurchaseModel, SpendModel
from regulars.clv.ranges import error_beyond
from regulars.clv.scores import best_of
from regulars.clv.spending import Spending, spending_of
from regulars.clv.statistics import Floats
from regulars.clv.units import DAYS_A_MONTH, DAYS_A_WEEK
from regulars.clv.value import monthly_discounts, values_of
from regulars.clv.verdict import verdict_of
from regulars.summary.model import Customers

__all__ = [
    "FEWEST_REPEATERS",
    "FEWEST_SPENDERS",
    "INDICATIVE_BELOW",
    "MISSED",
    "estimate_lifetime",
    "monthly_discounts",
]

BY_RULE = "learned from the shop's own orders"
BY_PRIOR = "mode of the posterior under a weak prior, by our own engine"


@dataclass(frozen=True, eq=False)
class Choice:
    """The forecast that is used, fitted on all orders, and why it is used."""

    forecast: Forecast
    chosen_by: str
    holdout: Holdout | None
    holdout_reason: str | None
    prior: bool = False  # the repeat customers are few
    how: str = ""  # how it was found, where the engine did not do it

    @property
    def error(self) -> float:
        """Return the relative standard deviation of the total that tests showed beside the stated one."""
        return 0.0 if self.holdout is None else error_beyond(self.holdout.misses)


def estimate_lifetime(customers: Customers, days: pd.DataFrame, settings: Settings) -> Lifetime:
    """Return the lifetime value of each customer over the horizon.

    `days` has one row a customer and purchase day (customer, day); the test is made from it. A column `revenue` there
    lets the test cover spend too.
    """
    history = History.of(customers, days)
    standing = history.standing(history.end)
    if reason := too_small(standing):
        return _withheld(customers, settings, reason)
    engine = engine_for(settings)
    repeat_spend = customers.frame["repeat_spend"].clip(lower=0).fillna(0.0).to_numpy(np.float64)
    spending = spending_of(standing.frequency, repeat_spend, engine)
    if isinstance(spending, NoFit):
        return _withheld(customers, settings, spending.reason)
    if customers.revenue <= 0:
        return _withheld(customers, settings, "the orders add up to nought or less, as returns outweigh them")
    bgnbd = engine.fit_purchases("bgnbd", standing, information=True)
    choice = choose(history, standing, engine, bgnbd)
    if isinstance(choice, NoFit):
        return _withheld(customers, settings, choice.reason)
    frame, uncertainty = values_of(
        standing, choice.forecast, spending, _rhythm(bgnbd, standing), settings.horizon_months, settings.discount_rate,
        choice.error,
    )  # fmt: skip
    if not np.isfinite(frame.to_numpy()).all():
        return _withheld(customers, settings, "the model gives no finite value for some customers")
    frame.index = customers.frame.index
    found = _cautions(history, standing, choice, spending, repeat_spend, settings)
    model = bgnbd if isinstance(bgnbd, ModelForecast) else None
    spend = spending.fitted.params if spending.fitted else None
    return Lifetime(
        horizon_months=settings.horizon_months,
        discount_rate=settings.discount_rate,
        frame=frame,
        purchases=_purchase_model(model) if model else None,
        spend=SpendModel(spend.p, spend.q, spend.v) if spend else None,
        reason=None,
        how=choice.how or engine.how,
        cautions=found,
        holdout=choice.holdout,
        holdout_reason=choice.holdout_reason,
        chosen=choice.forecast.key,
        name=f"{choice.forecast.name} and {spending.name}",
        chosen_by=choice.chosen_by,
        verdict=verdict_of(choice.holdout) if choice.holdout else f"No test was possible: {choice.holdout_reason}.",
        gate=Gate.FLAGGED if found else Gate.ACCEPTED,
        parameters=_parameters(choice.forecast),
        purchases_errors=dict(zip(model.params.names, model.fitted.standard_errors, strict=True)) if model else {},
        uncertainty=uncertainty,
    )


def _withheld(customers: Customers, settings: Settings, reason: str) -> Lifetime:
    unknown = pd.DataFrame(np.nan, index=customers.frame.index, columns=list(LIFETIME_COLUMNS))
    return Lifetime(
        settings.horizon_months, settings.discount_rate, unknown, None, None, reason, holdout_reason="there is no model"
    )


def choose(history: History, standing: Standing, engine: Engine, bgnbd: ModelForecast | NoFit) -> Choice | NoFit:
    """Return the candidate that the test chooses, or what stands in for it below the gates."""
    competition = (
        backtest(history, engine)
        if standing.repeaters >= FEWEST_REPEATERS
        else f"{counted(standing.repeaters, 'customer')} bought on a second day; a test needs {FEWEST_REPEATERS}"
    )
    if isinstance(competition, str):
        return _untested(standing, bgnbd, competition)
    forecast = _fitted(competition, competition.winner, history, standing, engine, bgnbd)
    holdout = holdout_of(competition, competition.winner, engine)
    if isinstance(forecast, NoFit) or (_edge(forecast) and abs(holdout.bias) > MISSED):
        return _instead(competition, forecast, holdout, history, standing, engine)
    how = "" if isinstance(forecast, ModelForecast) else BY_RULE
    return Choice(forecast, competition.chosen_by, holdout, None, how=how)


def _fitted(
    competition: Backtest, key: str, history: History, standing: Standing, engine: Engine, bgnbd: ModelForecast | NoFit
) -> Forecast | NoFit:
    """Return the candidate as of the window's end."""
    tested = competition.test.forecasts[key]
    if isinstance(tested, ModelForecast):
        return bgnbd if key == "bgnbd" else engine.fit_purchases(key, standing, start=tested, information=True)
    learned = {one.key: one for one in learn_baselines(history, history.end, competition.test.length)}
    if not isinstance(tested, Baseline) or key not in learned:
        return NoFit("the orders are too few for a forecast")
    return learned[key].spread(tested.dispersion)


def _untested(standing: Standing, bgnbd: ModelForecast | NoFit, why: str) -> Choice | NoFit:
    small = standing.repeaters < FEWEST_REPEATERS
    if small or isinstance(bgnbd, NoFit) or _edge(bgnbd):
        fitted = fit_with_prior(standing)
        if isinstance(fitted, NoFit):
            return fitted
        said = "by default, with a weak prior: " + (
            "the repeat customers are few" if small else "a parameter lies at the edge of its range"
        )
        return Choice(fitted, said, None, why, prior=small, how=BY_PRIOR)
    return Choice(bgnbd, "by default: the orders allow no test", None, why)


def _instead(
    competition: Backtest,
    failed: Forecast | NoFit,
    holdout: Holdout,
    history: History,
    standing: Standing,
    engine: Engine,
) -> Choice | NoFit:
    """Return the best naive rule in place of a model that failed its test, or the reason why not even that holds."""
    why = (
        failed.reason
        if isinstance(failed, NoFit)
        else f"in a test on the last {holdout.days} days the model missed the orders by {holdout.bias:+.0%}, "
        f"and its {at_edge(_edge(failed))}"
    )
    trial = competition.choice or competition.test
    rules = [one for one in trial.scores if one.key in NAMES]
    if rules:
        key = best_of(rules).key
        rule = _fitted(competition, key, history, standing, engine, NoFit(why))
        told = holdout_of(competition, key, engine)
        if not isinstance(rule, NoFit) and abs(told.bias) <= MISSED:
            return Choice(rule, f"in place of a model: {why}", told, None, how=BY_RULE)
        why += f"; the best simple rule, '{NAMES[key]}', missed them by {told.bias:+.0%}"
    return NoFit(why)


def _edge(forecast: Forecast | NoFit) -> tuple[str, ...]:
    return forecast.fitted.at_bound if isinstance(forecast, ModelForecast) else ()


def _rhythm(bgnbd: ModelForecast | NoFit, standing: Standing) -> Rhythm:
    """Return the purchase rate's distribution of BG/NBD; the shop's mean rate where there is none."""
    if isinstance(bgnbd, ModelForecast) and isinstance(bgnbd.params, BGNBD):
        return Rhythm(bgnbd.params.r, bgnbd.params.alpha * DAYS_A_WEEK)
    return Rhythm(1.0, float(standing.age.sum() / standing.frequency.sum()))


def _cautions(
    history: History, standing: Standing, choice: Choice, spending: Spending, repeat_spend: Floats, settings: Settings
) -> tuple[str, ...]:
    spenders = (standing.frequency > 0) & (repeat_spend > 0)
    forecast = choice.forecast
    found = cautions(
        standing,
        prior=choice.prior,
        edge=_edge(forecast),
        horizon_days=settings.horizon_months * DAYS_A_MONTH,
        calibration_days=history.end + 1,
        drift=drift_between_cohorts(history),
        dependence=correlation(standing.frequency[spenders], repeat_spend[spenders]) if spending.fitted else 0.0,
        uncertain=isinstance(forecast, ModelForecast) and forecast.fitted.covariance is None,
        error=choice.error,
        misses=choice.holdout.misses if choice.holdout else (),
    )
    if choice.forecast.key in NAMES:
        found = (
            f"The figures come from a simple rule, '{forecast.name}', and not from a model: {choice.chosen_by}.",
            "A rule cannot say what winning a customer back restores: initiatives rest on the shop's own history instead.",
            *found,
        )
    if spending.instead:
        found = (*found, f"Every purchase day is valued at the mean of a repeat purchase day: {spending.instead}.")
    return found


def _parameters(forecast: Forecast) -> tuple[Parameter, ...]:
    if not isinstance(forecast, ModelForecast):
        return ()
    params = forecast.params
    return tuple(
        Parameter(name, value, error)
        for name, value, error in zip(params.names, params.values, forecast.fitted.standard_errors, strict=True)
    )


def _purchase_model(forecast: ModelForecast) -> PurchaseModel:
    params = forecast.params
    if not isinstance(params, BGNBD):
        raise TypeError(f"expected BG/NBD, got {forecast.name}")
    return PurchaseModel(params.r, params.alpha, params.a, params.b, forecast.fitted.log_likelihood)
