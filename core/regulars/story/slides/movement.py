"""The movement slide: who left the top, who reached it, and what chance alone would move."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, Value
from regulars.segments.movement import Movement
from regulars.story.moved import against_chance
from regulars.story.slide_spec import SlideColumn, SlideKind, SlideSpec, SlideTable
from regulars.story.texts import text
from regulars.story.words import sources

STILL = "slide.movement.title_still"
TITLES = {1: "slide.movement.title_above", 0: "slide.movement.title_about", -1: "slide.movement.title_below"}


def movement_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show for each segment who stayed, who went and who came; nothing where there is no earlier day to compare with."""
    main = analysis.movements.main
    if main is None:
        return None
    still = not facts.number("movement.left_top") and not facts.number("movement.reached_top")
    title = STILL if still else TITLES[against_chance(facts, "movement.left_top", main.known)]
    table = SlideTable(
        (
            SlideColumn("Segment"), SlideColumn("Then", COUNT), SlideColumn("Stayed", COUNT),
            SlideColumn("Stay by chance", COUNT, optional=True), SlideColumn("Went elsewhere", COUNT),
            SlideColumn("Came from others", COUNT), SlideColumn("New customers", COUNT), SlideColumn("Now", COUNT),
        ),
        tuple(_row(main, place, facts) for place in range(len(main.definitions)) if _held(main, place)),
        text("slide.movement.alt", facts),
        total=(
            "All customers",
            *(
                facts.value(f"movement.{name}")
                for name in ("known", "stayed", "stayed_by_chance", "moved", "moved", "came", "now")
            ),
        ),
    )  # fmt: skip
    return SlideSpec(
        "movement", SlideKind.CONTENT, text(title, facts),
        text("slide.movement.subtitle", facts, scheme=main.title), (table,),
        (text("slide.movement.so_what_down", facts), text("slide.movement.so_what_up", facts)),
        text("deck.source", facts, sources=sources(analysis)), notes=f"{text('movement.chance_meant', facts)} {text('slide.movement.notes', facts)}",
    )  # fmt: skip


def _held(main: Movement, place: int) -> bool:
    return bool(main.customers[place].any() or main.customers[:, place].any())


def _row(main: Movement, place: int, facts: Facts) -> tuple[Value, ...]:
    segment = main.definitions[place]
    names = ("then", "stayed", "stayed_by_chance", "went", "came", "new", "now")
    return segment.name, *(facts.value(f"movement.segment.{segment.key}.{name}") for name in names)
