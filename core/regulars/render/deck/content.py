"""Content slides: one or two exhibits with their so-what; what does not fit continues on another slide."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from regulars.base.errors import TemplateError
from regulars.base.units import Currency
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.charts import draw_chart
from regulars.render.deck.fit import BODY_SIZES
from regulars.render.deck.frame import Page, add_page, body_box, remove_empty, write_placeholder
from regulars.render.deck.grid import Grid, grid_of, plan, rest_of, split_columns
from regulars.render.deck.layouts import Purpose
from regulars.render.deck.measure import Face
from regulars.render.deck.opened import Template
from regulars.render.deck.pen import Pen
from regulars.render.deck.roadmap import draw_roadmap
from regulars.render.deck.shapes import (
    callout_height,
    draw_callout,
    draw_statements,
    draw_tiles,
    plan_rows,
    tiles_height,
)
from regulars.render.deck.tables import draw_table
from regulars.render.deck.text import Look, text_box
from regulars.story.slide_spec import Chart, Roadmap, SlideSpec, SlideTable, Statements

CONTINUED = re.compile(r" \(continued(?: (\d+))?\)$")
PANEL_SHARES = (8.02, 0.20, 3.81)  # chart, gap, callout of our layout
WIDE_ENOUGH, FLAT_ENOUGH = inches(8.5), 2.3  # a narrower or squarer body has its callout below the chart
HALF_GAP = inches(0.2)
STRIP_GAP = inches(0.12)
SHALLOWEST_STRIP, DEEPEST_STRIP = inches(0.5), inches(1.2)
HEADING, BELOW_HEADING = inches(0.36), inches(0.10)
HEADING_SIZES = (14, 13, 12, 11)
BELOW_TILES = inches(0.22)

Part = Chart | Grid | Statements | Roadmap


@dataclass(frozen=True)
class Content:
    """A content slide with its tables as shown texts, or what is left of it."""

    key: str
    title: str
    subtitle: str
    parts: tuple[Part, ...]
    so_what: tuple[str, ...]
    source: str
    notes: str


def content_of(spec: SlideSpec, template: Template, currency: Currency) -> Content:
    """Return a slide's content, ready to be split. More than two exhibits are a defect of ours."""
    if len(spec.exhibits) > 2:
        raise ValueError(f"slide '{spec.key}' has {len(spec.exhibits)} exhibits; two is the most")
    parts = tuple(
        grid_of(part, template.theme, currency) if isinstance(part, SlideTable) else part for part in spec.exhibits
    )
    return Content(spec.key, spec.title, spec.subtitle, parts, spec.so_what, spec.source, spec.notes)


def purpose_of(content: Content, template: Template) -> Purpose:
    """Return which layout a content wants."""
    if len(content.parts) == 2:
        return Purpose.TWO
    part = content.parts[0] if content.parts else None
    if isinstance(part, Chart):
        return Purpose.PANEL if content.so_what and template.own else Purpose.CHART
    return Purpose.TABLE if isinstance(part, Grid) else Purpose.ONLY


def draw_content(
    template: Template, content: Content, currency: Currency, footer: str, title_size: float | None
) -> tuple[Any, Content | None, tuple[str, ...]]:
    """Add a slide; return it, what continues on the next one, and notes.

    Raises TemplateError when nothing of an exhibit fits.
    """
    alone = () if _fit_side_by_side(content, template) else content.parts[1:]
    if alone:
        content = replace(content, parts=content.parts[:1])
    purpose = purpose_of(content, template)
    texts = (content.title, content.subtitle, content.source, footer)
    page, notes = add_page(template, purpose, content.key, texts, title_size)
    later = () if _leaves_room(page, content) else content.so_what
    if later:
        content = replace(content, so_what=())
    body = _draw_so_what(page, content, page.body)
    boxes = body.columns((1.0,) * len(content.parts), HALF_GAP) if content.parts else ()
    size, height = _heading_size(content.parts, template.theme.minor, boxes[0].width_points if boxes else 0.0)
    left_over: list[Part] = []
    for number, (part, box) in enumerate(zip(content.parts, boxes, strict=True)):
        placeholder = page.slots.contents[number] if number < len(page.slots.contents) else None
        heading = page.slots.headings[number] if number < len(page.slots.headings) else None
        above, below = box.cut_top(height, BELOW_HEADING)
        _draw_heading(page, heading, above, _heading(part), size)
        rest, said = _draw_part(page, placeholder, below if height else box, part, currency)
        notes += said
        left_over += rest
    remove_empty(page.slide)
    left_over += alone
    if not left_over and not later:
        return page.slide, None, notes
    rest_title = _continued(content.title)
    return page.slide, replace(content, title=rest_title, parts=tuple(left_over), so_what=later), notes


def _continued(title: str) -> str:
    """Return the title of the slide that goes on.

    >>> _continued("Who left"), _continued("Who left (continued)"), _continued("Who left (continued 2)")
    ('Who left (continued)', 'Who left (continued 2)', 'Who left (continued 3)')
    """
    said = CONTINUED.search(title)
    if said is None:
        return f"{title} (continued)"
    return f"{title[: said.start()]} (continued {int(said.group(1) or 1) + 1})"


def _leaves_room(page: Page, content: Content) -> bool:
    """Say whether the so-what leaves a table room for at least a row; otherwise it comes after the table."""
    single = content.parts[0] if len(content.parts) == 1 else None
    if not content.so_what or not isinstance(single, Grid):
        return True
    face = page.template.theme.minor
    deepest = max(callout_height(content.so_what, face, BODY_SIZES[-1], page.body.width), SHALLOWEST_STRIP)
    rest, _ = page.body.cut_bottom(deepest, STRIP_GAP)
    return plan(single, face, rest.width_points, _inner_height(rest, single)) is not None


def _fit_side_by_side(content: Content, template: Template) -> bool:
    """Say whether each table finds its columns' width on half a slide; otherwise each exhibit has its own."""
    body = body_box(template)
    if len(content.parts) > 2:  # rows and columns that were split off
        return False
    half = body.columns((1.0, 1.0), HALF_GAP)[0] if len(content.parts) == 2 else body
    face = template.theme.minor
    grids = [part for part in content.parts if isinstance(part, Grid)]
    return len(content.parts) < 2 or all(plan(grid, face, half.width_points, half.height_points) for grid in grids)


def _heading(part: Part) -> str:
    return part.title if isinstance(part, Chart | Grid) else ""


def _heading_size(parts: tuple[Part, ...], face: Face, width: float) -> tuple[float, int]:
    """Return size in points and height in EMU of the headings, the same for both sides."""
    titles = [_heading(part) for part in parts if _heading(part)]
    if not titles:
        return HEADING_SIZES[0], 0
    for size in HEADING_SIZES:
        if all(face.width(title, size, bold=True) <= width for title in titles):
            return size, HEADING
    lines = max(face.lines(title, HEADING_SIZES[-2], width, bold=True) for title in titles)
    return HEADING_SIZES[-2], max(HEADING, points(lines * HEADING_SIZES[-2] * face.line + 3))


def _draw_heading(page: Page, placeholder: Any, box: Box, heading: str, size: float) -> None:
    if not heading:
        return
    if placeholder is not None and page.template.own and box.height == HEADING:
        idx = placeholder.placeholder_format.idx
        layout = page.slide.slide_layout
        on_layout = next(other for other in layout.placeholders if other.placeholder_format.idx == idx)
        write_placeholder((placeholder, on_layout), [heading], size)
        return
    text_box(page.slide.shapes, box, [heading], Look(size, "tx2", bold=True), "Heading", MSO_ANCHOR.BOTTOM)


def _draw_so_what(page: Page, content: Content, body: Box) -> Box:
    """Draw the callout at the right of a single chart, else below, and return the room that is left."""
    if not content.so_what:
        return body
    theme = page.template.theme
    single = content.parts[0] if len(content.parts) == 1 else None
    left, _, right = PANEL_SHARES
    chart_width, panel_width = (round(body.width * share / sum(PANEL_SHARES)) for share in (left, right))
    is_flat = body.width >= max(WIDE_ENOUGH, FLAT_ENOUGH * body.height)
    beside = callout_height(content.so_what, theme.minor, BODY_SIZES[-1], panel_width) <= body.height
    if isinstance(single, Chart) and is_flat and beside:
        panel = Box(body.right - panel_width, body.top, panel_width, body.height)
        draw_callout(page.slide, page.slots.callout, panel, content.so_what, theme, page.key)
        return replace(body, width=chart_width)
    heights = [callout_height(content.so_what, theme.minor, size, body.width) for size in BODY_SIZES]
    tried = [max(height, SHALLOWEST_STRIP) for height in heights if height <= DEEPEST_STRIP] or [heights[-1]]
    chosen = tried[-1]
    if isinstance(single, Grid):
        for height in tried:
            rest, _ = body.cut_bottom(height, STRIP_GAP)
            room = plan(single, theme.minor, rest.width_points, _inner_height(rest, single))
            if room is not None and room.taken == len(single.rows) and room.size >= 12:
                chosen = height
                break
    elif content.parts:
        chosen = next((height for height in tried if height <= body.height * 0.22), tried[-1])
    if not content.parts:
        strip, rest = body.cut_top(min(max(heights[0], SHALLOWEST_STRIP), body.height), STRIP_GAP)
    else:
        rest, strip = body.cut_bottom(chosen, STRIP_GAP)
    if isinstance(single, Grid):
        room = plan(single, theme.minor, rest.width_points, _inner_height(rest, single))
        if room is not None:
            # The strip follows the table; what is left stays free at the foot of the slide.
            used = points(room.height) + (rest.height - points(_inner_height(rest, single)))
            strip = replace(strip, top=rest.top + used + STRIP_GAP + inches(0.06))
            deeper = min(max(chosen, DEEPEST_STRIP), body.bottom - strip.top)
            strip = replace(strip, height=max(chosen, deeper))
            strip = replace(strip, top=min(strip.top, body.bottom - strip.height))
    draw_callout(page.slide, page.slots.callout, strip, content.so_what, theme, page.key)
    return rest


def _inner_height(box: Box, part: Part) -> float:
    return (box.height - (HEADING + BELOW_HEADING if _heading(part) else 0)) / points(1)


def _draw_part(
    page: Page, placeholder: Any, box: Box, part: Part, currency: Currency
) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Draw an exhibit and return what is left of it, with notes."""
    theme = page.template.theme
    if isinstance(part, Chart):
        draw_chart(Pen(page.slide, placeholder, box, theme, currency), part)
        return (), ()
    if isinstance(part, Roadmap):
        draw_roadmap(page.slide, box, part, theme, page.key)
        return (), ()
    if isinstance(part, Statements):
        rest = _draw_statements(page, box, part)
        return () if rest is None else (rest,), ()
    return _draw_grid(page, placeholder, box, part)


def _draw_grid(page: Page, placeholder: Any, box: Box, grid: Grid) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    face = page.template.theme.minor
    made = plan(grid, face, box.width_points, box.height_points)
    if made is None:
        halves = split_columns(grid, face, box.width_points, box.height_points)
        if halves is not None:
            first, others = halves
            rest, notes = _draw_grid(page, placeholder, box, first)
            return (*rest, others), (*notes, f"slide '{page.key}': columns of the table continue on another slide")
        raise TemplateError(
            f"the table of slide '{page.key}' has {len(grid.columns)} columns and does not fit at 11 points",
            remedy="show fewer columns or shorter texts; with --template, a template with more room may help",
        )
    draw_table(page.slide, placeholder, box, grid, made, page.template.theme)
    dropped = [column.title for number, column in enumerate(grid.columns) if number not in made.columns]
    notes = (f"slide '{page.key}': no room for the optional columns {', '.join(dropped)}",) if dropped else ()
    if made.taken == len(grid.rows):
        return (), notes
    return (rest_of(grid, made.taken),), (*notes, f"slide '{page.key}': the table continues on another slide")


def _draw_statements(page: Page, box: Box, part: Statements) -> Part | None:
    theme = page.template.theme
    if part.tiles:
        top, box = box.cut_top(tiles_height(part.tiles, theme.minor, box.width), BELOW_TILES)
        draw_tiles(page.slide, top, part.tiles, theme, page.key)
    if not part.rows:
        return None
    rows = plan_rows(part.rows, theme.minor, box.width_points, box.height_points)
    if rows is None:
        raise TemplateError(
            f"the statement '{part.rows[0].lead}' of slide '{page.key}' does not fit at {BODY_SIZES[-1]} points",
            remedy="show fewer columns or shorter texts; with --template, a template with more room may help",
        )
    draw_statements(page.slide, box, part.rows, rows, theme)
    return Statements(part.rows[rows.taken :]) if rows.taken < len(part.rows) else None
