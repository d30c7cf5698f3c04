"""Initiatives on the Financial impact sheet: what is assumed of each, and what it earns by it, live."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MONEY_EXACT, MULTIPLE, NUMBER, SHARE, TEXT
from regulars.impact.estimate import SAME_MARGIN, SET_BY_OWNER
from regulars.impact.initiative import RESTORES, UPLIFTS, Initiative, Part, payback_month
from regulars.impact.model import Impact
from regulars.story.sheet_spec import Cell, Column, Formula, Input, Row, Table
from regulars.story.texts import text

YES, NO = "yes", "no"
UNKNOWN = "–"
NO_RATE = "no rate pays"
NOT_PAID = "not paid"
OF_PROFIT = "% of profit"  # no success rate, as the lines above it are
CHANGED = "changed here"
MONTHS_MOST = 60.0
SAME = 1e-9  # of a figure: what two programs may differ by
LABEL = 39.0  # characters of the first column, which all tables of the sheet share
ASSUMED = (
    Column("initiative", "Initiative", TEXT, LABEL),
    Column("plan", "In the plan", TEXT),
    Column("eligible", "Customers in these segments", COUNT),
    Column("audience", "Audience, not in plan above", COUNT),
    Column("reach", "Reached", SHARE),
    Column("success", "Success rate", SHARE),
    Column("uplift", "Uplift", SHARE),
    Column("contact_cost", "Cost a contact", MONEY_EXACT),
    Column("fixed_cost", "Fixed cost", MONEY),
    Column("start", "Starts in month", COUNT),
    Column("months", "Lasts, months", COUNT),
    Column("margin", "Gross margin", SHARE),
    Column("source", "Source", TEXT, 14),
)
_MEASURED = frozenset({"plan", "reach", "success", "uplift", "start", "months", "margin"})
_OF_DEFAULTS = {"initiative": "Default of", "eligible": "", "audience": ""}  # nobody assumes how many there are
EARNED = (
    Column("initiative", "Initiative", TEXT, LABEL),
    Column("expected", "Expected without action", MONEY_EXACT),
    Column("value", "If it succeeds", MONEY_EXACT),
    Column("gain", "Gain of a success", MONEY_EXACT),
    Column("effect", "Months in effect", COUNT),
    Column("successes", "Successes", NUMBER),
    Column("investment", "Investment", MONEY),
    Column("revenue", "Extra revenue", MONEY),
    Column("gross_profit", "Gross profit", MONEY),
    Column("gross_multiple", "Gross multiple", MULTIPLE),
    Column("net_roi", "Net ROI", SHARE),
    Column("break_even", "Break-even success", SHARE, 13.5),
    Column("payback", "Paid back by month", COUNT),
)
CASES = (
    Column("initiative", "Initiative", TEXT, LABEL),
    Column("low", "Careful", MONEY),
    Column("base", "Base", MONEY),
    Column("high", "Bold", MONEY),
    Column("revenue_low", "Extra revenue, careful", MONEY),
    Column("revenue_base", "Extra revenue, base", MONEY),
    Column("revenue_high", "Extra revenue, bold", MONEY),
    Column("segments", "Segments addressed", TEXT),
)
MULTIPLE_FORMULA = f'=IF({{.investment}}=0,"{UNKNOWN}",{{.gross_profit}}/{{.investment}})'
ROI_FORMULA = f'=IF({{.investment}}=0,"{UNKNOWN}",({{.gross_profit}}-{{.investment}})/{{.investment}})'


def or_dash(value: float | None) -> float | str:
    """Return a value as a formula gives it: a dash where there is none."""
    return UNKNOWN if value is None else value


def possible(each: str, cost: str, value: float | None) -> Formula:
    """Return a break-even share, cost / each: a dash where nothing is earned, and words where even all would not do."""
    formula = f'=IF({each}=0,"{UNKNOWN}",IF({cost}/{each}>1,"{NO_RATE}",{cost}/{each}))'
    return Formula(formula, UNKNOWN if value is None else NO_RATE if value > 1 else value)


def above(one: Initiative, column: str) -> str:
    """Return the name of an initiative's cell in the table of assumptions."""
    return f"{{initiatives.{column}@{one.key}}}"


def initiatives_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the table of assumptions, one row an initiative."""
    impact = analysis.impact
    shipped = {one.key: one for one in impact.defaults.initiatives}
    rows = tuple(
        Row(one.key, tuple(_assumed(impact, one, shipped.get(one.key, one), column.key) for column in ASSUMED))
        for one in impact.initiatives
    )
    planned = sum(one.audience for one in impact.plan)
    audience = Formula(f'=SUMIF({{initiatives.plan}},"{YES}",{{initiatives.audience}})', planned)
    cells: dict[str, Cell | Input] = {"initiative": "The plan", "audience": audience}
    total = Row("total", tuple(cells.get(column.key) for column in ASSUMED), strong=True)
    return Table(
        "initiatives", ASSUMED, rows, text("impact.initiatives", facts), text("impact.initiatives_lead", facts), total,
        remark=text("impact.initiatives_remark", facts),
    )  # fmt: skip


def defaults_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the units and the defaults of the initiatives' assumptions, in the columns of the table of assumptions."""
    columns = tuple(replace(column, title=_OF_DEFAULTS.get(column.key, column.title)) for column in ASSUMED)
    money = facts.currency.code or text("impact.unit_money", facts)
    units = {column.key: text(f"impact.unit_{column.key}", facts) for column in ASSUMED if column.key in _MEASURED}
    units |= {"initiative": text("impact.defaults_unit", facts), "contact_cost": money, "fixed_cost": money}
    rows = [Row("unit", tuple(units.get(column.key, "") for column in columns), unit=TEXT)]
    for one in analysis.impact.defaults.initiatives:
        cells: dict[str, Cell | Input] = {
            "initiative": one.name, "plan": YES if one.planned else NO, "eligible": "", "audience": "",
            "reach": one.reach, "success": one.success_rate,
            "uplift": one.uplift, "contact_cost": one.contact_cost, "fixed_cost": one.fixed_cost,
            "start": one.start_month, "months": one.months, "margin": one.margin, "source": one.source,
        }  # fmt: skip
        rows.append(Row(one.key, tuple(cells.get(column.key) for column in columns)))
    return Table("defaults", columns, tuple(rows), text("impact.defaults", facts), text("impact.defaults_lead", facts))


def margin_formula(impact: Impact, of_orders: float | None, now: float) -> Formula:
    """Return a margin: what the orders say of these customers, until the owner gives one for all."""
    if of_orders is None or impact.margin_of_orders is None:
        return Formula("={margin}", now)
    return Formula(f"=IF(ABS({{margin}}-{impact.margin_of_orders!r})<={SAME_MARGIN:.9f},{of_orders!r},{{margin}})", now)


def _assumed(impact: Impact, one: Initiative, was: Initiative, column: str) -> Cell | Input:
    """Return one cell of an initiative's assumptions; `was` is the initiative at the defaults."""
    margin = one.margin if one.margin_is_said else margin_formula(impact, one.margin_of_orders, one.margin)
    cells: dict[str, Cell | Input] = {
        "initiative": one.name,
        "plan": Input(YES if one.planned else NO, choices=(YES, NO), default=YES if was.planned else NO),
        "eligible": one.eligible,
        "audience": _audience(one),
        "reach": Input(one.reach, 0.0, 1.0, default=was.reach),
        "success": Input(one.success_rate, 0.0, 1.0, default=was.success_rate),
        "uplift": None if one.uplift is None else Input(one.uplift, 0.0, 10.0, default=was.uplift),
        "contact_cost": Input(one.contact_cost, 0.0, default=was.contact_cost),
        "fixed_cost": Input(one.fixed_cost, 0.0, default=was.fixed_cost),
        "start": Input(one.start_month, 1.0, MONTHS_MOST, default=was.start_month, whole=True),
        "months": Input(one.months, 0.0, MONTHS_MOST, default=was.months, whole=True),
        "margin": Input(margin, 0.0, 1.0, default=was.margin),
        "source": _source(impact, one, was),
    }
    return cells[column]


def _audience(one: Initiative) -> Cell:
    """Return the audience: a formula where it depends on whether earlier initiatives are in the plan."""
    if not one.shares:
        return one.audience
    return Formula(f"={_left([(part.rivals, float(part.customers)) for part in one.parts])}", one.audience)


def _left(amounts: Iterable[tuple[tuple[str, ...], float]]) -> str:
    """Return the formula of a sum over those whom an initiative wants, less who is in an earlier one of the plan."""
    terms = []
    for rivals, amount in amounts:
        taken = [f'{{initiatives.plan@{key}}}="{YES}"' for key in rivals]
        either = f"OR({','.join(taken)})" if len(taken) > 1 else "".join(taken)
        terms.append(f"IF({either},0,{amount:.17g})" if taken else f"{amount:.17g}")
    return "+".join(terms) or "0"


def _mean(one: Initiative, part: Callable[[Part], float], value: float) -> Formula:
    """Return revenue a customer of the audience, discounted: a figure, or a formula where the audience depends on the plan."""
    if not one.shares:
        return Formula(f"={value!r}*{{terms.value@discount}}", value)
    people, revenue = above(one, "audience"), _left([(each.rivals, part(each)) for each in one.parts])
    return Formula(f"=IF({people}=0,0,({revenue})/{people})*{{terms.value@discount}}", value)


def _source(impact: Impact, one: Initiative, was: Initiative) -> Formula:
    """Return where an initiative's figures come from, as a formula: as written, or changed since in any yellow cell."""
    held = {
        "reach": one.reach, "success": one.success_rate, "uplift": one.uplift, "contact_cost": one.contact_cost,
        "fixed_cost": one.fixed_cost, "start": one.start_month, "months": one.months,
    }  # fmt: skip
    same = [f"ABS({{.{key}}}-{value!r})<={SAME:.9f}*{value!r}" for key, value in held.items() if value is not None]
    margin = repr(one.margin) if one.margin_is_said else margin_formula(impact, one.margin_of_orders, 0.0).template[1:]
    same += [f'{{.plan}}="{YES if one.planned else NO}"', f"ABS({{.margin}}-{margin})<={SAME:.9f}"]
    moved = (one.start_month, one.months) != (was.start_month, was.months)
    chosen = one.in_plan is not None and one.planned != was.planned
    source = SET_BY_OWNER if moved or chosen or one.margin_is_said else one.source
    return Formula(f'=IFERROR(IF(AND({",".join(same)}),"{source}","{CHANGED}"),"{CHANGED}")', source)


def earnings_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the table of earnings, one row an initiative, with the plan's totals."""
    return Table(
        "earnings", EARNED, tuple(_earned(analysis, one) for one in analysis.impact.initiatives),
        text("impact.earnings", facts), text("impact.earnings_lead", facts), _total(analysis),
    )  # fmt: skip


def _earned(analysis: Analysis, one: Initiative) -> Row:
    impact = analysis.impact
    horizon, case = impact.horizon_months, impact.case
    people = f"{above(one, 'audience')}*{above(one, 'reach')}"
    success, start, margin = above(one, "success"), above(one, "start"), above(one, "margin")
    each = _profit_of_all(one, horizon)
    cost = f"{people}*{above(one, 'contact_cost')}+{above(one, 'fixed_cost')}"
    uplifted = Formula(f"={{.expected}}*(1+{above(one, 'uplift')})", one.value)
    profit = one.gross_profit(case)
    payback = (
        f'=IF(OR({{.investment}}<=0,{{.gross_profit}}<{{.investment}},{{.effect}}=0),"{UNKNOWN}",'
        f"{start}-1+MAX(1,ROUNDUP(ROUND({{.investment}}/({{.gross_profit}}/{{.effect}}),9),0)))"
    )
    cells: dict[str, Cell | Input] = {
        "initiative": one.name,
        "expected": _mean(one, lambda part: part.expected, one.expected),
        "value": uplifted if one.lever in UPLIFTS else _worth(one),
        "gain": Formula("=MAX({.value}-{.expected},0)", one.gain),
        "effect": Formula(f"=MAX(0,MIN({above(one, 'months')},{horizon}-{start}+1))", one.months_in_effect),
        "successes": Formula(f"={people}*MIN({success}*{{terms.value@case}},1)", one.successes(case)),
        "investment": Formula(f"=IF({above(one, 'audience')}=0,0,{cost})", one.investment),
        "revenue": Formula(f"={{.successes}}*{{.gain}}*{{.effect}}/{horizon}", one.revenue(case)),
        "gross_profit": Formula(f"={{.revenue}}*{margin}", profit),
        "gross_multiple": Formula(MULTIPLE_FORMULA, or_dash(profit / one.investment if one.investment else None)),
        "net_roi": Formula(
            ROI_FORMULA, or_dash((profit - one.investment) / one.investment if one.investment else None)
        ),
        "break_even": possible(f"({each})", "{.investment}", one.break_even),
        "payback": Formula(
            payback, or_dash(payback_month(one.investment, profit, one.start_month, one.months_in_effect))
        ),
    }
    return Row(one.key, tuple(cells[column.key] for column in EARNED))


def _worth(one: Initiative) -> Formula:
    """Return what a success brings, discounted; what those bring whom successes join depends on no audience."""
    if one.lever in RESTORES:
        return _mean(one, lambda part: part.if_active, one.value)
    return Formula(f"={one.value!r}*{{terms.value@discount}}", one.value)


def _profit_of_all(one: Initiative, horizon: int) -> str:
    """Return the gross profit if every customer reached were a success."""
    return f"{_revenue_of_all(one, horizon)}*{above(one, 'margin')}"


def _revenue_of_all(one: Initiative, horizon: int) -> str:
    people = f"{above(one, 'audience')}*{above(one, 'reach')}"
    return f"{people}*{{earnings.gain@{one.key}}}*{{earnings.effect@{one.key}}}/{horizon}"


def cases_table(analysis: Analysis, facts: Facts) -> Table:
    """Return each initiative's gross profit in the careful, the base and the bold case, and whom it addresses."""
    impact = analysis.impact
    rows = []
    for one in impact.initiatives:
        all_revenue, success = _revenue_of_all(one, impact.horizon_months), above(one, "success")
        each = _profit_of_all(one, impact.horizon_months)
        cells: dict[str, Cell | Input] = {
            "initiative": one.name,
            "revenue_low": Formula(f"={all_revenue}*MIN({success}*{{low}},1)", one.revenue(impact.low_case)),
            "revenue_base": Formula(f"={all_revenue}*{success}", one.revenue()),
            "revenue_high": Formula(f"={all_revenue}*MIN({success}*{{high}},1)", one.revenue(impact.high_case)),
            "low": Formula(f"={each}*MIN({success}*{{low}},1)", one.gross_profit(impact.low_case)),
            "base": Formula(f"={each}*{success}", one.gross_profit()),
            "high": Formula(f"={each}*MIN({success}*{{high}},1)", one.gross_profit(impact.high_case)),
            "segments": ", ".join(one.segments),
        }
        rows.append(Row(one.key, tuple(cells[column.key] for column in CASES)))
    totals: dict[str, Cell | Input] = {
        "initiative": "The plan",
        "revenue_low": _planned("cases", "revenue_low", impact.revenue(impact.low_case), impact, "returns"),
        "revenue_base": _planned("cases", "revenue_base", impact.revenue(), impact, "returns"),
        "revenue_high": _planned("cases", "revenue_high", impact.revenue(impact.high_case), impact, "returns"),
        "low": _planned("cases", "low", impact.gross_profit(impact.low_case), impact),
        "base": _planned("cases", "base", impact.gross_profit(), impact),
        "high": _planned("cases", "high", impact.gross_profit(impact.high_case), impact),
    }
    total = Row("total", tuple(totals.get(column.key) for column in CASES), strong=True)
    return Table("cases", CASES, tuple(rows), text("impact.cases", facts), text("impact.cases_lead", facts), total)


def _planned(table: str, column: str, value: float, impact: Impact, of_tests: str = "tests") -> Formula:
    """Return the sum of a column over the plan, with the tests that the owner put into it."""
    more = "".join(f'+IF({{{test.key}_plan}}="{YES}",{{{of_tests}.{column}@{test.key}}},0)' for test in impact.tests)
    return Formula(f'=SUMIF({{initiatives.plan}},"{YES}",{{{table}.{column}}}){more}', value)


def _total(analysis: Analysis) -> Row:
    impact, case = analysis.impact, analysis.impact.case
    profit, cost = impact.gross_profit(case), impact.investment
    part = impact.break_even(case)
    successes = sum(one.successes(case) for one in impact.plan)
    cells: dict[str, Cell | Input] = {
        "initiative": "The plan",
        "successes": Formula(f'=SUMIF({{initiatives.plan}},"{YES}",{{earnings.successes}})', successes),
        "investment": _planned("earnings", "investment", cost, impact),
        "revenue": _planned("earnings", "revenue", impact.revenue(case), impact),
        "gross_profit": _planned("earnings", "gross_profit", profit, impact),
        "gross_multiple": Formula(MULTIPLE_FORMULA, or_dash(profit / cost if cost else None)),
        "net_roi": Formula(ROI_FORMULA, or_dash((profit - cost) / cost if cost else None)),
        "break_even": Formula(
            f'=IF({{.gross_profit}}<=0,"{UNKNOWN}",IF({{.investment}}>{{.gross_profit}},"{NOT_PAID}",'
            f'ROUND(100*{{.investment}}/{{.gross_profit}},0)&"{OF_PROFIT}"))',
            UNKNOWN if part is None else NOT_PAID if part > 1 else f"{math.floor(100 * part + 0.5)}{OF_PROFIT}",
        ),
        "payback": Formula(
            f'=IF(OR({{.investment}}<=0,ROUND({{.gross_profit}}-{{.investment}},6)<0),"{UNKNOWN}",'
            'COUNTIF({months.left},"<0")+1)',
            or_dash(impact.payback_month(case)),
        ),
    }
    return Row("total", tuple(cells.get(column.key) for column in EARNED), strong=True)
