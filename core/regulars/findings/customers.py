"""Facts about all customers together, and how their revenue is spread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DAYS, MONEY, NUMBER, SHARE, TEXT, counted

FEWEST = 10  # customers, before shares of them are said: below that the best tenth is less than one of them


def customer_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield counts, averages, and how many come again."""
    frame = analysis.summary.customers.frame
    count, orders, revenue = len(frame), int(frame["orders"].sum()), analysis.summary.customers.revenue
    repeaters = int((frame["orders"] > 1).sum())
    year_revenue, year_customers = float(frame["year_revenue"].sum()), int((frame["year_orders"] > 0).sum())
    yield Fact("customers.count", count, COUNT, "customers with a kept order")
    yield Fact("customers.repeaters", repeaters, COUNT, "customers with two or more orders")
    yield Fact("customers.repeat_share", repeaters / count, SHARE, "customers with two or more orders / customers")
    yield Fact("customers.one_time", count - repeaters, COUNT, "customers with one order")
    yield Fact("customers.year_active", year_customers, COUNT, "customers with an order in the last 365 days")
    after = analysis.settings.lapsed_days
    silent = int((frame["days_since"] > after).sum())
    yield Fact("customers.lapsed_after", after, DAYS, "silence after which a customer counts as lapsed; a setting")
    yield Fact("customers.silent", silent, COUNT, f"customers without an order for more than {after} days")
    yield Fact(
        "customers.silent_share",
        silent / count,
        SHARE,
        f"customers silent for more than {after} days / customers",
    )
    yield Fact("revenue.average_order", revenue / orders, MONEY, "revenue / orders")
    yield Fact("revenue.per_customer", revenue / count, MONEY, "revenue to date / customers")
    yield Fact("revenue.year", year_revenue, MONEY, "revenue in the last 365 days")
    yield Fact("orders.per_customer", orders / count, NUMBER, "orders / customers")
    gaps = frame.loc[frame["frequency"] > 0, "recency"] / frame.loc[frame["frequency"] > 0, "frequency"]
    gap = float(gaps.median()) if len(gaps) else None
    yield Fact("customers.usual_gap", gap, DAYS, "median over repeat customers of days between purchase days")


def gini(values: npt.NDArray[np.float64]) -> float | None:
    """Return the Gini coefficient of values that are not negative: 0 where all are equal, towards 1 where one has all.

    Gini (1912), by the formula for ordered values of Dixon et al. (1987), Ecology 68, 1548-1551, without correction
    for small numbers. None where they add up to nought.

    >>> gini(np.array([1.0, 1.0, 1.0])), gini(np.array([0.0, 0.0, 0.0, 4.0]))
    (0.0, 0.75)
    """
    ordered, count = np.sort(values), len(values)
    total = float(ordered.sum())
    if total <= 0:
        return None
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * total))


def concentration_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield how much of the revenue the best customers bring, by tenths, and how many bring four fifths.

    Unknown where there are few customers, or nothing to share.
    """
    revenue = np.sort(analysis.summary.customers.frame["revenue"].to_numpy(float).clip(min=0))[::-1]
    total, count = float(revenue.sum()), len(revenue)
    known = count >= FEWEST and analysis.summary.customers.revenue > 0  # where returns outweigh all, nobody has a share
    cumulative = np.cumsum(revenue)
    before = 0.0
    for tenth in range(1, 11):
        # A shop of 12 customers has no tenth of 1.2: the next whole customer counts.
        top = int(np.ceil(count * tenth / 10))
        share = float(cumulative[top - 1]) / total if known else None
        yield Fact(
            f"concentration.top_{tenth}0_customers",
            top,
            COUNT,
            f"{tenth}0% of {counted(count, 'customer')}, rounded up to whole ones",
        )
        yield Fact(
            f"concentration.top_{tenth}0_share",
            share,
            SHARE,
            f"revenue of the best {counted(top, 'customer')} ({tenth}0%) / revenue",
        )
        own = None if share is None else share - before
        yield Fact(f"concentration.tenth_{tenth}_share", own, SHARE, f"revenue of customers in tenth {tenth} / revenue")
        before = share or 0.0
    tenth_share = float(cumulative[int(np.ceil(count / 10)) - 1]) / total if known else None
    yield Fact("concentration.top10_share", tenth_share, SHARE, "revenue of the best 10% of customers / revenue")
    yield Fact(
        "concentration.gini",
        gini(revenue) if known else None,
        NUMBER,
        "Gini coefficient of revenue to date over customers",
    )
    frame = analysis.summary.customers.frame
    largest = int(frame["revenue"].to_numpy(float).argmax())
    yield Fact(
        "concentration.top_customer", str(frame["customer"].iloc[largest]), TEXT, "customer with the most revenue"
    )
    yield Fact(
        "concentration.top_customer_share", float(revenue[0]) / total if analysis.summary.customers.revenue > 0 else None, SHARE,
        "revenue of that customer / revenue",
    )  # fmt: skip
    enough = int(np.searchsorted(cumulative, 0.8 * total) + 1) if known else None
    yield Fact("concentration.customers_for_80", enough, COUNT, "fewest customers who together bring 80% of revenue")
    yield Fact("concentration.share_for_80", enough / count if enough else None, SHARE, "those customers / customers")
