"""Customers as they stood at the end of an earlier day, from the same purchase days: nothing later is looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.base.units import TEN_THOUSANDTHS
from regulars.segments.discounts import Discounts
from regulars.summary.model import Summary

Counts = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]
YEAR = 365
PAST_COLUMNS = (
    "orders",
    "revenue",
    "average_order",
    "frequency",
    "recency",
    "age",
    "days_since",
    "year_revenue",
    "year_orders",
    "products",
)  # as in CUSTOMER_COLUMNS


@dataclass(frozen=True, eq=False)
class Past:
    """One entry a customer and purchase day, in the order of the customers' frame, then of days.

    Days count from 1970-01-01. Money is whole ten-thousandths, so that sums of the same amounts are the same.
    """

    customers: pd.DataFrame  # as of the window's end
    who: Counts  # place in that frame
    day: Counts
    money: Counts
    orders: Amounts  # begun on the day
    start: int
    end: int
    discounts: Discounts | None = None  # of the customers, where the data say them

    @classmethod
    def of(cls, summary: Summary, discounts: Discounts | None = None) -> Past:
        """Read the purchase days and the orders of each month.

        The days' table does not say how many orders began on a day; the months' table says how many began in a month.
        They are spread evenly over the customer's purchase days of that month: exact at the end of each month, and
        within it wherever a customer placed one order a day.
        """
        customers, window = summary.customers.frame, summary.customers.window
        days, who = _in_order(summary.days, customers, "day")
        months, _ = _in_order(summary.months.frame, customers, "month")
        dates = days["day"].to_numpy().astype("datetime64[D]")
        month = dates.astype("datetime64[M]").astype(np.int64)
        begins = np.flatnonzero(np.r_[True, (np.diff(who) != 0) | (np.diff(month) != 0)])
        lengths = np.diff(np.r_[begins, len(who)])
        if len(begins) != len(months):
            raise AssertionError("the months' table does not have the months of the purchase days")
        placed = months["orders"].to_numpy(np.float64)
        return cls(
            customers,
            who,
            dates.astype(np.int64),
            np.rint(days["revenue"].to_numpy(np.float64) * TEN_THOUSANDTHS).astype(np.int64),
            np.repeat(placed / lengths, lengths),
            number(window.start),
            number(window.end),
            discounts,
        )

    @cached_property
    def begins(self) -> Counts:
        """Return where each customer's entries begin."""
        counts = np.bincount(self.who, minlength=len(self.customers))
        return np.asarray(np.cumsum(counts) - counts, dtype=np.int64)

    @cached_property
    def first(self) -> Counts:
        """Return the first purchase day of each customer."""
        return self.day[self.begins]

    @cached_property
    def _sums(self) -> tuple[Counts, Amounts]:
        return np.r_[0, np.cumsum(self.money)], np.r_[0.0, np.cumsum(self.orders)]

    @cached_property
    def complete_months(self) -> tuple[int, int]:
        """Return the first calendar month that lies wholly inside the window, and the first one after it that does not.

        Months count from January 1970.
        """
        day = np.array([self.start - 1, self.end + 1]).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return int(day[0]) + 1, int(day[1])

    def seen(self, day: int) -> Counts:
        """Return how many purchase days of each customer lie at or before a day."""
        return np.bincount(self.who[self.day <= day], minlength=len(self.customers))

    def between(self, after: int, until: int) -> tuple[Amounts, Amounts]:
        """Return the orders and the money of each customer in (after, until]."""
        money, orders = self._sums
        low, high = self.begins + self.seen(after), self.begins + self.seen(until)
        return np.rint(orders[high] - orders[low]), (money[high] - money[low]) / TEN_THOUSANDTHS

    def as_of(self, day: int) -> pd.DataFrame:
        """Return the customers known at the end of a day as they stood then, with the columns of PAST_COLUMNS.

        And `discount_share`, where the data say discounts.

        One row a customer; the index holds places in today's frame. Purchase days do not say what was bought:
        `products` is 0, as in a shop that knows no products.
        """
        counts = self.seen(day)
        known = np.flatnonzero(counts)
        begin, counts = self.begins[known], counts[known]
        stop, year = begin + counts, begin + self.seen(day - YEAR)[known]
        money, orders = self._sums
        first, last = self.day[begin], self.day[stop - 1]
        revenue = (money[stop] - money[begin]) / TEN_THOUSANDTHS
        placed = np.maximum(np.rint(orders[stop] - orders[begin]), 1).astype(np.int64)
        columns = {
            "orders": placed,
            "revenue": revenue,
            "average_order": revenue / placed,
            "frequency": counts - 1,
            "recency": last - first,
            "age": day - first,
            "days_since": day - last,
            "year_revenue": (money[stop] - money[year]) / TEN_THOUSANDTHS,
            "year_orders": np.rint(orders[stop] - orders[year]).astype(np.int64),
            "products": np.zeros(len(known), dtype=np.int64),
        }
        frame = pd.DataFrame(columns, index=pd.Index(known))
        return frame if self.discounts is None else frame.assign(discount_share=self.discounts.shares(day)[known])

    def redrawn(self, random: np.random.Generator) -> Past:
        """Return a past in which nobody changes: each customer's repeat purchase days fall anew, at even chances.

        The first day, the number of purchase days and their money stay. Given their number, the days of a customer
        with a constant rate lie uniformly between the first day and the window's end (the conditional uniformity of a
        Poisson process): no rate has to be estimated.
        """
        begins = np.zeros(len(self.day), dtype=bool)
        begins[self.begins] = True
        first = self.first[self.who]
        drawn = first + np.ceil(random.random(len(self.day)) * (self.end - first)).astype(np.int64)
        day = np.where(begins, self.day, drawn)
        # One key sorts by customer, then by day, the first day before a repeat on it.
        span = 2 * (self.end - self.start + 2)
        order = np.argsort(self.who * span + 2 * (day - self.start) + ~begins)
        discounts = None if self.discounts is None else self.discounts.of_all_days()
        return replace(self, day=day[order], money=self.money[order], orders=self.orders[order], discounts=discounts)


def _in_order(table: pd.DataFrame, customers: pd.DataFrame, then: str) -> tuple[pd.DataFrame, Counts]:
    """Return a table in the order of the customers' frame and of a second column, and the customer's place of each row."""
    ids = table["customer"].to_numpy()
    begins = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
    if len(begins) == len(customers) and np.array_equal(ids[begins], customers["customer"].to_numpy()):
        return table, np.repeat(np.arange(len(customers)), np.diff(np.r_[begins, len(ids)]))
    who = pd.Index(customers["customer"]).get_indexer(pd.Index(ids)).astype(np.int64)
    order = np.lexsort((pd.factorize(table[then], sort=True)[0], who))
    return table.iloc[order], who[order]


def number(day: dt.date) -> int:
    """Return a date as days since 1970-01-01.

    >>> number(dt.date(1970, 1, 2))
    1
    """
    return (day - dt.date(1970, 1, 1)).days


def date(day: int) -> dt.date:
    """Return the date of a day's number."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def months_before(day: int, months: int) -> int:
    """Return the same day of the month some months earlier, or that month's last day.

    >>> date(months_before(number(dt.date(2025, 3, 31)), 1))
    datetime.date(2025, 2, 28)
    """
    return number((pd.Timestamp(date(day)) - pd.DateOffset(months=months)).date())
