"""Facts about initiatives: audience, assumptions and money, in the base case unless the key says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, MULTIPLE, NUMBER, SHARE, TEXT, counted
from regulars.impact.initiative import Initiative, payback_month
from regulars.impact.model import Impact
from regulars.segments.model import SegmentRole, Segments


def impact_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the totals of the plan, and every initiative's own figures."""
    impact = analysis.impact
    months = impact.horizon_months
    after = f"the plan, base case, {counted(months, 'month')}, after overlap"
    yield Fact("impact.margin", impact.margin, SHARE, impact.margin_source)
    yield Fact("impact.margin_source", impact.margin_source, TEXT, "option beats profit column beats default")
    yield Fact("impact.initiatives", len(impact.initiatives), COUNT, "initiatives with an audience")
    yield Fact(
        "impact.in_plan",
        len(impact.plan),
        COUNT,
        "initiatives in the plan: those that earn their cost back in the base case, unless the owner chose",
    )
    reached = {key for one in impact.plan for key, count in one.taken_from.items() if count}
    yield Fact(
        "impact.segments_in_plan",
        len(reached),
        COUNT,
        "segments of the lead scheme that an initiative of the plan addresses",
    )
    yield Fact(
        "impact.paying", len(impact.paying), COUNT,
        f"initiatives that earn their cost back in the {impact.scenario} case, in the plan or not",
    )  # fmt: skip
    yield Fact(
        "impact.total.audience",
        sum(initiative.audience for initiative in impact.plan),
        COUNT,
        f"customers addressed: {after}",
    )
    first = min((one.phase for one in impact.plan), default=None)
    yield Fact(
        "impact.total.first_audience",
        sum(one.audience for one in impact.plan if one.phase == first),
        COUNT,
        "customers addressed by those of the plan's initiatives that start in its first phase",
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
    yield Fact(
        "impact.standing",
        "confirmed by the owner" if impact.confirmed else "illustrative until you confirm the rates",
        TEXT,
        "whether the owner has confirmed the assumptions",
    )
    yield Fact(
        "impact.standing_word",
        "at confirmed assumptions" if impact.confirmed else "illustrative",
        TEXT,
        "the same, short",
    )
    yield Fact("impact.successes", sum(one.successes() for one in impact.plan), NUMBER, f"customers won: {after}")
    yield from _plan_facts(impact)
    for initiative in impact.initiatives:
        yield from _initiative_facts(initiative)
    yield from _test_facts(impact)
    yield from _projection_facts(impact)
    yield from _margin_facts(analysis)
    yield from _exposure_facts(analysis)


def _plan_facts(impact: Impact) -> Iterator[Fact]:
    """Yield the plan in the scenario that the owner chose: what workbook and deck show."""
    case, cost = impact.case, impact.investment
    scope = f"the plan, {impact.scenario} case, {counted(impact.horizon_months, 'month')}, after overlap"
    key, profit = "impact.plan", impact.gross_profit(case)
    yield Fact(f"{key}.scenario", impact.scenario, TEXT, "careful, base or bold, as the owner chose")
    yield Fact(f"{key}.case", case, SHARE, "success rates in that scenario, against the base case")
    yield Fact(f"{key}.moves", len(impact.moves), COUNT, "initiatives and tests in the plan")
    yield Fact(f"{key}.investment", cost, MONEY, scope)
    yield Fact(f"{key}.revenue", impact.revenue(case), MONEY, f"incremental revenue: {scope}")
    yield Fact(f"{key}.gross_profit", profit, MONEY, f"incremental gross profit: {scope}")
    yield Fact(f"{key}.net_profit", profit - cost, MONEY, "gross profit − investment")
    yield Fact(f"{key}.gross_multiple", profit / cost if cost else None, MULTIPLE, "gross profit / investment")
    yield Fact(
        f"{key}.net_roi", (profit - cost) / cost if cost else None, SHARE, "(gross profit − investment) / investment"
    )
    yield Fact(
        f"{key}.break_even", impact.break_even(case), SHARE, "share of its gross profit that pays its investment"
    )
    yield Fact(
        f"{key}.payback_month", impact.payback_month(case), COUNT,
        "month by whose end its gross profit has paid its whole investment",
    )  # fmt: skip
    for one in impact.initiatives:
        earned, rate = one.gross_profit(case), min(one.success_rate * case, 1.0)
        yield Fact(f"{key}.{one.key}.success_rate", rate, SHARE, f"in the {impact.scenario} case")
        yield Fact(f"{key}.{one.key}.gross_profit", earned, MONEY, f"in the {impact.scenario} case")
        yield Fact(
            f"{key}.{one.key}.gross_multiple", earned / one.investment if one.investment else None, MULTIPLE,
            "gross profit / investment",
        )  # fmt: skip
        yield Fact(
            f"{key}.{one.key}.net_roi", (earned - one.investment) / one.investment if one.investment else None, SHARE,
            "(gross profit − investment) / investment",
        )  # fmt: skip
        yield Fact(
            f"{key}.{one.key}.payback_month",
            payback_month(one.investment, earned, one.start_month, one.months_in_effect), COUNT,
            f"month by whose end gross profit has paid the investment, {impact.scenario} case",
        )  # fmt: skip
    for test in impact.tests:
        earned = test.gross_profit(case)
        cost = test.investment
        yield Fact(f"{key}.{test.key}.gross_profit", earned, MONEY, f"change in gross profit, {impact.scenario} case")
        yield Fact(
            f"{key}.{test.key}.gross_multiple", earned / cost if cost else None, MULTIPLE, "gross profit / investment"
        )
        yield Fact(
            f"{key}.{test.key}.net_roi", (earned - cost) / cost if cost else None, SHARE,
            "(gross profit − investment) / investment",
        )  # fmt: skip


def _initiative_facts(initiative: Initiative) -> Iterator[Fact]:
    key = f"impact.{initiative.key}"
    yield Fact(f"{key}.eligible", initiative.eligible, COUNT, f"customers of {', '.join(initiative.segments)}")
    yield Fact(
        f"{key}.audience",
        initiative.audience,
        COUNT,
        "those it is for who are not in an initiative of the plan before this one",
    )
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
    yield Fact(
        f"{key}.revenue",
        initiative.revenue(),
        MONEY,
        "audience × reach × success rate × gain × months in effect / horizon",
    )
    yield Fact(f"{key}.gross_profit", initiative.gross_profit(), MONEY, "incremental revenue × margin")
    yield Fact(f"{key}.investment", initiative.investment, MONEY, "audience × reach × cost of a contact + fixed cost")
    yield Fact(f"{key}.successes", initiative.successes(), NUMBER, "audience × reach × success rate")
    yield Fact(
        f"{key}.margin", initiative.margin, SHARE, "of those it is for" if initiative.own_margin else "of the shop"
    )
    yield Fact(f"{key}.contact_cost", initiative.contact_cost, MONEY, f"a customer reached: {initiative.source}")
    yield Fact(f"{key}.fixed_cost", initiative.fixed_cost, MONEY, initiative.source)
    yield Fact(f"{key}.start_month", initiative.start_month, COUNT, "month of the horizon in which it begins")
    yield Fact(f"{key}.months_in_effect", initiative.months_in_effect, COUNT, "months of the horizon in which it earns")
    yield Fact(
        f"{key}.payback_month",
        initiative.payback_month,
        COUNT,
        "month by whose end gross profit has paid the investment",
    )
    yield Fact(f"{key}.gross_multiple", initiative.gross_multiple, MULTIPLE, "gross profit / investment")
    yield Fact(f"{key}.net_roi", initiative.net_roi, SHARE, "(gross profit − investment) / investment")


def _test_facts(impact: Impact) -> Iterator[Fact]:
    """Yield the tests on the whole shop: what they would change in the base case."""
    price, dip = impact.price, impact.dip
    yield Fact("impact.price.baseline", price.baseline, MONEY, "revenue expected from today's customers without action")
    yield Fact("impact.price.revenue", price.revenue(), MONEY, "revenue concerned × ((1 + rise) × units kept − 1)")
    yield Fact(
        "impact.price.gross_profit", price.gross_profit(), MONEY,
        "revenue concerned × ((rise + margin) × units kept − margin)",
    )  # fmt: skip
    yield Fact("impact.price.investment", price.investment, MONEY, price.source)
    yield Fact("impact.price.break_even", price.break_even, SHARE, "units that must still be bought for it to pay")
    yield Fact("impact.dip.gap", dip.gap, MONEY, "revenue the weakest month lacks; unknown below 24 complete months")
    yield Fact("impact.dip.month", dip.month or None, TEXT, "the month that was weakest in both of the last two years")
    known = dip.gap is not None
    yield Fact("impact.dip.gross_profit", dip.gross_profit() if known else None, MONEY, "gap × share won back × margin")
    yield Fact("impact.dip.investment", dip.investment if known else None, MONEY, dip.source)
    yield Fact("impact.dip.break_even", dip.break_even, SHARE, "share of the gap that must be won back for it to pay")


def _projection_facts(impact: Impact) -> Iterator[Fact]:
    """Yield where the shop stands, and what comes without action."""
    ahead = impact.projection
    key = "impact.projection"
    yield Fact(f"{key}.last_revenue", ahead.last_revenue, MONEY, "revenue in the last 365 days")
    yield Fact(f"{key}.last_customers", ahead.last_customers, COUNT, "customers who ordered in the last 365 days")
    yield Fact(f"{key}.expected_revenue", ahead.expected_revenue, MONEY, impact.outlook.how)
    yield Fact(
        f"{key}.expected_customers",
        ahead.expected_customers,
        NUMBER,
        "of today's customers, how many order in the horizon",
    )
    yield Fact(f"{key}.new_customers", ahead.new_customers, NUMBER, ahead.source)
    yield Fact(f"{key}.new_customer_revenue", ahead.new_customer_revenue, MONEY, ahead.source)


def _margin_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield each segment's margin: its own where a profit column tells it, else the shop's."""
    lead, impact = analysis.segmentations.lead, analysis.impact
    for segment in lead.definitions:
        margin, own = impact.margins.get(segment.key, (impact.margin, False))
        how = "profit / revenue of the segment's lines" if own else impact.margin_source
        yield Fact(f"impact.segment.{segment.key}.margin", margin, SHARE, f"{segment.name}: {how}")
        yield Fact(f"impact.segment.{segment.key}.own_margin", "yes" if own else "no", TEXT, how)


def _keys_of(segments: Segments, *roles: SegmentRole) -> set[str]:
    return {segment.key for segment in segments.definitions if segment.role in roles}


def _exposure_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield what is at stake with good customers who left: shown as exposure, never as a gain."""
    lead, outlook = analysis.segmentations.lead, analysis.impact.outlook.frame
    rows = lead.labels.isin(_keys_of(lead, SegmentRole.LEAVING))
    frame = analysis.summary.customers.frame[rows]
    lost = (outlook["if_active"] - outlook["expected"])[rows].clip(lower=0)
    count = int(rows.sum())
    yield Fact("at_risk.customers", count, COUNT, "customers of the segments that bought often and have stopped")
    late = analysis.lifetime.frame["late"]
    known, regulars = bool(late.notna().any()), lead.labels.isin(_keys_of(lead, SegmentRole.BEST, SegmentRole.LOYAL))
    for name, of, what in (("late", rows, "of them"), ("late_regulars", regulars, "of the best and loyal segments")):
        count_late = int((late[of.to_numpy()] == 1).sum()) if known else None
        yield Fact(
            f"at_risk.{name}", count_late, COUNT, f"customers {what} who are silent longer than their own rhythm allows"
        )
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
