"""Facts about each segment of each scheme."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DAYS, MONEY, NUMBER, SHARE, TEXT, Unit
from regulars.segments.model import Segments


def segment_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield size, revenue and behaviour of every segment of every scheme."""
    for segments in analysis.segmentations.schemes:
        yield from _scheme_facts(analysis, segments)
    lead = analysis.segmentations.lead
    yield Fact("segments.lead", lead.scheme, TEXT, "the scheme that drives impact, deck and lists")
    filled = lead.labels.nunique()
    yield Fact("segments.filled", int(filled), COUNT, "segments of the lead scheme with customers")


def _scheme_facts(analysis: Analysis, segments: Segments) -> Iterator[Fact]:
    frame = analysis.summary.customers.frame.assign(clv=analysis.lifetime.frame["clv"])
    customers, revenue = len(frame), float(frame["revenue"].sum())
    clv = float(frame["clv"].sum()) if analysis.lifetime.reason is None else None
    for segment in segments.definitions:
        part = frame[segments.labels == segment.key]
        key = f"segments.{segments.scheme}.{segment.key}"
        for name, value, unit, how in _figures(part, customers, revenue, clv):
            yield Fact(f"{key}.{name}", value, unit, f"{segment.name}: {how}")


def _figures(
    part: pd.DataFrame, customers: int, revenue: float, clv: float | None
) -> Iterator[tuple[str, int | float | None, Unit, str]]:
    count, orders = len(part), int(part["orders"].sum())
    own = float((part["revenue"] * 10_000).round().sum() / 10_000)
    share = own / revenue if revenue > 0 else None
    yield "customers", count, COUNT, "customers"
    yield "revenue", own, MONEY, "revenue to date"
    yield "orders", orders, COUNT, "orders"
    yield "customer_share", count / customers, SHARE, "customers / all customers"
    yield "revenue_share", share, SHARE, "revenue to date / all revenue"
    yield (
        "value_index",
        share / (count / customers) if count and share is not None else None,
        NUMBER,
        "share of revenue / share of customers",
    )
    yield "average_order", own / orders if orders else None, MONEY, "revenue / orders"
    yield "orders_per_customer", orders / count if count else None, NUMBER, "orders / customers"
    yield "revenue_per_customer", own / count if count else None, MONEY, "revenue to date / customers"
    yield "days_since", float(part["days_since"].median()) if count else None, DAYS, "median days since the last order"
    yield "year_revenue", float(part["year_revenue"].sum()), MONEY, "revenue in the last 365 days"
    total = float(part["clv"].sum()) if clv is not None else None
    yield "clv", total, MONEY, "expected revenue in the horizon, discounted, before margin"
    yield (
        "clv_per_customer",
        total / count if total is not None and count else None,
        MONEY,
        "expected revenue / customers",
    )


def cluster_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the number of clusters and the evidence for it."""
    evidence = analysis.segmentations.clusters
    yield Fact(
        "clusters.k",
        evidence.k if evidence else None,
        COUNT,
        evidence.chosen_by if evidence else analysis.segmentations.clusters_reason or "",
    )
    yield Fact("clusters.reason", analysis.segmentations.clusters_reason, TEXT, "why there are no clusters")
    tried = evidence.silhouettes if evidence else {}
    for k, value in tried.items():
        yield Fact(f"clusters.silhouette.{k}", value, NUMBER, f"mean silhouette of {k} clusters, −1 to 1, on a sample")
    best = max(tried, key=lambda k: tried[k]) if tried else None
    yield Fact("clusters.best_k", best, COUNT, "number of clusters with the highest silhouette among those tried")
    yield Fact(
        "clusters.best_silhouette",
        tried[best] if best else None,
        NUMBER,
        "its silhouette; below 0.5 groups shade into each other",
    )
