"""The only place where a number meant to be read is computed: each once, by key, with its unit and how."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.findings.customers import concentration_facts, customer_facts
from regulars.findings.impact import impact_facts
from regulars.findings.lifetime import lifetime_facts
from regulars.findings.orders import order_facts
from regulars.findings.segments import cluster_facts, segment_facts
from regulars.findings.time import month_facts, retention_facts

KINDS = (
    order_facts,
    customer_facts,
    concentration_facts,
    month_facts,
    retention_facts,
    segment_facts,
    cluster_facts,
    lifetime_facts,
    impact_facts,
)


def find_facts(analysis: Analysis) -> Facts:
    """Return every fact of an analysis."""
    return Facts((fact for kind in KINDS for fact in kind(analysis)), analysis.orders.currency)


__all__ = ["find_facts"]
