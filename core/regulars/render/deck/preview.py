"""The preview of a template: a slide for each layout, with the outline, number and use of every placeholder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.text import MSO_ANCHOR

from regulars.base.files import MARK
from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.clear import body_box
from regulars.render.deck.fit import largest_size
from regulars.render.deck.layouts import box_of, choose, slots_of
from regulars.render.deck.opened import Template
from regulars.render.deck.profile import Profile, slot_names
from regulars.render.deck.purposes import Purpose
from regulars.render.deck.shapes import rectangle
from regulars.render.deck.text import Look, text_box
from regulars.render.deck.theme import Paint
from regulars.story.slide_spec import Role

SIZES = (12, 11, 10, 9)
INSET = inches(0.06)
OUTLINE = 1.0  # points
WASH = 0.12


def add_preview(profile: Profile) -> None:
    """Add the slides of the preview to the template's own presentation, which was empty."""
    template = profile.template
    for number, layout in enumerate(template.layouts, start=1):
        uses = [purpose.value for purpose in Purpose if choose(template, purpose) is layout]
        _add_layout(template, layout, f"{number}: {layout.name}", uses)
    properties = template.presentation.core_properties
    properties.comments = MARK
    properties.title = "Preview of a template"


def _add_layout(template: Template, layout: Any, name: str, uses: Sequence[str]) -> None:
    slide = template.presentation.slides.add_slide(layout)
    for placeholder in list(slide.placeholders):
        oxml.remove(placeholder)
    named = slot_names(slots_of(layout, template))
    if set(uses) - {Purpose.TITLE.value}:
        box = body_box(template, layout)
        shape = rectangle(slide.shapes, box, Paint(template.theme.roles[Role.HIGHLIGHT].slot, alpha=WASH))
        shape.name = "Room for exhibits"
        _label(slide, template, _foot(box), "room for exhibits")
    for placeholder in layout.placeholders:
        idx = placeholder.placeholder_format.idx
        used = named.get(idx)
        kind = str(placeholder.placeholder_format.type).partition(" ")[0].lower()
        box = box_of(placeholder)
        _outline(slide, template, box, f"Placeholder {idx}", is_used=used is not None)
        brief = f"**{idx}**  {used or 'not used'}"
        whole = f"{brief} ({kind}: {placeholder.name})"
        _label(slide, template, box, whole if _fits(whole, template, box) else brief)
    told = f"**Layout {name}**  {'serves ' + ', '.join(uses) if uses else 'is not used'}"
    banner = Box(inches(0.1), inches(0.05), template.width - inches(0.2), inches(0.28))
    shape = _label(slide, template, banner, told)
    shape.name = "Layout"
    oxml.fill(shape.fill, Paint("bg1"))


def _outline(slide: Any, template: Template, box: Box, name: str, *, is_used: bool) -> None:
    shape = rectangle(slide.shapes, box, Paint("bg1"))
    shape.fill.background()
    shape.name = name
    oxml.line(shape.line, template.theme.roles[Role.HIGHLIGHT if is_used else Role.NEGATIVE], OUTLINE)
    if not is_used:
        shape.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _fits(text: str, template: Template, box: Box) -> bool:
    room = (box.width - 2 * INSET) / points(1), box.height_points
    return largest_size([text], template.theme.minor, SIZES, room) is not None


def _label(slide: Any, template: Template, box: Box, text: str) -> Any:
    inner = Box(box.left + INSET, box.top, max(box.width - 2 * INSET, inches(0.3)), box.height)
    face = template.theme.minor
    size = largest_size([text], face, SIZES, (inner.width_points, inner.height_points)) or SIZES[-1]
    needed = points(face.lines(text, size, inner.width_points) * size * face.line + 1)
    place = Box(inner.left, inner.top, inner.width, min(max(needed, points(12)), template.height - inner.top))
    return text_box(slide.shapes, place, [text], Look(size, "tx1"), "Label", MSO_ANCHOR.TOP)


def _foot(box: Box) -> Box:
    height = inches(0.25)
    return Box(box.left, max(box.bottom - height, box.top), box.width, height)
