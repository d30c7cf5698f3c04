"""The sheets Trends, and Acquisition and cohorts: orders by month, seasons, who came and who comes back."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from typing import Any

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, NUMBER, SHARE, TEXT
from regulars.findings.activation import EVERYBODY, activations
from regulars.findings.performance import retention_by_segment
from regulars.findings.season import seasons
from regulars.findings.time import AGES
from regulars.story.sheet_spec import (
    Block,
    Chart,
    ChartKind,
    Column,
    Heat,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.texts import text
from regulars.story.words import fact_key, filled

MOST_AGES = 13
MOST_COHORTS = 36


def trends_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return every month with its customers, orders and revenue, and revenue by today's segments."""
    months = analysis.summary.months
    totals = months.totals()
    first_orders = analysis.summary.cohorts.frame.query("age == 0").set_index("cohort")["active"]
    columns = (
        Column("month", "Month", TEXT),
        Column("customers", "Customers", COUNT),
        Column("new", "First orders", COUNT),
        Column("orders", "Orders", COUNT),
        Column("revenue", "Revenue, complete months", MONEY, heat=Heat.BAR),
        Column("partial", "Revenue, incomplete months", MONEY),
        Column("average", "Average order", MONEY),
    )
    rows = []
    for month, row in totals.iterrows():
        complete = month not in _partial(analysis)
        orders, revenue = int(row["orders"]), float(row["revenue"])
        rows.append(
            Row(
                str(month),
                (
                    f"{month:%b %Y}", int(row["customers"]), int(first_orders.get(month, 0)), orders,
                    revenue if complete else None, None if complete else revenue, revenue / orders if orders else None,
                ),
            )
        )  # fmt: skip
    chart = Chart(
        ChartKind.LINE, text("trends.chart", facts), "months", "month", ("revenue",), alt=text("trends.lead", facts)
    )
    return SheetSpec(
        "Trends", SheetKind.SEGMENTS, text("trends.title", facts), text("trends.lead", facts),
        (*_said(analysis, facts), Table("months", columns, tuple(rows)), chart, *_seasons(analysis, facts),
         _by_segment(analysis, facts)),
    )  # fmt: skip


def _said(analysis: Analysis, facts: Facts) -> tuple[Text, ...]:
    """Return what a reader must know of the last month, and what is said of seasons."""
    lines = []
    if not analysis.summary.months.last_is_complete:
        lines.append(text("season.partial", facts, month=f"{analysis.orders.window.end:%B %Y}"))
    if seasons(analysis).empty:
        if facts.known("season.dip_of_peak"):
            lines.append(text("season.unknown", facts))
    elif facts.value("season.claimed") == "no":
        lines.append(text("season.none", facts))
    if facts.known("season.strong"):
        lines.append(text("season.strong", facts))
    if facts.known("season.weak"):
        lines.append(text("season.weak", facts))
    return (Text(tuple(lines), tone=Tone.FINDING),) if lines else ()


def _seasons(analysis: Analysis, facts: Facts) -> tuple[Table, ...]:
    """Return each calendar month against its year's average; nothing with fewer than two years."""
    table = seasons(analysis)
    columns = (
        Column("month", "Calendar month", TEXT), Column("mean", "Average of the years", NUMBER, heat=Heat.SCALE),
        Column("least", "Lowest year", NUMBER), Column("most", "Highest year", NUMBER),
    )  # fmt: skip
    rows = tuple(
        Row(f"season{number}", (calendar.month_name[number], *map(float, row)))
        for number, row in zip(table.index, table.to_numpy(), strict=True)
    )
    return (Table("seasons", columns, rows, text("season.title", facts), text("season.lead", facts)),) if rows else ()


def _partial(analysis: Analysis) -> set[pd.Period]:
    months = analysis.summary.months
    found = set()
    if not months.first_is_complete:
        found.add(pd.Period(months.window.start, "M"))
    if not months.last_is_complete:
        found.add(pd.Period(months.window.end, "M"))
    return found


def _by_segment(analysis: Analysis, facts: Facts) -> Table:
    lead = analysis.segmentations.lead
    labels = pd.Series(lead.labels.to_numpy(), index=analysis.summary.customers.frame["customer"])
    months = analysis.summary.months.frame
    table = months.assign(segment=months["customer"].map(labels)).pivot_table(
        index="month", columns="segment", values="revenue", aggfunc="sum", observed=True
    )
    segments = filled(lead)
    columns = (Column("month", "Month", TEXT), *(Column(segment.key, segment.name, MONEY) for segment in segments))
    every = analysis.summary.months.totals().index
    table = table.reindex(every).fillna(0.0)
    rows = tuple(
        Row(str(month), (f"{month:%b %Y}", *(float(table.loc[month, segment.key]) for segment in segments)))
        for month in every
    )
    return Table(
        "by_segment",
        columns,
        rows,
        text("trends.by_segment", facts, scheme=lead.title),
        text("trends.by_segment_lead", facts),
    )


def acquisition_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return who came in the last six complete months, and who came back: by segment, and by month of first order."""
    said = text("cohorts.activation", facts) if facts.known("data.activation") else text("cohorts.no_activation", facts)
    blocks: tuple[Block, ...] = (
        _newcomers(analysis, facts)
        if facts.number("acquisition.months")
        else Text((text("cohorts.no_acquisition", facts),)),
        Text((said,), tone=Tone.SMALL),
        *_activation(analysis, facts),
        _retention(analysis, facts),
        _cohorts(analysis, facts),
    )
    return SheetSpec(
        "Acquisition and cohorts", SheetKind.SEGMENTS, text("cohorts.title", facts), text("cohorts.lead", facts), blocks
    )


def _activation(analysis: Analysis, facts: Facts) -> Iterator[Table]:
    """Yield the share of sign-ups who ordered, where a customers table has them."""
    found = activations(analysis)
    if found is None:
        return
    dated = facts.number("activation.total.recent_signed_up") > 0
    named = (
        ("signed_up", "Signed up", COUNT), ("ordered", "With an order", COUNT), ("share", "Activation", SHARE),
        *((
            ("recent_signed_up", "Signed up in the last six complete months", COUNT),
            ("recent_ordered", "Of them, with an order", COUNT), ("recent_share", "Their activation", SHARE),
        ) if dated else ()),
    )  # fmt: skip
    columns = (
        Column("segment", "Segment in the customers table"),
        *(Column(name, head, unit) for name, head, unit in named),
    )
    *rows, total = (
        Row(str(key), (name, *(facts.value(f"activation.{key}.{one}") for one, _, _ in named)), strong=key == EVERYBODY)
        for key, name in found["name"].items()
    )
    yield Table(
        "activation", columns, tuple(rows), text("cohorts.activation_title", facts), text("cohorts.activation_lead", facts),
        total,
    )  # fmt: skip


def _newcomers(analysis: Analysis, facts: Facts) -> Table:
    lead = analysis.segmentations.lead
    named = (
        ("new_customers", "New customers", COUNT), ("new_share", "% of new customers", SHARE),
        ("new_revenue", "Their revenue to date", MONEY), ("new_revenue_each", "Revenue per new customer", MONEY),
        ("new_again", "Ordered again", SHARE),
    )  # fmt: skip
    columns = (Column("segment", "Segment"), *(Column(name, head, unit) for name, head, unit in named))
    rows = tuple(
        Row(segment.key, (segment.name, *(facts.value(fact_key(lead, segment, name)) for name, _, _ in named)))
        for segment in filled(lead)
    )
    total = Row(
        "all",
        ("All customers", facts.value("acquisition.customers"), None, facts.value("acquisition.revenue"), None, None),
        strong=True,
    )
    return Table(
        "acquisition", columns, rows, text("cohorts.acquisition", facts), text("cohorts.acquisition_lead", facts), total
    )


def _retention(analysis: Analysis, facts: Facts) -> Table:
    lead = analysis.segmentations.lead
    share: Any = retention_by_segment(analysis, AGES)
    columns = (
        Column("segment", "Segment"), Column("customers", "Customers", COUNT),
        *(Column(f"age{age}", f"Month {age}", SHARE, heat=Heat.SCALE) for age in AGES),
    )  # fmt: skip
    rows = tuple(
        Row(
            segment.key,
            (
                segment.name, facts.value(fact_key(lead, segment, "customers")),
                *(None if pd.isna(value) else float(value) for value in share.loc[segment.key]),
            ),
        )
        for segment in filled(lead)
    )  # fmt: skip
    everyone = (facts.value(f"retention.month_{age}") for age in AGES)
    total = Row("all", ("All customers", facts.value("customers.count"), *everyone), strong=True)
    return Table(
        "retention", columns, rows, text("cohorts.retention", facts), text("cohorts.retention_lead", facts), total
    )


def _cohorts(analysis: Analysis, facts: Facts) -> Table:
    """Return retention by month of first order as a heat map."""
    share = analysis.summary.cohorts.retention().tail(MOST_COHORTS)
    sizes = analysis.summary.cohorts.frame.query("age == 0").set_index("cohort")["active"]
    ages = [age for age in share.columns if 0 < int(age) < MOST_AGES]
    columns = (
        Column("cohort", "First order in", TEXT),
        Column("customers", "Customers", COUNT),
        *(Column(f"age{age}", f"Month {age}", SHARE, heat=Heat.SCALE) for age in ages),
    )
    rows = tuple(
        Row(
            str(cohort),
            (
                f"{cohort:%b %Y}",
                int(sizes[cohort]),
                *(None if pd.isna(share.loc[cohort, age]) else float(share.loc[cohort, age]) for age in ages),
            ),
        )
        for cohort in share.index
    )
    return Table(
        "cohorts", columns, rows, text("cohorts.cohorts", facts), text("cohorts.cohorts_lead", facts),
        remark=text("cohorts.remark", facts),
    )  # fmt: skip
