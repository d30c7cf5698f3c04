"""Find in any template the layout for a purpose and the placeholders for title, source, content and the rest.

A layout is known by its name in seven languages, by its `type` attribute and by the placeholders it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml.ns import qn

from regulars.base.errors import TemplateError, listing
from regulars.render.deck.box import Box, inches
from regulars.render.deck.opened import LayoutName, SlotMap, Template
from regulars.render.deck.purposes import NAMES, TYPES, Purpose
from regulars.render.deck.template_map import by_name

__all__ = [
    "NAMES",
    "SOURCES",
    "SUBTITLES",
    "Inherited",
    "Purpose",
    "Slots",
    "as_wanted",
    "box_of",
    "check_map",
    "choose",
    "inherited",
    "score",
    "slots_of",
    "wants_named",
]
CONTENTS = {Purpose.TITLE: 0, Purpose.TWO: 2, Purpose.ONLY: 0}
SUBTITLES = ("subtitle", "untertitel", "sous-titre", "subtítulo", "sottotitolo", "ondertitel")
SOURCES = ("source", "quelle", "fuente", "fonte", "bron", "footnote", "fußnote")
CALLOUTS = ("callout", "kernaussage", "takeaway")
COPIED = re.compile(r"^\d+_")  # what PowerPoint puts before the name of a layout pasted from another file
TITLES = {KIND.TITLE, KIND.CENTER_TITLE, KIND.VERTICAL_TITLE}
CONTENT_KINDS = {KIND.OBJECT, KIND.BODY, KIND.CHART, KIND.TABLE, KIND.SUBTITLE}
UNSUITABLE = {KIND.PICTURE, KIND.VERTICAL_BODY, KIND.VERTICAL_OBJECT, KIND.VERTICAL_TITLE, KIND.MEDIA_CLIP}
LARGE = 0.08  # share of the slide from which on a placeholder holds content
MASTER_KINDS = {
    **dict.fromkeys(TITLES, KIND.TITLE),
    KIND.FOOTER: KIND.FOOTER,
    KIND.SLIDE_NUMBER: KIND.SLIDE_NUMBER,
    KIND.DATE: KIND.DATE,
}


@dataclass(frozen=True)
class Slots:
    """The placeholders of a layout by what they are for; None or empty where it has none."""

    title: Any = None
    subtitle: Any = None
    source: Any = None
    callout: Any = None
    footer: Any = None
    page: Any = None
    contents: tuple[Any, ...] = ()
    headings: tuple[Any, ...] = ()
    small: tuple[Any, ...] = field(default=())


@dataclass(frozen=True)
class Inherited:
    """How text in a placeholder looks before anything is set: points, weight, insets (left, top, right, bottom)."""

    size: float
    bold: bool
    insets: tuple[int, int, int, int]
    centred: bool = False
    capitals: bool = False
    colour: str | None = None  # the theme colour of the text, where it is one


def choose(template: Template, purpose: Purpose) -> Any:
    """Return the layout that serves a purpose: the one that the map names, else the best; the first of equals."""
    if purpose not in template.found:
        named = template.map.layouts.get(purpose)
        template.found[purpose] = (
            max(template.layouts, key=lambda layout: score(layout, template, purpose))
            if named is None
            else as_wanted(template, named)
        )
    return template.found[purpose]


def as_wanted(template: Template, wanted: LayoutName) -> Any:
    """Return the layout that a map names. Raises TemplateError when there is none."""
    names = tuple(layout.name for layout in template.layouts)
    place = by_name(wanted, names)
    if place is None:
        raise TemplateError(
            f"the map '{template.map.origin}' names the layout '{wanted}', which '{template.name}' does not have",
            remedy=f"name one of {listing(names)}, or give its number, counted from 1",
        )
    return template.layouts[place]


def check_map(template: Template) -> None:
    """Look up everything that the map of a template names. Raises TemplateError for what is not there."""
    for wanted in template.map.layouts.values():
        as_wanted(template, wanted)
    for wanted in template.map.slots:
        slots_of(as_wanted(template, wanted), template)


def wants_named(layout: Any, purpose: Purpose) -> bool:
    """Say whether a layout has one of the usual names for a purpose."""
    return _plain_name(layout) in NAMES[purpose]


def score(layout: Any, template: Template, purpose: Purpose) -> int:
    """Return how well a layout serves a purpose: by name, type and placeholders. Below nought it has no title."""
    found = slots_of(layout, template)
    names = NAMES[purpose]
    name = _plain_name(layout)
    named = 60 - names.index(name) if name in names else 0
    typed = 40 if layout.element.get("type") in TYPES[purpose] else 0
    contents = len(found.contents) + (found.callout is not None)
    wanted = CONTENTS.get(purpose, 1 + (purpose is Purpose.PANEL and template.own))
    missing = 200 if found.title is None else 0
    unsuitable = 60 if any(p.placeholder_format.type in UNSUITABLE for p in layout.placeholders) else 0
    dark = 30 if purpose is not Purpose.CLOSING and name in NAMES[Purpose.CLOSING] else 0
    centre = found.title is not None and found.title.placeholder_format.type == KIND.CENTER_TITLE
    is_cover = centre or layout.element.get("type") in {"title", "secHead"}
    cover = (10 if centre else 0) if purpose is Purpose.TITLE else -40 if is_cover else 0
    return named + typed - 25 * abs(contents - wanted) - missing - unsuitable - dark + cover


def slots_of(layout: Any, template: Template) -> Slots:
    """Return the placeholders of a layout by what they are for: as the map says, else as they look."""
    key = layout.part.partname
    if key not in template.found:
        said = next(
            (told for wanted, told in template.map.slots.items() if as_wanted(template, wanted) is layout), None
        )
        template.found[key] = _looked(layout, template) if said is None else _mapped(layout, template, said)
    return template.found[key]  # type: ignore[no-any-return]


def _mapped(layout: Any, template: Template, said: SlotMap) -> Slots:
    by_idx = {shape.placeholder_format.idx: shape for shape in layout.placeholders}
    looked = _looked(layout, template)

    def shape(idx: int | None) -> Any:
        if idx is not None and idx not in by_idx:
            raise TemplateError(
                f"the map '{template.map.origin}' names placeholder {idx} of the layout '{layout.name}', which has none",
                remedy=f"its placeholders are {', '.join(map(str, sorted(by_idx)))}",
            )
        return None if idx is None else by_idx[idx]

    chosen = Slots(
        title=shape(said.title) or looked.title,
        subtitle=shape(said.subtitle),
        source=shape(said.source),
        callout=shape(said.callout),
        footer=looked.footer,
        page=looked.page,
        contents=tuple(map(shape, said.contents)),
        headings=tuple(map(shape, said.headings)),
    )
    named = (chosen.title, chosen.subtitle, chosen.source, chosen.callout, *chosen.contents, *chosen.headings)
    taken = {one.placeholder_format.idx for one in named if one is not None}
    texts = [one for one in by_idx.values() if one.placeholder_format.type in CONTENT_KINDS]
    return replace(chosen, small=tuple(one for one in texts if one.placeholder_format.idx not in taken))


def _looked(layout: Any, template: Template) -> Slots:
    placeholders = list(layout.placeholders)

    def first(test: Callable[[Any], bool]) -> Any:
        return next((p for p in placeholders if test(p)), None)

    title = first(lambda p: p.placeholder_format.type in TITLES)
    footer = first(lambda p: p.placeholder_format.type == KIND.FOOTER)
    page = first(lambda p: p.placeholder_format.type == KIND.SLIDE_NUMBER)
    texts = [p for p in placeholders if p.placeholder_format.type in CONTENT_KINDS]
    subtitle = _named(texts, SUBTITLES) or next(
        (p for p in texts if p.placeholder_format.type == KIND.SUBTITLE or _is_subtitle(p, title)), None
    )
    source = _named(texts, SOURCES) or next((p for p in texts if _is_source(p, template)), None)
    callout = _named(texts, CALLOUTS)
    free = [p for p in texts if not any(p is taken for taken in (subtitle, source, callout))]
    large = [p for p in free if p.width * p.height >= LARGE * template.width * template.height]
    contents = tuple(sorted(large, key=lambda p: (p.top // inches(1), p.left)))
    small = [p for p in free if not any(p is other for other in contents)]
    headings = tuple(next((p for p in small if _is_heading(p, content)), None) for content in contents)
    return Slots(title, subtitle, source, callout, footer, page, contents, headings, tuple(small))


def box_of(placeholder: Any) -> Box:
    """Return where a placeholder is, inherited positions included."""
    return Box(int(placeholder.left), int(placeholder.top), int(placeholder.width), int(placeholder.height))


def inherited(placeholder: Any) -> Inherited:
    """Return how text in a layout's placeholder looks, following it up to the master's text styles."""
    master = _master_of(placeholder)
    kind = MASTER_KINDS.get(placeholder.placeholder_format.type, KIND.BODY)
    parent = next((p for p in master.placeholders if p.placeholder_format.type == kind), None)
    chain = [shape for shape in (placeholder, parent) if shape is not None and shape.has_text_frame]
    style = "p:titleStyle" if kind == KIND.TITLE else "p:bodyStyle" if kind == KIND.BODY else "p:otherStyle"
    levels = [shape.element.find(f"{qn('p:txBody')}/{qn('a:lstStyle')}/{qn('a:lvl1pPr')}") for shape in chain]
    levels.append(master.element.find(f"{qn('p:txStyles')}/{qn(style)}/{qn('a:lvl1pPr')}"))
    defaults = [level.find(qn("a:defRPr")) for level in levels if level is not None]
    size = next((run.get("sz") for run in defaults if run is not None and run.get("sz")), "1800")
    bold = next((run.get("b") for run in defaults if run is not None and run.get("b")), "0")
    align = next((level.get("algn") for level in levels if level is not None and level.get("algn")), "l")
    bodies = [shape.element.find(f"{qn('p:txBody')}/{qn('a:bodyPr')}") for shape in chain]

    def inset(name: str, default: int) -> int:
        return int(next((body.get(name) for body in bodies if body is not None and body.get(name)), default))

    left, right = inset("lIns", inches(0.1)), inset("rIns", inches(0.1))
    insets = (left, inset("tIns", 45720), right, inset("bIns", 45720))
    capitals = next((run.get("cap") for run in defaults if run is not None and run.get("cap")), "none") == "all"
    fill = next((one for run in defaults if run is not None and (one := run.find(qn("a:solidFill"))) is not None), None)
    scheme = None if fill is None else fill.find(qn("a:schemeClr"))
    colour = None if scheme is None else scheme.get("val")
    return Inherited(int(size) / 100, bold in {"1", "true"}, insets, align == "ctr", capitals, colour)


def _plain_name(layout: Any) -> str:
    return COPIED.sub("", layout.name.strip().casefold())


def _master_of(placeholder: Any) -> Any:
    return placeholder.part.slide_layout.slide_master


def _named(shapes: list[Any], names: tuple[str, ...]) -> Any:
    return next((shape for shape in shapes if shape.name.strip().casefold().startswith(names)), None)


def _is_subtitle(shape: Any, title: Any) -> bool:
    if title is None or shape.placeholder_format.type != KIND.BODY or shape.height > inches(0.6):
        return False
    below = shape.top - (title.top + title.height)
    return bool(inches(-0.3) <= below <= inches(0.4) and shape.width >= title.width * 0.7)


def _is_source(shape: Any, template: Template) -> bool:
    low = shape.top >= template.height * 0.8
    return bool(shape.placeholder_format.type == KIND.BODY and shape.height < inches(0.5) and low)


def _is_heading(shape: Any, content: Any) -> bool:
    above = content.top - (shape.top + shape.height)
    overlap = min(shape.left + shape.width, content.left + content.width) - max(shape.left, content.left)
    return bool(inches(-0.1) <= above <= inches(0.4) and overlap > content.width * 0.5)
