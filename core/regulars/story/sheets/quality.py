"""The Data quality sheet and the list of rows set aside: every row that was read is accounted for."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY_EXACT, TEN_THOUSANDTHS, TEXT
from regulars.orders.hidden import PASSED_OVER
from regulars.story.sheet_spec import Block, Column, Row, SheetKind, SheetSpec, Table, Text, Tone
from regulars.story.texts import entries, text

MOST_ROWS = 10_000  # on the sheet; the complete list is a file
ROWS_FILE = "that ends in .set_aside.csv"


def quality_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return what was read, what was set aside and why, and what else was noticed."""
    returns = text(f"quality.returns_{analysis.settings.returns}", facts)
    if facts.number("revenue.returns_unmatched"):
        returns += " " + text("warning.unmatched", facts, value=facts.show("revenue.returns_unmatched"))
    blocks: list[Block] = [_reasons(facts), Text((returns,)), _sources(analysis, facts)]
    if analysis.orders.passed_over:
        blocks.append(_passed_over(analysis, facts))
    blocks.append(_notices(analysis, facts))
    if facts.known("customers.without_orders"):
        blocks.append(Text((text("quality.customers_table", facts),)))
    if analysis.settings.sheets != "full":
        blocks.append(Text((text("quality.files", facts),), tone=Tone.SMALL))
    return SheetSpec(
        "Data quality", SheetKind.QUALITY, text("quality.title", facts), text("quality.lead", facts), tuple(blocks)
    )


def _reasons(facts: Facts) -> Table:
    columns = (
        Column("reason", "Reason", TEXT, 26),
        Column("meaning", "What it means", TEXT, 48),
        Column("rows", "Rows", COUNT),
        Column("revenue", "Revenue written in them", MONEY_EXACT),
    )
    rows = tuple(
        Row(reason, (reason.replace("_", " "), meaning, facts.value(f"orders.set_aside.{reason}"), facts.value(f"revenue.set_aside.{reason}")))
        for reason, meaning in entries("reason").items()
    )  # fmt: skip
    total = Row(
        "total",
        (
            "All reasons",
            "Total rows repeat money of other rows: not in this sum",
            facts.value("orders.rows_set_aside"),
            facts.value("revenue.set_aside.total"),
        ),
        strong=True,
    )
    return Table("reasons", columns, rows, text("quality.reasons", facts), text("quality.reasons_lead", facts), total)


def _sources(analysis: Analysis, facts: Facts) -> Table:
    columns = (
        Column("source", "Sheet or file", TEXT, 26),
        Column("columns", "Columns used", TEXT, 48),
        Column("rows", "Rows", COUNT),
        Column("header", "Header row", COUNT),
        Column("ignored", "Columns not used", TEXT, 30),
    )
    rows = tuple(
        Row(
            f"source{number}",
            (
                source.name,
                ", ".join(f"{field} = {header}" for field, header in source.columns.items()),
                source.rows,
                source.header_row or None,
                ", ".join(source.ignored) or "none",
            ),
        )
        for number, source in enumerate(analysis.orders.sources)
    )
    return Table("sources", columns, rows, text("quality.sources", facts))


def _passed_over(analysis: Analysis, facts: Facts) -> Table:
    columns = (Column("sheet", "Sheet", TEXT, 26), Column("why", "Why it was not read as orders", TEXT, 48))
    rows = tuple(Row(f"sheet{number}", named) for number, named in enumerate(analysis.orders.passed_over))
    return Table(
        "passed_over", columns, rows, text("quality.passed_over", facts), text("quality.passed_over_lead", facts)
    )


def _notices(analysis: Analysis, facts: Facts) -> Block:
    notices = [notice for notice in analysis.orders.notices if notice.key != PASSED_OVER]  # a table of its own
    title = text("quality.notices", facts)
    if not notices:
        return Text((text("quality.no_notices", facts),), title)
    columns = (
        Column("first", "First seen", TEXT, 26),
        Column("notice", "Notice", TEXT, 48),
        Column("rows", "Rows", COUNT),
    )
    rows = tuple(
        Row(f"notice{number}", (notice.first or "–", notice.text, notice.rows or None))
        for number, notice in enumerate(notices)
    )
    return Table("notices", columns, rows, title)


def rows_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the rows set aside, the first ones in the order of the sheets."""
    table = analysis.orders.set_aside.slice(0, MOST_ROWS)
    columns = (
        Column("source", "Sheet or file", TEXT),
        Column("row", "Row", COUNT),
        Column("reason", "Reason", TEXT),
        Column("customer", "Customer", TEXT),
        Column("order", "Order", TEXT),
        Column("date", "Date", TEXT),
        Column("product", "Product", TEXT),
        Column("quantity", "Quantity", TEXT),
        Column("price", "Price", TEXT),
        Column("amount", "Amount", MONEY_EXACT),
    )
    names = [column.key for column in columns]
    rows = tuple(
        Row(str(number), (*values[:2], str(values[2]).replace("_", " "), *values[3:-1], None if values[-1] is None else values[-1] / TEN_THOUSANDTHS))
        for number, values in enumerate(zip(*(table[name].to_pylist() for name in names), strict=True))
    )  # fmt: skip
    lead = text("rows.lead", facts, shown=COUNT.show(len(rows)))
    if analysis.orders.set_aside.num_rows > MOST_ROWS:
        lead += " " + text("rows.file", facts, file=ROWS_FILE)
    return SheetSpec(
        "Rows set aside",
        SheetKind.QUALITY,
        text("rows.title", facts),
        lead,
        (Table("rows", columns, rows, listing=True),),
    )
