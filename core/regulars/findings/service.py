"""Findings about service: customers in tiers by the revenue they bring, and orders large enough to need notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, SHARE

TIERS = (("a", 0.80), ("b", 0.95), ("c", 1.0))  # share of revenue reached at the end of each tier, best customers first
LARGE = 0.10  # of an average month's revenue: an order of that size is felt
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, eq=False)
class Tier:
    """One tier with its customers' rows."""

    key: str
    until: float
    customers: pd.DataFrame


def tiers(customers: pd.DataFrame) -> tuple[Tier, ...]:
    """Return the customers in three tiers by revenue to date; customers with equal revenue stand in one tier."""
    revenue = customers["revenue"].to_numpy(np.float64).clip(min=0)
    order = np.sort(revenue)[::-1]
    reached = np.cumsum(order) / order.sum() if order.sum() > 0 else np.ones(len(order))
    found, above = [], np.inf
    for key, until in TIERS:
        least = order[min(int(np.searchsorted(reached, until - 1e-12)), len(order) - 1)] if until < 1 else -np.inf
        inside = (revenue >= least) & (revenue < above)
        found.append(Tier(key, until, customers[inside]))
        above = min(above, least)
    return tuple(found)


def month_revenue(analysis: Analysis) -> float:
    """Return the revenue of an average month of the window."""
    return analysis.summary.customers.revenue / max(analysis.summary.customers.window.days / DAYS_A_MONTH, 1.0)


def large_orders(analysis: Analysis) -> pd.DataFrame:
    """Return the customers whose largest order is a tenth of an average month's revenue or more, the largest first."""
    frame, month = analysis.summary.customers.frame, month_revenue(analysis)
    if month <= 0:
        return frame.head(0).assign(share=0.0)
    found = frame[frame["largest_order"] >= LARGE * month]
    found = found.assign(share=found["largest_order"] / month)
    return found.sort_values(["largest_order", "customer"], ascending=[False, True])


def service_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the size of each tier, and how many customers place orders that a month feels."""
    frame, revenue = analysis.summary.customers.frame, analysis.summary.customers.revenue
    window = analysis.summary.customers.window
    months = max(window.days / DAYS_A_MONTH, 1.0)
    for tier in tiers(frame):
        key, part = f"service.{tier.key}", tier.customers
        orders, money = int(part["orders"].sum()), float(part["revenue"].round(4).sum())
        yield Fact(f"{key}.customers", len(part), COUNT, f"customers who bring revenue up to {tier.until:.0%} of it")
        yield Fact(f"{key}.revenue_share", money / revenue if revenue > 0 else None, SHARE, "their share of revenue")
        yield Fact(f"{key}.orders_a_month", orders / months, COUNT, "their orders / months of the window")
        yield Fact(f"{key}.average_order", money / orders if orders else None, MONEY, "their revenue / their orders")
    yield Fact("service.month_revenue", month_revenue(analysis), MONEY, "revenue / months of the window")
    yield Fact(
        "service.large_order_customers", len(large_orders(analysis)), COUNT,
        f"customers with an order of at least {LARGE:.0%} of an average month's revenue",
    )  # fmt: skip
