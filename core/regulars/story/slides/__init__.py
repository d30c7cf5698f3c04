"""The deck's storyline. A slide is one function that returns its spec, or nothing when the data cannot carry it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.findings.customers import FEWEST
from regulars.story.slide_spec import DeckSpec, SlideSpec
from regulars.story.slides.frame import closing_slide, risks_slide, summary_slide, title_slide
from regulars.story.slides.money import portfolio_slide, roadmap_slide, waterfall_slide
from regulars.story.slides.movement import movement_slide
from regulars.story.slides.playbook import playbook_slide
from regulars.story.slides.time import retention_slide, trend_slide
from regulars.story.slides.value import (
    concentration_slide,
    heat_slide,
    lifetime_slide,
    scorecard_slide,
    value_slide,
)
from regulars.story.texts import text
from regulars.story.words import shares_are_known

DECK = (
    title_slide,
    summary_slide,
    value_slide,
    scorecard_slide,
    concentration_slide,
    heat_slide,
    lifetime_slide,
    trend_slide,
    retention_slide,
    movement_slide,
    waterfall_slide,
    portfolio_slide,
    playbook_slide,
    roadmap_slide,
    risks_slide,
    closing_slide,
)
# Their message is about groups of customers, and the best tenth of them.
OF_GROUPS = frozenset(
    {value_slide, scorecard_slide, concentration_slide, heat_slide, lifetime_slide, retention_slide, movement_slide}
)
# Their message rests on purchases that outweigh returns.
OF_PURCHASES = frozenset({retention_slide, movement_slide, playbook_slide})

LONGEST_NAME = 32  # characters of a segment's name: supplied ones may be whole sentences, and a slide has no room


def deck(analysis: Analysis, facts: Facts) -> DeckSpec:
    """Return the slides whose message the data carry, in the order of the story."""
    named_briefly = _with_brief_names(analysis)
    slides = (slide(named_briefly, facts) for slide in DECK if _carried(slide, facts))
    return DeckSpec(
        title=text("slide.title.title", facts),
        footer=text("deck.footer", facts),
        slides=tuple(slide for slide in slides if slide is not None),
        currency_code=facts.currency.code,
        analyst=analysis.settings.analyst or "",
    )


def _carried(slide: Callable[[Analysis, Facts], SlideSpec | None], facts: Facts) -> bool:
    """Tell whether there are customers and money enough for a slide's message."""
    few, nothing = facts.number("customers.count") < FEWEST, not shares_are_known(facts)
    return not ((few and slide in OF_GROUPS) or (nothing and slide in OF_PURCHASES))


def _with_brief_names(analysis: Analysis) -> Analysis:
    lead, impact = analysis.segmentations.lead, analysis.impact
    definitions = tuple(replace(segment, name=_brief(segment.name)) for segment in lead.definitions)
    initiatives = tuple(replace(one, segments=tuple(map(_brief, one.segments))) for one in impact.initiatives)
    return replace(
        analysis,
        segmentations=replace(analysis.segmentations, lead=replace(lead, definitions=definitions)),
        impact=replace(impact, initiatives=initiatives),
    )


def _brief(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
