"""The sheet Then and now: what an earlier result expected, and what came since."""

from __future__ import annotations

import math

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, counted
from regulars.hindsight import Comparison
from regulars.story.sheet_spec import (
    Block,
    Chart,
    ChartKind,
    Column,
    Figure,
    Figures,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.texts import text
from regulars.story.words import size_of_change

NAME = "Then and now"


def since_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return key figures, a verdict, and the segments of then; or why there is nothing to compare."""
    title = text("since.title", facts)
    found = analysis.hindsight.found if analysis.hindsight else None
    if found is None:
        return SheetSpec(NAME, SheetKind.QUALITY, title, text("since.lead_none", facts), ())
    said = [verdict(facts)]
    if not _is_kept(facts):
        said.append(text("since.changed", facts))
    blocks: tuple[Block, ...] = (
        Figures(
            (
                Figure("Expected then", facts.number("since.expected"), MONEY, f"next {counted(found.months, 'month')}"),
                Figure("Came since", facts.number("since.actual"), MONEY, "of the customers known then"),
                Figure("Customers known then", facts.number("since.customers"), COUNT, facts.show("since.end")),
                Figure("Ordered since", facts.number("since.came"), COUNT, f"up to {facts.show('since.until')}"),
            )
        ),
        Text(tuple(said), tone=Tone.FINDING),
        _segments(found, facts),
        Chart(
            ChartKind.COLUMN, text("since.chart", facts), "segments", "segment", ("expected", "actual"),
            alt=verdict(facts), beside=True,
        ),
    )  # fmt: skip
    return SheetSpec(NAME, SheetKind.QUALITY, title, text("since.lead", facts), blocks)


def verdict(facts: Facts) -> str:
    """Return in a sentence or two how the forecast turned out."""
    if not facts.known("since.change"):
        return text("since.lead_none", facts)
    actual = facts.number("since.actual")
    inside = facts.number("since.low") <= actual <= facts.number("since.high")
    return text(
        "since.verdict",
        facts,
        difference=size_of_change(facts, "since.change"),
        direction=text("since.above" if facts.number("since.change") >= 0 else "since.below", facts),
        inside=text("since.inside" if inside else "since.outside", facts),
    )


def _is_kept(facts: Facts) -> bool:
    """Tell whether the orders give the same forecast today as they gave then."""
    return facts.known("since.recorded") and math.isclose(
        facts.number("since.recorded"), facts.number("since.again"), rel_tol=1e-6
    )


def _segments(found: Comparison, facts: Facts) -> Table:
    columns = (
        Column("segment", "Segment"),
        Column("customers", "Customers then", COUNT),
        Column("came", "Came back", COUNT),
        Column("expected", "Expected", MONEY),
        Column("actual", "Actual", MONEY),
    )
    held = [one for one in found.segments.definitions if facts.number(f"since.segments.{one.key}.customers")]
    rows = tuple(
        Row(
            one.key,
            (one.name, *(facts.value(f"since.segments.{one.key}.{column.key}") for column in columns[1:])),
        )
        for one in held
    )
    total = Row(
        "total", ("All customers", *(facts.value(f"since.{column.key}") for column in columns[1:])), strong=True
    )
    return Table("segments", columns, rows, text("since.segments", facts), text("since.segments_lead", facts), total)
