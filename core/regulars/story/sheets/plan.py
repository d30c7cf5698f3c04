"""The plan on the Financial impact sheet: tests on the whole shop, the way to the result, its swings, its roadmap."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, SHARE, TEXT
from regulars.impact.initiative import FIRST_DAYS, HALF_YEAR, Initiative
from regulars.impact.model import Impact, Move
from regulars.story.sheet_spec import Column, Formula, Row, Table
from regulars.story.sheets.initiatives import LABEL, UNKNOWN, YES, or_dash
from regulars.story.texts import entries, text

PHASES = ((1, FIRST_DAYS), (FIRST_DAYS + 1, HALF_YEAR), (HALF_YEAR + 1, 60))  # start months, first and last
MARGIN_POINTS = 0.05
COST_SHARE = 0.5


def _is_planned(impact: Impact, move: Move) -> bool:
    return move in impact.moves


def tests_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the price test and the weak month: no audience, not in the plan unless the owner puts them there."""
    columns = (
        Column("test", "Test", TEXT, LABEL), Column("plan", "In the plan", TEXT),
        Column("starts_from", "Revenue it starts from", MONEY), Column("concerned", "Revenue concerned", MONEY),
        Column("investment", "Investment", MONEY), Column("revenue", "Change in revenue", MONEY),
        Column("gross_profit", "Change in gross profit", MONEY), Column("low", "Careful", MONEY),
        Column("base", "Base", MONEY), Column("high", "Bold", MONEY), Column("break_even", "Break-even", SHARE),
    )  # fmt: skip
    impact = analysis.impact
    rows = [_price_row(impact, facts)] + ([] if impact.dip.gap is None else [_dip_row(impact, facts)])
    remark = text("impact.tests_remark" if impact.dip.gap is not None else "impact.tests_remark_no_dip", facts)
    return Table(
        "tests", columns, tuple(rows), text("impact.tests", facts), text("impact.tests_lead", facts), remark=remark
    )


def _price_row(impact: Impact, facts: Facts) -> Row:
    price, horizon = impact.price, impact.horizon_months

    def change(case: str, *, profit: bool) -> str:
        kept = f"MAX(0,1-(1-{{price_volume}})*MAX(0,2-{case}))"
        if profit:
            return f"={{.concerned}}*(({{price_rise}}+{{margin}})*{kept}-{{margin}})"
        return f"={{.concerned}}*((1+{{price_rise}})*{kept}-1)"

    chosen = "{terms.value@case}"
    break_even = (
        f'=IF({{.concerned}}<=0,"{UNKNOWN}",({{margin}}+{{price_cost}}/{{.concerned}})/({{margin}}+{{price_rise}}))'
    )
    months = f"MAX(0,{horizon}-{{price_start}}+1)/{horizon}"
    return Row(
        "price",
        (
            text("impact.price", facts),
            Formula("={price_plan}", _yes_or_no(price.in_plan)),
            price.baseline,
            Formula(f"={{.starts_from}}*{{terms.value@discount}}*{{price_items}}*{months}", price.concerned),
            Formula("={price_cost}", price.investment),
            Formula(change(chosen, profit=False), price.revenue(impact.case)),
            Formula(change(chosen, profit=True), price.gross_profit(impact.case)),
            Formula(change("{low}", profit=True), price.gross_profit(impact.low_case)),
            Formula(change("1", profit=True), price.gross_profit()),
            Formula(change("{high}", profit=True), price.gross_profit(impact.high_case)),
            Formula(break_even, or_dash(price.break_even)),
        ),
    )


def _dip_row(impact: Impact, facts: Facts) -> Row:
    dip = impact.dip

    def won(case: str) -> str:
        return f"{{.concerned}}*MIN({{dip_recovered}}*{case},1)"

    chosen = "{terms.value@case}"
    break_even = f'=IF({{.concerned}}*{{margin}}=0,"{UNKNOWN}",{{.investment}}/({{.concerned}}*{{margin}}))'
    return Row(
        "dip",
        (
            text("impact.dip", facts, month=dip.month),
            Formula("={dip_plan}", _yes_or_no(dip.in_plan)),
            dip.gap,
            Formula(f"={{.starts_from}}*{impact.horizon_months}/12", dip.planned_gap),
            Formula("={dip_cost}", dip.investment),
            Formula(f"={won(chosen)}", dip.revenue(impact.case)),
            Formula(f"={won(chosen)}*{{margin}}", dip.gross_profit(impact.case)),
            Formula(f"={won('{low}')}*{{margin}}", dip.gross_profit(impact.low_case)),
            Formula(f"={won('1')}*{{margin}}", dip.gross_profit()),
            Formula(f"={won('{high}')}*{{margin}}", dip.gross_profit(impact.high_case)),
            Formula(break_even, or_dash(dip.break_even)),
        ),
    )


def _yes_or_no(value: bool) -> str:
    return YES if value else "no"


def _money_of(move: Move, column: str) -> str:
    """Return the formula of a move's money, nought when it is not in the plan."""
    if isinstance(move, Initiative):
        table = "cases" if column in ("low", "high") else "earnings"
        return f'IF({{initiatives.plan@{move.key}}}="{YES}",{{{table}.{column}@{move.key}}},0)'
    return f'IF({{{move.key}_plan}}="{YES}",{{tests.{column}@{move.key}}},0)'


def _name(move: Move, facts: Facts) -> str:
    if isinstance(move, Initiative):
        return move.short
    return text(f"impact.{move.key}_short", facts)


def bridge_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the steps from nought to the plan's net profit; the helper columns carry the floating chart."""
    impact, case = analysis.impact, analysis.impact.case
    columns = (
        Column("step", "Step", TEXT, LABEL), Column("amount", "Amount", MONEY), Column("end", "Sum so far", MONEY),
        Column("base", "Below", MONEY), Column("up", "More", MONEY), Column("down", "Less", MONEY),
        Column("total", "Total", MONEY),
    )  # fmt: skip
    rows: list[Row] = []
    before, end = "", 0.0
    for move in (*impact.initiatives, *impact.tests):
        amount = move.gross_profit(case) if _is_planned(impact, move) else 0.0
        rows.append(_step(move.key, _name(move, facts), f"={_money_of(move, 'gross_profit')}", amount, before, end))
        before, end = move.key, end + amount
    rows.append(_sum("gross", text("impact.bridge_gross", facts), before, end))
    cost = impact.investment
    rows.append(_step("cost", text("impact.bridge_cost", facts), "=-{earnings.investment@total}", -cost, "gross", end))
    rows.append(_sum("net", text("impact.bridge_net", facts), "cost", end - cost))
    return Table("bridge", columns, tuple(rows), text("impact.bridge", facts), text("impact.bridge_lead", facts))


def _step(key: str, name: str, formula: str, amount: float, before: str, start: float) -> Row:
    previous = f"{{bridge.end@{before}}}" if before else "0"
    end = start + amount
    return Row(
        key,
        (
            name,
            Formula(formula, amount),
            Formula(f"={previous}+{{.amount}}", end),
            Formula(f"=MAX(0,MIN({previous},{{.end}}))", max(0.0, min(start, end))),
            Formula("=MAX({.amount},0)", max(amount, 0.0)),
            Formula("=MAX(-{.amount},0)", max(-amount, 0.0)),
            0.0,
        ),
    )


def _sum(key: str, name: str, before: str, value: float) -> Row:
    end = f"{{bridge.end@{before}}}"
    return Row(
        key, (name, Formula(f"={end}", value), Formula(f"={end}", value), 0.0, 0.0, 0.0, Formula(f"={end}", value))
    )


def sensitivity_table(analysis: Analysis, facts: Facts) -> Table:
    """Return what the plan's net profit loses and gains as one assumption at a time changes, the widest first."""
    columns = (
        Column("assumption", "Assumption", TEXT, LABEL), Column("less", "Net profit, worse", MONEY),
        Column("more", "Net profit, better", MONEY), Column("change", "What changes", TEXT),
    )  # fmt: skip
    found = sorted(_swings(analysis, facts), key=lambda row: -_width(row))
    return Table(
        "sensitivity", columns, tuple(found), text("impact.sensitivity", facts), text("impact.sensitivity_lead", facts)
    )


def _width(row: Row) -> float:
    less, more = row.cells[1], row.cells[2]
    if not isinstance(less, Formula) or not isinstance(more, Formula):
        raise TypeError("a swing is two formulas")
    return abs(float(more.value or 0)) + abs(float(less.value or 0))


def _swings(analysis: Analysis, facts: Facts) -> Iterator[Row]:
    impact = analysis.impact
    case = impact.case
    margin = impact.revenue(case) * MARGIN_POINTS
    yield Row(
        "margin",
        (
            text("impact.swing_margin", facts),
            Formula(f"=-{MARGIN_POINTS}*{{earnings.revenue@total}}", -margin),
            Formula(f"={MARGIN_POINTS}*{{earnings.revenue@total}}", margin),
            text("impact.swing_margin_change", facts),
        ),
    )
    cost = impact.investment * COST_SHARE
    yield Row(
        "costs",
        (
            text("impact.swing_costs", facts),
            Formula(f"=-{COST_SHARE}*{{earnings.investment@total}}", -cost),
            Formula(f"={COST_SHARE}*{{earnings.investment@total}}", cost),
            text("impact.swing_costs_change", facts),
        ),
    )
    for one in impact.initiatives:
        planned = 1.0 if one.planned else 0.0
        now = one.gross_profit(case)
        less, more = ((one.gross_profit(other) - now) * planned for other in (impact.low_case, impact.high_case))
        yield Row(
            one.key,
            (
                text("impact.swing_success", facts, name=one.short),
                Formula(f"={_money_of(one, 'low')}-{_money_of(one, 'gross_profit')}", less),
                Formula(f"={_money_of(one, 'high')}-{_money_of(one, 'gross_profit')}", more),
                text("impact.swing_success_change", facts),
            ),
        )


def roadmap_table(analysis: Analysis, facts: Facts) -> Table:
    """Return what the plan costs and earns by the phase in which its initiatives start."""
    impact, case = analysis.impact, analysis.impact.case
    columns = (
        Column("phase", "Starts", TEXT, LABEL), Column("initiatives", "Initiatives", COUNT),
        Column("investment", "Investment", MONEY), Column("gross_profit", "Gross profit", MONEY),
    )  # fmt: skip
    rows = []
    for number, name in enumerate(entries("impact.phases").values()):
        of = [one for one in impact.plan if one.phase == number]
        first, last = PHASES[number]
        where = f'{{initiatives.plan}},"{YES}",{{initiatives.start}},">={first}",{{initiatives.start}},"<={last}"'
        rows.append(
            Row(
                f"phase_{number}",
                (
                    name,
                    Formula(f"=COUNTIFS({where})", len(of)),
                    Formula(f"=SUMIFS({{earnings.investment}},{where})", sum(one.investment for one in of)),
                    Formula(f"=SUMIFS({{earnings.gross_profit}},{where})", sum(one.gross_profit(case) for one in of)),
                ),
            )
        )
    tests = [test for test in impact.tests if test.in_plan]
    known = impact.tests

    def of_tests(column: str) -> str:
        return "=" + "+".join(_money_of(test, column) for test in known)

    count = "=" + "+".join(f'IF({{{test.key}_plan}}="{YES}",1,0)' for test in known)
    rows.append(
        Row(
            "tests",
            (
                text("impact.tests", facts),
                Formula(count, len(tests)),
                Formula(of_tests("investment"), sum(test.investment for test in tests)),
                Formula(of_tests("gross_profit"), sum(test.gross_profit(case) for test in tests)),
            ),
        )
    )
    total = Row(
        "total",
        (
            "The plan",
            Formula("=SUM({roadmap.initiatives})", len(impact.moves)),
            Formula("=SUM({roadmap.investment})", impact.investment),
            Formula("=SUM({roadmap.gross_profit})", impact.gross_profit(case)),
        ),
        strong=True,
    )
    return Table(
        "roadmap", columns, tuple(rows), text("impact.roadmap", facts), text("impact.roadmap_lead", facts), total
    )
