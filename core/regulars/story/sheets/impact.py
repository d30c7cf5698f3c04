"""The Financial impact sheet: the owner's assumptions, and every number that depends on them as a live formula."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MONEY_EXACT, MULTIPLE, NUMBER, SHARE, TEXT
from regulars.impact.model import Initiative
from regulars.story.sheet_spec import (
    Assumption,
    Assumptions,
    Chart,
    ChartKind,
    Column,
    Formula,
    Input,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.texts import text
from regulars.story.words import fact_key, filled, shares_are_known

YES, NO = "yes", "no"


def impact_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return assumptions, initiatives with live totals, profit by segment, and the formulas in words."""
    method = tuple(
        text(f"impact.how_{name}", facts, how=analysis.impact.outlook.how)
        for name in ("gain", "expected", "levers", "revenue", "profit", "ratio")
    )
    return SheetSpec(
        "Financial impact", SheetKind.MONEY, text("impact.title", facts), text("impact.lead", facts),
        (
            _assumptions(analysis, facts),
            _initiatives(analysis, facts),
            _earnings(analysis, facts),
            Chart(
                ChartKind.BAR, text("impact.chart", facts), "earnings", "initiative", ("gross_profit",),
                alt=text("slide.portfolio.alt", facts),
            ),
            _segments(analysis, facts),
            Text(method, text("impact.method", facts), Tone.SMALL),
        ),
    )  # fmt: skip


def _assumptions(analysis: Analysis, facts: Facts) -> Assumptions:
    impact = analysis.impact
    case = text("impact.case_note", facts)
    return Assumptions(
        text("impact.assumptions", facts),
        (
            Assumption("margin", text("impact.margin", facts), impact.margin, SHARE, impact.margin_source, text("impact.margin_note", facts), 0.0, 1.0),
            Assumption("low", text("impact.low", facts), impact.low_case, SHARE, "assumption", case, 0.0, 1.0),
            Assumption("high", text("impact.high", facts), impact.high_case, SHARE, "assumption", case, 1.0, 10.0),
        ),
        text("impact.assumptions_lead", facts),
    )  # fmt: skip


ASSUMED_COLUMNS = (
    Column("initiative", "Initiative", TEXT, 34),
    Column("segments", "Segments", TEXT, 26),
    Column("plan", "In the plan", TEXT),
    Column("eligible", "Customers in these segments", COUNT),
    Column("audience", "Audience, not in one above", COUNT),
    Column("reach", "Reached", SHARE),
    Column("success", "Success rate", SHARE),
    Column("contact_cost", "Cost a contact", MONEY_EXACT),
    Column("fixed_cost", "Fixed cost", MONEY),
    Column("source", "Source of the rates and costs", TEXT, 16),
)
EARNED_COLUMNS = (
    Column("initiative", "Initiative", TEXT, 34),
    Column("expected", "Expected without action", MONEY_EXACT),
    Column("value", "If it succeeds", MONEY_EXACT),
    Column("gain", "Gain of a success", MONEY_EXACT),
    Column("investment", "Investment", MONEY),
    Column("revenue", "Extra revenue", MONEY),
    Column("low", "Gross profit, careful", MONEY),
    Column("gross_profit", "Gross profit, base", MONEY),
    Column("high", "Gross profit, bold", MONEY),
    Column("gross_multiple", "Gross multiple", MULTIPLE),
    Column("net_roi", "Net ROI", SHARE),
    Column("break_even", "Break-even success rate", SHARE),
)


def _initiatives(analysis: Analysis, facts: Facts) -> Table:
    rows = tuple(
        Row(
            one.key,
            (
                one.name,
                ", ".join(one.segments),
                Input(YES if one.pays else NO, choices=(YES, NO)),
                one.eligible,
                one.audience,
                Input(one.reach, 0.0, 1.0),
                Input(one.success_rate, 0.0, 1.0),
                Input(one.contact_cost, 0.0),
                Input(one.fixed_cost, 0.0),
                one.source,
            ),
        )
        for one in analysis.impact.initiatives
    )
    planned = sum(one.audience for one in analysis.impact.plan)
    audience = Formula(f'=SUMIF({{initiatives.plan}},"{YES}",{{initiatives.audience}})', planned)
    total = Row("total", ("The plan", None, None, None, audience, *[None] * 5), strong=True)
    return Table(
        "initiatives", ASSUMED_COLUMNS, rows, text("impact.initiatives", facts), text("impact.initiatives_lead", facts), total
    )  # fmt: skip


def _earnings(analysis: Analysis, facts: Facts) -> Table:
    return Table(
        "earnings", EARNED_COLUMNS, tuple(_earned(analysis, one) for one in analysis.impact.initiatives),
        text("impact.earnings", facts), text("impact.earnings_lead", facts), _total(analysis),
    )  # fmt: skip


def _earned(analysis: Analysis, one: Initiative) -> Row:
    impact = analysis.impact

    def above(column: str) -> str:
        return f"{{initiatives.{column}@{one.key}}}"

    people = f"{above('audience')}*{above('reach')}"
    success = above("success")
    cost = f"{people}*{above('contact_cost')}+{above('fixed_cost')}"
    return Row(
        one.key,
        (
            one.name,
            one.expected,
            one.value,
            Formula("=MAX({.value}-{.expected},0)", one.gain),
            Formula(f"=IF({above('audience')}=0,0,{cost})", one.investment),
            Formula(f"={people}*{success}*{{.gain}}", one.revenue()),
            Formula(f"={people}*MIN({success}*{{low}},1)*{{.gain}}*{{margin}}", one.gross_profit(impact.low_case)),
            Formula("={.revenue}*{margin}", one.gross_profit()),
            Formula(f"={people}*MIN({success}*{{high}},1)*{{.gain}}*{{margin}}", one.gross_profit(impact.high_case)),
            Formula(MULTIPLE_FORMULA, _or_dash(one.gross_multiple)),
            Formula(ROI_FORMULA, _or_dash(one.net_roi)),
            Formula(
                f'=IF({people}*{{.gain}}*{{margin}}=0,"–",{{.investment}}/({people}*{{.gain}}*{{margin}}))',
                _or_dash(one.break_even),
            ),
        ),
    )


MULTIPLE_FORMULA = '=IF({.investment}=0,"–",{.gross_profit}/{.investment})'
ROI_FORMULA = '=IF({.investment}=0,"–",({.gross_profit}-{.investment})/{.investment})'


def _or_dash(value: float | None) -> float | str:
    return "–" if value is None else value


def _total(analysis: Analysis) -> Row:
    impact = analysis.impact

    def planned(column: str, value: float) -> Formula:
        return Formula(f'=SUMIF({{initiatives.plan}},"{YES}",{{earnings.{column}}})', value)

    return Row(
        "total",
        (
            "The plan",
            None,
            None,
            None,
            planned("investment", impact.investment),
            planned("revenue", impact.revenue()),
            planned("low", impact.gross_profit(impact.low_case)),
            planned("gross_profit", impact.gross_profit()),
            planned("high", impact.gross_profit(impact.high_case)),
            Formula(MULTIPLE_FORMULA, _or_dash(impact.gross_multiple)),
            Formula(ROI_FORMULA, _or_dash(impact.net_roi)),
            None,
        ),
        strong=True,
    )


def _segments(analysis: Analysis, facts: Facts) -> Table:
    lead, margin = analysis.segmentations.lead, analysis.impact.margin
    columns = (
        Column("segment", "Segment"),
        Column("role", "What they are", TEXT),
        Column("customers", "Customers", COUNT),
        Column("revenue", "Revenue to date", MONEY),
        Column("gross_profit", "Gross profit to date", MONEY),
        Column("each", "Gross profit per customer", MONEY_EXACT),
        Column("index", "Value index", NUMBER),
    )
    all_customers, all_revenue = facts.number("customers.count"), facts.number("revenue.total")
    rows = []
    for segment in filled(lead):
        customers, revenue = (facts.number(fact_key(lead, segment, name)) for name in ("customers", "revenue"))
        index = facts.value(fact_key(lead, segment, "value_index"))
        rows.append(
            Row(
                segment.key,
                (
                    segment.name, segment.role.value, int(customers), revenue,
                    Formula("={.revenue}*{margin}", revenue * margin),
                    Formula("={.gross_profit}/{.customers}", revenue * margin / customers),
                    index,
                ),
            )
        )  # fmt: skip
    total = Row(
        "total",
        (
            "All customers", None,
            Formula("=SUM({profit.customers})", all_customers),
            Formula("=SUM({profit.revenue})", all_revenue),
            Formula("=SUM({profit.gross_profit})", all_revenue * margin),
            Formula("={.gross_profit}/{.customers}", all_revenue * margin / all_customers),
            1.0 if shares_are_known(facts) else None,
        ),
        strong=True,
    )  # fmt: skip
    return Table(
        "profit", columns, tuple(rows), text("impact.segments", facts), text("impact.segments_lead", facts), total
    )
