"""Estimate lifetime value, or say in a sentence why these orders cannot carry it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.base.settings import Settings
from regulars.clv.engine import Engine, Forecast, engine_for
from regulars.clv.fitted import NoFit
from regulars.clv.gammagamma import GammaGamma
from regulars.clv.model import DAYS_A_MONTH, LIFETIME_COLUMNS, Holdout, Lifetime, PurchaseModel, SpendModel
from regulars.summary.model import Customers

# Judgement, from the errors of simulated small shops: below them the total is often wrong by half.
FEWEST_REPEATERS = 50
INDICATIVE_BELOW = 200
FEWEST_SPENDERS = 30
DEPENDENCE = 0.3  # |correlation| of frequency and spend above which Gamma-Gamma's assumption is doubtful
AT_BOUND = 1e-3
TOO_FAR = 1e3
MISSED = 0.25  # share of the holdout's orders; a model at the edge that misses by more is not shown


def estimate_lifetime(customers: Customers, days: pd.DataFrame, settings: Settings) -> Lifetime:
    """Return the lifetime value of each customer over the horizon.

    `days` has one row a customer and purchase day (customer, day); the holdout test is made from it.
    """
    frame = customers.frame
    repeaters = frame[frame["frequency"] > 0]
    if len(repeaters) < FEWEST_REPEATERS:
        return _withheld(
            customers,
            settings,
            f"{len(repeaters)} customers bought on a second day; the model needs {FEWEST_REPEATERS}",
        )
    gap = float((repeaters["recency"] / repeaters["frequency"]).median())
    if float(frame["age"].max()) <= 2 * gap:
        return _withheld(
            customers, settings,
            f"nobody is observed for longer than two usual gaps between purchases ({gap:.0f} days each)",
        )  # fmt: skip
    engine = engine_for(settings)
    purchases = engine.fit_purchases(frame)
    if isinstance(purchases, NoFit):
        return _withheld(customers, settings, purchases.reason)
    spenders = repeaters[repeaters["repeat_spend"] > 0]
    if len(spenders) < FEWEST_SPENDERS:
        return _withheld(
            customers,
            settings,
            f"{len(spenders)} repeat customers spent anything; the spend model needs {FEWEST_SPENDERS}",
        )
    spend = engine.fit_spend(spenders["frequency"].to_numpy(float), spenders["repeat_spend"].to_numpy(float))
    if isinstance(spend, NoFit):
        return _withheld(customers, settings, spend.reason)
    values = _values(frame, purchases, spend, settings)
    if not np.isfinite(values.to_numpy()).all():
        return _withheld(customers, settings, "the model gives no finite value for some customers")
    holdout = _holdout(customers, days, engine)
    edge = _at_the_edge(purchases.model)
    if edge and isinstance(holdout, Holdout) and abs(holdout.bias) > MISSED:
        return _withheld(
            customers,
            settings,
            f"in a test on the last {holdout.days} days the model missed the orders by {holdout.bias:+.0%}, "
            f"and its parameter {' and '.join(edge)} lies at the edge of its range",
        )
    return Lifetime(
        horizon_months=settings.horizon_months,
        discount_rate=settings.discount_rate,
        frame=values,
        purchases=purchases.model,
        spend=spend,
        reason=None,
        how=engine.how,
        cautions=_cautions(customers, purchases, spenders, settings),
        holdout=holdout if isinstance(holdout, Holdout) else None,
        holdout_reason=None if isinstance(holdout, Holdout) else holdout,
    )


def _withheld(customers: Customers, settings: Settings, reason: str) -> Lifetime:
    unknown = pd.DataFrame(np.nan, index=customers.frame.index, columns=list(LIFETIME_COLUMNS))
    return Lifetime(
        settings.horizon_months, settings.discount_rate, unknown, None, None, reason, holdout_reason="there is no model"
    )


def monthly_discounts(months: int, annual_rate: float) -> npt.NDArray[np.float64]:
    """Return the factor of each month, discounted at its middle.

    >>> monthly_discounts(2, 0.10).round(4).tolist()
    [0.996, 0.9882]
    """
    return np.asarray((1 + annual_rate) ** -((np.arange(months) + 0.5) / 12))


def _values(frame: pd.DataFrame, purchases: Forecast, spend: SpendModel, settings: Settings) -> pd.DataFrame:
    # Without a repeat, frequency is 0 and the spend model falls back on the population's mean.
    each = GammaGamma(spend.p, spend.q, spend.v).expected_spend(
        frame["frequency"].to_numpy(float), frame["repeat_spend"].clip(lower=0).fillna(0.0).to_numpy(float)
    )
    horizon = settings.horizon_months * DAYS_A_MONTH
    columns = (
        purchases.expected_orders(frame, horizon),
        each,
        _discounted_orders(frame, purchases, settings) * each,
        # On that day the customer's age was the recency: the clock of silence stood at nought.
        _discounted_orders(frame.assign(age=frame["recency"]), purchases, settings) * each,
        purchases.chance_of_purchase(frame, horizon),
    )
    return pd.DataFrame(dict(zip(LIFETIME_COLUMNS, columns, strict=True)), index=frame.index)


def _discounted_orders(frame: pd.DataFrame, purchases: Forecast, settings: Settings) -> npt.NDArray[np.float64]:
    """Return expected purchase days in the horizon, each month's discounted at its middle."""
    before = np.zeros(len(frame))
    discounted = np.zeros(len(frame))
    for month, factor in enumerate(monthly_discounts(settings.horizon_months, settings.discount_rate), start=1):
        until = purchases.expected_orders(frame, month * DAYS_A_MONTH)
        discounted += factor * (until - before)
        before = until
    return discounted


def _cautions(customers: Customers, purchases: Forecast, spenders: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    found = []
    repeaters = int((customers.frame["frequency"] > 0).sum())
    if repeaters < INDICATIVE_BELOW:
        found.append(
            f"Indicative only: {repeaters} customers bought on a second day; from {INDICATIVE_BELOW} the model is dependable."
        )
    odd = _at_the_edge(purchases.model)
    if odd:
        found.append(
            f"The parameter {' and '.join(odd)} lies at the edge of its range: customers hardly drop out, or hardly differ."
        )
    if settings.horizon_months * DAYS_A_MONTH > customers.window.days:
        found.append(
            f"The horizon of {settings.horizon_months} months is longer than the {customers.window.days} days of orders behind it."
        )
    correlation = _correlation(spenders["frequency"], spenders["repeat_spend"])
    if abs(correlation) > DEPENDENCE:
        found.append(f"Spend depends on frequency (correlation {correlation:.2f}), which the spend model rules out.")
    return tuple(found)


def _correlation(one: pd.Series, other: pd.Series) -> float:
    """Return the correlation of two columns; a constant one depends on nothing."""
    if one.nunique() < 2 or other.nunique() < 2:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _at_the_edge(model: PurchaseModel) -> list[str]:
    """Return the parameters at which the likelihood is nearly flat: customers hardly drop out, or hardly differ."""
    return [name for name in ("r", "alpha", "a", "b") if not AT_BOUND < getattr(model, name) < TOO_FAR]


def _holdout(customers: Customers, days: pd.DataFrame, engine: Engine) -> Holdout | str:
    """Fit on the first two thirds of the window and compare with the last third, or say why not."""
    window = customers.window
    ahead = window.days // 3
    split = window.end - dt.timedelta(days=ahead)
    day = days["day"]
    seen = days[day <= pd.Timestamp(split)]
    later = days[day > pd.Timestamp(split)]
    known = later["customer"].isin(seen["customer"].unique())
    grouped = seen.groupby("customer")["day"]
    first, last = grouped.min(), grouped.max()
    calibration = pd.DataFrame(
        {
            "frequency": grouped.size() - 1,
            "recency": (last - first).dt.days,
            "age": (pd.Timestamp(split) - first).dt.days,
        }
    )
    actual = int(known.sum())
    if (calibration["frequency"] > 0).sum() < FEWEST_REPEATERS or actual == 0:
        return "the first two thirds of the orders hold too few repeat customers for a test"
    fitted = engine.fit_purchases(calibration)
    if isinstance(fitted, NoFit):
        return f"the test fit failed: {fitted.reason}"
    predicted = float(fitted.expected_orders(calibration, float(ahead)).sum())
    if not np.isfinite(predicted):
        return "the test fit gives no finite number"
    before = seen["day"] > pd.Timestamp(split - dt.timedelta(days=ahead))
    newcomers = seen["customer"].map(first) == seen["day"]
    return Holdout(
        split_day=split.isoformat(),
        days=ahead,
        customers=len(calibration),
        actual=actual,
        predicted=predicted,
        naive=float((before & ~newcomers).sum()),
    )
