"""How much discount each customer took, where a discount or list-price column says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.orders.model import Orders

NAMED_BY = frozenset({"discount", "list_price"})


@dataclass(frozen=True, eq=False)
class Discounts:
    """What each line that says a discount was listed at, and how much of that was taken off."""

    who: npt.NDArray[np.int64]  # place of the customer
    day: npt.NDArray[np.int64]  # from 1970-01-01
    taken: npt.NDArray[np.float64]
    listed: npt.NDArray[np.float64]
    customers: int

    def shares(self, day: int | None = None) -> npt.NDArray[np.float64]:
        """Return discount / list price of each customer's lines (0 to 1) up to a day, or of all; NaN where none says it."""
        known = slice(None) if day is None else self.day <= day
        taken, listed = (
            np.bincount(self.who[known], money[known], self.customers) for money in (self.taken, self.listed)
        )
        return np.asarray(np.divide(taken, listed, out=np.full(self.customers, np.nan), where=listed > 0))

    def of_all_days(self) -> Discounts:
        """Return the same, known from the first day on: for a shop in which nobody changes."""
        return replace(self, day=np.full(len(self.day), np.iinfo(np.int64).min))


def discounts_of(orders: Orders, customers: pd.Series) -> Discounts | None:
    """Return the discounts of the customers of those ids, in their order; None where no line says one.

    Lines given away (a discount of 1) have no list price in the data and are left out.
    """
    if not NAMED_BY & orders.fields:
        return None
    lines = orders.lines.select(["customer", "day", "amount", "discount"]).to_pandas()
    lines = lines[lines["discount"].notna() & (lines["discount"] < 1) & (lines["amount"] > 0)]
    who = pd.Index(customers).get_indexer(pd.Index(lines["customer"]))
    lines, who = lines[who >= 0], who[who >= 0]
    if not len(lines):
        return None
    discount = lines["discount"].clip(lower=0).to_numpy(np.float64)
    listed = lines["amount"].to_numpy(np.float64) / (1 - discount)
    day = lines["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return Discounts(who.astype(np.int64), day, listed * discount, listed, len(customers))
