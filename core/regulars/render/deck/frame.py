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
from regulars.render.deck.clear import MARGIN, body_box, clear_of, clear_of_drawings, drawings, meet, title_text_box
from regulars.render.deck.fit import Setting, largest_size, text_height
from regulars.render.deck.layouts import Inherited, Purpose, Slots, box_of, choose, inherited, slots_of
from regulars.render.deck.measure import Face, plain
from regulars.render.deck.opened import Template
from regulars.render.deck.text import Look, text_box, write

__all__ = ["Page", "add_page", "body_box", "on_slide", "remove_empty", "title_size", "too_long", "write_placeholder"]
TITLE_SIZES = (40, 36, 32, 28, 26, 24, 22, 20, 18)
SMALL_TITLE_SIZES = (20, 18, 16, 14)
SUBTITLE_SIZES = (14, 13, 12, 11)
SOURCE_SIZES = (10, 9)
FOOTER_SIZES = (12, 10, 9)
FOOTER_HEIGHT = inches(0.26)
WIDOW = 0.3  # share of a line; a shorter last line is balanced
BALANCE_SLACK = 0.06  # kept free, in case another program measures wider
GAP = inches(0.1)
SLACK = 2.0  # points


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
    used = _write_title(slide, template, key, title, title_size, (slots.title, on_layout.title))
    body = clear_of(body_box(template, layout), (used,))
    if subtitle:
        body = _write_subtitle(slide, template, key, subtitle, body, (slots.subtitle, on_layout.subtitle))
    if source:
        body = _write_source(slide, template, key, source, body, (slots.source, on_layout.source))
    _write_feet(slide, template, layout, footer)
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


def title_size(template: Template, purpose: Purpose, title: str) -> float | None:
    """Return the largest size at which a title takes two lines at most, or None when it does at none."""
    placeholder = slots_of(choose(template, purpose), template).title
    look, setting = _title_look(template, placeholder)
    room = clear_of_drawings(title_text_box(template, placeholder), template, choose(template, purpose))
    return _two_lines(_as_set(title, look), template, look.size, room, setting)


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


def _title_look(template: Template, placeholder: Any) -> tuple[Inherited, Setting]:
    if placeholder is None:
        return Inherited(26, bold=True, insets=(0, 0, 0, 0)), Setting(bold=True)
    look = inherited(placeholder)
    return look, Setting(bold=look.bold, spacing=0.95 if template.own else 1.0)


def _as_set(title: str, look: Inherited) -> str:
    """Return a title as wide as it is drawn: some templates set titles in capitals."""
    return title.upper() if look.capitals else title


def _two_lines(title: str, template: Template, start: float, box: Box, setting: Setting) -> float | None:
    sizes = (start, *(size for size in TITLE_SIZES if size < start))
    room = (box.width_points, box.height_points)
    return largest_size([title], template.theme.major, sizes, room, setting, most_lines=2)


def _write_title(
    slide: Any, template: Template, key: str, title: str, uniform: float | None, pair: tuple[Any, Any]
) -> Box:
    """Write the title and return the box that its text has: that of the layout, or a larger one where it needs that."""
    look, setting = _title_look(template, pair[1])
    drawn, face = _as_set(title, look), template.theme.major
    of_layout = title_text_box(template, pair[1])
    box = clear_of_drawings(of_layout, template, slide.slide_layout)
    size = _two_lines(drawn, template, uniform or look.size, box, setting)
    if size is None:
        box = _larger(box, template, slide.slide_layout)
        size = _two_lines(drawn, template, SMALL_TITLE_SIZES[0], box, setting)
        for lines in (2, 3, 4):
            room = (box.width_points, box.height_points)
            size = size or largest_size([drawn], face, SMALL_TITLE_SIZES, room, setting, most_lines=lines)
        if size is None:
            raise too_long("title", key, title)
    if pair[0] is not None and box != of_layout:
        left, top, right, bottom = look.insets
        oxml.set_box(pair[0], Box(box.left - left, box.top - top, box.width + left + right, box.height + top + bottom))
    if pair[0] is None:
        shape = text_box(slide.shapes, box, [title], Look(size, "tx2", bold=True), "Title", MSO_ANCHOR.BOTTOM)
        shape.element.getparent().insert(2, shape.element)  # read first
        return box
    write_placeholder(pair, [title], size)
    narrower = _balance(drawn, face, size, box.width_points, setting)
    if narrower:
        frame = pair[0].text_frame
        if look.centred:
            narrower /= 2
            frame.margin_left = look.insets[0] + points(narrower)
        frame.margin_right = look.insets[2] + points(narrower)
    return box


def _larger(box: Box, template: Template, layout: Any) -> Box:
    """Return more room for a title: to the right margin and two lines of 20 points high, clear of logos."""
    right = max(box.right, template.width - max(box.left, inches(0.3)))
    height = max(box.height, points(2 * SMALL_TITLE_SIZES[0] * template.theme.major.line + 3))
    top = max(min(box.top, template.height - height), 0)
    wide = Box(box.left, top, right - box.left, height)
    over = [other for other in drawings(template, layout) if meet(other, wide) and not meet(other, box)]
    return clear_of(wide, over)


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
    place, look = (body, None) if pair[0] is None else (box_of(pair[1]), inherited(pair[1]))
    left, top, right, bottom = look.insets if look else (0, 0, 0, 0)
    width = (place.width - left - right) / points(1)
    height = inches(0.34) if look is None else place.height
    room = (height - top - bottom) / points(1)
    # Within two points of the edge, another program may wrap it.
    size = largest_size([subtitle], face, SUBTITLE_SIZES, (width - SLACK, max(room, 14 * face.line)), most_lines=1)
    if size is None:
        size = largest_size([subtitle], face, SUBTITLE_SIZES[2:], (width, 99), most_lines=3)
    if size is None:
        raise too_long("subtitle", key, subtitle)
    needed = points(text_height([subtitle], face, size, width) + 1) + top + bottom
    if look is None:
        above, rest = body.cut_top(max(height, needed), GAP)
        text_box(slide.shapes, above, [subtitle], Look(size, template.theme.quiet()), "Subtitle")
        return rest
    write_placeholder(pair, [subtitle], size)
    if needed > height:
        place = Box(place.left, place.top, place.width, needed)
        oxml.set_box(pair[0], place)
    return clear_of(body, (place,), gap=0 if needed <= height else GAP)


def _write_source(slide: Any, template: Template, key: str, source: str, body: Box, pair: tuple[Any, Any]) -> Box:
    face = template.theme.minor
    if pair[0] is None:
        height = points(text_height([source], face, SOURCE_SIZES[0], body.width_points) + 1)
        if height > body.height // 4:
            raise too_long("source", key, source)
        rest, place = body.cut_bottom(height, GAP)
        text_box(
            slide.shapes, place, [source], Look(SOURCE_SIZES[0], template.theme.quiet()), "Source", MSO_ANCHOR.BOTTOM
        )
        return rest
    left, top, right, bottom = inherited(pair[1]).insets
    place = box_of(pair[1])
    width = (place.width - left - right) / points(1)
    size = largest_size([source], face, SOURCE_SIZES, (width, (place.height - top - bottom) / points(1)))
    if size is None:
        size = SOURCE_SIZES[-1]
        height = points(text_height([source], face, size, width) + 1) + top + bottom
        if height > body.height // 4:
            raise too_long("source", key, source)
        place = Box(place.left, place.bottom - height, place.width, height)  # it grows into the body, not the footer
        oxml.set_box(pair[0], place)
    write_placeholder(pair, [source], size)
    return clear_of(body, (place,), gap=0)


def _write_feet(slide: Any, template: Template, layout: Any, footer: str) -> None:
    """Write page number and footer into their placeholders, or draw them at the foot, clear of logos and each other."""
    found, logos = slots_of(layout, template), drawings(template, layout)
    base = template.height - inches(0.42)
    if found.page is not None:
        oxml.copy_placeholder(slide, found.page, None)
        page = box_of(found.page)
    else:
        width = inches(0.8)
        page = Box(template.width - MARGIN - width, base, width, FOOTER_HEIGHT)
        for logo in logos:
            if meet(page, logo):
                page = replace(page, left=max(logo.left - GAP - width, 0))
        shape = text_box(slide.shapes, page, [""], Look(), "Slide Number")
        oxml.set_page_number(shape.text_frame)
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment, paragraph.font.size = PP_ALIGN.RIGHT, points(10)
    if not footer:
        return
    if found.footer is None:
        drawn = Box(MARGIN, base, template.width - 2 * MARGIN, FOOTER_HEIGHT)
        _draw_footer(slide, template, footer, clear_of(drawn, (page, *logos)))
    else:
        _fill_footer(slide, template, layout, footer, page)


def _draw_footer(slide: Any, template: Template, footer: str, box: Box) -> None:
    face = template.theme.minor
    size = _footer_size(footer, face, FOOTER_SIZES[1:], box.width_points)
    if size is None:
        raise too_long("footer", "every", footer)
    height = points(text_height([footer], face, size, box.width_points) + 1)
    # A second line goes up, for the slide ends below.
    box = Box(box.left, min(box.top, box.bottom - height), box.width, max(box.height, height))
    text_box(slide.shapes, box, [footer], Look(size, template.theme.quiet()), "Footer")


def _fill_footer(slide: Any, template: Template, layout: Any, footer: str, page: Box) -> None:
    placeholder, face = slots_of(layout, template).footer, template.theme.minor
    shape = oxml.copy_placeholder(slide, placeholder, footer)
    box, look = box_of(placeholder), inherited(placeholder)
    left, top, right, bottom = look.insets
    inset = (left + right) / points(1)
    sizes = (max(look.size, FOOTER_SIZES[-1]), *(size for size in FOOTER_SIZES if size < look.size))
    size = next((one for one in sizes if face.width(footer, one) <= box.width_points - inset), None)
    if size is None or size < min(look.size, FOOTER_SIZES[1]):
        # The date is not shown: its room is free.
        body = body_box(template, layout)
        ends = min(body.left, box.left), max(body.right, box.right)
        wide = clear_of(Box(ends[0], box.top, ends[1] - ends[0], box.height), (page, *drawings(template, layout)))
        if wide.width > box.width:
            box = wide
    size = _footer_size(footer, face, sizes, box.width_points - inset)
    if size is None:
        raise too_long("footer", "every", footer)
    height = points(text_height([footer], face, size, box.width_points - inset) + 1) + top + bottom
    if height > box.height:
        box = Box(box.left, min(box.top, template.height - height), box.width, height)
    if box != box_of(placeholder):
        oxml.set_box(shape, box)
    if size != look.size:
        for run in shape.text_frame.paragraphs[0].runs:
            run.font.size = points(size)


def _footer_size(footer: str, face: Face, sizes: Sequence[float], width: float) -> float | None:
    """Return the size of a footer: on one line if that can be, else on two."""
    one = largest_size([footer], face, sizes, (width, 99), most_lines=1)
    return one if one is not None else largest_size([footer], face, sizes[-1:], (width, 99), most_lines=2)
