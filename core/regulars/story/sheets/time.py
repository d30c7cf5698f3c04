"""The Trends and Cohorts sheets: orders by month, and who comes back."""

from __future__ import annotations

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, SHARE, TEXT
from regulars.story.sheet_spec import Chart, ChartKind, Column, Heat, Row, SheetKind, SheetSpec, Table
from regulars.story.texts import text
from regulars.story.words import filled

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
        (Table("months", columns, tuple(rows)), chart, _by_segment(analysis, facts)),
    )  # fmt: skip


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


def cohorts_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
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
    remark = text("cohorts.remark", facts)
    return SheetSpec(
        "Cohorts", SheetKind.SEGMENTS, text("cohorts.title", facts), text("cohorts.lead", facts),
        (Table("cohorts", columns, rows, remark=remark),),
    )  # fmt: skip
