"""The plan on the Financial impact sheet: tests on the whole shop, the way to the result, and its swings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MULTIPLE, SHARE, TEXT
from regulars.impact.initiative import Initiative
from regulars.impact.model import Impact, Move
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.story.sheet_spec import Column, Formula, Row, Table
from regulars.story.sheets.initiatives import LABEL, NO, NO_RATE, UNKNOWN, YES, above, or_dash, possible
from regulars.story.texts import text

MARGIN_POINTS = 0.05
SHARE_CHANGED = 0.5  # of costs, rates and losses, down and up


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
        kept = _kept(case)
        if profit:
            return f"={{.concerned}}*(({{price_rise}}+{{margin}})*{kept}-{{margin}})"
        return f"={{.concerned}}*((1+{{price_rise}})*{kept}-1)"

    chosen = "{terms.value@case}"
    needed = "({margin}+{price_cost}/{.concerned})/({margin}+{price_rise})"
    break_even = (
        f'=IF(OR({{.concerned}}<=0,{{margin}}+{{price_rise}}<=0),"{UNKNOWN}",IF({needed}>1,"{NO_RATE}",{needed}))'
    )
    months = f"MAX(0,{horizon}-{{price_start}}+1)/{horizon}"
    return Row(
        "price",
        (
            text("impact.price", facts),
            Formula("={price_plan}", yes_or_no(price.in_plan)),
            Formula(f"={price.baseline!r}*{{terms.value@discount}}", price.baseline),
            Formula(f"={{.starts_from}}*{{price_items}}*{months}", price.concerned),
            Formula("={price_cost}", price.investment),
            Formula(change(chosen, profit=False), price.revenue(impact.case)),
            Formula(change(chosen, profit=True), price.gross_profit(impact.case)),
            Formula(change("{low}", profit=True), price.gross_profit(impact.low_case)),
            Formula(change("1", profit=True), price.gross_profit()),
            Formula(change("{high}", profit=True), price.gross_profit(impact.high_case)),
            Formula(break_even, _possible(price.break_even)),
        ),
    )


def _dip_row(impact: Impact, facts: Facts) -> Row:
    dip = impact.dip

    def won(case: str) -> str:
        return f"{{.concerned}}*MIN({{dip_recovered}}*{case},1)"

    chosen = "{terms.value@case}"
    return Row(
        "dip",
        (
            text("impact.dip", facts, month=dip.month),
            Formula("={dip_plan}", yes_or_no(dip.in_plan)),
            dip.gap,
            Formula(f"={{.starts_from}}*{impact.horizon_months}/12", dip.planned_gap),
            Formula("={dip_cost}", dip.investment),
            Formula(f"={won(chosen)}", dip.revenue(impact.case)),
            Formula(f"={won(chosen)}*{{margin}}", dip.gross_profit(impact.case)),
            Formula(f"={won('{low}')}*{{margin}}", dip.gross_profit(impact.low_case)),
            Formula(f"={won('1')}*{{margin}}", dip.gross_profit()),
            Formula(f"={won('{high}')}*{{margin}}", dip.gross_profit(impact.high_case)),
            possible("({.concerned}*{margin})", "{.investment}", dip.break_even),
        ),
    )


def _possible(share: float | None) -> float | str:
    return UNKNOWN if share is None else NO_RATE if share > 1 else share


def returns_table(analysis: Analysis, facts: Facts) -> Table:
    """Return what the tests return: change in revenue by case, multiple, net ROI, payback or why there is none."""
    columns = (
        Column("test", "Test", TEXT, LABEL), Column("revenue_low", "Change in revenue, careful", MONEY),
        Column("revenue_base", "Change in revenue, base", MONEY), Column("revenue_high", "Change in revenue, bold", MONEY),
        Column("gross_multiple", "Gross multiple", MULTIPLE), Column("net_roi", "Net ROI", SHARE),
        Column("payback", "Paid back by month", COUNT),
    )  # fmt: skip
    impact, price, dip = analysis.impact, analysis.impact.price, analysis.impact.dip
    cases = {"{low}": impact.low_case, "1": 1.0, "{high}": impact.high_case}
    changes = (
        Formula(f"={{tests.concerned@price}}*((1+{{price_rise}})*{_kept(case)}-1)", price.revenue(value))
        for case, value in cases.items()
    )
    effect = f"MAX(0,{impact.horizon_months}-{{price_start}}+1)"
    profit, cost = "{tests.gross_profit@price}", "{tests.investment@price}"
    payback = (
        f'=IF(OR({cost}<=0,{profit}<{cost},{effect}=0),"{UNKNOWN}",'
        f"{{price_start}}-1+MAX(1,ROUNDUP(ROUND({cost}/({profit}/{effect}),9),0)))"
    )
    rows = [
        Row(
            "price",
            (
                text("impact.price", facts), *changes, *_ratios(price, impact.case),
                Formula(payback, or_dash(price.payback_month(impact.case))),
            ),
        )
    ]  # fmt: skip
    if dip in impact.tests:
        won = (
            Formula(f"={{tests.concerned@dip}}*MIN({{dip_recovered}}*{case},1)", dip.revenue(value))
            for case, value in cases.items()
        )
        rows.append(
            Row(
                "dip",
                (text("impact.dip", facts, month=dip.month), *won, *_ratios(dip, impact.case), text("impact.no_payback", facts)),
            )
        )  # fmt: skip
    return Table("returns", columns, tuple(rows), text("impact.returns", facts), text("impact.returns_lead", facts))


def _ratios(test: PriceTest | SeasonDip, case: float) -> tuple[Formula, Formula]:
    profit, cost = test.gross_profit(case), test.investment
    earned, spent = f"{{tests.gross_profit@{test.key}}}", f"{{tests.investment@{test.key}}}"
    return (
        Formula(f'=IF({spent}=0,"{UNKNOWN}",{earned}/{spent})', or_dash(profit / cost if cost else None)),
        Formula(
            f'=IF({spent}=0,"{UNKNOWN}",({earned}-{spent})/{spent})', or_dash((profit - cost) / cost if cost else None)
        ),
    )


def _kept(case: str, more: float = 1.0) -> str:
    """Return the formula of the share of units still bought; `more` scales those lost."""
    lost = "(1-{price_volume})" if more == 1 else f"(1-{{price_volume}})*{more}"
    return f"MAX(0,1-{lost}*MAX(0,2-{case}))"


def yes_or_no(value: bool) -> str:
    """Return a choice as its cell says it."""
    return YES if value else NO


def money_of(move: Move, column: str) -> str:
    """Return the formula of a move's money, nought when it is not in the plan."""
    if isinstance(move, Initiative):
        return f'IF({{initiatives.plan@{move.key}}}="{YES}",{{earnings.{column}@{move.key}}},0)'
    return f'IF({{{move.key}_plan}}="{YES}",{{tests.{column}@{move.key}}},0)'


def _name(move: Move, facts: Facts) -> str:
    if isinstance(move, Initiative):
        return move.short
    return text(f"impact.{move.key}_short", facts)


def bridge_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the steps from nought to the plan's net profit, those of the plan last; helper columns carry the chart."""
    impact, case = analysis.impact, analysis.impact.case
    columns = (
        Column("step", "Step", TEXT, LABEL), Column("amount", "Amount", MONEY), Column("end", "Sum so far", MONEY),
        Column("base", "Below", MONEY), Column("up", "More", MONEY), Column("down", "Less", MONEY),
        Column("total", "Total", MONEY),
    )  # fmt: skip
    rows: list[Row] = []
    before, end = "", 0.0
    # Those outside the plan come first: the chart begins where the plan does.
    for move in sorted((*impact.initiatives, *impact.tests), key=lambda one: one in impact.moves):
        amount = move.gross_profit(case) if move in impact.moves else 0.0
        rows.append(_step(move.key, _name(move, facts), f"={money_of(move, 'gross_profit')}", amount, before, end))
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
        Column("assumption", "Assumption", TEXT, LABEL), Column("less", "Change in net profit, worse", MONEY),
        Column("more", "Change in net profit, better", MONEY), Column("change", "What changes", TEXT),
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
    impact, case = analysis.impact, analysis.impact.case
    price = impact.price
    kept = price.kept(case) if price.in_plan else 0.0
    # What a rise in price brings has no cost of goods, so that no margin is taken of it.
    margin = MARGIN_POINTS * (impact.revenue(case) - price.concerned * price.rise * kept)
    rise = f"{{tests.concerned@price}}*{{price_rise}}*{_kept('{terms.value@case}')}"
    earning = f'({{earnings.revenue@total}}-IF({{price_plan}}="{YES}",{rise},0))'
    yield _swing(
        "margin", "margin", facts, (f"{MARGIN_POINTS}*{earning}", margin), (f"{MARGIN_POINTS}*{earning}", margin)
    )
    cost = impact.investment * SHARE_CHANGED
    costs = (f"{SHARE_CHANGED}*{{earnings.investment@total}}", cost)
    yield _swing("costs", "costs", facts, costs, costs)
    for one in impact.initiatives:
        yield _swing(one.key, "success", facts, *_success(one, impact), name=one.short)
    if price.concerned > 0:
        yield _swing("price_volume", "volume", facts, *_volume(impact), name=text("impact.price_short", facts))
    if impact.dip in impact.tests:
        yield _swing("dip_recovered", "recovered", facts, *_recovered(impact), name=text("impact.dip_short", facts))


Change = tuple[str, float]  # how much the net profit changes: as a formula and as a number


def _swing(key: str, kind: str, facts: Facts, less: Change, more: Change, name: str = "") -> Row:
    label = text(f"impact.swing_{kind}_of", facts, name=name) if name else text(f"impact.swing_{kind}", facts)
    return Row(
        key,
        (
            label,
            Formula(f"=-({less[0]})", -less[1]),
            Formula(f"={more[0]}", more[1]),
            text(f"impact.swing_{kind}_change", facts),
        ),
    )


def _success(one: Initiative, impact: Impact) -> tuple[Change, Change]:
    """Return what half the success rate of the scenario takes, and half as much again gives; a rate stays a share."""
    case = impact.case
    down, up = case * (1 - SHARE_CHANGED), case * (1 + SHARE_CHANGED)
    now = one.gross_profit(case)
    rate = f"{above(one, 'success')}*{{terms.value@case}}"
    # What each point of the rate earns follows from the line above; at a rate of nought nothing changes.
    each = (
        f'IF(AND({{initiatives.plan@{one.key}}}="{YES}",{rate}>0),{{earnings.gross_profit@{one.key}}}/MIN({rate},1),0)'
    )
    planned = 1.0 if one.planned else 0.0
    return (
        (f"{each}*(MIN({rate},1)-MIN({rate}*{1 - SHARE_CHANGED},1))", (now - one.gross_profit(down)) * planned),
        (f"{each}*(MIN({rate}*{1 + SHARE_CHANGED},1)-MIN({rate},1))", (one.gross_profit(up) - now) * planned),
    )


def _volume(impact: Impact) -> tuple[Change, Change]:
    """Return what half as many units lost again takes, and half of them gives."""
    price, case = impact.price, impact.case
    chosen, planned = "{terms.value@case}", 1.0 if price.in_plan else 0.0
    each = f'IF({{price_plan}}="{YES}",{{tests.concerned@price}}*({{price_rise}}+{{margin}}),0)'
    now, lost = price.gross_profit(case), 1 - price.volume

    def at(more: float) -> float:
        return replace(price, volume=1 - lost * more).gross_profit(case)

    return (
        (f"{each}*({_kept(chosen)}-{_kept(chosen, 1 + SHARE_CHANGED)})", (now - at(1 + SHARE_CHANGED)) * planned),
        (f"{each}*({_kept(chosen, 1 - SHARE_CHANGED)}-{_kept(chosen)})", (at(1 - SHARE_CHANGED) - now) * planned),
    )


def _recovered(impact: Impact) -> tuple[Change, Change]:
    """Return what half the share won back takes, and half as much again gives; it stays a share."""
    dip, case = impact.dip, impact.case
    planned = 1.0 if dip.in_plan else 0.0
    share = "{dip_recovered}*{terms.value@case}"
    each = f'IF({{dip_plan}}="{YES}",{{tests.concerned@dip}}*{{margin}},0)'
    now = dip.gross_profit(case)
    less, more = (dip.gross_profit(case * (1 + change)) for change in (-SHARE_CHANGED, SHARE_CHANGED))
    return (
        (f"{each}*(MIN({share},1)-MIN({share}*{1 - SHARE_CHANGED},1))", (now - less) * planned),
        (f"{each}*(MIN({share}*{1 + SHARE_CHANGED},1)-MIN({share},1))", (more - now) * planned),
    )
