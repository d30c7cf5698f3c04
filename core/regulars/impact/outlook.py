"""What customers are expected to spend without any action: by the lifetime model, or by the shop's own history."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regulars.base.units import counted
from regulars.clv.estimate import monthly_discounts
from regulars.clv.model import Lifetime
from regulars.impact.model import Outlook
from regulars.summary.model import Customers

DAYS_A_YEAR = 365.25


def outlook(customers: Customers, days: pd.DataFrame, lifetime: Lifetime) -> Outlook:
    """Return the expected revenue of each customer in the horizon, and the revenue if the customer stays active."""
    if lifetime.is_model:
        expected = lifetime.frame["clv"]
        most = np.maximum(_own_spend(customers, lifetime), expected)  # staying is worth no less than is expected today
        frame = pd.DataFrame(
            {"expected": expected, "if_active": np.clip(lifetime.frame["clv_at_last_order"], expected, most)}
        )
        return Outlook(
            frame,
            from_model=True,
            how=f"lifetime model, {counted(lifetime.horizon_months, 'month')}, discounted at {lifetime.discount_rate:.0%} a year",
        )
    return _from_history(customers, days, lifetime)


def _own_spend(customers: Customers, lifetime: Lifetime) -> pd.Series:
    """Return what each customer spent a year while active, over the horizon and discounted.

    The model lends customers with few orders the shop's average; a win-back is not sold on what one never did.
    """
    frame = customers.frame
    discount = float(monthly_discounts(lifetime.horizon_months, lifetime.discount_rate).mean())
    return frame["revenue"].clip(lower=0) / _years(frame["recency"]) * lifetime.horizon_months / 12 * discount


def _from_history(customers: Customers, days: pd.DataFrame, lifetime: Lifetime) -> Outlook:
    frame = customers.frame
    discount = float(monthly_discounts(lifetime.horizon_months, lifetime.discount_rate).mean())
    horizon = lifetime.horizon_months / 12 * discount
    # A shop whose returns outweigh its orders has shown no spend that could come again.
    spent = frame["revenue"].clip(lower=0) * (1.0 if customers.revenue > 0 else 0.0)
    none = frame["days_since"] * 0
    end = pd.Timestamp(customers.window.end)
    now = spent / _years(frame["age"]) * comeback_share(days, frame["days_since"], end)
    then = spent / _years(frame["recency"]) * comeback_share(days, none, end)
    return Outlook(
        pd.DataFrame({"expected": now * horizon, "if_active": then * horizon}),
        from_model=False,
        how=(
            f"own spend a year, times the share of customers who came back after as long a silence, "
            f"{counted(lifetime.horizon_months, 'month')}, discounted at {lifetime.discount_rate:.0%} a year "
            "(no lifetime model is used for this shop)"
        ),
    )


def _years(days: pd.Series) -> pd.Series:
    """Return years, one at least: a customer of two weeks does not buy 26 times as much in a year."""
    return days.clip(lower=DAYS_A_YEAR) / DAYS_A_YEAR


def comeback_share(days: pd.DataFrame, silence: pd.Series, end: pd.Timestamp) -> pd.Series:
    """Return for each silence (days) the share of silences longer than that which ended in an order.

    All gaps between purchase days count, and the open silence of each customer up to the window's end, which has not
    ended in an order yet: the share is what this shop has seen, and errs on the low side for young shops.

    >>> days = pd.DataFrame({"customer": ["a", "a", "b"], "day": pd.to_datetime(["2025-01-01", "2025-01-11", "2025-01-01"])})
    >>> comeback_share(days, pd.Series([0, 20]), pd.Timestamp("2025-01-31")).round(2).tolist()
    [0.33, 0.0]
    """
    ordered = days.sort_values(["customer", "day"])
    gaps = ordered.groupby("customer")["day"].diff().dt.days.dropna().to_numpy()
    open_ = (end - ordered.groupby("customer")["day"].max()).dt.days.to_numpy()
    ended, still = np.sort(gaps), np.sort(open_)
    at = silence.to_numpy()
    longer_ended = len(ended) - np.searchsorted(ended, at, side="right")
    longer_open = len(still) - np.searchsorted(still, at, side="left")
    total = longer_ended + longer_open
    return pd.Series(np.where(total > 0, longer_ended / np.maximum(total, 1), 0.0), index=silence.index)
