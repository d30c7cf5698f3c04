"""The Financial impact sheet: the owner's assumptions, and every number that depends on them as a live formula."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.base.units import COUNT, MONEY, MONEY_EXACT, NUMBER, SHARE, TEXT, Unit
from regulars.impact.assumptions import CHOICES
from regulars.impact.estimate import SET_BY_OWNER
from regulars.story.sheet_spec import (
    Assumption,
    Assumptions,
    Chart,
    ChartKind,
    Column,
    Figure,
    Figures,
    Formula,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.sheets.cash import months_table, roadmap_table
from regulars.story.sheets.initiatives import (
    CHANGED,
    LABEL,
    MONTHS_MOST,
    NO,
    UNKNOWN,
    YES,
    cases_table,
    defaults_table,
    earnings_table,
    initiatives_table,
    margin_formula,
    or_dash,
)
from regulars.story.sheets.plan import bridge_table, returns_table, sensitivity_table, tests_table
from regulars.story.sheets.projection import mix_table, projection_table
from regulars.story.texts import text
from regulars.story.words import fact_key, filled

PREMIUM, GROWTH = 1.25, 0.75  # value index from which a segment is of that tier


def impact_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return assumptions, initiatives with live totals, the way ahead, profit by segment, and the formulas in words."""
    method = tuple(
        text(f"impact.how_{name}", facts, how=analysis.impact.outlook.how)
        for name in ("gain", "expected", "levers", "revenue", "profit", "ratio", "payback", "price", "mix", "discount")
    )
    steps, swings = bridge_table(analysis, facts), sensitivity_table(analysis, facts)
    return SheetSpec(
        "Financial impact", SheetKind.MONEY, text("impact.title", facts), text("impact.lead", facts),
        (
            _result(analysis, facts),
            _assumptions(analysis, facts),
            _terms(analysis, facts),
            initiatives_table(analysis, facts),
            defaults_table(analysis, facts),
            earnings_table(analysis, facts),
            cases_table(analysis, facts),
            tests_table(analysis, facts),
            returns_table(analysis, facts),
            *_pictured(
                steps, ChartKind.WATERFALL, text("impact.bridge_chart", facts), ("base", "up", "down", "total"),
                text("impact.bridge_alt", facts), _steps_drawn(steps),
            ),
            *_pictured(
                swings, ChartKind.TORNADO, text("impact.sensitivity_chart", facts), ("less", "more"),
                text("impact.sensitivity_alt", facts), _swings_drawn(swings),
            ),
            roadmap_table(analysis, facts),
            months_table(analysis, facts),
            projection_table(analysis, facts),
            mix_table(analysis, facts),
            _segments(analysis, facts),
            Text(method, text("impact.method", facts), Tone.SMALL),
        ),
    )  # fmt: skip


def _pictured(
    table: Table, kind: ChartKind, title: str, series: tuple[str, ...], alt: str, drawn: tuple[str, str] = ("", "")
) -> tuple[Table, Chart]:
    """Return a table with its chart beside it, which draws from one row to another; all rows where nothing is named."""
    first, last = drawn
    chart = Chart(kind, title, table.key, table.columns[0].key, series, alt, beside=True, first=first, last=last)
    return table, chart


def _steps_drawn(table: Table) -> tuple[str, str]:
    """Return the first and the last step worth drawing: from the first that is not nought on."""
    first = next((row.key for row in table.rows if _size(row) > 0), "")
    return first, table.rows[-1].key if first else ""


def _swings_drawn(table: Table) -> tuple[str, str]:
    """Return the first and the last swing worth drawing: the widest stand first, those of nought at the end."""
    return "", next((row.key for row in reversed(table.rows) if _size(row) > 0), "")


def _size(row: Row) -> float:
    """Return the size of the numbers in a row of formulas."""
    return sum(abs(float(cell.value or 0)) for cell in row.cells if isinstance(cell, Formula))


def _result(analysis: Analysis, facts: Facts) -> Figures:
    impact, case = analysis.impact, analysis.impact.case
    profit, cost = impact.gross_profit(case), impact.investment
    scope = text("impact.figure_scope", facts)
    standing = text("impact.confirmed" if impact.confirmed else "impact.illustrative", facts)
    return Figures(
        (
            Figure(text("impact.figure_profit", facts), Formula("={earnings.gross_profit@total}", profit), MONEY, scope),
            Figure(text("impact.figure_cost", facts), Formula("={earnings.investment@total}", cost), MONEY, scope),
            Figure(
                text("impact.figure_net", facts),
                Formula("={earnings.gross_profit@total}-{earnings.investment@total}", profit - cost), MONEY, scope,
            ),
            Figure(
                text("impact.figure_standing", facts), Formula("={terms.value@standing}", standing), TEXT,
                text("impact.figure_standing_scope", facts),
            ),
        )
    )  # fmt: skip


def _assumptions(analysis: Analysis, facts: Facts) -> Assumptions:
    impact = analysis.impact
    price, dip, ahead = impact.price, impact.dip, impact.projection

    was = impact.defaults
    default, yes_or_no = text("impact.default", facts), (YES, NO)

    def cell(
        key: str, value: float | str, shipped: float | str, unit: Unit, of_default: str = default,
        low: float | None = None, high: float | None = None, choices: tuple[str, ...] = (), source: str = "",
        *, whole: bool = False,
    ) -> Assumption:  # fmt: skip
        label, note = text(f"impact.cell_{key}", facts), text(f"impact.cell_{key}_note", facts)
        source = of_default if value == shipped else source or SET_BY_OWNER
        money = facts.currency.code or text("impact.unit_money", facts)
        measure = money if unit in {MONEY, MONEY_EXACT} else text(f"impact.cell_{key}_unit", facts)
        return Assumption(
            key, label, value, unit, source, note, low, high, choices, shipped, of_default, whole, measure
        )

    def said(value: bool) -> str:
        return YES if value else NO

    assumed = was.price.source
    cells = [
        cell("scenario", impact.scenario, was.scenario, TEXT, choices=CHOICES["scenario"]),
        cell("confirmed", said(impact.confirmed), said(was.confirmed), TEXT, choices=yes_or_no),
        cell("margin", impact.margin, was.margin, SHARE, was.margin_source, 0.0, 1.0, source=impact.margin_source),
        cell("discount_rate", impact.discount_rate, Settings().discount_rate, SHARE, default, 0.0, 0.99),
        cell("low", impact.low_case, was.low_case, SHARE, assumed, 0.0, 1.0),
        cell("high", impact.high_case, was.high_case, SHARE, assumed, 1.0, 10.0),
        cell(
            "acquisition_ratio", impact.acquisition_ratio, was.acquisition_ratio, NUMBER, was.acquisition_source,
            0.1, 100.0,
        ),
        cell("new_customers", ahead.new_customers, was.projection.new_customers, COUNT, was.projection.source, 0.0),
        cell(
            "new_customer_revenue", ahead.new_customer_revenue, was.projection.new_customer_revenue, MONEY_EXACT,
            was.projection.source, 0.0,
        ),
        cell("price_plan", said(price.in_plan), said(was.price.in_plan), TEXT, choices=yes_or_no),
        cell("price_rise", price.rise, was.price.rise, SHARE, assumed, 0.0, 1.0),
        cell("price_items", price.items, was.price.items, SHARE, assumed, 0.0, 1.0),
        cell("price_volume", price.volume, was.price.volume, SHARE, assumed, 0.0, 1.0),
        cell("price_cost", price.cost, was.price.cost, MONEY, assumed, 0.0),
        cell("price_start", price.start_month, was.price.start_month, COUNT, assumed, 1.0, MONTHS_MOST, whole=True),
    ]  # fmt: skip
    if dip in impact.tests:
        cells += [
            cell("dip_plan", said(dip.in_plan), said(was.dip.in_plan), TEXT, choices=yes_or_no),
            cell("dip_recovered", dip.recovered, was.dip.recovered, SHARE, assumed, 0.0, 1.0),
            cell("dip_cost", dip.cost, was.dip.cost, MONEY, assumed, 0.0),
        ]
    return Assumptions(text("impact.assumptions", facts), tuple(cells), text("impact.assumptions_lead", facts), CHANGED)


def _terms(analysis: Analysis, facts: Facts) -> Table:
    """Return what the scenario, the discount rate and the tick come to: other formulas read it here."""
    impact = analysis.impact
    rate, months = impact.discount_rate, impact.horizon_months
    # Σ (1 + i)^−(m − ½)/12 over the months, each discounted from its middle, against the same sum at the run's rate.
    spread = (
        "IF({discount_rate}=0,#,(1+{discount_rate})^(0.5/12)*(1-(1+{discount_rate})^(-#/12))"
        "/((1+{discount_rate})^(1/12)-1))"
    ).replace("#", str(months))
    run_rate = sum((1 + rate) ** (-(month - 0.5) / 12) for month in range(1, months + 1))
    confirmed, illustrative = text("impact.confirmed", facts), text("impact.illustrative", facts)
    rows = (
        Row(
            "case",
            (
                text("impact.term_case", facts),
                Formula('=IF(TRIM({scenario})="careful",{low},IF(TRIM({scenario})="bold",{high},1))', impact.case),
            ),
            unit=SHARE,
        ),
        Row(
            "discount",
            (
                text("impact.term_discount", facts, rate=SHARE.show(rate)),
                Formula(f"=IF({{discount_rate}}={rate!r},1,{spread}/{run_rate!r})", 1.0),
            ),
            unit=SHARE,
        ),
        Row(
            "standing",
            (
                text("impact.term_standing", facts),
                Formula(
                    f'=IF({{confirmed}}="{YES}","{confirmed}","{illustrative}")',
                    confirmed if impact.confirmed else illustrative,
                ),
            ),
            unit=TEXT,
        ),
    )
    columns = (Column("term", "Term", TEXT, LABEL), Column("value", "Value", NUMBER))
    return Table("terms", columns, rows, text("impact.terms", facts))


def _segments(analysis: Analysis, facts: Facts) -> Table:
    lead, impact = analysis.segmentations.lead, analysis.impact
    columns = (
        Column("segment", "Segment", TEXT, LABEL), Column("role", "What they are", TEXT),
        Column("customers", "Customers", COUNT), Column("revenue", "Revenue to date", MONEY),
        Column("margin", "Gross margin", SHARE), Column("gross_profit", "Gross profit to date", MONEY),
        Column("each", "Gross profit per customer", MONEY_EXACT), Column("index", "Profit index", NUMBER),
        Column("tier", "Value tier", TEXT), Column("expected", "Expected revenue per customer", MONEY_EXACT),
        Column("ceiling", "Most to spend on winning one, at your ratio", MONEY_EXACT),
    )  # fmt: skip
    names = [text(f"impact.tier_{tier}", facts) for tier in ("premium", "growth", "base")]
    tier_formula = f'=IF({{.index}}="{UNKNOWN}","{UNKNOWN}",IF({{.index}}>={PREMIUM},"{names[0]}",IF({{.index}}>={GROWTH},"{names[1]}","{names[2]}")))'
    everyone, all_revenue = facts.number("customers.count"), facts.number("revenue.total")
    found = filled(lead)
    margins = {segment.key: facts.number(f"impact.segment.{segment.key}.margin") for segment in found}
    profits = {one.key: facts.number(fact_key(lead, one, "revenue")) * margins[one.key] for one in found}
    all_profit = sum(profits.values())
    rows = []
    for segment in found:
        customers, revenue = (facts.number(fact_key(lead, segment, name)) for name in ("customers", "revenue"))
        profit, margin = profits[segment.key], margins[segment.key]
        index = profit / all_profit / (customers / everyone) if all_profit > 0 else None
        tier = UNKNOWN if index is None else names[0] if index >= PREMIUM else names[1] if index >= GROWTH else names[2]
        worth_key = fact_key(lead, segment, "clv_per_customer")
        worth = None if facts.value(worth_key) is None else facts.number(worth_key)
        ceiling = None if worth is None else worth * margin / impact.acquisition_ratio
        discounted = None if worth is None else Formula(f"={worth!r}*{{terms.value@discount}}", worth)
        rows.append(
            Row(
                segment.key,
                (
                    segment.name, segment.role.value, int(customers), revenue,
                    margin_formula(impact, impact.margins_of_orders.get(segment.key), margin),
                    Formula("={.revenue}*{.margin}", profit),
                    Formula("={.gross_profit}/{.customers}", profit / customers),
                    Formula(
                        f'=IF(SUM({{profit.gross_profit}})<=0,"{UNKNOWN}",{{.gross_profit}}/SUM({{profit.gross_profit}})/({{.customers}}/SUM({{profit.customers}})))',
                        or_dash(index),
                    ),
                    Formula(tier_formula, tier),
                    discounted,
                    None if ceiling is None else Formula(
                        f'=IF({{acquisition_ratio}}<=0,"{UNKNOWN}",{{.expected}}*{{.margin}}/{{acquisition_ratio}})', ceiling
                    ),
                ),
            )
        )  # fmt: skip
    total = Row(
        "total",
        (
            "All customers", None,
            Formula("=SUM({profit.customers})", everyone),
            Formula("=SUM({profit.revenue})", all_revenue),
            Formula(f'=IF({{.revenue}}=0,"{UNKNOWN}",{{.gross_profit}}/{{.revenue}})', or_dash(all_profit / all_revenue if all_revenue else None)),
            Formula("=SUM({profit.gross_profit})", all_profit),
            Formula("={.gross_profit}/{.customers}", all_profit / everyone),
            None, None, None, None,
        ),
        strong=True,
    )  # fmt: skip
    return Table(
        "profit", columns, tuple(rows), text("impact.segments", facts), text("impact.segments_lead", facts), total,
        remark=text("impact.segments_remark", facts),
    )  # fmt: skip
