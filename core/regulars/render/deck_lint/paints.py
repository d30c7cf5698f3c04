"""Rules for colour: text that can be read, the theme's colours only, and one colour for one segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck.colour import colour_of
from regulars.render.deck.theme import READABLE, VISIBLE, Rgb, contrast
from regulars.render.deck_lint.finding import Said, Severity, Spot, deck_rule, slide_rule
from regulars.render.deck_lint.model import Deck, Paragraph, Series, Slide

LARGE, LARGE_BOLD = 18, 14
OUTSIDE = {"outEnd", "t", "b", "l", "r"}
PLACED_OUTSIDE = {
    "barChart": ("outEnd",),
    "lineChart": ("t", "b", "l", "r", ""),
    "bubbleChart": ("t", "b", "l", "r", ""),
}


@slide_rule(
    "CONTRAST",
    Severity.ERROR,
    "Text has a contrast of 4.5 to 1 with what is behind it; 3 to 1 from 18 points, or 14 points bold.",
    "take a darker or lighter colour of the theme for the text or for what is behind it",
)
def text_contrast(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find text that cannot be read on its ground. Pictures and gradients are not judged."""
    for shape in slide.leaves:
        worst = _worst(shape.paragraphs, shape.ground)
        for row in shape.table.cells if shape.table is not None else ():
            for cell in row:
                worst = min(worst, _worst(cell.paragraphs, cell.ground))
        if worst[0] < 1:
            yield shape.name, f"'{worst[2][:30]}' has a contrast of {worst[1]:.1f} to 1"


@slide_rule(
    "CHART-LABEL-CONTRAST",
    Severity.ERROR,
    "Labels of a chart have that contrast with the column, bar or slide behind them.",
    "take another theme colour for the labels, or put them outside",
)
def label_contrast(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find labels of charts that cannot be read."""
    for shape in slide.charts:
        if shape.chart is None:
            continue
        for series in shape.chart.series:
            for colour, ground, size, bold in _labels(series, slide):
                if colour is None or ground is None:
                    continue
                found = contrast(colour, ground)
                if found < _enough(size, bold=bold):
                    yield shape.name, f"labels of '{series.name}' have a contrast of {found:.1f} to 1"
                    break


@slide_rule(
    "HARD-CODED-COLOUR",
    Severity.WARNING,
    "Colours are the theme's, so that they follow the brand.",
    "choose the colour from the theme",
)
def hard_coded_colour(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find colours that are written as numbers or names."""
    for shape in slide.leaves:
        elements = [shape.element, *([shape.chart.element] if shape.chart is not None else [])]
        found = {
            colour.get("val")
            for element in elements
            for tag in ("a:srgbClr", "a:prstClr", "a:sysClr")
            for colour in element.iter(qn(tag))
        }
        if found:
            yield shape.name, f"the colour {', '.join(sorted(found))} is written on it"


@deck_rule(
    "SEGMENT-COLOUR",
    Severity.WARNING,
    "A segment or series has one colour in the whole deck, where it is told apart by colour.",
    "give it the colour that it has on the first slide",
)
def segment_colour(deck: Deck) -> Iterable[Spot]:
    """Find names with another colour than on an earlier slide."""
    first: dict[str, tuple[str, int]] = {}
    for slide in deck.slides:
        for shape, name, slot in _named_colours(slide):
            before = first.setdefault(name, (slot, slide.number))
            if before[0] != slot:
                yield Spot(slide.number, shape, f"'{name}' is {slot} here and {before[0]} on slide {before[1]}")


def _named_colours(slide: Slide) -> Iterator[tuple[str, str, str]]:
    for shape in slide.charts:
        several = shape.chart is not None and len(shape.chart.series) > 1
        for series in shape.chart.series if several and shape.chart is not None else ():
            slot = series.paint.find(qn("a:schemeClr")) if series.paint is not None else None
            if slot is not None:
                yield shape.name, series.name, slot.get("val")
    for shape in slide.tables:
        for row in shape.table.cells if shape.table is not None else ():
            if row and row[0].marker:
                yield shape.name, row[0].text, row[0].marker


def _worst(paragraphs: tuple[Paragraph, ...], ground: Rgb | None) -> tuple[float, float, str]:
    """Return how far the least readable run is from enough (below 1 is too little), its contrast and its text."""
    worst = (99.0, 21.0, "")
    if ground is None:
        return worst
    for paragraph in paragraphs:
        for run in paragraph.runs:
            if run.colour is not None and run.text.strip():
                found = contrast(run.colour, ground)
                worst = min(worst, (found / _enough(run.size, bold=run.bold), found, run.text))
    return worst


def _enough(size: float, *, bold: bool) -> float:
    return VISIBLE if size >= LARGE or (size >= LARGE_BOLD and bold) else READABLE


def _labels(series: Series, slide: Slide) -> Iterator[tuple[Rgb | None, Rgb | None, float, bool]]:
    """Return colour, ground, size and weight of a series' shown labels."""
    labels = series.element.find(qn("c:dLbls"))
    if labels is None:
        return
    hidden = _is(labels, "c:delete") or not any(
        _is(labels, tag) for tag in ("c:showVal", "c:showPercent", "c:showSerName")
    )
    if not hidden:
        yield _label(labels, labels, series, slide)
    for label in labels.findall(qn("c:dLbl")):
        if not _is(label, "c:delete"):
            yield _label(label, labels, series, slide)


def _label(label: Any, labels: Any, series: Series, slide: Slide) -> tuple[Rgb | None, Rgb | None, float, bool]:
    properties = next(
        (found for one in (label, labels) for tag in ("a:rPr", "a:defRPr") if (found := _text(one, tag)) is not None),
        None,
    )
    fill = properties.find(qn("a:solidFill")) if properties is not None else None
    colour = colour_of(fill, slide.theme) if fill is not None else slide.theme.get("tx1")
    size = int(properties.get("sz", "1000")) / 100 if properties is not None else 10.0
    bold = properties is not None and properties.get("b") in {"1", "true"}
    place = label.find(qn("c:dLblPos"))
    where = place.get("val") if place is not None else ""
    outside = where in PLACED_OUTSIDE.get(series.plot, ("outEnd",))
    ground = slide.background
    if not outside and series.paint is not None:
        ground = colour_of(series.paint, slide.theme, slide.background)
    return colour, ground, size, bold


def _text(label: Any, tag: str) -> Any:
    holders = [label.find(qn("c:tx")), label.find(qn("c:txPr"))]
    return next((one.find(f".//{qn(tag)}") for one in holders if one is not None and one.find(f".//{qn(tag)}") is not None), None)  # fmt: skip


def _is(element: Any, tag: str) -> bool:
    found = element.find(qn(tag))
    return found is not None and found.get("val", "1") in {"1", "true"}


RULES = (text_contrast, label_contrast, hard_coded_colour, segment_colour)
