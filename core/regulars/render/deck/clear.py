"""Where a template has room: the rectangle for exhibits, clear of title, footers, logos and other drawings of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pptx.enum.shapes import MSO_SHAPE_TYPE

from regulars.render.deck.box import Box, inches
from regulars.render.deck.layouts import Purpose, Slots, box_of, choose, inherited, slots_of
from regulars.render.deck.opened import Template

MARGIN = inches(0.6)
GAP = inches(0.08)
NEARLY = inches(0.2)  # two edges so far apart are meant to be one
THIN = inches(0.06)  # rules and hairlines hide nothing
BACKGROUND = 0.6  # share of the slide from which on a drawing is what texts stand on
BEHIND = 0.5  # share of a text's place from which on a drawing is its ground
ENOUGH = 0.28  # share of the slide that exhibits need at least
FOOT = inches(0.45)  # where a template has no footer, ours is drawn at the foot of the slide
TITLE_TOP, TITLE_HEIGHT = inches(0.42), inches(0.92)


def body_box(template: Template, layout: Any = None) -> Box:
    """Return the rectangle for exhibits on a layout: where the template has its content, aligned with the title."""
    reference = choose(template, Purpose.CHART)
    layout = reference if layout is None else layout
    key = ("body", layout.part.partname)
    if key not in template.found:
        template.found[key] = _body_box(template, layout, reference)
    return template.found[key]  # type: ignore[no-any-return]


def _body_box(template: Template, layout: Any, reference: Any) -> Box:
    found = slots_of(layout, template)
    title = title_text_box(template, found.title)
    foot = template.height - FOOT - GAP
    tried = [_contents(one, title, foot, template) for one in (found, slots_of(reference, template))]
    # Where the content is a corner of the slide, the room below the title serves better.
    tried.append(Box(title.left, title.bottom + GAP, title.width, max(foot - title.bottom - GAP, 0)))
    kept = (title, *_feet(template, found))
    boxes = [clear_of_drawings(clear_of(box, kept), template, layout) for box in tried if box is not None]
    enough = ENOUGH * template.width * template.height
    return next((box for box in boxes if _area(box) >= enough), max(boxes, key=_area))


def title_text_box(template: Template, placeholder: Any) -> Box:
    """Return where the text of a title stands: its placeholder without the insets, or where one is drawn."""
    if placeholder is None:
        return Box(MARGIN, TITLE_TOP, template.width - 2 * MARGIN, TITLE_HEIGHT)
    box, (left, top, right, bottom) = box_of(placeholder), inherited(placeholder).insets
    return Box(box.left + left, box.top + top, box.width - left - right, box.height - top - bottom)


def drawings(template: Template, layout: Any) -> tuple[Box, ...]:
    """Return the boxes of what a layout and its master draw: logos, bands, texts. Lines and backgrounds are left out."""
    key = ("drawings", layout.part.partname)
    if key not in template.found:
        own = list(layout.shapes)
        shown = layout.element.get("showMasterSp") not in {"0", "false"}
        shapes = [*own, *(template.master.shapes if shown else ())]
        template.found[key] = tuple(
            box for shape in shapes if not shape.is_placeholder and (box := _drawn(shape, template)) is not None
        )
    return template.found[key]  # type: ignore[no-any-return]


def clear_of(box: Box, kept: Iterable[Box], gap: int = GAP) -> Box:
    """Return what is left of a box when others are cut away, each at the side that costs least.

    >>> clear_of(Box(0, 0, 100, 50), [Box(0, 40, 100, 10)], gap=0)
    Box(left=0, top=0, width=100, height=40)
    """
    for other in kept:
        if not meet(box, other):
            continue
        box = max(
            (
                replace(box, height=max(other.top - gap - box.top, 0)),
                Box(box.left, other.bottom + gap, box.width, max(box.bottom - other.bottom - gap, 0)),
                replace(box, width=max(other.left - gap - box.left, 0)),
                Box(other.right + gap, box.top, max(box.right - other.right - gap, 0), box.height),
            ),
            key=_area,
        )
    return box


def clear_of_drawings(box: Box, template: Template, layout: Any) -> Box:
    """Return a box without what logos and pictures take of it; what lies behind most of it is meant to be written on."""
    over = [other for other in drawings(template, layout) if _common(box, other) < BEHIND * _area(box)]
    return clear_of(box, over)


def meet(one: Box, other: Box) -> bool:
    """Say whether two boxes have a common part.

    >>> meet(Box(0, 0, 10, 10), Box(10, 0, 10, 10)), meet(Box(0, 0, 10, 10), Box(9, 9, 10, 10))
    (False, True)
    """
    return _common(one, other) > 0


def _contents(found: Slots, title: Box, foot: int, template: Template) -> Box | None:
    shapes = [*found.contents, *(one for one in (found.callout, *found.headings) if one is not None)]
    if not found.contents:
        return None
    boxes = [box_of(shape) for shape in shapes]
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, low = min(box.top for box in boxes), max(box.bottom for box in boxes)
    if found.source is None:
        low = max(low, foot)  # the source is drawn at the foot of the body
    if abs(left - title.left) <= NEARLY:
        right = right - (title.left - left) if abs(right - title.right) > NEARLY else title.right
        left = title.left
    return Box(left, top, right - left, min(low, template.height - GAP) - top)


def _feet(template: Template, found: Slots) -> tuple[Box, ...]:
    shapes = [shape for shape in (found.footer, found.page) if shape is not None]
    drawn = Box(0, template.height - FOOT, template.width, FOOT)
    return (*map(box_of, shapes), *((drawn,) if len(shapes) < len((found.footer, found.page)) else ()))


def _drawn(shape: Any, template: Template) -> Box | None:
    if None in (shape.left, shape.top, shape.width, shape.height):
        return None
    box = box_of(shape)
    if min(box.width, box.height) < THIN or shape.shape_type == MSO_SHAPE_TYPE.LINE:
        return None
    if shape.shape_type == MSO_SHAPE_TYPE.TEXT_BOX and not shape.text_frame.text.strip():
        return None
    return box if _area(box) < BACKGROUND * template.width * template.height else None


def _common(one: Box, other: Box) -> int:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0) * max(down, 0)


def _area(box: Box) -> int:
    return box.width * box.height
