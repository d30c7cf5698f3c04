"""Purchase days of all customers as plain arrays, so that any day can stand for the end of what is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.clv.statistics import Floats, Places
from regulars.summary.model import Customers

Days = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class History:
    """One entry a customer and purchase day, in the order of customers, then days. Days count from `start`, which is 0."""

    who: Places  # place in the customers' frame
    day: Days
    first: Days  # for each customer
    start: dt.date
    end: int  # the window's last day
    spend: Floats | None = None  # of each purchase day, where it is known

    @classmethod
    def of(cls, customers: Customers, days: pd.DataFrame) -> History:
        """Read the table of purchase days (customer, day; revenue where it is known)."""
        window = customers.window
        who = pd.Index(customers.frame["customer"]).get_indexer(pd.Index(days["customer"]))
        origin = np.datetime64(window.start, "D")
        day = (days["day"].to_numpy().astype("datetime64[D]") - origin).astype(np.int64)
        order = np.lexsort((day, who))
        first = (customers.frame["first_day"].to_numpy().astype("datetime64[D]") - origin).astype(np.int64)
        spend = days["revenue"].to_numpy(np.float64)[order] if "revenue" in days else None
        return cls(who[order], day[order], first, window.start, (window.end - window.start).days, spend)

    def date(self, day: int) -> dt.date:
        """Return the calendar day."""
        return self.start + dt.timedelta(days=day)

    def until(self, day: int) -> History:
        """Return what was known at the end of a day: the customers who had come by then, and their purchases."""
        known, seen = self.first <= day, self.day <= day
        place = np.cumsum(known) - 1
        spend = None if self.spend is None else self.spend[seen]
        return History(place[self.who[seen]], self.day[seen], self.first[known], self.start, day, spend)

    def counts(self, after: int, until: int, *, repeats_only: bool = False) -> Floats:
        """Return the purchase days of each customer in (after, until]; with `repeats_only` the very first ones are left out."""
        within = (self.day > after) & (self.day <= until)
        if repeats_only:
            within &= self.day > self.first[self.who]
        return np.bincount(self.who[within], minlength=len(self.first)).astype(np.float64)

    def spent(self, after: int, until: int) -> Floats:
        """Return what each customer spent on repeat purchase days in (after, until]."""
        if self.spend is None:
            raise AssertionError("the purchase days say no money")
        within = (self.day > after) & (self.day <= until) & (self.day > self.first[self.who])
        return np.bincount(self.who[within], self.spend[within], len(self.first)).astype(np.float64)

    def standing(self, day: int) -> Standing:
        """Return how the customers who had come by a day stood at its end."""
        seen = self.day <= day
        known = np.flatnonzero(self.first <= day)
        bought = np.bincount(self.who[seen], minlength=len(self.first))[known]
        # Entries are in the order of customers, then days: the last one of each is where the next customer begins.
        who, days = self.who[seen], self.day[seen]
        last = days[np.flatnonzero(np.diff(who, append=len(self.first)))]
        first = self.first[known]
        return Standing(
            self, day, known, (bought - 1).astype(float), (last - first).astype(float), (day - first).astype(float)
        )


@dataclass(frozen=True, eq=False)
class Standing:
    """Customers as known at the end of a day: repeat purchase days, recency and age in days."""

    history: History
    day: int
    known: Places  # places of these customers in the customers' frame
    frequency: Floats
    recency: Floats
    age: Floats

    def __len__(self) -> int:
        return len(self.known)

    @property
    def repeaters(self) -> int:
        """Return how many bought on a second day."""
        return int(np.count_nonzero(self.frequency))

    @property
    def silence(self) -> Floats:
        """Return the days since the last purchase day."""
        return self.age - self.recency

    def at_last_order(self) -> Standing:
        """Return the customers as of the day of each one's last purchase: nobody is silent."""
        return replace(self, age=self.recency)

    def counts(self, after: int, until: int, *, repeats_only: bool = False) -> Floats:
        """Return the purchase days of these customers in (after, until]."""
        return self.history.counts(after, until, repeats_only=repeats_only)[self.known]
