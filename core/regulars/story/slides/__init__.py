"""The deck's storyline. A slide is one function that returns its spec, several, or nothing where the data cannot carry it.

A new slide is a function and its line in SLIDES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum

from regulars.analysis import Analysis
from regulars.base.errors import SettingsError, listing, nearest
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings.customers import FEWEST
from regulars.story.brief_names import brief_names
from regulars.story.case import BEFORE_ANY_PLAN, case_of
from regulars.story.slide_spec import DeckSpec, SlideSpec
from regulars.story.slides.appendix import definitions_slide, method_slide, quality_slide, tables_slides
from regulars.story.slides.decision import closing_slide, summary_slide
from regulars.story.slides.evidence import clusters_slide, validation_slide
from regulars.story.slides.frame import risks_slide, title_slide
from regulars.story.slides.money import portfolio_slide, roadmap_slide, waterfall_slide
from regulars.story.slides.movement import movement_slide
from regulars.story.slides.pages import segment_pages
from regulars.story.slides.playbook import playbook_slide
from regulars.story.slides.priority import priority_slide, sensitivity_slide
from regulars.story.slides.tiers import tiers_slide
from regulars.story.slides.time import retention_slide, trend_slide
from regulars.story.slides.value import (
    concentration_slide,
    distribution_slide,
    heat_slide,
    lifetime_slide,
    scorecard_slide,
    value_slide,
)
from regulars.story.texts import text
from regulars.story.words import shares_are_known

SHORT, FULL = "short", "full"
CLUSTERS = "clusters"
LONGEST_NAME = 32  # characters of a segment's name: supplied ones may be whole sentences, and a slide has no room

Made = SlideSpec | Iterable[SlideSpec] | None


class Rests(Enum):
    """What a slide's message rests on, beside its own facts."""

    NOTHING = 0
    GROUPS = 1  # enough customers: it is about groups of them, or the best tenth
    PURCHASES = 2  # purchases that outweigh returns
    BOTH = 3


@dataclass(frozen=True)
class Slide:
    """A slide of the story by key: how it is made, whether the short deck has it, and what it rests on."""

    key: str
    make: Callable[[Analysis, Facts], Made]
    short: bool = False
    plans: bool = False  # about what acting would earn: left out where something else must come before any plan
    rests: Rests = Rests.NOTHING


SLIDES = (
    Slide("title", title_slide, short=True),
    Slide("summary", summary_slide, short=True),
    Slide("value", value_slide, short=True, rests=Rests.GROUPS),
    Slide("scorecard", scorecard_slide, short=True, rests=Rests.GROUPS),
    Slide("concentration", concentration_slide, short=True, rests=Rests.GROUPS),
    Slide("heat", heat_slide, short=True, rests=Rests.GROUPS),
    Slide("lifetime", lifetime_slide, short=True, rests=Rests.GROUPS),
    Slide("distribution", distribution_slide, rests=Rests.GROUPS),
    Slide("trend", trend_slide, short=True),
    Slide("retention", retention_slide, short=True, rests=Rests.BOTH),
    Slide("movement", movement_slide, short=True, rests=Rests.BOTH),
    Slide("tiers", tiers_slide, rests=Rests.GROUPS),
    Slide("waterfall", waterfall_slide, short=True, plans=True),
    Slide("portfolio", portfolio_slide, short=True, plans=True),
    Slide("priority", priority_slide, plans=True),
    Slide("playbook", playbook_slide, short=True, rests=Rests.PURCHASES),
    Slide("pages", segment_pages, rests=Rests.BOTH),
    Slide("roadmap", roadmap_slide, short=True, plans=True),
    Slide("risks", risks_slide, short=True),
    Slide("closing", closing_slide, short=True),
    Slide("quality", quality_slide),
    Slide("method", method_slide),
    Slide(CLUSTERS, clusters_slide, rests=Rests.GROUPS),
    Slide("validation", validation_slide, rests=Rests.GROUPS),
    Slide("sensitivity", sensitivity_slide, plans=True),
    Slide("tables", tables_slides, rests=Rests.BOTH),
    Slide("definitions", definitions_slide),
)


def deck(analysis: Analysis, facts: Facts) -> DeckSpec:
    """Return the slides that the settings choose and whose message the data carry.

    A deck that would be empty has its title slide. Raises SettingsError for a slide that is not known.
    """
    chosen = chosen_slides(analysis.settings)
    named_briefly = _with_brief_names(analysis)
    made = {slide.key: _made(slide, named_briefly, facts) for slide in chosen}
    slides = tuple(spec for specs in made.values() for spec in specs)
    return DeckSpec(
        title=text("slide.title.title", facts),
        footer=text("deck.footer", facts),
        slides=slides or (title_slide(named_briefly, facts),),
        currency_code=facts.currency.code,
        analyst=analysis.settings.analyst or "",
        left_out=tuple(key for key in analysis.settings.slides if key in made and not made[key]),
    )


def chosen_slides(settings: Settings) -> tuple[Slide, ...]:
    """Return the slides that the settings choose, each once: `short` and `full` stand for theirs.

    Raises SettingsError for a key that is none, naming the nearest.
    """
    by_key = {slide.key: slide for slide in SLIDES}
    found: dict[str, Slide] = {}
    for key in settings.slides:
        if key not in {SHORT, FULL, *by_key}:
            near = nearest(key, (SHORT, FULL, *by_key))
            known = listing([SHORT, FULL, *by_key], most=len(by_key) + 2)
            raise SettingsError(
                f"there is no slide '{key}'",
                remedy=f"write '{near}'" if near else f"use short, full or keys of {known}",
            )
        several = [one for one in SLIDES if one.short or key == FULL] if key in {SHORT, FULL} else [by_key[key]]
        found |= {one.key: one for one in several if one.key not in found}
    if not found:
        raise SettingsError("slides is an empty list", remedy="write short, full, or the keys of the slides you want")
    return tuple(found.values())


def shows_clusters(settings: Settings) -> bool:
    """Tell whether a slide that the settings choose is about clusters: only then are they looked for."""
    return any(slide.key == CLUSTERS for slide in chosen_slides(settings))


def _made(slide: Slide, analysis: Analysis, facts: Facts) -> tuple[SlideSpec, ...]:
    """Return the specs of a slide; none where there are too few customers or too little money for its message."""
    few, nothing = facts.number("customers.count") < FEWEST, not shares_are_known(facts)
    if (few and slide.rests in {Rests.GROUPS, Rests.BOTH}) or (
        nothing and slide.rests in {Rests.PURCHASES, Rests.BOTH}
    ):
        return ()
    if slide.plans and case_of(analysis, facts) in BEFORE_ANY_PLAN:
        return ()
    made = slide.make(analysis, facts)
    return () if made is None else (made,) if isinstance(made, SlideSpec) else tuple(made)


def _with_brief_names(analysis: Analysis) -> Analysis:
    lead, impact = analysis.segmentations.lead, analysis.impact
    named = [segment.name for segment in lead.definitions] + [
        name for one in impact.initiatives for name in one.segments
    ]
    brief = brief_names(named, LONGEST_NAME)
    definitions = tuple(replace(segment, name=brief[segment.name]) for segment in lead.definitions)
    initiatives = tuple(
        replace(one, segments=tuple(brief[name] for name in one.segments)) for one in impact.initiatives
    )
    return replace(
        analysis,
        segmentations=replace(analysis.segmentations, lead=replace(lead, definitions=definitions)),
        impact=replace(impact, initiatives=initiatives),
    )
