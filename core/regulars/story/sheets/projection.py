"""The way ahead on the Financial impact sheet: the last twelve months, the next, and the customers in each segment."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MONEY_EXACT, SHARE, TEXT, Kind, Unit
from regulars.impact.initiative import Initiative
from regulars.impact.model import Impact
from regulars.story.sheet_spec import Cell, Column, Formula, Row, Table
from regulars.story.sheets.initiatives import LABEL, UNKNOWN, YES, or_dash
from regulars.story.texts import text
from regulars.story.words import filled

PEOPLE = Unit(Kind.NUMBER, 1)  # expected customers: halves are no mistake


def mix_table(analysis: Analysis, facts: Facts) -> Table:
    """Return how many customers the plan moves between segments, if it succeeds as assumed."""
    impact, lead = analysis.impact, analysis.segmentations.lead
    columns = (
        Column("segment", "Segment", TEXT, LABEL), Column("now", "Customers today", COUNT),
        Column("leave", "Moved out by the plan", PEOPLE), Column("join", "Moved in by the plan", PEOPLE),
        Column("after", "After the plan", PEOPLE), Column("share", "Share today", SHARE),
        Column("share_after", "Share after the plan", SHARE),
    )  # fmt: skip
    movers = [one for one in impact.initiatives if one.becomes and one.audience]
    everyone = len(analysis.summary.customers)
    rows = []
    segments = filled(lead) + tuple(
        one for one in lead.definitions if one not in filled(lead) and any(mover.becomes == one.key for mover in movers)
    )
    for segment in segments:
        out = {
            one.key: one.taken_from.get(segment.key, 0) / one.audience for one in movers if one.becomes != segment.key
        }
        out_formula = "+".join(
            f'IF({{initiatives.plan@{key}}}="{YES}",{{earnings.successes@{key}}}*{share!r},0)'
            for key, share in out.items() if share
        )  # fmt: skip
        into = [one for one in movers if one.becomes == segment.key]
        in_formula = "+".join(
            f'IF({{initiatives.plan@{one.key}}}="{YES}",{{earnings.successes@{one.key}}}*{_from_elsewhere(one)!r},0)'
            for one in into
        )
        case = impact.case
        leave = sum(one.successes(case) * out[one.key] for one in movers if one.planned and one.key in out)
        join = sum(one.successes(case) * _from_elsewhere(one) for one in into if one.planned)
        size = impact.projection.sizes[segment.key]
        rows.append(
            Row(
                segment.key,
                (
                    segment.name, size,
                    Formula(f"={out_formula or 0}", leave), Formula(f"={in_formula or 0}", join),
                    Formula("={.now}-{.leave}+{.join}", size - leave + join),
                    Formula("={.now}/SUM({mix.now})", size / everyone),
                    Formula("={.after}/SUM({mix.now})", (size - leave + join) / everyone),
                ),
            )
        )  # fmt: skip
    return Table("mix", columns, tuple(rows), text("impact.mix", facts), text("impact.mix_lead", facts))


def _from_elsewhere(one: Initiative) -> float:
    """Return the share of an initiative's audience that does not stand in the segment it leads to."""
    return 1 - one.taken_from.get(one.becomes, 0) / one.audience


def projection_table(analysis: Analysis, facts: Facts) -> Table:
    """Return the way from the last twelve months to the next, with what the plan adds."""
    impact = analysis.impact
    ahead, margin, case = impact.projection, impact.margin, impact.case
    columns = (
        Column("measure", "Measure", TEXT, LABEL), Column("last", text("impact.projection_last", facts), MONEY),
        Column("existing", "Today's customers", MONEY), Column("new", "New customers", MONEY),
        Column("without", "Without the plan", MONEY), Column("plan", "The plan adds", MONEY),
        Column("with", "With the plan", MONEY), Column("change", "Against the last period", SHARE, fixed=True),
    )  # fmt: skip
    fresh = ahead.new_customers * ahead.new_customer_revenue
    plan_revenue, plan_profit = impact.revenue(case), impact.gross_profit(case)
    revenue = ahead.expected_revenue
    change = f'=IF(OR({{new_customers}}=0,{{.last}}<=0),"{UNKNOWN}",{{.with}}/{{.last}}-1)'

    def changed(last: float, then: float) -> Formula:
        return Formula(change, or_dash(then / last - 1 if ahead.new_customers and last > 0 else None))

    def row(key: str, name: str, last: Cell, existing: Cell, new: Cell, plan: Cell, values: tuple[float, ...]) -> Row:
        was, old, young, more = values
        return Row(
            key,
            (
                name, last, existing, new, Formula("={.existing}+{.new}", old + young), plan,
                Formula("={.without}+{.plan}", old + young + more), changed(was, old + young + more),
            ),
            unit=COUNT if key == "customers" else None,
        )  # fmt: skip

    def times_margin(column: str, value: float) -> Formula:
        return Formula(f"={{projection.{column}@revenue}}*{{margin}}", value * margin)

    rows = [
        row(
            "revenue", text("impact.projection_revenue", facts), ahead.last_revenue,
            Formula(f"={revenue!r}*{{terms.value@discount}}", revenue),
            Formula("={new_customers}*{new_customer_revenue}", fresh),
            Formula("={earnings.revenue@total}", plan_revenue), (ahead.last_revenue, revenue, fresh, plan_revenue),
        ),
        row(
            "gross_profit", text("impact.projection_profit", facts), times_margin("last", ahead.last_revenue),
            times_margin("existing", revenue), times_margin("new", fresh),
            Formula("={earnings.gross_profit@total}-{earnings.investment@total}", plan_profit - impact.investment),
            (ahead.last_revenue * margin, revenue * margin, fresh * margin, plan_profit - impact.investment),
        ),
    ]  # fmt: skip
    if ahead.expected_customers is not None:
        rows += _people_rows(impact, facts)
    return Table(
        "projection", columns, tuple(rows), text("impact.projection", facts), text("impact.projection_lead", facts),
        remark=text("impact.projection_remark" if ahead.new_are_known else "impact.projection_remark_unknown", facts),
    )  # fmt: skip


def _people_rows(impact: Impact, facts: Facts) -> Iterator[Row]:
    """Yield customers who order, and revenue for each of them: where a model says how many of today's will order."""
    ahead, case = impact.projection, impact.case
    existing = ahead.expected_customers or 0.0
    added = [one for one in impact.initiatives if one.becomes]
    more = sum(_added(one, case) for one in added if one.planned)
    formula = "+".join(
        f'IF(AND({{initiatives.plan@{one.key}}}="{YES}",{{earnings.value@{one.key}}}>0),'
        f"{{earnings.successes@{one.key}}}*{{earnings.gain@{one.key}}}/{{earnings.value@{one.key}}},0)"
        for one in added
    )
    last = ahead.last_customers
    without = existing + ahead.new_customers
    after = without + more
    yield Row(
        "customers",
        (
            text("impact.projection_customers", facts), last, existing,
            Formula("={new_customers}", ahead.new_customers), Formula("={.existing}+{.new}", without),
            Formula(f"={formula or 0}", more), Formula("={.without}+{.plan}", after),
            Formula(
                f'=IF(OR({{new_customers}}=0,{{.last}}<=0),"{UNKNOWN}",{{.with}}/{{.last}}-1)',
                or_dash(after / last - 1 if ahead.new_customers and last else None),
            ),
        ),
        unit=COUNT,
    )  # fmt: skip
    revenue = ahead.expected_revenue + ahead.new_customers * ahead.new_customer_revenue

    def each(column: str, value: float | None) -> Formula:
        people = f"{{projection.{column}@customers}}"
        return Formula(f'=IF({people}=0,"{UNKNOWN}",{{projection.{column}@revenue}}/{people})', or_dash(value))

    yield Row(
        "each",
        (
            text("impact.projection_each", facts),
            each("last", ahead.last_revenue / last if last else None),
            each("existing", ahead.expected_revenue / existing if existing else None),
            each("new", ahead.new_customer_revenue if ahead.new_customers else None),
            each("without", revenue / without if without else None),
            None,
            each("with", (revenue + impact.revenue(case)) / after if after else None),
            None,
        ),
        unit=MONEY_EXACT,
    )


def _added(one: Initiative, case: float) -> float:
    """Return the customers who order because of it: of each success, the part of its value that would not have come."""
    return one.successes(case) * one.gain / one.value if one.value > 0 else 0.0
