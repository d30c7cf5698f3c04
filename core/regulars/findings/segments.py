"""Facts about each segment of each scheme."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DAYS, MONEY, NUMBER, SHARE, TEXT, Kind, Unit
from regulars.segments.model import Segment, Segments

POINTS = Unit(Kind.NUMBER, 1)
Figure = tuple[str, int | float | None, Unit, str]


def segment_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield size, revenue and behaviour of every segment of every scheme."""
    segmentations = analysis.segmentations
    frame = analysis.summary.customers.frame.assign(clv=analysis.lifetime.frame["clv"], gross_profit=_profit(analysis))
    for segments in segmentations.schemes:
        yield from _scheme_facts(analysis, frame, segments)
        yield from _group_facts(frame, segments)
    lead = segmentations.lead
    yield Fact("segments.lead", lead.scheme, TEXT, "the scheme that drives impact, deck and lists")
    yield Fact("segments.lead_reason", segmentations.lead_reason, TEXT, "why a coarser scheme leads than was asked for")
    yield Fact(
        "segments.supplied_reason",
        segmentations.supplied_reason,
        TEXT,
        "what is odd about the segment column, if anything",
    )
    filled = lead.labels.nunique()
    yield Fact("segments.filled", int(filled), COUNT, "segments of the lead scheme with customers")
    yield from _gap_facts(analysis)
    yield Fact("segments.schemes", len(segmentations.schemes), COUNT, "schemes computed from these orders")


def _gap_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield where the lead scheme's shares of customers and of revenue lie farthest apart; null without revenue."""
    lead, frame = analysis.segmentations.lead, analysis.summary.customers.frame
    labels, whole = lead.labels.to_numpy(), float(frame["revenue"].sum())
    of_customers = lead.labels.value_counts(normalize=True).to_dict()
    of_revenue = (frame["revenue"].groupby(labels).sum() / whole).to_dict() if whole > 0 else {}
    gaps = {str(key): abs(of_customers[key] - share) * 100 for key, share in of_revenue.items()}
    widest = max((one for one in lead.definitions if one.key in gaps), key=lambda one: gaps[one.key], default=None)
    yield Fact("segments.widest_gap", widest.key if widest else None, TEXT, "key of the segment with that gap")
    points = gaps[widest.key] if widest else None
    yield Fact(
        "segments.widest_gap_points", points, POINTS,
        "largest difference of a segment's share of customers and share of revenue, in percentage points",
    )  # fmt: skip


def _profit(analysis: Analysis) -> pd.Series:
    """Return each customer's gross profit to date: what the lines say, and the run's margin on the rest."""
    frame, impact = analysis.summary.customers.frame, analysis.impact
    if not impact.margin_source.startswith("profit"):
        return frame["revenue"] * impact.margin
    known = frame["revenue_with_profit"].fillna(0.0)
    return frame["profit"].fillna(0.0) + (frame["revenue"] - known) * impact.margin


def _scheme_facts(analysis: Analysis, frame: pd.DataFrame, segments: Segments) -> Iterator[Fact]:
    has_clv = analysis.lifetime.reason is None
    parts = {str(key): part for key, part in frame.groupby(segments.labels.to_numpy(), sort=False)}
    for segment in segments.definitions:
        part = parts.get(segment.key, frame.iloc[:0])
        key = f"segments.{segments.scheme}.{segment.key}"
        for name, value, unit, how in (*_figures(part, frame, has_clv=has_clv), *_ranges(part)):
            yield Fact(f"{key}.{name}", value, unit, f"{segment.name}: {how}")
        if segment.part_of:
            yield from _part_facts(key, segment, segments, part, parts)


def _figures(part: pd.DataFrame, frame: pd.DataFrame, *, has_clv: bool) -> Iterator[Figure]:
    count, orders, customers = len(part), int(part["orders"].sum()), len(frame)
    revenue, profit = float(frame["revenue"].sum()), float(frame["gross_profit"].sum())
    own = float((part["revenue"] * 10_000).round().sum() / 10_000)
    share = own / revenue if revenue > 0 else None
    of_customers = count / customers
    yield "customers", count, COUNT, "customers"
    yield "revenue", own, MONEY, "revenue to date"
    yield "orders", orders, COUNT, "orders"
    yield "customer_share", of_customers, SHARE, "customers / all customers"
    yield "revenue_share", share, SHARE, "revenue to date / all revenue"
    yield (
        "value_index",
        share / of_customers if count and share is not None else None,
        NUMBER,
        "share of revenue / share of customers",
    )
    yield (
        "profit_index",
        float(part["gross_profit"].sum()) / profit / of_customers if count and profit > 0 else None,
        NUMBER,
        "share of gross profit to date / share of customers; one margin for all unless orders say profit",
    )
    yield "average_order", own / orders if orders else None, MONEY, "revenue / orders"
    yield "orders_per_customer", orders / count if count else None, NUMBER, "orders / customers"
    yield "revenue_per_customer", own / count if count else None, MONEY, "revenue to date / customers"
    yield "days_since", float(part["days_since"].median()) if count else None, DAYS, "median days since the last order"
    yield "year_revenue", float(part["year_revenue"].sum()), MONEY, "revenue in the last 365 days"
    total = float(part["clv"].sum()) if has_clv else None
    yield "clv", total, MONEY, "expected revenue in the horizon, discounted, before margin"
    each = total / count if total is not None and count else None
    yield "clv_per_customer", each, MONEY, "expected revenue / customers"


def _ranges(part: pd.DataFrame) -> Iterator[Figure]:
    """Yield what a segment's rule comes to in this shop."""
    known = bool(len(part))
    for name, column, unit, how in (
        ("last_order", "days_since", COUNT, "days since the last order"),
        ("orders", "orders", COUNT, "orders"),
    ):
        yield f"{name}_least", int(part[column].min()) if known else None, unit, f"fewest {how} of a customer"
        yield f"{name}_most", int(part[column].max()) if known else None, unit, f"most {how} of a customer"


def _part_facts(
    key: str, segment: Segment, segments: Segments, part: pd.DataFrame, parts: dict[str, pd.DataFrame]
) -> Iterator[Fact]:
    whole = segments.named(segment.part_of)
    least = float(part["average_order"].min()) if len(part) else None
    yield Fact(f"{key}.average_order_least", least, MONEY, f"{segment.name}: smallest average order of a customer")
    together = len(part) + len(parts.get(whole.key, part.iloc[:0]))
    yield Fact(
        f"{key}.share_within",
        len(part) / together if together else None,
        SHARE,
        f"{segment.name} / {whole.name} with {segment.name}",
    )


def _group_facts(frame: pd.DataFrame, segments: Segments) -> Iterator[Fact]:
    """Yield customers and revenue of a scheme's coarser groups."""
    revenue = float(frame["revenue"].sum())
    groups = segments.labels.map({segment.key: segment.group for segment in segments.definitions})
    for name in dict.fromkeys(segment.group for segment in segments.definitions if segment.group):
        part = frame[groups == name]
        key, own = f"groups.{segments.scheme}.{name.lower().replace(' ', '_')}", float(part["revenue"].sum())
        members = ", ".join(segment.name for segment in segments.definitions if segment.group == name)
        yield Fact(f"{key}.customers", len(part), COUNT, f"customers of {members}")
        yield Fact(f"{key}.customer_share", len(part) / len(frame), SHARE, f"customers of {members} / all customers")
        yield Fact(f"{key}.revenue", own, MONEY, f"revenue to date of {members}")
        yield Fact(
            f"{key}.revenue_share", own / revenue if revenue > 0 else None, SHARE, f"revenue of {members} / all revenue"
        )
