"""The pipeline: from orders to everything that is known of the shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from regulars.base.settings import Settings
from regulars.clv import Lifetime, estimate_lifetime
from regulars.impact import Impact, estimate_impact
from regulars.orders.model import Orders
from regulars.segments import Segmentations, segment_customers
from regulars.summary import Summary, summarise

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Analysis:
    """All results of a run, before anyone words or draws them."""

    orders: Orders
    summary: Summary
    segmentations: Segmentations
    lifetime: Lifetime
    impact: Impact
    settings: Settings


def analyse(orders: Orders, settings: Settings, progress: Progress = lambda _: None) -> Analysis:
    """Run the pipeline. `progress` is told each step's name before it begins."""
    progress("Summarising customers")
    summary = summarise(orders)
    progress("Finding segments")
    segmentations = segment_customers(summary.customers, settings)
    progress("Estimating lifetime value")
    lifetime = estimate_lifetime(summary.customers, summary.days, settings)
    progress("Working out what acting would earn")
    impact = estimate_impact(summary, segmentations.lead, lifetime, settings)
    return Analysis(orders, summary, segmentations, lifetime, impact, settings)
