"""The movement slide: who left the top, who reached it, and what chance alone would move."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT
from regulars.segments.movement import Movement
from regulars.story.moved import against_chance
from regulars.story.slide_spec import SlideColumn, SlideKind, SlideSpec, SlideTable
from regulars.story.texts import text
from regulars.story.words import sources

TITLES = {1: "slide.movement.title_above", 0: "slide.movement.title_about", -1: "slide.movement.title_below"}


def movement_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show for each segment who stayed, who went and who came; nothing where there is no earlier day to compare with."""
    main = analysis.movements.main
    if main is None:
        return None
    title = TITLES[against_chance(facts, "movement.left_top", main.known)]
    table = SlideTable(
        (
            SlideColumn("Segment"), SlideColumn("Then", COUNT), SlideColumn("Stayed", COUNT),
            SlideColumn("Stay by chance", COUNT, optional=True), SlideColumn("Went elsewhere", COUNT),
            SlideColumn("Came from others", COUNT), SlideColumn("New customers", COUNT), SlideColumn("Now", COUNT),
        ),
        tuple(_row(main, place) for place in range(len(main.definitions)) if _held(main, place)),
        text("slide.movement.alt", facts),
        total=(
            "All customers", main.known, main.known - int(main.moved()), round(main.known - main.moved(expected=True)),
            int(main.moved()), int(main.moved()), int(main.customers[-1].sum()), len(main.after),
        ),
    )  # fmt: skip
    return SlideSpec(
        "movement", SlideKind.CONTENT, text(title, facts),
        text("slide.movement.subtitle", facts, scheme=main.title), (table,),
        (text("slide.movement.so_what_down", facts), text("slide.movement.so_what_up", facts)),
        text("deck.source", facts, sources=sources(analysis)), notes=text("movement.chance_meant", facts),
    )  # fmt: skip


def _held(main: Movement, place: int) -> bool:
    return bool(main.customers[place].any() or main.customers[:, place].any())


def _row(main: Movement, place: int) -> tuple[str | int, ...]:
    then, now = int(main.customers[place].sum()), int(main.customers[:, place].sum())
    stayed, new = int(main.customers[place, place]), int(main.customers[-1, place])
    by_chance = round(float(main.expected[place, place]))
    return main.definitions[place].name, then, stayed, by_chance, then - stayed, now - stayed - new, new, now
