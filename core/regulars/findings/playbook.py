"""Facts behind the playbook: whether a discount would pay, for each segment of the lead scheme."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import MONEY_EXACT, SHARE
from regulars.impact import Initiative


def playbook_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the discount that a playbook may offer, and what it would earn with each segment of the lead scheme."""
    lead, share = analysis.segmentations.lead, analysis.settings.playbook_discount
    yield Fact("playbook.discount", share, SHARE, "setting playbook_discount: the discount on one order")
    frame = analysis.summary.customers.frame
    for segment in lead.definitions:
        part = frame[lead.labels == segment.key]
        orders = int(part["orders"].sum())
        initiative = next((one for one in analysis.impact.initiatives if segment.name in one.segments), None)
        usable = initiative is not None and orders > 0 and initiative.audience > 0
        net = discount_net(initiative, float(part["revenue"].sum()) / orders, share) if usable and initiative else None
        yield Fact(
            f"playbook.{segment.key}.discount_net",
            net,
            MONEY_EXACT,
            f"{segment.name}: gross profit a customer reached, if a discount on one order is what succeeds: success rate × "
            "(gain × margin − discount × average order) − share who would order anyway × discount × average order "
            "− cost of a contact; at the assumptions of this run",
        )


def discount_net(initiative: Initiative, average_order: float, discount: float) -> float:
    """Return what a discount on one order earns a customer reached, in gross profit, less the cost of the contact.

    Successes bring the initiative's gain and use the discount once. Those who would have ordered anyway use it too: their
    share is the revenue expected without action / average order, 1 at most.
    """
    given = discount * max(average_order, 0.0)
    anyway = min(1.0, initiative.expected / average_order) if average_order > 0 else 1.0
    won = initiative.success_rate * (initiative.gain * initiative.margin - given)
    return won - max(anyway, 0.0) * given - initiative.contact_cost
