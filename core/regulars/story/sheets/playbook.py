"""The Playbook sheet: why each segment matters, what to do and when, what to leave, and the number to watch."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, TEXT
from regulars.story.plays import Play, play
from regulars.story.sheet_spec import Column, Row, SheetKind, SheetSpec, Table, Text
from regulars.story.texts import text
from regulars.story.words import fact_key, filled

WHAT = (
    Column("segment", "Segment", TEXT, 20),
    Column("customers", "Customers", COUNT),
    Column("why", "Why it matters", TEXT, 40),
    Column("aim", "Aim", TEXT, 24),
    Column("do", "Do", TEXT, 46),
    Column("avoid", "Do not", TEXT, 34),
    Column("discount", "Discount", TEXT, 34),
)
WHEN = (
    Column("segment", "Segment", TEXT, 20),
    Column("customers", "Customers", COUNT),
    Column("soon", "0–30 days", TEXT, 40),
    Column("next", "1–6 months", TEXT, 24),
    Column("later", "6–12 months", TEXT, 46),
    Column("channel", "Channel", TEXT, 34),
    Column("watch", "Number to watch", TEXT, 34),
)


def playbook_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return one row a segment of the lead scheme in each of two tables, and the rules that settle conflicts."""
    lead = analysis.segmentations.lead
    plays = [
        (play(lead, segment, facts), facts.value(fact_key(lead, segment, "customers"))) for segment in filled(lead)
    ]
    what = tuple(Row(one.segment.key, (one.segment.name, count, *_what(one))) for one, count in plays)
    when = tuple(
        Row(one.segment.key, (one.segment.name, count, one.soon, one.next, one.later, one.channel, one.watch))
        for one, count in plays
    )
    rules = (
        text("playbook.rule_one", facts, scheme=lead.title),
        text("playbook.rule_avoid", facts),
        text("playbook.rule_discount", facts),
        text("playbook.rule_contact", facts),
        text("playbook.rule_stop", facts),
    )
    return SheetSpec(
        "Playbook", SheetKind.SEGMENTS, text("playbook.title", facts), text("playbook.lead", facts),
        (
            Table("playbook", WHAT, what),
            Table("timing", WHEN, when, text("playbook.timing", facts)),
            Text(rules, title=text("playbook.rules", facts)),
        ),
    )  # fmt: skip


def _what(one: Play) -> tuple[str, ...]:
    return one.why, one.aim, "; ".join(one.do), "; ".join(one.avoid), one.discount
