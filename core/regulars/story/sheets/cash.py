"""When the plan's money moves, on the Financial impact sheet: by phase, and month by month."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, TEXT
from regulars.impact.initiative import FIRST_DAYS, HALF_YEAR
from regulars.story.sheet_spec import Column, Formula, Row, Table
from regulars.story.sheets.initiatives import LABEL, YES, above
from regulars.story.sheets.plan import money_of
from regulars.story.texts import entries, text

# Which start months are in a phase. Open intervals: what starts in month 1.5 must not fall between two of them.
PHASES = (
    f'{{initiatives.start}},"<{FIRST_DAYS + 1}"',
    f'{{initiatives.start}},">={FIRST_DAYS + 1}",{{initiatives.start}},"<{HALF_YEAR + 1}"',
    f'{{initiatives.start}},">={HALF_YEAR + 1}"',
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
        where = f'{{initiatives.plan}},"{YES}",{PHASES[number]}'
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
        return "=" + "+".join(money_of(test, column) for test in known)

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


def months_table(analysis: Analysis, facts: Facts) -> Table:
    """Return what has fallen due and what has been earned by the end of each month of the horizon."""
    impact, case = analysis.impact, analysis.impact.case
    columns = (
        Column("month", "By the end of", TEXT, LABEL), Column("spent", "Investment so far", MONEY),
        Column("earned", "Gross profit so far", MONEY), Column("left", "Less the whole investment", MONEY),
    )  # fmt: skip
    rows = []
    for month in range(1, impact.horizon_months + 1):
        spent = [f"IF({above(one, 'start')}<={month},{money_of(one, 'investment')},0)" for one in impact.initiatives]
        spent.append(f"IF({{price_start}}<={month},{money_of(impact.price, 'investment')},0)")
        earned = [
            f"{money_of(one, 'gross_profit')}*MAX(0,MIN({month}-{above(one, 'start')}+1,{{earnings.effect@{one.key}}}))"
            f"/MAX({{earnings.effect@{one.key}}},1)"
            for one in impact.initiatives
        ]
        effect = f"MAX(0,{impact.horizon_months}-{{price_start}}+1)"
        earned.append(
            f"{money_of(impact.price, 'gross_profit')}*MAX(0,MIN({month}-{{price_start}}+1,{effect}))/MAX({effect},1)"
        )
        if impact.dip in impact.tests:
            spent.append(money_of(impact.dip, "investment"))
            if month == impact.horizon_months:
                earned.append(money_of(impact.dip, "gross_profit"))
        has_come = sum(move.earned_by(month, case) for move in impact.moves)
        rows.append(
            Row(
                f"month_{month}",
                (
                    text("impact.month", facts, number=str(month)),
                    Formula(f"={'+'.join(spent)}", sum(move.spent_by(month) for move in impact.moves)),
                    Formula(f"={'+'.join(earned)}", has_come),
                    Formula("=ROUND({.earned}-{earnings.investment@total},6)", round(has_come - impact.investment, 6)),
                ),
            )
        )
    return Table("months", columns, tuple(rows), text("impact.by_month", facts), text("impact.by_month_lead", facts))
