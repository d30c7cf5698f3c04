"""Facts about profit: each segment's gross profit to date and its tier, and what the tiers hold together."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, NUMBER, SHARE, TEXT

PREMIUM, GROWTH = 1.25, 0.75  # profit index from which a segment is of that tier
TIERS = ("premium", "growth", "base")
NO_TIER = "none"


def tier_of(index: float | None) -> str:
    """Return the tier of a profit index.

    >>> tier_of(1.25), tier_of(0.75), tier_of(0.7), tier_of(None)
    ('premium', 'growth', 'base', 'none')
    """
    if index is None:
        return NO_TIER
    return "premium" if index >= PREMIUM else "growth" if index >= GROWTH else "base"


def tier_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield gross profit to date by segment of the lead scheme at this run's margins, and by tier.

    The profit index is share of gross profit / share of customers; where the shop has no profit there are no shares.
    """
    yield from _measured(analysis)
    lead, impact = analysis.segmentations.lead, analysis.impact
    frame = analysis.summary.customers.frame
    everyone = len(frame)
    customers = {str(key): int(count) for key, count in lead.labels.value_counts().items()}
    revenue = {str(key): float(part.sum()) for key, part in frame["revenue"].groupby(lead.labels.to_numpy())}
    profit = {
        segment.key: revenue[segment.key] * impact.margins.get(segment.key, (impact.margin, False))[0]
        for segment in lead.definitions
        if segment.key in customers
    }
    whole = sum(profit.values())
    yield Fact("profit.total", whole, MONEY, "revenue to date × margin, of each segment of the lead scheme, added up")
    yield Fact("profit.premium_from", PREMIUM, NUMBER, "profit index from which a segment is premium")
    yield Fact("profit.growth_from", GROWTH, NUMBER, "profit index from which a segment is growth")
    tiers: dict[str, list[str]] = {tier: [] for tier in TIERS}
    for segment in lead.definitions:
        held = segment.key in customers
        share = profit[segment.key] / whole if held and whole > 0 else None
        index = share / (customers[segment.key] / everyone) if share is not None else None
        key = f"profit.segment.{segment.key}"
        yield Fact(
            f"{key}.gross_profit", profit.get(segment.key), MONEY, f"{segment.name}: revenue to date × its margin"
        )
        yield Fact(f"{key}.share", share, SHARE, f"{segment.name}: its gross profit / that of all")
        yield Fact(f"{key}.index", index, NUMBER, f"{segment.name}: share of gross profit / share of customers")
        yield Fact(
            f"{key}.tier", tier_of(index), TEXT,
            f"{segment.name}: premium from an index of {PREMIUM}, growth from {GROWTH}, base below",
        )  # fmt: skip
        if index is not None:
            tiers[tier_of(index)].append(segment.key)
    for tier, members in tiers.items():
        count, earned = sum(customers[key] for key in members), sum(profit[key] for key in members)
        names = ", ".join(segment.name for segment in lead.definitions if segment.key in members) or "no segment"
        key = f"profit.{tier}"
        yield Fact(f"{key}.segments", len(members), COUNT, names)
        yield Fact(f"{key}.customers", count, COUNT, f"customers of {names}")
        yield Fact(f"{key}.customer_share", count / everyone, SHARE, f"customers of {names} / all customers")
        yield Fact(f"{key}.gross_profit", earned, MONEY, f"gross profit to date of {names}")
        yield Fact(
            f"{key}.share", earned / whole if whole > 0 else None, SHARE, f"gross profit of {names} / that of all"
        )
        yield Fact(
            f"{key}.each", earned / count if count else None, MONEY, f"gross profit to date a customer of {names}"
        )


def _measured(analysis: Analysis) -> Iterator[Fact]:
    """Yield what the profit or cost column says; null where the orders have none."""
    frame = analysis.summary.customers.frame
    revenue = float(frame["revenue_with_profit"].fillna(0.0).sum())
    profit = float(frame["profit"].fillna(0.0).sum()) if revenue > 0 else None
    margin = profit / revenue if profit is not None else None
    yield Fact("profit.measured", profit, MONEY, "gross profit by the profit or cost column of the orders")
    yield Fact(
        "profit.measured_revenue",
        revenue if profit is not None else None,
        MONEY,
        "revenue of lines with profit or cost",
    )
    yield Fact("profit.measured_margin", margin, SHARE, "that gross profit / the revenue of those lines")
    lost = None if profit is None else max(0.0, -profit)
    yield Fact(
        "profit.loss", lost, MONEY, "gross loss by the profit or cost column of the orders; nought where they earn"
    )
