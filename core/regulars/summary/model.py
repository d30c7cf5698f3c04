"""The summary tables: customers, months, cohorts, products. Frames that are checked once, on construction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from regulars.base.units import Currency
from regulars.orders.model import Window

CUSTOMER_COLUMNS = (
    "customer",  # id as text; rows are in its order
    "first_day",
    "last_day",
    "orders",
    "line_count",
    "units",
    "products",
    "revenue",  # to date, in the shop's currency
    "profit",  # of the lines that say it; NaN where none does
    "revenue_with_profit",  # revenue of those lines
    "average_order",
    "smallest_order",
    "largest_order",
    "frequency",  # repeat purchase days
    "recency",  # days from first to last purchase day
    "age",  # days from the first purchase day to the window's end: T of the lifetime models
    "days_since",  # days from the last purchase day to the window's end
    "repeat_spend",  # mean spend of a repeat purchase day; NaN for one-time buyers
    "year_revenue",  # in the 365 days up to the window's end
    "year_before_revenue",  # in the 365 days before those
    "year_orders",
    "country",
    "channel",
    "segment",  # as the user supplied it
)


@dataclass(frozen=True)
class Customers:
    """One row a customer, with the columns of CUSTOMER_COLUMNS. Money in the shop's currency, times in days."""

    frame: pd.DataFrame
    window: Window
    currency: Currency

    def __post_init__(self) -> None:
        """Check what every floor above relies on."""
        frame = self.frame
        if tuple(frame.columns) != CUSTOMER_COLUMNS:
            raise AssertionError(f"expected the columns {CUSTOMER_COLUMNS}, got {tuple(frame.columns)}")
        if not frame["customer"].is_unique:
            raise AssertionError("a customer stands in two rows")
        if not (frame["recency"] + frame["days_since"] == frame["age"]).all():
            raise AssertionError("recency and days since last do not add up to the customer's age")
        if not ((frame["frequency"] >= 0) & (frame["days_since"] >= 0)).all():
            raise AssertionError("a customer has a purchase after the window's end")

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def revenue(self) -> float:
        """Return the revenue of all customers to date."""
        return float(np.round(self.frame["revenue"] * 10_000).sum() / 10_000)


@dataclass(frozen=True)
class Months:
    """Orders and revenue of each customer in each calendar month with a purchase: customer, month, orders, revenue.

    `month` is a pandas monthly period.
    """

    frame: pd.DataFrame
    window: Window

    @property
    def last_is_complete(self) -> bool:
        """Tell whether the window ends on the last day of its month; otherwise the last month compares with nothing.

        >>> Months(pd.DataFrame(), Window(dt.date(2010, 1, 1), dt.date(2010, 12, 9))).last_is_complete
        False
        """
        return (self.window.end + dt.timedelta(days=1)).day == 1

    @property
    def first_is_complete(self) -> bool:
        """Tell whether the window begins on the first day of its month."""
        return self.window.start.day == 1

    def covers(self, month: pd.Period) -> bool:
        """Tell whether the window holds every day of a month.

        >>> Months(pd.DataFrame(), Window(dt.date(2010, 1, 2), dt.date(2010, 3, 31))).covers(pd.Period("2010-01"))
        False
        """
        return self.window.start <= month.start_time.date() and month.end_time.date() <= self.window.end

    def totals(self) -> pd.DataFrame:
        """Return one row a calendar month: month (index), customers, orders, revenue.

        They run without gaps from the month of the first order to that of the window's end: silence after the last
        order is known, silence before the first one is not.
        """
        grouped = self.frame.groupby("month", observed=True)
        totals = pd.DataFrame(
            {
                "customers": grouped["customer"].nunique(),
                "orders": grouped["orders"].sum(),
                "revenue": grouped["revenue"].sum().round(4),  # whole ten-thousandths, also after adding up
            }
        )
        every = pd.period_range(totals.index.min(), pd.Period(pd.Timestamp(self.window.end), freq="M"), freq="M")
        return totals.reindex(every, fill_value=0).rename_axis("month")


@dataclass(frozen=True)
class Cohorts:
    """Customers by month of first order and months since: cohort, age, active, revenue."""

    frame: pd.DataFrame
    window: Window

    def retention(self) -> pd.DataFrame:
        """Return the share of each cohort that ordered again, by months since the first order.

        Rows are cohorts, columns ages 0, 1, …; ages that lie after the window are NaN, ages without an order 0.
        """
        active = self.frame.pivot_table(index="cohort", columns="age", values="active", aggfunc="sum", observed=True)
        last = pd.Period(pd.Timestamp(self.window.end), freq="M")
        ages = range(last.ordinal - self.frame["cohort"].min().ordinal + 1)
        active = active.reindex(columns=list(ages)).fillna(0.0)
        share = active.div(active[0], axis=0)
        for cohort in share.index:
            share.loc[cohort, [age for age in ages if cohort + age > last]] = np.nan
        return share


@dataclass(frozen=True)
class Products:
    """One row a product by revenue: product, description, customers, orders, units, revenue."""

    frame: pd.DataFrame


@dataclass(frozen=True)
class Summary:
    """All that is known of customers before anyone interprets it."""

    customers: Customers
    days: pd.DataFrame  # one row a customer and purchase day: customer, day, revenue
    months: Months
    cohorts: Cohorts
    count_products: Callable[[], Products]

    @cached_property
    def products(self) -> Products:
        """Return the products, counted when somebody first asks: it takes as long as all the rest."""
        return self.count_products()
