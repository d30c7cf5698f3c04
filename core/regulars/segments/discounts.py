"""How much discount each customer took, where a discount or list-price column says it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regulars.orders.model import Orders

NAMED_BY = frozenset({"discount", "list_price"})


def discount_shares(orders: Orders, customers: pd.Series) -> pd.Series | None:
    """Return discount / list price of each customer's lines (0 to 1), in the order of `customers` (ids).

    NaN for customers whose lines do not say it; None where no line does. Lines given away (a discount of 1) have no list
    price in the data and are left out.
    """
    if not NAMED_BY & orders.fields:
        return None
    lines = orders.lines.select(["customer", "amount", "discount"]).to_pandas()
    lines = lines[lines["discount"].notna() & (lines["discount"] < 1) & (lines["amount"] > 0)]
    if not len(lines):
        return None
    discount = lines["discount"].clip(lower=0)
    listed = lines["amount"] / (1 - discount)
    sums = pd.DataFrame({"taken": listed * discount, "listed": listed}).groupby(lines["customer"]).sum()
    share = sums["taken"] / sums["listed"]
    return pd.Series(share.reindex(customers).to_numpy(np.float64), index=customers.index)
