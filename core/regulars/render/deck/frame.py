"""What every content slide has around its exhibit: title, subtitle, source, footer and page number.

A slot that the template lacks is drawn as a text box in the theme's font and colours, and the body shrinks by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from regulars.base.errors import TemplateError
from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.fit import Setting, largest_size, text_height
from regulars.render.deck.layouts import Purpose, Slots, box_of, choose, inherited, slots_of
from regulars.render.deck.measure import Face, plain
from regulars.render.deck.template import Template
from regulars.render.deck.text import Look, text_box, write

TITLE_SIZES = (40, 36, 32, 28, 26, 24, 22, 20)
CROWDED_TITLE_SIZES = (20, 18)  # in three lines, where two are not enough
SUBTITLE_SIZES = (14, 13, 12, 11)
SOURCE_SIZES = (10, 9)
FOOTER_SIZES = (12, 10, 9, 8)
WIDOW = 0.3  # share of a line; a shorter last line is balanced
BALANCE_SLACK = 0.06  # kept free, in case another program measures wider
MARGIN = 0.6
GAP = inches(0.1)


@dataclass(frozen=True)
class Page:
    """A slide under construction: the free rectangle and the placeholders that wait for exhibits."""

    slide: Any
    template: Template
    key: str
    body: Box
    slots: Slots


def too_long(what: str, key: str, text: str) -> TemplateError:
    """Return the error for a text that fits at no size."""
    return TemplateError(
        f"the {what} of slide '{key}' does not fit: '{plain(text)[:60]}…' ({len(text)} characters)",
        remedy="shorten it; with --template, a template with more room may help",
    )


def add_page(
    template: Template, purpose: Purpose, key: str, texts: tuple[str, str, str, str], title_size: float | None
) -> tuple[Page, tuple[str, ...]]:
    """Add a content slide with title, subtitle, source and footer; return it with notes on what had to be drawn.

    Raises TemplateError when one of the texts fits at no size.
    """
    title, subtitle, source, footer = texts
    layout = choose(template, purpose)
    on_layout = slots_of(layout, template)
    slide = template.presentation.slides.add_slide(layout)
    slots = on_slide(slide, on_layout)
    notes: list[str] = []
    _write_title(slide, template, key, title, title_size, (slots.title, on_layout.title))
    body = body_box(template)
    if subtitle:
        body = _write_subtitle(slide, template, key, subtitle, body, (slots.subtitle, on_layout.subtitle))
    if source:
        body = _write_source(slide, template, key, source, body, (slots.source, on_layout.source))
    _write_footer(slide, template, on_layout, footer)
    missing = {
        "title": on_layout.title is None,
        "subtitle": bool(subtitle) and on_layout.subtitle is None,
        "source": bool(source) and on_layout.source is None,
        "footer": bool(footer) and on_layout.footer is None,
        "page number": on_layout.page is None,
    }
    lacking = ", ".join(name for name, absent in missing.items() if absent)
    if lacking:
        notes.append(f"layout '{layout.name}' has no place for {lacking}: drawn")
    return Page(slide, template, key, body, slots), tuple(notes)


def body_box(template: Template) -> Box:
    """Return the rectangle for exhibits: where the template's layout with one content has it, aligned with the title."""
    found = slots_of(choose(template, Purpose.CHART), template)
    title = _title_text_box(template, found.title)
    bottom = _footer_top(template, found) - inches(0.08)
    if found.contents:
        boxes = [box_of(content) for content in found.contents]
        left, right = min(box.left for box in boxes), max(box.right for box in boxes)
        top, low = min(box.top for box in boxes), max(box.bottom for box in boxes)
        if found.source is None:
            low = max(low, bottom)
        if abs(left - title.left) <= inches(0.2):
            right = right - (title.left - left) if abs(right - title.right) > inches(0.2) else title.right
            left = title.left
        return Box(left, top, right - left, min(low, template.height) - top)
    top = title.bottom + GAP
    if found.source is not None:
        bottom = min(bottom, box_of(found.source).top - GAP)
    return Box(title.left, top, title.width, bottom - top)


def title_size(template: Template, purpose: Purpose, title: str) -> float | None:
    """Return the largest size at which a title takes two lines at most, or None when it does at none."""
    placeholder = slots_of(choose(template, purpose), template).title
    box, start, setting = _title_room(template, placeholder)
    room = (box.width_points, box.height_points)
    sizes = (start, *(size for size in TITLE_SIZES if size < start))
    return largest_size([title], template.theme.major, sizes, room, setting, most_lines=2)


def on_slide(slide: Any, found: Slots) -> Slots:
    """Return the slide's own placeholders for the layout's, with the layout's names."""
    by_idx = {shape.placeholder_format.idx: shape for shape in slide.placeholders}

    def twin(placeholder: Any) -> Any:
        shape = None if placeholder is None else by_idx.get(placeholder.placeholder_format.idx)
        if shape is not None:
            shape.name = placeholder.name
        return shape

    return replace(
        found,
        title=twin(found.title),
        subtitle=twin(found.subtitle),
        source=twin(found.source),
        callout=twin(found.callout),
        footer=None,
        page=None,
        contents=tuple(twin(content) for content in found.contents),
        headings=tuple(twin(heading) for heading in found.headings),
        small=tuple(twin(other) for other in found.small),
    )


def remove_empty(slide: Any) -> None:
    """Take placeholders off a slide that nothing was written into: they would show their prompt."""
    for shape in list(slide.placeholders):
        empty = shape.has_text_frame and not shape.text_frame.text.strip()
        if empty and shape.element.find(".//{*}fld") is None:
            oxml.remove(shape)


def write_placeholder(
    pair: tuple[Any, Any], paragraphs: Sequence[str], size: float | None, *, between: float | None = None
) -> None:
    """Write into a slide's placeholder, with a size only where it differs from the layout's."""
    shape, on_layout = pair
    look = Look(size=None if size == inherited(on_layout).size else size, between=between)
    write(shape.text_frame, paragraphs, look)
    oxml.no_autofit(shape.text_frame)


def _title_room(template: Template, placeholder: Any) -> tuple[Box, float, Setting]:
    box = _title_text_box(template, placeholder)
    if placeholder is None:
        return box, 26, Setting(bold=True)
    look = inherited(placeholder)
    return box, look.size, Setting(bold=look.bold, spacing=0.95 if template.own else 1.0)


def _title_text_box(template: Template, placeholder: Any) -> Box:
    if placeholder is None:
        return Box(inches(MARGIN), inches(0.42), template.width - 2 * inches(MARGIN), inches(0.92))
    box, insets = box_of(placeholder), inherited(placeholder).insets
    left, top, right, bottom = insets
    return Box(box.left + left, box.top + top, box.width - left - right, box.height - top - bottom)


def _write_title(
    slide: Any, template: Template, key: str, title: str, uniform: float | None, pair: tuple[Any, Any]
) -> None:
    box, start, setting = _title_room(template, pair[1])
    room = (box.width_points, box.height_points)
    sizes = (uniform or start, *(size for size in TITLE_SIZES if size < (uniform or start)))
    size = largest_size([title], template.theme.major, sizes, room, setting, most_lines=2)
    size = size or largest_size([title], template.theme.major, CROWDED_TITLE_SIZES, room, setting, most_lines=3)
    if size is None:
        raise too_long("title", key, title)
    if pair[0] is None:
        shape = text_box(slide.shapes, box, [title], Look(size, "tx2", bold=True), "Title", MSO_ANCHOR.BOTTOM)
        shape.element.getparent().insert(2, shape.element)  # read first
        return
    write_placeholder(pair, [title], size)
    narrower = _balance(title, template.theme.major, size, box.width_points, setting)
    if narrower:
        look, frame = inherited(pair[1]), pair[0].text_frame
        if look.centred:
            narrower /= 2
            frame.margin_left = look.insets[0] + points(narrower)
        frame.margin_right = look.insets[2] + points(narrower)


def _balance(title: str, face: Face, size: float, width: float, setting: Setting) -> float:
    """Return by how many points to narrow a title so that no single word is left for its last line."""

    def lines(room: float) -> int:
        return face.lines(title, size, room, bold=setting.bold)

    count = lines(width)
    if count == 1 or face.width(title, size, bold=setting.bold) > width * (count - 1 + WIDOW):
        return 0.0
    narrow = next(share for share in range(50, 101) if lines(width * share / 100) == count)
    return width * max(1 - narrow / 100 - BALANCE_SLACK, 0.0)


def _write_subtitle(slide: Any, template: Template, key: str, subtitle: str, body: Box, pair: tuple[Any, Any]) -> Box:
    face = template.theme.minor
    if pair[0] is None:
        height = inches(0.34)
        room = (body.width_points, height / points(1))
    else:
        height = int(pair[1].height)
        left, top, right, bottom = inherited(pair[1]).insets
        room = ((pair[1].width - left - right) / points(1), (height - top - bottom) / points(1))
    size = largest_size([subtitle], face, SUBTITLE_SIZES, room, most_lines=1)
    if size is None:
        size = largest_size([subtitle], face, (12, 11, 10), (room[0], max(room[1], 25)), most_lines=2)
        height = max(height, points(27))
    if size is None:
        raise too_long("subtitle", key, subtitle)
    if pair[0] is None:
        place, rest = body.cut_top(height, GAP)
        text_box(slide.shapes, place, [subtitle], Look(size, template.theme.quiet()), "Subtitle")
        return rest
    write_placeholder(pair, [subtitle], size)
    low = int(pair[1].top + pair[1].height)
    return body if low <= body.top else body.cut_top(low - body.top, 0)[1]


def _write_source(slide: Any, template: Template, key: str, source: str, body: Box, pair: tuple[Any, Any]) -> Box:
    face = template.theme.minor
    if pair[0] is None:
        size: float | None = SOURCE_SIZES[0]
        height = points(text_height([source], face, SOURCE_SIZES[0], body.width_points) + 1)
        if height > body.height // 4:
            raise too_long("source", key, source)
        rest, place = body.cut_bottom(height, GAP)
        text_box(slide.shapes, place, [source], Look(size, template.theme.quiet()), "Source", MSO_ANCHOR.BOTTOM)
        return rest
    left, top, right, bottom = inherited(pair[1]).insets
    room = ((pair[1].width - left - right) / points(1), (pair[1].height - top - bottom) / points(1))
    size = largest_size([source], face, SOURCE_SIZES, room)
    if size is None:
        raise too_long("source", key, source)
    write_placeholder(pair, [source], size)
    over = body.bottom - int(pair[1].top)
    return body if over <= 0 else body.cut_bottom(over, 0)[0]


def _footer_top(template: Template, found: Slots) -> int:
    tops = [int(shape.top) for shape in (found.footer, found.page) if shape is not None]
    low = [top for top in tops if top > template.height * 0.8]
    return min(low, default=template.height - inches(0.45))


def _write_footer(slide: Any, template: Template, found: Slots, footer: str) -> None:
    base = template.height - inches(0.42)
    width = template.width - 2 * inches(MARGIN)
    colour = template.theme.quiet()
    if found.page is not None:
        oxml.copy_placeholder(slide, found.page, None)
    else:
        box = Box(template.width - inches(MARGIN) - inches(0.8), base, inches(0.8), inches(0.26))
        shape = text_box(slide.shapes, box, [""], Look(), "Slide Number")
        oxml.set_page_number(shape.text_frame)
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment, paragraph.font.size = PP_ALIGN.RIGHT, points(10)
    if not footer:
        return
    face = template.theme.minor
    if found.footer is None:
        box = Box(inches(MARGIN), base, width - inches(1), inches(0.26))
        size = largest_size([footer], face, FOOTER_SIZES[1:], (box.width_points, 40), most_lines=1)
        if size is None:
            raise too_long("footer", "every", footer)
        text_box(slide.shapes, box, [footer], Look(size, colour), "Footer")
        return
    shape = oxml.copy_placeholder(slide, found.footer, footer)
    box, look = box_of(found.footer), inherited(found.footer)
    inset = (look.insets[0] + look.insets[2]) / points(1)
    if largest_size([footer], face, (look.size,), (box.width_points - inset, 60), most_lines=1) is None:
        body = body_box(template)  # the date is not shown: its room is free
        end = box_of(found.page).left if found.page is not None and found.page.left > box.left else body.right
        box = Box(min(body.left, box.left), box.top, max(end, box.right) - min(body.left, box.left), box.height)
        oxml.set_box(shape, box)
    sizes = (look.size, *(size for size in FOOTER_SIZES if size < look.size))
    size = largest_size([footer], face, sizes, (box.width_points - inset, 60), most_lines=1)
    if size is None:
        raise too_long("footer", "every", footer)
    if size != look.size:
        for run in shape.text_frame.paragraphs[0].runs:
            run.font.size = points(size)
