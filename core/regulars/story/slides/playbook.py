"""What to do with each segment."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT
from regulars.story.slide_spec import SlideColumn, SlideKind, SlideSpec, SlideTable
from regulars.story.slides.value import COLOURS
from regulars.story.texts import playbook, text
from regulars.story.words import fact_key, ranked, sources


def playbook_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Return one row a segment: aim, first thing to do, what to leave, number to watch."""
    lead = analysis.segmentations.lead
    segments = ranked(lead, facts, "revenue")
    columns = (
        SlideColumn("Segment"), SlideColumn("Customers", COUNT), SlideColumn("Aim"), SlideColumn("First, do"),
        SlideColumn("Number to watch", optional=True),
    )  # fmt: skip
    rows = []
    for segment in segments:
        plays = playbook(segment.key, segment.role)
        customers = facts.value(fact_key(lead, segment, "customers"))
        rows.append((segment.name, customers, plays["aim"], plays["do"][0], plays["watch"]))
    table = SlideTable(
        columns,
        tuple(rows),
        text("slide.playbook.alt", facts),
        roles=tuple(COLOURS.get(segment.role) for segment in segments),
    )
    notes = "; ".join(
        f"{segment.name}: do not: {'; '.join(playbook(segment.key, segment.role)['avoid'])}" for segment in segments
    )
    return SlideSpec(
        "playbook", SlideKind.CONTENT, text("slide.playbook.title", facts), text("slide.playbook.subtitle", facts), (table,),
        source=text("deck.source", facts, sources=sources(analysis)), notes=notes,
    )  # fmt: skip
