"""From the last twelve months to the next: today's customers without action, new ones, and where each number starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.clv.model import Lifetime
from regulars.segments.model import Segments
from regulars.summary.model import Customers

DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Projection:
    """The starting point and the way ahead, before any plan. Money in the shop's currency, customers as people.

    New customers are those whose first order lies in the last 365 days. Where the orders do not reach back further
    than that, nobody can tell new customers from old ones: then `new_customers` is 0 and `new_are_known` is false.
    """

    last_revenue: float  # in the 365 days up to the window's end
    last_customers: int  # who ordered in them
    expected_revenue: float  # of today's customers in the horizon, without action, discounted
    expected_customers: float | None  # of them, how many order at least once; None without a model
    new_customers: float  # in the horizon
    new_customer_revenue: float  # each
    new_are_known: bool
    source: str  # of the figures for new customers
    sizes: dict[str, int]  # customers by segment key of the lead scheme, today


def project(
    customers: Customers,
    segments: Segments,
    lifetime: Lifetime,
    expected: pd.Series,
    new: tuple[float | None, float | None] = (None, None),
) -> Projection:
    """Return where the shop stands and what comes without action; `new` holds the owner's own figures, where set."""
    frame = customers.frame
    window = customers.window
    reaches_back = window.days > DAYS_A_YEAR + 30  # a month of older orders shows who is old
    since = window.end - dt.timedelta(days=DAYS_A_YEAR)
    is_new = np.asarray(frame["first_day"].dt.date > since) if reaches_back else np.zeros(len(frame), bool)
    count = float(is_new.sum()) * lifetime.horizon_months / 12
    each = float(frame["revenue"][is_new].clip(lower=0).mean()) if is_new.any() else 0.0
    own = any(value is not None for value in new)
    chance = lifetime.frame["chance_of_purchase"]
    sizes = segments.labels.value_counts()
    return Projection(
        last_revenue=float(frame["year_revenue"].sum()),
        last_customers=int((frame["days_since"] < DAYS_A_YEAR).sum()),
        expected_revenue=float(expected.sum()),
        expected_customers=float(chance.sum()) if lifetime.reason is None else None,
        new_customers=count if new[0] is None else new[0],
        new_customer_revenue=each if new[1] is None else new[1],
        new_are_known=reaches_back or own,
        source="set by the owner" if own else "as in the last 12 months" if reaches_back else "the orders cannot say",
        sizes={segment.key: int(sizes.get(segment.key, 0)) for segment in segments.definitions},
    )
