"""Tables that more than one sheet shows."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.facts import Facts
from regulars.base.units import COUNT, DAYS, MONEY, NUMBER, SHARE, Unit, Value
from regulars.segments.model import Segments
from regulars.story.sheet_spec import Cell, Column, Heat, Row, Table
from regulars.story.words import fact_key, filled, shares_are_known

SEGMENT_FIGURES: tuple[tuple[str, str, Unit, Heat], ...] = (
    ("customers", "Customers", COUNT, Heat.NONE),
    ("customer_share", "% of customers", SHARE, Heat.NONE),
    ("revenue", "Revenue to date", MONEY, Heat.BAR),
    ("revenue_share", "% of revenue", SHARE, Heat.NONE),
    ("value_index", "Value index", NUMBER, Heat.SCALE),
    ("orders_per_customer", "Orders per customer", NUMBER, Heat.NONE),
    ("average_order", "Average order", MONEY, Heat.NONE),
    ("revenue_per_customer", "Revenue per customer", MONEY, Heat.NONE),
    ("days_since", "Days since last order (median)", DAYS, Heat.NONE),
    ("clv", "Expected revenue", MONEY, Heat.NONE),
    ("clv_per_customer", "Expected per customer", MONEY, Heat.NONE),
)


def segment_table(
    segments: Segments, facts: Facts, names: Sequence[str], key: str, title: str = "", lead: str = ""
) -> Table:
    """Return one row a segment with the named figures, and a total of those that add up."""
    figures = [figure for figure in SEGMENT_FIGURES if figure[0] in names and _said(segments, facts, figure[0])]
    columns = (
        Column("segment", "Segment"),
        *(Column(name, title_, unit, heat=heat) for name, title_, unit, heat in figures),
    )
    rows = tuple(
        Row(segment.key, (segment.name, *(facts.value(fact_key(segments, segment, name)) for name, _, _, _ in figures)))
        for segment in filled(segments)
    )
    whole = 1.0 if shares_are_known(facts) else None
    totals: dict[str, Value] = {
        "customers": facts.value("customers.count"),
        "customer_share": 1.0,
        "revenue": facts.value("revenue.total"),
        "revenue_share": whole,
        "value_index": whole,
        "orders_per_customer": facts.value("orders.per_customer"),
        "average_order": facts.value("revenue.average_order"),
        "revenue_per_customer": facts.value("revenue.per_customer"),
        "clv": facts.value("clv.total"),
        "clv_per_customer": facts.value("clv.average"),
    }
    total = Row("total", ("All customers", *(totals.get(name) for name, _, _, _ in figures)), strong=True)
    return Table(key, columns, rows, title=title, lead=lead, total=total)


def _said(segments: Segments, facts: Facts, name: str) -> bool:
    """Tell whether the data can say a figure for any segment at all."""
    return any(facts.known(fact_key(segments, segment, name)) for segment in filled(segments))


def pairs_table(
    key: str, title: str, rows: Sequence[tuple[str, Cell]], heads: tuple[str, str], lead: str = ""
) -> Table:
    """Return a table of two text columns."""
    columns = (Column("name", heads[0], width=26), Column("text", heads[1], width=60))
    return Table(key, columns, tuple(Row(f"row{number}", pair) for number, pair in enumerate(rows)), title, lead)
