"""The sheet Segment tables: the lead scheme's segments to date, in the last months, and how evenly revenue is spread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MONEY_EXACT, NUMBER, SHARE, TEXT, WHOLE_SHARE, Unit
from regulars.findings.performance import months_compared, months_shown, segments_by_month
from regulars.findings.time import complete_months
from regulars.story.sheet_spec import Block, Chart, ChartKind, Column, Heat, Row, SheetKind, SheetSpec, Table, Text
from regulars.story.texts import text
from regulars.story.words import fact_key, filled

YEAR = 12
# key in the frame, or what is divided by what; title; unit
ACTIVITY: tuple[tuple[str, str, str, Unit], ...] = (
    ("customers", "", "Active customers", COUNT),
    ("orders", "", "Orders", COUNT),
    ("orders", "customers", "Orders per active customer", NUMBER),
    ("revenue", "orders", "Average order", MONEY),
    ("revenue", "", "Revenue", MONEY),
)
TO_DATE = (
    ("customers", "Customers", COUNT), ("revenue_per_customer", "Revenue per customer", MONEY_EXACT),
    ("against_baseline", "Against the baseline", SHARE), ("smallest_order", "Smallest order", MONEY_EXACT),
    ("largest_order", "Largest order", MONEY_EXACT), ("orders", "Orders to date", COUNT),
    ("orders_per_customer", "Orders per customer", NUMBER), ("average_order", "Average order", MONEY_EXACT),
)  # fmt: skip
PEAKS = (
    ("peak_month", "Peak month", TEXT), ("peak_revenue", "Its revenue", MONEY),
    ("last_revenue", "Last complete month", MONEY), ("change_from_peak", "Last month against peak", SHARE),
    ("half_change", "Last six against six before", SHARE), ("mix_least", "Share of a month: lowest", SHARE),
    ("mix_most", "highest", SHARE), ("mix_range", "range, points", SHARE),
)  # fmt: skip
ACTIVE = (
    ("active_best_month", "Best month", TEXT), ("active_best", "Per active customer", MONEY_EXACT),
    ("active_worst_month", "Worst month", TEXT), ("active_worst", "Per active customer", MONEY_EXACT),
    ("active_mean", "Average", MONEY_EXACT), ("active_spread", "Spread", MONEY_EXACT),
)  # fmt: skip


def performance_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the lead scheme's segments to date and by month, and the spread of revenue over customers."""
    lead = analysis.segmentations.lead
    blocks: list[Block] = [
        _figures(
            analysis, facts, TO_DATE, "to_date", text("performance.to_date", facts),
            text("performance.to_date_lead", facts),
        ),
    ]  # fmt: skip
    if months_compared(analysis, 1):
        blocks += [
            *_activity(analysis, facts),
            _year(analysis, facts),
            _figures(
                analysis, facts, PEAKS, "peaks", text("performance.peaks", facts), text("performance.peaks_lead", facts)
            ),
            _figures(
                analysis, facts, ACTIVE, "active", text("performance.active", facts),
                text("performance.active_lead", facts),
            ),
        ]  # fmt: skip
    else:
        blocks.append(Text((text("performance.no_months", facts),)))
    blocks += _lorenz(facts)
    return SheetSpec(
        "Segment tables", SheetKind.SEGMENTS, text("performance.title", facts),
        text("performance.lead", facts, scheme=lead.title), tuple(blocks),
    )  # fmt: skip


def _figures(
    analysis: Analysis, facts: Facts, named: tuple[tuple[str, str, Unit], ...], key: str, title: str, lead: str
) -> Table:
    scheme = analysis.segmentations.lead
    columns = (Column("segment", "Segment"), *(Column(name, head, unit) for name, head, unit in named))
    rows = tuple(
        Row(segment.key, (segment.name, *(facts.value(fact_key(scheme, segment, name)) for name, _, _ in named)))
        for segment in filled(scheme)
    )
    return Table(key, columns, rows, title, lead)


def _divided(table: pd.DataFrame, of: str, by: str) -> Any:
    """Return segments (rows) by month (columns); where nothing happened there is nothing to divide."""
    wide = {
        name: table.pivot_table(index="segment", columns="month", values=name)
        for name in ("customers", "orders", "revenue")
    }
    return wide[of] / wide[by].where(wide[by] > 0) if by else wide[of]


def _activity(analysis: Analysis, facts: Facts) -> Iterator[Table]:
    """Yield a table for each of the five measures, with all customers in the last row."""
    table, months = segments_by_month(analysis), months_shown(analysis)
    partial = [] if analysis.summary.months.last_is_complete else months[-1:]
    heads = [(str(month), f"{month:%b %Y}" + (" (incomplete)" if month in partial else "")) for month in months]
    everyone = table.groupby("month").sum()
    everyone.index = pd.MultiIndex.from_product([["all"], everyone.index], names=["segment", "month"])
    remark = "" if not partial else text("performance.partial", facts, month=f"{partial[0]:%b %Y}")
    for of, by, title, unit in ACTIVITY:
        shown, total = _divided(table, of, by), _divided(everyone, of, by)
        rows = tuple(
            Row(segment.key, (segment.name, *_cells(shown.loc[segment.key, months], unit)))
            for segment in filled(analysis.segmentations.lead)
        )
        yield Table(
            f"{of}_a_{by}" if by else of,
            (Column("segment", "Segment", width=24), *(Column(key, head, unit, width=12) for key, head in heads)),
            rows,
            text("performance.activity", facts, measure=title),
            text("performance.activity_lead", facts),
            Row("all", ("All customers", *_cells(total.loc["all", months], unit)), strong=True),
            remark=remark,
        )


def _cells(values: pd.Series, unit: Unit) -> Iterator[float | int | None]:
    """Yield numbers of a table; nothing where nothing was divided."""
    for value in values:
        yield None if pd.isna(value) else int(value) if unit is COUNT else float(value)


def _year(analysis: Analysis, facts: Facts) -> Table:
    months = months_compared(analysis, YEAR)
    revenue = _divided(segments_by_month(analysis), "revenue", "")[months]
    columns = (
        Column("segment", "Segment"),
        *(Column(str(month), f"{month:%b %Y}", MONEY, heat=Heat.SCALE) for month in months),
    )
    rows = tuple(
        Row(segment.key, (segment.name, *map(float, revenue.loc[segment.key])))
        for segment in filled(analysis.segmentations.lead)
    )
    whole = complete_months(analysis)["revenue"].reindex(months)
    total = Row("all", ("All customers", *map(float, whole)), strong=True)
    return Table("year", columns, rows, text("performance.year", facts), text("performance.year_lead", facts), total)


def _lorenz(facts: Facts) -> tuple[Block, ...]:
    """Return the Lorenz curve, least customers first; nothing where no customer brings revenue."""
    if not facts.known("concentration.gini"):
        return ()
    count = facts.number("customers.count")
    columns = (
        Column("customers", "Customers, least first"), Column("revenue", "Their share of revenue", SHARE),
        Column("equal", "If all brought the same", SHARE),
    )  # fmt: skip
    rows = [Row("p0", (WHOLE_SHARE.show(0), 0.0, 0.0))]
    for tenth in range(9, -1, -1):
        # What the best do not bring, the rest do: the tenths are those of the Summary.
        top = facts.number(f"concentration.top_{tenth}0_customers") if tenth else 0.0
        best = facts.number(f"concentration.top_{tenth}0_share") if tenth else 0.0
        rows.append(Row(f"p{10 - tenth}", (WHOLE_SHARE.show(1 - top / count), 1 - best, 1 - top / count)))
    title = text("performance.lorenz", facts)
    chart = Chart(
        ChartKind.LINE, title, "lorenz", "customers", ("revenue", "equal"),
        alt=text("performance.lorenz_lead", facts), beside=True,
    )  # fmt: skip
    return Table("lorenz", columns, tuple(rows), title, text("performance.lorenz_lead", facts)), chart
