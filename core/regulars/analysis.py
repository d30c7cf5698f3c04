"""The pipeline: from orders to everything that is known of the shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from regulars.base.scheme_ids import CLUSTER_SCHEMES
from regulars.base.settings import Settings
from regulars.clv import Lifetime, estimate_lifetime
from regulars.hindsight import Hindsight
from regulars.impact import Impact, estimate_impact
from regulars.impact.lists import CustomerLists, customer_lists
from regulars.orders.model import Orders
from regulars.segments import Segmentations, segment_customers
from regulars.segments.discounts import discounts_of
from regulars.segments.judged import follow, follow_others, judge
from regulars.segments.movement import Crossing, Movements
from regulars.segments.past import Past
from regulars.segments.segment import clusters_are_shown
from regulars.segments.verdict import Verdict
from regulars.summary import Summary, summarise
from regulars.summary.products import Baskets, count_baskets

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
    verdicts: tuple[Verdict, ...]  # one a scheme, in their order
    movements: Movements
    crossings: tuple[Crossing, ...] = ()  # of the schemes that are not followed, for facts and full sheets
    not_followed: Mapping[str, str] = field(default_factory=dict)  # scheme to the reason why it has no earlier day
    hindsight: Hindsight | None = None  # where the run follows an earlier result

    def shows(self, scheme: str) -> bool:
        """Tell whether sheets and slides show a scheme; what they show does not depend on whether facts are written."""
        return scheme not in CLUSTER_SCHEMES or clusters_are_shown(self.settings)

    @cached_property
    def lists(self) -> CustomerLists:
        """Return the customer lists, worked out when somebody first asks."""
        followed = self.segmentations.scheme(self.movements.scheme) or self.segmentations.lead
        past = Past.of(self.summary, discounts_of(self.orders, self.summary.customers.frame["customer"]))
        plan = [one.key for one in self.impact.plan]
        return customer_lists(self.summary, past, self.segmentations, followed, self.lifetime, self.settings, plan)

    @cached_property
    def baskets(self) -> Baskets:
        """Return what customers buy, counted when somebody first asks."""
        customers = self.summary.customers.frame["customer"]
        return count_baskets(self.orders, self.segmentations.lead.labels, customers)


def analyse(
    orders: Orders, settings: Settings, progress: Progress = lambda _: None, *, clusters: bool = True
) -> Analysis:
    """Run the pipeline. `progress` is told each step's name before it begins.

    Without `clusters`, what only facts and full sheets show is left out: k-means, and who stood where in the schemes that
    do not lead.
    """
    progress("Summarising customers")
    summary = summarise(orders)
    progress("Finding segments")
    segmentations = segment_customers(summary.customers, settings, orders, clusters=clusters)
    past = Past.of(summary, discounts_of(orders, summary.customers.frame["customer"]))
    verdicts, movements = judge(segmentations, past, settings, orders), follow(segmentations, past, settings)
    crossings, not_followed = follow_others(segmentations, movements.scheme, past, settings) if clusters else ((), {})
    progress("Estimating lifetime value")
    lifetime = estimate_lifetime(summary.customers, summary.days, settings)
    progress("Working out what acting would earn")
    impact = estimate_impact(summary, segmentations.lead, lifetime, settings)
    return Analysis(
        orders, summary, segmentations, lifetime, impact, settings, verdicts, movements, crossings, not_followed
    )
