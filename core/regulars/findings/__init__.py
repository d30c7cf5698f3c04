"""The only place where a number meant to be read is computed: each once, by key, with its unit and how."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.findings.activation import activation_facts
from regulars.findings.clusters import cluster_facts
from regulars.findings.customers import concentration_facts, customer_facts
from regulars.findings.distribution import distribution_facts
from regulars.findings.heat import heat_facts
from regulars.findings.impact import impact_facts
from regulars.findings.largest import largest_facts
from regulars.findings.lifetime import lifetime_facts
from regulars.findings.lists import list_facts
from regulars.findings.movement import movement_facts
from regulars.findings.orders import order_facts
from regulars.findings.performance import performance_facts
from regulars.findings.playbook import playbook_facts
from regulars.findings.priority import priority_facts
from regulars.findings.products import product_facts
from regulars.findings.season import season_facts
from regulars.findings.segments import segment_facts
from regulars.findings.sensitivity import sensitivity_facts
from regulars.findings.service import service_facts
from regulars.findings.since import since_facts
from regulars.findings.tiers import tier_facts
from regulars.findings.time import cohort_facts, month_facts, retention_facts
from regulars.findings.verdict import filter_facts, verdict_facts

KINDS = (
    order_facts,
    customer_facts,
    concentration_facts,
    largest_facts,
    heat_facts,
    month_facts,
    retention_facts,
    cohort_facts,
    segment_facts,
    cluster_facts,
    verdict_facts,
    filter_facts,
    movement_facts,
    lifetime_facts,
    distribution_facts,
    impact_facts,
    tier_facts,
    priority_facts,
    sensitivity_facts,
    playbook_facts,
    since_facts,
)
ON_FULL_SHEETS = (
    activation_facts,
    list_facts,
    product_facts,
    service_facts,
    performance_facts,
    season_facts,
)  # said nowhere else, and not free


def find_facts(analysis: Analysis) -> Facts:
    """Return every fact of an analysis."""
    kinds = (*KINDS, *ON_FULL_SHEETS) if analysis.settings.sheets == "full" else KINDS
    return Facts((fact for kind in kinds for fact in kind(analysis)), analysis.orders.currency)


__all__ = ["find_facts"]
