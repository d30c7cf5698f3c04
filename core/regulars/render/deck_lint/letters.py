"""Rules for type: sizes that can be read, few of them, and the theme's fonts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pptx.oxml.ns import qn

from regulars.render.deck.layouts import SUBTITLES
from regulars.render.deck_lint.finding import Said, Severity, Spot, deck_rule, slide_rule
from regulars.render.deck_lint.model import Deck, Kind, Paragraph, Shape, Slide

SMALLEST_BODY, SMALLEST_LABEL, SMALLEST_CHART, SMALLEST_SOURCE = 12.0, 11.0, 10.0, 9.0
LADDER = {8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 40, 44, 48, 54, 60, 66, 72, 80, 88, 96}
MOST_SIZES = 6
MOST_FONTS = 2
THEME_FONTS = {"+mn-lt", "+mj-lt", "+mn-ea", "+mj-ea", "+mn-cs", "+mj-cs"}


@slide_rule(
    "FONT-MIN",
    Severity.ERROR,
    "Body text has 12 points or more; headings, subtitles, tables and labels of drawings 11; charts 10; sources and footers 9.",
    "set it larger, and shorten the text or split the slide where it does not fit then",
)
def font_min(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find text that is too small."""
    for shape in slide.leaves:
        least = _least(slide, shape)
        sizes = [run.size for one in _paragraphs(shape) for run in one.runs if run.text.strip()]
        if sizes and min(sizes) < least:
            yield shape.name, f"text of {min(sizes):g} pt; {least:g} pt is the least"
        if shape.chart is not None:
            small = [size for size in chart_sizes(shape) if size < SMALLEST_CHART]
            if small:
                yield shape.name, f"text of {min(small):g} pt in a chart; {SMALLEST_CHART:g} pt is the least"


@slide_rule(
    "FONT-LADDER",
    Severity.WARNING,
    "Sizes that a slide sets itself are steps of the ladder: 8 to 14 by ones, 16 to 36 by twos, 40, 44 and so on.",
    "take the nearest step that fits",
)
def ladder(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find sizes between the steps."""
    for shape in slide.leaves:
        if shape.shrinks:
            continue  # AUTOFIT says so
        odd = {run.size for one in _paragraphs(shape) for run in one.runs if run.own_size and run.size not in LADDER}
        if odd:
            yield shape.name, f"text of {', '.join(f'{size:g}' for size in sorted(odd))} pt is no step of the ladder"


@slide_rule(
    "SIZE-COUNT",
    Severity.WARNING,
    "A slide has at most six sizes of text, those of charts left out.",
    "use one size for everything of one rank",
)
def size_count(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides with many sizes."""
    sizes = {run.size for shape in slide.leaves for one in _paragraphs(shape) for run in one.runs if run.text.strip()}
    if len(sizes) > MOST_SIZES:
        yield "", f"{len(sizes)} sizes: {', '.join(f'{size:g}' for size in sorted(sizes))} pt"


@deck_rule(
    "FONT-COUNT",
    Severity.WARNING,
    "A deck has at most two typefaces.",
    "take the two fonts of the theme",
)
def font_count(deck: Deck) -> Iterable[Spot]:
    """Find decks with many typefaces."""
    used = {face for slide in deck.slides for face in (slide.major.name, slide.minor.name, *_hard_fonts(slide.element))}
    if len(used) > MOST_FONTS:
        yield Spot(0, "", f"{len(used)} typefaces: {', '.join(sorted(used))}")


@slide_rule(
    "HARD-CODED-FONT",
    Severity.WARNING,
    "Text takes its font from the theme, so that it follows the brand.",
    "set the font to the theme's heading or body font",
)
def hard_coded_font(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find fonts that are written on text."""
    for shape in slide.leaves:
        elements = [shape.element, *([shape.chart.element] if shape.chart is not None else [])]
        fonts = {face for element in elements for face in _hard_fonts(element)} - {slide.major.name, slide.minor.name}
        if fonts:
            yield shape.name, f"the font {', '.join(sorted(fonts))} is written on it"


def chart_sizes(shape: Shape) -> Iterator[float]:
    """Return the sizes in points that a chart sets for its texts."""
    if shape.chart is not None:
        for tag in ("a:defRPr", "a:rPr"):
            for properties in shape.chart.element.iter(qn(tag)):
                if properties.get("sz"):
                    yield int(properties.get("sz")) / 100


def _paragraphs(shape: Shape) -> Iterator[Paragraph]:
    yield from shape.paragraphs
    for row in shape.table.cells if shape.table is not None else ():
        for cell in row:
            yield from cell.paragraphs


def _least(slide: Slide, shape: Shape) -> float:
    if shape.is_footer or shape is slide.source:
        return SMALLEST_SOURCE
    in_group = not any(shape is top for top in slide.shapes)
    secondary = shape.kind is Kind.TABLE or in_group
    return SMALLEST_LABEL if secondary or _is_heading(slide, shape) else SMALLEST_BODY


def _is_heading(slide: Slide, shape: Shape) -> bool:
    name = shape.name.strip().casefold()
    named = name.startswith(SUBTITLES) or "heading" in name
    return shape.slot == "subTitle" or (named and shape is not slide.title)


def _hard_fonts(element: object) -> set[str]:
    found = {latin.get("typeface") for latin in element.iter(qn("a:latin"))}  # type: ignore[attr-defined]
    return {str(face) for face in found if face and face not in THEME_FONTS}


RULES = (font_min, ladder, size_count, font_count, hard_coded_font)
