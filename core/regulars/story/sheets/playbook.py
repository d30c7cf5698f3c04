"""The Playbook sheet: what to do with each segment, what to leave, and the number to watch."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, TEXT
from regulars.story.sheet_spec import Column, Row, SheetKind, SheetSpec, Table
from regulars.story.texts import playbook, text
from regulars.story.words import fact_key, filled


def playbook_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return one row a segment of the lead scheme."""
    lead = analysis.segmentations.lead
    columns = (
        Column("segment", "Segment", TEXT, 22),
        Column("customers", "Customers", COUNT),
        Column("each", "Revenue per customer", MONEY),
        Column("aim", "Aim", TEXT, 26),
        Column("do", "Do", TEXT, 52),
        Column("avoid", "Do not", TEXT, 36),
        Column("watch", "Number to watch", TEXT, 28),
        Column("when", "When", TEXT, 14),
    )
    rows = []
    for segment in filled(lead):
        plays = playbook(segment.key, segment.role)
        rows.append(
            Row(
                segment.key,
                (
                    segment.name,
                    facts.value(fact_key(lead, segment, "customers")),
                    facts.value(fact_key(lead, segment, "revenue_per_customer")),
                    plays["aim"],
                    "; ".join(plays["do"]),
                    "; ".join(plays["avoid"]),
                    plays["watch"],
                    plays["when"],
                ),
            )
        )
    return SheetSpec(
        "Playbook", SheetKind.SEGMENTS, text("playbook.title", facts), text("playbook.lead", facts),
        (Table("playbook", columns, tuple(rows)),),
    )  # fmt: skip
