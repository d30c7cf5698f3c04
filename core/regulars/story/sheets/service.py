"""Service by value: a tier for each part of revenue with a suggestion, and customers whose orders a month feels."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, DATE, MONEY, SHARE
from regulars.findings.service import TIERS, large_orders
from regulars.story.sheet_spec import Column, Row, Table
from regulars.story.texts import sentences, text

MOST = 12


def service_tables(analysis: Analysis, facts: Facts) -> tuple[Table, ...]:
    """Return the tiers, and the customers with large orders if there are any."""
    large = _large(analysis, facts)
    return (_tiers(facts), large) if large.rows else (_tiers(facts),)


def _tiers(facts: Facts) -> Table:
    words = sentences("service")
    columns = (
        Column("tier", "Tier"),
        Column("who", "Customers who"),
        Column("customers", "Customers", COUNT),
        Column("share", "% of revenue", SHARE),
        Column("orders", "Orders a month", COUNT),
        Column("average", "Average order", MONEY),
        Column("suggested", "Suggested: answer, delivery, stock"),
    )
    rows = tuple(
        Row(
            key,
            (
                words[key]["name"],
                words[key]["who"],
                facts.value(f"service.{key}.customers"),
                facts.value(f"service.{key}.revenue_share"),
                facts.value(f"service.{key}.orders_a_month"),
                facts.value(f"service.{key}.average_order"),
                f"{words[key]['answer']}; {words[key]['delivery']}; {words[key]['stock']}",
            ),
        )
        for key, _ in TIERS
    )
    return Table("tiers", columns, rows, text("service.tiers", facts), text("service.tiers_lead", facts))


def _large(analysis: Analysis, facts: Facts) -> Table:
    columns = (
        Column("customer", "Customer"),
        Column("segment", "Segment"),
        Column("largest", "Largest order", MONEY),
        Column("share", "Of an average month", SHARE),
        Column("orders", "Orders", COUNT),
        Column("last", "Last order", DATE),
    )
    found = large_orders(analysis).head(MOST)
    names = analysis.segmentations.lead.names()[found.index].tolist()
    rows = tuple(
        Row(
            str(row["customer"]),
            (
                str(row["customer"]), name, float(row["largest_order"]), float(row["share"]),
                int(row["orders"]), row["last_day"].date(),
            ),
        )
        for name, (_, row) in zip(names, found.iterrows(), strict=True)
    )  # fmt: skip
    return Table("large", columns, rows, text("service.large", facts), text("service.large_lead", facts))
