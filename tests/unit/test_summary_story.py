"""What the Summary says first: advice follows the evidence, warnings stand by gravity, and nothing is said that is not so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.impact import estimate_impact
from regulars.story.actions import actions
from regulars.story.sheets.summary import MOST_FINDINGS, findings, warnings

OrdersOf = Callable[..., Any]
PROTECT = "Protect the largest customer"


def said(analysis: Analysis, **assumptions: Any) -> tuple[Analysis, Facts]:
    """Return an analysis and its facts with the owner's assumptions."""
    named = {key.replace("__", "."): value for key, value in assumptions.items()}
    settings = replace(analysis.settings, assumptions=named)
    impact = estimate_impact(analysis.summary, analysis.segmentations.lead, analysis.lifetime, settings)
    changed = replace(analysis, impact=impact, settings=settings)
    return changed, find_facts(changed)


def of_orders(orders: Any) -> tuple[Analysis, Facts]:
    analysis = analyse(orders, Settings(), clusters=False)
    return analysis, find_facts(analysis)


def shop(*largest: float) -> list[tuple[str, str, float]]:
    """Five customers of equal orders, monthly for a year; the largest orders first."""
    each = [*largest, *[10.0] * (5 - len(largest))]
    return [(f"C{n}", f"2025-{month:02}-{1 + n:02}", each[n]) for month in range(1, 13) for n in range(5)]


def test_of_equal_customers_none_carries_the_shop(orders_of: OrdersOf) -> None:
    analysis, facts = of_orders(orders_of(shop()))
    assert facts.number("concentration.top_customer_share") == pytest.approx(0.2)
    assert not [line for line in findings(analysis, facts) if line.startswith("One customer")]
    assert not [line for line in actions(analysis, facts) if line.startswith(PROTECT)]


def test_a_customer_who_carries_the_shop_is_protected_first_however_many_moves_pay(orders_of: OrdersOf) -> None:
    analysis, facts = of_orders(orders_of(shop(30.0)))
    assert actions(analysis, facts)[0].startswith(f"{PROTECT} (C0), who brings 42.9% of revenue")


def test_initiatives_name_segments_with_members_alone(orders_of: OrdersOf, superstore: Any) -> None:
    for analysis in (of_orders(orders_of(shop(30.0)))[0], superstore.analysis):
        lead = analysis.segmentations.lead
        held = {segment.name for segment in lead.definitions if (lead.labels == segment.key).any()}
        assert len(held) < len(lead.definitions) or analysis is superstore.analysis
        assert all(set(one.segments) <= held for one in analysis.impact.initiatives)


def test_an_action_names_the_segments_that_its_audience_is_taken_from(superstore: Any) -> None:
    for kept, names in ((True, "(Loyal)"), (False, "(Champions, Loyal)")):
        lines = actions(*said(superstore.analysis, keep_best__in_plan=kept, order_value__in_plan=True))
        line = next(line for line in lines if line.startswith("Raise the order value"))
        assert names in line


def test_only_those_late_by_their_own_rhythm_are_called(superstore: Any) -> None:
    off = {f"{one.key}__in_plan": False for one in superstore.analysis.impact.initiatives}
    analysis, facts = said(superstore.analysis, **off, price__cost=1e9, dip__cost=1e9)
    late, quiet = facts.number("at_risk.late"), facts.number("at_risk.customers")
    assert 0 < late < quiet / 2
    calls = [line for line in actions(analysis, facts) if line.startswith("Call")]
    assert [line.startswith(f"Call the {late:.0f} of the {quiet:.0f} good customers") for line in calls] == [True]
    assert f"of whom {late:.0f} are late by their own rhythm" in " ".join(findings(analysis, facts))


@pytest.mark.parametrize("name", ["superstore", "cdnow"])
def test_five_findings_stand_out_and_no_more(request: pytest.FixtureRequest, name: str) -> None:
    found = request.getfixturevalue(name)
    assert len(findings(found.analysis, found.facts)) == MOST_FINDINGS == 5


def test_a_rate_in_another_scenario_is_not_said_to_be_the_one_that_was_confirmed(cdnow: Any) -> None:
    lines = actions(*said(cdnow.analysis, scenario="bold", confirmed=True))
    line = next(line for line in lines if line.startswith("Win back good"))
    assert "at 15.0% success in the bold case (10.0% confirmed by you)" in line
    plain = next(one for one in actions(*said(cdnow.analysis, confirmed=True)) if one.startswith("Win back good"))
    assert "at 10.0% success (confirmed by you)" in plain


@pytest.mark.parametrize(
    ("scenario", "others"),
    [("careful", ("base", "bold")), ("base", ("careful", "bold")), ("bold", ("careful", "base"))],
)
def test_the_sum_of_the_plan_stands_beside_the_two_other_cases(
    cdnow: Any, scenario: str, others: tuple[str, str]
) -> None:
    analysis, facts = said(cdnow.analysis, scenario=scenario)
    keys = {"careful": "gross_profit_low", "base": "gross_profit", "bold": "gross_profit_high"}
    one, other = (f"{facts.show(f'impact.total.{keys[name]}')} in the {name}" for name in others)
    assert f"({one}, {other} case)" in actions(analysis, facts)[-1]


def test_returns_that_outweigh_revenue_are_warned_of_first(orders_of: OrdersOf) -> None:
    lines = shop()
    returns = [(f"R{n}", "2025-07-01", -900.0) for n in range(3)]
    orders = orders_of(lines)
    analysis, facts = of_orders(orders)
    assert "match no earlier purchase" not in warnings(analysis, facts)[0]
    ledger = replace(orders.ledger, returns_unmatched=round(sum(one[2] for one in returns) * 10_000))
    analysis, facts = of_orders(replace(orders, ledger=ledger))
    assert facts.number("revenue.net_of_all_returns") < 0
    assert "match no earlier purchase" in warnings(analysis, facts)[0]
