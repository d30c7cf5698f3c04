"""A page for each segment: who they are, why they matter, what to do and not to do, the number to watch, the money."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.findings.tiers import GROWTH, PREMIUM
from regulars.impact.initiative import Initiative
from regulars.segments.model import Segment, Segments
from regulars.story.case import BEFORE_ANY_PLAN, Case, case_of
from regulars.story.plays import play
from regulars.story.slide_spec import Role, SlideKind, SlideSpec, Statement, Statements, Tile
from regulars.story.slides.value import COLOURS, carried
from regulars.story.texts import text
from regulars.story.words import customer_named, fact_key, ranked, segment_words, shares_are_known, sources

MOST_DONE = 3  # things to do on a page


def segment_pages(analysis: Analysis, facts: Facts) -> Iterator[SlideSpec]:
    """Yield a page for each segment of the lead scheme that has customers, the most revenue first."""
    lead = analysis.segmentations.lead
    if not shares_are_known(facts):
        return
    for segment in ranked(lead, facts, "revenue"):
        yield _page(analysis, facts, lead, segment)


def _page(analysis: Analysis, facts: Facts, lead: Segments, segment: Segment) -> SlideSpec:
    one = play(lead, segment, facts)
    index = facts.number(fact_key(lead, segment, "value_index"))
    alone = facts.number("segments.filled") == 1
    kind = "all" if alone else "more" if index >= PREMIUM else "less" if index < GROWTH else "share"
    words = segment_words(lead, segment, facts)
    addressed, case = _addressed(analysis, segment), case_of(analysis, facts)
    pays = any(initiative.planned for initiative in addressed) and case not in BEFORE_ANY_PLAN
    title = text(
        f"slide.page.title_{kind}", facts, name=segment.name, customer_share=words["customer_share"],
        revenue_share=words["revenue_share"], aim=_lower(one.aim),
        budget="" if pays else f" ({text('slide.page.no_budget', facts)})",
    )  # fmt: skip
    rows = (
        Statement(text("slide.page.who", facts), _who(lead, segment, facts)),
        Statement(text("slide.page.why", facts), " ".join([one.why, *_carried(segment, facts)])),
        Statement(text("slide.page.do" if pays else "slide.page.do_free", facts), _listed(one.do[:MOST_DONE])),
        Statement(text("slide.page.avoid", facts), _listed(one.avoid)),
        Statement(text("slide.page.watch", facts), f"{one.watch}."),
        Statement(text("slide.page.money", facts), _money(addressed, case, facts)),
    )
    return SlideSpec(
        f"page_{segment.key}", SlideKind.CONTENT, title,
        text("slide.page.subtitle", facts, scheme=lead.title),
        (Statements(rows, _tiles(lead, segment, facts)),),
        source=text("deck.source_money", facts, sources=sources(analysis)),
        notes=text(
            "slide.page.notes", facts, how=lead.how, discount=one.discount, channel=one.channel, soon=one.soon, next=one.next,
            later=one.later,
        ),
    )  # fmt: skip


def _who(lead: Segments, segment: Segment, facts: Facts) -> str:
    def show(name: str) -> str:
        return facts.show(fact_key(lead, segment, name))

    meaning = segment.meaning.rstrip(".")
    return text(
        "slide.page.who_text", facts, meaning=meaning[:1].upper() + meaning[1:], orders=show("orders_per_customer"),
        days=show("days_since"),
    )  # fmt: skip


def _tiles(lead: Segments, segment: Segment, facts: Facts) -> tuple[Tile, ...]:
    def tile(name: str, label: str, role: Role = Role.BASE) -> Tile:
        return Tile(
            facts.show(fact_key(lead, segment, name), brief=True),
            text(f"slide.page.tile_{label}", facts, **segment_words(lead, segment, facts)),
            role,
        )

    last = ("clv_per_customer", "expected") if facts.known("clv.total") else ("average_order", "order")
    colour = COLOURS.get(segment.role, Role.BASE)
    return (
        tile("customers", "customers", colour), tile("revenue", "revenue", colour), tile("revenue_per_customer", "each"),
        tile(*last),
    )  # fmt: skip


def _carried(segment: Segment, facts: Facts) -> Iterator[str]:
    if carried(segment, facts):
        yield text("slide.page.why_carried", facts, customer=customer_named(facts))


def _addressed(analysis: Analysis, segment: Segment) -> list[Initiative]:
    found = [one for one in analysis.impact.initiatives if one.taken_from.get(segment.key, 0) > 0]
    return sorted(found, key=lambda one: not one.planned)  # what is paid for stands first


def _money(addressed: list[Initiative], case: Case, facts: Facts) -> str:
    """Say what the initiatives that address a segment cost and earn, and why those outside the plan are."""
    if case in BEFORE_ANY_PLAN:
        return text(f"slide.page.money_{case}", facts)
    said = [
        text(
            f"slide.page.money_{_standing(one)}", facts, name=one.name,
            customers=facts.show(f"impact.{one.key}.audience"), profit=facts.show(f"impact.plan.{one.key}.gross_profit"),
            cost=facts.show(f"impact.{one.key}.investment"), rate=facts.show(f"impact.plan.{one.key}.success_rate"),
            break_even=facts.show(f"impact.{one.key}.break_even"),
        )
        for one in addressed[:2]
    ]  # fmt: skip
    return " ".join(said) if said else text("slide.page.money_none", facts)


def _standing(one: Initiative) -> str:
    if one.planned:
        return "plan"
    if one.break_even is None:
        return "nothing"
    return "never" if one.break_even > 1 else "out"


def _listed(things: tuple[str, ...]) -> str:
    return f"{'; '.join((things[0], *map(_lower, things[1:])))}."


def _lower(words: str) -> str:
    """Return words for the middle of a sentence.

    >>> _lower("Earn the second order"), _lower("VIP service")
    ('earn the second order', 'VIP service')
    """
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
