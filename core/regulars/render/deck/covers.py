"""The slides without an exhibit: the title slide and the closing one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.clear import body_box, clear_of_drawings
from regulars.render.deck.fit import Setting, largest_size, text_height
from regulars.render.deck.frame import on_slide, too_long, write_placeholder
from regulars.render.deck.layouts import Purpose, box_of, choose, inherited, slots_of
from regulars.render.deck.opened import Template
from regulars.render.deck.text import Look, text_box
from regulars.story.slide_spec import SlideSpec, Statements

TITLE_SIZES = (44, 40, 36, 32, 28, 24, 20)
TEXT_SIZES = (20, 18, 16, 14, 12)
SMALL_SIZES = (14, 12, 11, 10)
BETWEEN = 9.0
GAP = inches(0.15)
TALLEST = 0.6  # share of the slide that one text of a cover may take


def draw_title(template: Template, spec: SlideSpec) -> tuple[Any, tuple[str, ...]]:
    """Add the title slide: title, subtitle, and a small line with the source. Return it with notes."""
    layout = choose(template, Purpose.TITLE)
    found = slots_of(layout, template)
    slide = template.presentation.slides.add_slide(layout)
    own = on_slide(slide, found)
    notes: list[str] = []
    low = _write(slide, template, spec.key, "title", [spec.title], (own.title, found.title), notes)
    if spec.subtitle:
        pair = (own.subtitle, found.subtitle)
        most = inherited(found.title).size if found.title is not None else 99  # never larger than the title
        low = _write(slide, template, spec.key, "subtitle", [spec.subtitle], pair, notes, below=low, most=most - 4)
    small = [line for line in (*listed(spec), spec.source) if line]
    if small:
        spare = found.source or next(iter(found.small), None)
        taken = own.source or next(iter(own.small), None)
        _write(slide, template, spec.key, "source", small, (taken, spare), notes, below=low)
    return slide, tuple(notes)


def draw_closing(template: Template, spec: SlideSpec) -> tuple[Any, tuple[str, ...]]:
    """Add the closing slide: title and a list of what is asked for. Return it with notes."""
    layout = choose(template, Purpose.CLOSING)
    found = slots_of(layout, template)
    slide = template.presentation.slides.add_slide(layout)
    own = on_slide(slide, found)
    notes: list[str] = []
    low = _write(slide, template, spec.key, "title", [spec.title], (own.title, found.title), notes)
    lines = [line for line in (spec.subtitle, *listed(spec), spec.source) if line]
    if lines:
        pair = (next(iter(own.contents), None), next(iter(found.contents), None))
        _write(slide, template, spec.key, "list", lines, pair, notes, below=low, most=TEXT_SIZES[0])
    return slide, tuple(notes)


def listed(spec: SlideSpec) -> tuple[str, ...]:
    """Return the statements and the so-what of a slide as paragraphs with bold leads."""
    rows = [row for exhibit in spec.exhibits if isinstance(exhibit, Statements) for row in exhibit.rows]
    tiles = [tile for exhibit in spec.exhibits if isinstance(exhibit, Statements) for tile in exhibit.tiles]
    return (
        *(f"**{tile.shown}**  {tile.label}" for tile in tiles),
        *(f"**{row.lead}**  {row.text}" if row.text else f"**{row.lead}**" for row in rows),
        *spec.so_what,
    )


def _write(
    slide: Any,
    template: Template,
    key: str,
    what: str,
    paragraphs: list[str],
    pair: tuple[Any, Any],
    notes: list[str],
    below: int = 0,
    most: float = 99,
) -> int:
    """Write into a placeholder or a drawn text box, at most so large, and return the lower edge of the room used."""
    face = template.theme.major if what == "title" else template.theme.minor
    if pair[0] is None:
        notes.append(f"layout '{slide.slide_layout.name}' has no place for {what}: drawn")
        return _draw(slide, template, key, what, paragraphs, below)
    box, look = box_of(pair[1]), inherited(pair[1])
    box = replace(box, top=max(box.top, below))  # what stands above may have grown
    box = clear_of_drawings(box, template, slide.slide_layout)
    left, top, right, bottom = look.insets
    room = ((box.width - left - right) / points(1), (box.height - top - bottom) / points(1))
    ladder = TITLE_SIZES if what == "title" else TEXT_SIZES if what in {"subtitle", "list"} else SMALL_SIZES
    setting = Setting(BETWEEN, 13.5 if what == "list" else 0, bold=look.bold)
    start = min(look.size, most)
    sizes = (start, *(size for size in ladder if size < start))
    shown = [text.upper() for text in paragraphs] if look.capitals else paragraphs
    size = largest_size(shown, face, sizes, room, setting)
    if size is None:
        size = sizes[-1]
        needed = points(text_height(shown, face, size, room[0], setting) + 2) + top + bottom
        if needed > template.height * TALLEST:
            raise too_long(what, key, " ".join(paragraphs))
        box = replace(box, top=max(min(box.top, template.height - needed), 0), height=needed)
    if box != box_of(pair[1]):
        oxml.set_box(pair[0], box)
    write_placeholder(pair, paragraphs, size, between=BETWEEN if len(paragraphs) > 1 else None)
    return box.bottom


def _draw(slide: Any, template: Template, key: str, what: str, paragraphs: list[str], below: int) -> int:
    body = body_box(template)
    face = template.theme.major if what == "title" else template.theme.minor
    top = max(below + GAP, inches(0.6))
    room = Box(body.left, top, body.width, max(template.height - inches(0.4) - top, 0))
    room = clear_of_drawings(room, template, slide.slide_layout)
    top = room.top
    ladder = TITLE_SIZES[3:] if what == "title" else TEXT_SIZES if what in {"subtitle", "list"} else SMALL_SIZES
    setting = Setting(BETWEEN, bold=what == "title")
    size = largest_size(paragraphs, face, ladder, (room.width_points, room.height_points), setting)
    if size is None:
        raise too_long(what, key, " ".join(paragraphs))
    height = points(text_height(paragraphs, face, size, room.width_points, setting) + 2)
    look = Look(size, _ink(slide.slide_layout, template, what), bold=what == "title", between=BETWEEN)
    name = {"title": "Title", "subtitle": "Subtitle", "source": "Source", "list": "List"}[what]
    text_box(slide.shapes, Box(room.left, top, room.width, height), paragraphs, look, name, MSO_ANCHOR.TOP)
    return top + height


def _ink(layout: Any, template: Template, what: str) -> str:
    """Return the colour of drawn text: the one that the layout's own title has on its background."""
    title = slots_of(layout, template).title
    own = None if title is None else inherited(title).colour
    return own or ("tx2" if what == "title" else "tx1")
