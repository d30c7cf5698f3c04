"""What was expected of customers on an earlier day, beside what they have brought since."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace

import pandas as pd

from regulars.base.settings import Settings
from regulars.clv import Lifetime, estimate_lifetime
from regulars.clv.units import DAYS_A_MONTH
from regulars.orders.model import Orders
from regulars.segments import segment_customers
from regulars.segments.model import Segments
from regulars.summary import Summary, summarise

COLUMNS = ("customer", "segment", "expected", "actual", "came")


@dataclass(frozen=True)
class Promise:
    """What an earlier result said: the day it looked from, how far ahead, and its total, None where it had none."""

    end: dt.date
    months: int
    total: float | None


@dataclass(frozen=True)
class Comparison:
    """The forecast of then for the months that have passed, and what came. Money before margin, not discounted.

    `frame` has one row for each customer known then: customer, segment (of then), expected, actual, came (ordered).
    """

    until: dt.date
    months: int
    frame: pd.DataFrame
    segments: Segments
    low: float  # the 80 % range of the sum of `expected`
    high: float
    again: float  # the total that these orders give for the whole horizon of then: the promise, if nothing has changed

    def __post_init__(self) -> None:
        """Check the columns."""
        if tuple(self.frame.columns) != COLUMNS:
            raise AssertionError(f"expected the columns {COLUMNS}, got {tuple(self.frame.columns)}")


@dataclass(frozen=True)
class Hindsight:
    """A promise and how it turned out, or the reason why that cannot be said."""

    promise: Promise
    found: Comparison | None
    reason: str | None


def settings_of_then(settings: Settings, promise: Promise) -> Settings:
    """Return the settings with which orders are read as they were known on the day of the promise."""
    return replace(settings, until=promise.end, as_of=promise.end)


def look_back(then: Orders, now: Summary, settings: Settings, promise: Promise) -> Hindsight:
    """Compare a forecast with what came. `then` are the orders up to the day of the promise, `now` reaches beyond it.

    The forecast is made anew from the orders of then, for the whole months that have passed: the earlier result holds
    only the total of its horizon, with which the same forecast over that horizon is compared.
    """
    end = now.customers.window.end
    months = min(math.floor((end - promise.end).days / DAYS_A_MONTH), promise.months)
    if months < 1:
        days = max((end - promise.end).days, 0)
        return _nothing(promise, f"the orders end {days} days after {promise.end}, and a whole month is needed")
    summary = summarise(then)
    passed = _forecast(summary, settings, months, 0.0)
    total_range = passed.total_range()
    if passed.reason is not None or total_range is None:
        return _nothing(promise, f"on {promise.end} there was no forecast, as {passed.reason}")
    again = _forecast(summary, settings, promise.months, settings.discount_rate)
    until = promise.end + dt.timedelta(days=math.floor(months * DAYS_A_MONTH))
    segments = segment_customers(summary.customers, settings).lead
    frame = pd.DataFrame(
        {
            "customer": summary.customers.frame["customer"],
            "segment": segments.labels,
            "expected": passed.frame["clv"],
        }
    )
    frame = frame.merge(_came(now.days, promise.end, until), on="customer", how="left")
    frame["came"] = frame["actual"].notna()
    frame["actual"] = frame["actual"].fillna(0.0)
    found = Comparison(until, months, frame[list(COLUMNS)], segments, *total_range, float(again.frame["clv"].sum()))
    return Hindsight(promise, found, None)


def _nothing(promise: Promise, reason: str) -> Hindsight:
    return Hindsight(promise, None, reason)


def _forecast(summary: Summary, settings: Settings, months: int, rate: float) -> Lifetime:
    return estimate_lifetime(
        summary.customers, summary.days, replace(settings, horizon_months=months, discount_rate=rate)
    )


def _came(days: pd.DataFrame, after: dt.date, until: dt.date) -> pd.DataFrame:
    """Return the revenue of each customer who ordered after one day and up to another: customer, actual."""
    between = (days["day"] > pd.Timestamp(after)) & (days["day"] <= pd.Timestamp(until))
    sums = days[between].groupby("customer", observed=True)["revenue"].sum()
    return pd.DataFrame({"customer": sums.index, "actual": sums.to_numpy()})
