"""Rules for where things stand: on the slide, apart from one another, on the margins, in the order of reading."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from regulars.render.deck.box import EMU_PER_INCH, EMU_PER_POINT, Box, inches
from regulars.render.deck_lint.finding import Said, Severity, slide_rule
from regulars.render.deck_lint.model import Deck, Kind, Shape, Slide
from regulars.render.deck_lint.room import MOST_TITLE_LINES, ROUNDING, height_of, title_lines, width_of

TOUCHING = 0.02  # share of the smaller of two shapes
GRID = inches(0.02)
NEARLY = inches(0.08)
POINT = EMU_PER_POINT


@slide_rule("OFF-SLIDE", Severity.ERROR, "Every shape lies inside the slide.", "move the shape, or make it smaller")
def off_slide(deck: Deck, slide: Slide) -> Iterable[Said]:
    """Find shapes that leave the slide."""
    for shape in slide.leaves:
        beyond = {
            "left": -shape.box.left,
            "top": -shape.box.top,
            "right": shape.box.right - deck.width,
            "bottom": shape.box.bottom - deck.height,
        }
        edge, most = max(beyond.items(), key=lambda pair: pair[1])
        if most > POINT:
            yield shape.name, f"it lies {most / EMU_PER_INCH:.2f} in beyond the {edge} edge"


@slide_rule(
    "OVERLAP",
    Severity.ERROR,
    "Texts and exhibits do not lie on one another by more than 2% of the smaller one.",
    "move one of them, or make it smaller",
)
def overlap(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find texts and exhibits that lie on one another."""
    solid = [leaf for leaf in slide.leaves if _is_solid(leaf)]
    for one, other in itertools.combinations(solid, 2):
        share = _common(one.box, other.box) / max(min(_area(one.box), _area(other.box)), 1)
        if share > TOUCHING:
            yield one.name, f"it lies on '{other.name}' by {share:.0%} of the smaller one"


@slide_rule(
    "OVERFLOW",
    Severity.ERROR,
    "Text fits into its shape, by measured widths.",
    "shorten the text, enlarge the shape, or split the slide",
)
def overflow(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find text that is higher or wider than its shape."""
    for shape in slide.leaves:
        if shape.kind is not Kind.TEXT or not shape.written or shape.has_field:
            continue
        width, height = shape.room
        needed = height_of(slide, shape)
        if needed > height * 1.02 + ROUNDING and not (shape.is_title and _has_too_many_lines(slide, shape)):
            yield shape.name, f"the text is {needed:.0f} pt high, the shape has room for {max(height, 0):.0f} pt"
        wide = width_of(slide, shape)
        if wide > width * 1.02 + ROUNDING and not (shape.grows and not shape.wraps):
            yield shape.name, f"the text is {wide:.0f} pt wide, the shape has room for {max(width, 0):.0f} pt"


@slide_rule(
    "AUTOFIT",
    Severity.WARNING,
    "Text is set at its size: nothing is left to the program that opens the deck.",
    "set the size yourself and turn off 'Shrink text on overflow'",
)
def autofit(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find text that is shrunk by the program."""
    for shape in slide.leaves:
        fit = shape.element.find(".//{*}txBody/{*}bodyPr/{*}normAutofit")
        if shape.written and shape.shrinks and fit is not None and fit.get("fontScale"):
            yield shape.name, f"its text is shrunk to {int(fit.get('fontScale')) / 1000:.0f}%"


@slide_rule(
    "MARGINS",
    Severity.WARNING,
    "Exhibits keep the left margin of the title and the same margin at the right.",
    "line the exhibit up with the title",
)
def margins(deck: Deck, slide: Slide) -> Iterable[Said]:
    """Find exhibits that reach into the margins."""
    if slide.title is None or slide.cover or not slide.title.is_title:
        return
    edge = min(slide.title.box.left, deck.width - slide.title.box.right)
    for shape in slide.exhibits:
        outside = max(edge - shape.box.left, shape.box.right - (deck.width - edge))
        if outside > GRID and shape.box.left >= 0 and shape.box.right <= deck.width:
            yield shape.name, f"it reaches {outside / EMU_PER_INCH:.2f} in into the margin"


@slide_rule(
    "GRID",
    Severity.WARNING,
    "Left edges are the same or clearly apart: not 0.02 to 0.08 in.",
    "line the two up",
)
def grid(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find shapes that are nearly lined up."""
    shapes = [one for one in slide.shapes if (one.written or one in slide.exhibits) and not one.decorative]
    for one, other in itertools.combinations(shapes, 2):
        apart = abs(one.box.left - other.box.left)
        if GRID < apart < NEARLY:
            yield other.name, f"its left edge is {apart / EMU_PER_INCH:.2f} in off that of '{one.name}'"


@slide_rule(
    "READING-ORDER",
    Severity.WARNING,
    "The title is read first, and exhibits from left to right.",
    "put the shapes in order in the selection pane",
)
def reading_order(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides that a screen reader reads in another order than they are seen in."""
    said = [one for one in slide.shapes if (one.written or one in slide.exhibits) and not one.decorative]
    if slide.title is not None and slide.title in said and said[0] is not slide.title:
        yield said[0].name, "it is read before the title"
    for one, other in itertools.pairwise(slide.exhibits):
        beside = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top) > min(
            one.box.height, other.box.height
        ) / 2  # fmt: skip
        if beside and other.box.right <= one.box.left:
            yield other.name, f"it stands left of '{one.name}' and is read after it"


@slide_rule(
    "EMPTY-PLACEHOLDER",
    Severity.ERROR,
    "No placeholder is left empty: it would show its prompt.",
    "fill it or delete it",
)
def empty_placeholder(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find placeholders without text."""
    for shape in slide.leaves:
        empty = shape.slot is not None and shape.kind is Kind.TEXT and not shape.written and not shape.has_field
        if empty and shape is not slide.title:  # TITLE-MISSING says that
            yield shape.name, "the placeholder is empty"


@slide_rule(
    "DUPLICATE-SHAPE-ID", Severity.ERROR, "Numbers of shapes are unique on a slide.", "copy the shapes to a new slide"
)
def duplicate_id(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find shapes that share a number: PowerPoint offers to repair the file."""
    seen: set[str] = set()
    for properties in slide.element.iter("{*}cNvPr"):
        number = properties.get("id")
        if number in seen:
            yield properties.get("name", ""), f"number {number} belongs to another shape too"
        seen.add(number)


def _is_solid(shape: Shape) -> bool:
    exhibit = shape.kind in {Kind.TABLE, Kind.CHART, Kind.PICTURE}
    return not shape.decorative and (exhibit or (shape.kind is Kind.TEXT and (shape.written or shape.has_field)))


def _has_too_many_lines(slide: Slide, shape: Shape) -> bool:
    # Said by TITLE-LINES already.
    return not slide.cover and title_lines(slide, shape) > MOST_TITLE_LINES


def _common(one: Box, other: Box) -> int:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0) * max(down, 0)


def _area(box: Box) -> int:
    return box.width * box.height


RULES = (
    off_slide,
    overlap,
    overflow,
    autofit,
    margins,
    grid,
    reading_order,
    empty_placeholder,
    duplicate_id,
)
