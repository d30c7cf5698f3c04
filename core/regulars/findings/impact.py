"""Facts about initiatives: audience, assumptions and money, in the base case unless the key says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, MULTIPLE, SHARE, TEXT
from regulars.impact.model import Initiative
from regulars.segments.model import SegmentRole


def impact_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the totals of the plan, and every initiative's own figures."""
    impact = analysis.impact
    months = impact.horizon_months
    after = f"initiatives that earn their cost back, {months} months, after overlap"
    yield Fact("impact.margin", impact.margin, SHARE, impact.margin_source)
    yield Fact("impact.margin_source", impact.margin_source, TEXT, "option beats profit column beats default")
    yield Fact("impact.initiatives", len(impact.initiatives), COUNT, "initiatives with an audience")
    yield Fact("impact.in_plan", len(impact.plan), COUNT, "initiatives that earn their cost back in the base case")
    yield Fact(
        "impact.total.audience",
        sum(initiative.audience for initiative in impact.plan),
        COUNT,
        f"customers addressed: {after}",
    )
    yield Fact("impact.total.investment", impact.investment, MONEY, after)
    yield Fact("impact.total.revenue", impact.revenue(), MONEY, f"incremental revenue: {after}")
    yield Fact("impact.total.gross_profit", impact.gross_profit(), MONEY, f"incremental revenue × margin: {after}")
    yield Fact(
        "impact.total.gross_profit_low",
        impact.gross_profit(impact.low_case),
        MONEY,
        f"at {impact.low_case:.0%} of the success rates",
    )
    yield Fact(
        "impact.total.gross_profit_high",
        impact.gross_profit(impact.high_case),
        MONEY,
        f"at {impact.high_case:.0%} of the success rates",
    )
    yield Fact("impact.total.gross_multiple", impact.gross_multiple, MULTIPLE, "gross profit / investment")
    yield Fact("impact.total.net_roi", impact.net_roi, SHARE, "(gross profit − investment) / investment")
    net = impact.gross_profit() - impact.investment
    yield Fact("impact.total.net_profit", net, MONEY, "gross profit − investment")
    for initiative in impact.initiatives:
        yield from _initiative_facts(initiative)
    yield from _exposure_facts(analysis)


def _initiative_facts(initiative: Initiative) -> Iterator[Fact]:
    key = f"impact.{initiative.key}"
    yield Fact(f"{key}.eligible", initiative.eligible, COUNT, f"customers of {', '.join(initiative.segments)}")
    yield Fact(f"{key}.audience", initiative.audience, COUNT, "those not in an initiative before this one")
    yield Fact(f"{key}.expected", initiative.expected, MONEY, "expected revenue a customer without action")
    yield Fact(f"{key}.value", initiative.value, MONEY, "revenue a customer if the initiative succeeds")
    yield Fact(
        f"{key}.gain", initiative.gain, MONEY, "revenue if it succeeds − expected without action, not below nought"
    )
    yield Fact(f"{key}.reach", initiative.reach, SHARE, initiative.source)
    yield Fact(f"{key}.success_rate", initiative.success_rate, SHARE, initiative.source)
    yield Fact(
        f"{key}.break_even", initiative.break_even, SHARE, "success rate at which gross profit pays the investment"
    )
    yield Fact(f"{key}.revenue", initiative.revenue(), MONEY, "audience × reach × success rate × gain")
    yield Fact(f"{key}.gross_profit", initiative.gross_profit(), MONEY, "incremental revenue × margin")
    yield Fact(f"{key}.investment", initiative.investment, MONEY, "audience × reach × cost of a contact + fixed cost")
    yield Fact(f"{key}.gross_multiple", initiative.gross_multiple, MULTIPLE, "gross profit / investment")
    yield Fact(f"{key}.net_roi", initiative.net_roi, SHARE, "(gross profit − investment) / investment")


def _exposure_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield what is at stake with good customers who left: shown as exposure, never as a gain."""
    lead, outlook = analysis.segmentations.lead, analysis.impact.outlook.frame
    leaving = {segment.key for segment in lead.definitions if segment.role is SegmentRole.LEAVING}
    rows = lead.labels.isin(leaving)
    frame = analysis.summary.customers.frame[rows]
    lost = (outlook["if_active"] - outlook["expected"])[rows].clip(lower=0)
    count = int(rows.sum())
    yield Fact("at_risk.customers", count, COUNT, "customers of the segments that bought often and have stopped")
    yield Fact("at_risk.revenue", float(frame["revenue"].sum()), MONEY, "their revenue to date")
    yield Fact(
        "at_risk.revenue_share",
        float(frame["revenue"].sum()) / analysis.summary.customers.revenue
        if analysis.summary.customers.revenue
        else None,
        SHARE,
        "their revenue to date / all revenue",
    )
    yield Fact(
        "at_risk.exposure",
        float(lost.sum()),
        MONEY,
        "expected on the day of their last order − expected today, next months: exposure, not a gain",
    )
