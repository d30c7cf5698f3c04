"""The Products sheet: what leans to a segment, what brings customers back, what goes together, when it is bought again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, DAYS, MONEY, NUMBER, SHARE
from regulars.findings.products import baseline, leanings, openers, rhythms, together, wilson
from regulars.segments.model import Segment
from regulars.story.sheet_spec import Block, Column, Heat, Row, SheetKind, SheetSpec, Table, Text, Tone
from regulars.story.sheets.service import service_tables
from regulars.story.texts import text
from regulars.story.words import filled, joined
from regulars.summary.products import Baskets

MORE, LESS = 3, 1  # items a segment
OPENERS, PAIRS, RHYTHMS, STOCKED, PLACES = 10, 12, 15, 15, 12
NAMED = 8  # codes that are left out
WIDE = 38.0  # characters of a product's name


def products_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return what the orders say of products; without a product column, where customers come from and their service."""
    baskets = analysis.baskets
    blocks: list[Block] = [Text(_findings(baskets, facts), text("products.findings", facts), Tone.FINDING)]
    if baskets.level is not None:
        segments = filled(analysis.segmentations.lead)
        tables = (
            _openers(baskets, facts),
            _together(baskets, facts),
            _rhythms(baskets, facts),
            _leaning(baskets, segments, facts),
            _months(baskets, segments, facts),
            _stock(baskets, segments, facts),
        )
        blocks += [table for table in tables if table.rows]
    blocks += [table for field in ("country", "channel") if (table := _places(baskets, field, facts)).rows]
    blocks += service_tables(analysis, facts)
    return SheetSpec(
        "Products", SheetKind.SEGMENTS, text("products.title", facts), text("products.lead", facts), tuple(blocks)
    )


def _findings(baskets: Baskets, facts: Facts) -> tuple[str, ...]:
    """Return the sentences that these orders can carry."""
    if not facts.known("products.count"):
        return (text("products.none", facts), text("products.second", facts))
    said = [text("products.range", facts)] if facts.known("products.top_10_share") else []
    said.append(text("products.opener" if facts.known("products.opener") else "products.no_opener", facts))
    if facts.number("products.openers_above") > 1:
        said.append(text("products.openers_above", facts))
    if facts.known("products.pair") and facts.number("products.pair_lift") > 1:
        said.append(text("products.pair", facts))
    if facts.known("products.usual_wait"):
        said.append(text("products.wait", facts))
    if facts.number("products.left_out") > 0:
        said.append(text("products.left_out", facts, names=joined(list(baskets.services[:NAMED]))))
    return tuple(said)


def _what(baskets: Baskets) -> str:
    return "Category" if baskets.level == "category" else "Product"


def _leaning(baskets: Baskets, segments: tuple[Segment, ...], facts: Facts) -> Table:
    columns = (
        Column("item", _what(baskets), width=WIDE),
        Column("segment", "Segment"),
        Column("index", "Index", NUMBER, heat=Heat.SCALE),
        Column("low", "95% from", NUMBER),
        Column("high", "to", NUMBER),
        Column("orders", "Orders with it", COUNT),
        Column("customers", "Customers", COUNT),
    )
    found, rows = leanings(baskets), []
    for segment in segments:
        mine = found[found["segment"] == segment.key]
        more = mine[mine["low"] > 1].sort_values(["low", "item"], ascending=[False, True]).head(MORE)
        less = mine[mine["high"] < 1].sort_values(["high", "item"]).head(LESS)
        rows += [
            Row(
                f"{segment.key} {row['item']}",
                (
                    baskets.name(str(row["item"])), segment.name, float(row["index"]), float(row["low"]),
                    float(row["high"]), int(row["orders"]), int(row["customers"]),
                ),
            )
            for _, row in pd.concat([more, less]).iterrows()
        ]  # fmt: skip
    return Table("leaning", columns, tuple(rows), text("products.leaning", facts), text("products.leaning_lead", facts))


def _openers(baskets: Baskets, facts: Facts) -> Table:
    columns = (
        Column("item", "First purchase", width=WIDE),
        Column("against", "Against the usual rate"),
        Column("rate", "Came back in 90 days", SHARE),
        Column("low", "95% from", SHARE),
        Column("high", "to", SHARE),
        Column("customers", "Bought it first", COUNT),
        Column("again", "Came back", COUNT),
    )
    found, (everybody, rate) = openers(baskets), baseline(baskets)
    if rate is None or found.empty:
        return Table("openers", columns, ())
    ends = found.head(OPENERS), found.sort_values(["high", "item"]).head(OPENERS // 3)
    shown = pd.concat(ends).drop_duplicates("item").sort_values(["low", "item"], ascending=[False, True])
    rows = tuple(
        Row(
            str(row["item"]),
            (
                baskets.name(str(row["item"])),
                "above" if row["low"] > rate else "below" if row["high"] < rate else "no clear difference",
                float(row["rate"]), float(row["low"]), float(row["high"]),
                int(row["customers"]), int(row["again"]),
            ),
        )
        for _, row in shown.iterrows()
    )  # fmt: skip
    again = round(rate * everybody)
    total = Row("all", ("Any first purchase", "", rate, None, None, everybody, again), strong=True)
    return Table("openers", columns, rows, text("products.openers", facts), text("products.openers_lead", facts), total)


def _together(baskets: Baskets, facts: Facts) -> Table:
    columns = (
        Column("item", _what(baskets), width=WIDE),
        Column("other", "Together with"),
        Column("lift", "Lift", NUMBER),
        Column("share", "Of the rarer one's orders", SHARE),
        Column("orders", "Orders with both", COUNT),
        Column("customers", "Customers", COUNT),
    )
    rows = tuple(
        Row(
            f"{row['item']} {row['other']}",
            (
                baskets.name(str(row["item"])), baskets.name(str(row["other"])), float(row["lift"]),
                float(row["share"]), int(row["orders"]), int(row["customers"]),
            ),
        )
        for _, row in together(baskets).query("lift > 1").head(PAIRS).iterrows()
    )  # fmt: skip
    return Table("together", columns, rows, text("products.together", facts), text("products.together_lead", facts))


def _rhythms(baskets: Baskets, facts: Facts) -> Table:
    columns = (
        Column("item", _what(baskets), width=WIDE),
        Column("middle", "Bought again after", DAYS),
        Column("early", "A quarter by", DAYS),
        Column("late", "Three quarters by", DAYS),
        Column("share", "Customers who did", SHARE),
        Column("waits", "Times", COUNT),
    )
    rows = tuple(
        Row(
            str(row["item"]),
            (
                baskets.name(str(row["item"])), float(row["middle"]), float(row["early"]), float(row["late"]),
                float(row["share"]), int(row["waits"]),
            ),
        )
        for _, row in rhythms(baskets).head(RHYTHMS).iterrows()
    )  # fmt: skip
    return Table("rhythms", columns, rows, text("products.rhythms", facts), text("products.rhythms_lead", facts))


def _months(baskets: Baskets, segments: tuple[Segment, ...], facts: Facts) -> Table:
    units = baskets["months"].pivot_table(index="month", columns="segment", values="units", aggfunc="sum")
    units = units.reindex(index=list(baskets.stock_months), columns=[one.key for one in segments]).fillna(0.0)
    columns = (
        Column("month", "Month"),
        Column("all", "All units", COUNT),
        *(Column(segment.key, segment.name, COUNT) for segment in segments),
    )
    rows = tuple(
        Row(str(month), (f"{month:%b %Y}", float(row.sum()), *row.tolist())) for month, row in units.iterrows()
    )
    return Table("units", columns, rows, text("products.units", facts), text("products.units_lead", facts))


def _stock(baskets: Baskets, segments: tuple[Segment, ...], facts: Facts) -> Table:
    months = len(baskets.stock_months)
    units = baskets["stock"].pivot_table(index="item", columns="segment", values="units", aggfunc="sum")
    units = units.reindex(columns=[one.key for one in segments]).fillna(0.0) / max(months, 1)
    order = units.sum(axis=1).rename("all").reset_index().sort_values(["all", "item"], ascending=[False, True])
    columns = (
        Column("item", _what(baskets), width=WIDE),
        Column("all", "All units a month", COUNT),
        *(Column(segment.key, segment.name, COUNT) for segment in segments),
    )
    rows = tuple(
        Row(str(item), (baskets.name(str(item)), float(total), *units.loc[item].tolist()))
        for item, total in zip(order["item"].head(STOCKED), order["all"].head(STOCKED), strict=True)
        if months
    )
    lead = text("products.stock_lead", facts, months=COUNT.show(months))
    return Table("stock", columns, rows, text("products.stock", facts), lead)


def _places(baskets: Baskets, field: str, facts: Facts) -> Table:
    """Return customers and orders by country or channel; a column that says one thing says nothing."""
    columns = (
        Column("place", field.capitalize()),
        Column("customers", "Customers", COUNT),
        Column("orders", "Orders", COUNT),
        Column("revenue", "Revenue to date", MONEY, heat=Heat.BAR),
        Column("average", "Average order", MONEY),
        Column("began", "First bought there", COUNT),
        Column("rate", "Came back in 90 days", SHARE),
        Column("low", "95% from", SHARE),
        Column("high", "to", SHARE),
    )
    found = baskets["places"]
    found = found[found["field"] == field]
    if len(found) < 2:
        return Table(field, columns, ())
    rows = []
    for _, row in found.head(PLACES).iterrows():
        began, again = int(row["began"]), int(row["again"])
        rate: tuple[float | None, ...] = (None, None, None)
        if began:
            low, high = wilson(np.array([float(again)]), np.array([float(began)]))
            rate = (again / began, float(low[0]), float(high[0]))
        money, orders = float(row["amount"]), int(row["orders"])
        cells = (str(row["place"]), int(row["customers"]), orders, money, money / orders, began, *rate)
        rows.append(Row(str(row["place"]), cells))
    lead = text("products.places_lead", facts, shown=COUNT.show(len(rows)), all=COUNT.show(len(found)))
    return Table(field, columns, tuple(rows), text("products.places", facts, field=field), lead)
