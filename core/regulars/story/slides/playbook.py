"""What to do with each segment."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT
from regulars.story.case import BEFORE_ANY_PLAN, case_of
from regulars.story.plays import Play, play
from regulars.story.slide_spec import SlideColumn, SlideKind, SlideSpec, SlideTable
from regulars.story.slides.value import COLOURS
from regulars.story.texts import text
from regulars.story.words import fact_key, ranked, sources


def playbook_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Return one row a segment: what to do first, what to leave, number to watch."""
    lead = analysis.segmentations.lead
    segments = ranked(lead, facts, "revenue")
    columns = (
        SlideColumn("Segment"), SlideColumn("Customers", COUNT), SlideColumn("0–30 days"), SlideColumn("Do not"),
        SlideColumn("Number to watch", optional=True),
    )  # fmt: skip
    planned = facts.number("impact.segments_in_plan") and case_of(analysis, facts) not in BEFORE_ANY_PLAN
    plays = [play(lead, segment, facts) for segment in segments]
    rows = tuple(
        (
            one.segment.name, facts.value(fact_key(lead, one.segment, "customers")), one.soon, one.avoid[0], one.watch,
        )
        for one in plays
    )  # fmt: skip
    table = SlideTable(
        columns, rows, text("slide.playbook.alt", facts), roles=tuple(COLOURS.get(segment.role) for segment in segments)
    )
    return SlideSpec(
        "playbook", SlideKind.CONTENT, text("slide.playbook.title" if planned else "slide.playbook.title_free", facts), text("slide.playbook.subtitle", facts), (table,),
        source=text("deck.source", facts, sources=sources(analysis)), notes="\n".join(_notes(one) for one in plays),
    )  # fmt: skip


def _notes(one: Play) -> str:
    return (
        f"{one.segment.name}: {one.why} Aim: {one.aim}. Do: {'; '.join(one.do)}. Do not: {'; '.join(one.avoid)}. "
        f"Channel: {one.channel}. Discount: {one.discount} 1–6 months: {one.next}. 6–12 months: {one.later}."
    )
