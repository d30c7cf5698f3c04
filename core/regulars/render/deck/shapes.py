"""What is drawn from shapes: the so-what callout, key figures, and rows of lead and sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.fit import BODY_SIZES, Setting, largest_size, text_height
from regulars.render.deck.frame import too_long
from regulars.render.deck.measure import Face
from regulars.render.deck.tables import borderless, set_cell
from regulars.render.deck.text import Look, prepare, write
from regulars.render.deck.theme import Paint, Theme
from regulars.story.slide_spec import Role, Statement, Tile

CALLOUT_INSETS = (inches(0.2), inches(0.12), inches(0.15), inches(0.12))
RULE_WIDTH = inches(0.05)
BULLET_POINTS = 13.5
TILE_GAP = inches(0.2)
TILE_HEIGHT = inches(1.15)
TILE_INSET = inches(0.15)
FIGURE_SIZES = (28, 24, 20)
LABEL_SIZES = (12, 11)
TILES_IN_ROW = 6
LEAD_WIDTH = inches(1.75)
TALLEST_STATEMENT = 0.9 * 72
ROW_PADDING = 7.0  # points above and below the text of a row, together


@dataclass(frozen=True)
class Rows:
    """How statements are set: size, width of the leads and heights in points, and how many rows are taken."""

    size: float
    lead: float
    heights: tuple[float, ...]
    taken: int


def callout_setting(sentences: Sequence[str]) -> Setting:
    """Return how sentences of a callout are set: bullets from two on."""
    return Setting(between=6, indent=BULLET_POINTS if len(sentences) > 1 else 0)


def callout_height(sentences: Sequence[str], face: Face, size: float, width: int) -> int:
    """Return the height in EMU that a callout of that width needs."""
    left, top, right, bottom = CALLOUT_INSETS
    inner = (width - left - right) / points(1)
    return points(text_height(sentences, face, size, inner, callout_setting(sentences)) + 2) + top + bottom


def draw_callout(slide: Any, placeholder: Any, box: Box, sentences: Sequence[str], theme: Theme, key: str) -> None:
    """Draw the so-what on a tinted panel with a rule at its left.

    Raises TemplateError when it does not fit at 12 points.
    """
    left, top, right, bottom = CALLOUT_INSETS
    room = ((box.width - left - right) / points(1), (box.height - top - bottom) / points(1))
    size = largest_size(sentences, theme.minor, BODY_SIZES, room, callout_setting(sentences))
    if size is None:
        raise too_long("so-what", key, " ".join(sentences))
    shape = placeholder
    if shape is None:
        shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
        shape.name = "Callout"
    oxml.set_box(shape, box)
    oxml.fill(shape.fill, Paint("bg2"))
    frame = prepare(shape, CALLOUT_INSETS, MSO_ANCHOR.MIDDLE)
    write(frame, sentences, Look(size, "tx1", bullets=len(sentences) > 1, between=6))
    rule = rectangle(slide.shapes, Box(box.left, box.top, RULE_WIDTH, box.height), theme.roles[Role.HIGHLIGHT])
    rule.name = "Callout rule"
    oxml.set_decorative(rule)


def rectangle(shapes: Any, box: Box, paint: Paint, kind: Any = MSO_SHAPE.RECTANGLE) -> Any:
    """Draw a flat shape without outline."""
    shape = shapes.add_shape(kind, box.left, box.top, box.width, box.height)
    oxml.flatten(shape)
    oxml.fill(shape.fill, paint)
    shape.line.fill.background()
    return shape


def tiles_height(tiles: Sequence[Tile], face: Face, width: int) -> int:
    """Return the height in EMU of the rows of key figures."""
    rows = _tile_rows(tiles, face, width)
    return sum(_tile_row_height(row, face, width) for row in rows) + TILE_GAP * (len(rows) - 1)


def draw_tiles(slide: Any, box: Box, tiles: Sequence[Tile], theme: Theme, key: str) -> None:
    """Draw key figures side by side. All figures of a row stand on one line, however long their labels are.

    Raises TemplateError when a figure is wider than its tile at 20 points.
    """
    group = slide.shapes.add_group_shape()
    top = box.top
    for row in _tile_rows(tiles, theme.minor, box.width):
        height = _tile_row_height(row, theme.minor, box.width)
        cells = Box(box.left, top, box.width, height).columns((1.0,) * len(row), TILE_GAP)
        size = _figure_size(row, theme.minor, box.width, len(row))
        if size is None:
            raise too_long("key figures", key, ", ".join(tile.shown for tile in row))
        label = _label_size(row, theme.minor, box.width)
        for cell, tile in zip(cells, row, strict=True):
            _draw_tile(group, cell, tile, theme, size, label)
        top += height + TILE_GAP
    oxml.set_alt(group, "Key figures: " + "; ".join(f"{tile.label} {tile.shown}" for tile in tiles), "Key figures")


def plan_rows(statements: Sequence[Statement], face: Face, width: float, height: float) -> Rows | None:
    """Return how rows of lead and sentence are set in a room in points; None when not even one row fits.

    When not all fit at 12 points, as many are taken as do.
    """
    if not statements:
        return Rows(BODY_SIZES[0], 0.0, (), 0)
    for size in BODY_SIZES:
        lead, needed = _row_needs(statements, face, size, width)
        if sum(needed) <= height:
            spare = (height - sum(needed)) / len(needed)
            heights = tuple(max(need, min(need + spare, TALLEST_STATEMENT)) for need in needed)
            return Rows(size, lead, heights, len(statements))
    lead, needed = _row_needs(statements, face, BODY_SIZES[-1], width)
    taken, used = 0, 0.0
    while taken < len(needed) and used + needed[taken] <= height:
        used += needed[taken]
        taken += 1
    return Rows(BODY_SIZES[-1], lead, tuple(needed[:taken]), taken) if taken else None


def draw_statements(slide: Any, box: Box, statements: Sequence[Statement], rows: Rows, theme: Theme) -> None:
    """Draw rows of a bold lead and a sentence under thin lines, as a table that only arranges text."""
    frame = slide.shapes.add_table(rows.taken, 2, box.left, box.top, box.width, points(sum(rows.heights)))
    borderless(frame)
    table = frame.table
    table.columns[0].width = points(rows.lead)
    table.columns[1].width = box.width - points(rows.lead)
    line = theme.rule
    lead_colour = theme.text_in(Role.HIGHLIGHT, rows.size)
    for number, (statement, height) in enumerate(zip(statements[: rows.taken], rows.heights, strict=True)):
        table.rows[number].height = points(height)
        set_cell(table.cell(number, 0), statement.lead, Look(rows.size, lead_colour, bold=True))
        set_cell(table.cell(number, 1), statement.text, Look(rows.size, "tx1"))
        for column in range(2):
            oxml.cell_line(table.cell(number, column), "T", line, 0.75)
            if number + 1 < rows.taken:
                oxml.cell_line(table.cell(number, column), "B", line, 0.75)
    leads = "; ".join(statement.lead for statement in statements[: rows.taken])
    oxml.set_alt(frame, f"Statements: {leads}", "Statements")


def _row_needs(statements: Sequence[Statement], face: Face, size: float, width: float) -> tuple[float, list[float]]:
    margins = inches(0.16) / points(1)
    longest = max(face.width(statement.lead, size, bold=True) for statement in statements) + margins + 2
    word = max(face.longest_word(statement.lead, size, bold=True) for statement in statements) + margins + 2
    lead = max(min(longest, width * 0.3), LEAD_WIDTH / points(1), word)
    line = size * face.line
    return lead, [
        max(
            face.lines(statement.lead, size, lead - margins, bold=True),
            face.lines(statement.text, size, width - lead - margins),
        )
        * line
        + ROW_PADDING
        for statement in statements
    ]


def _tile_rows(tiles: Sequence[Tile], face: Face, width: int) -> list[Sequence[Tile]]:
    """Return the tiles in rows of equal length, as few as let every figure fit."""
    each = next((most for most in range(TILES_IN_ROW, 0, -1) if _figure_size(tiles, face, width, most) is not None), 1)
    count = -(-len(tiles) // each)
    each = -(-len(tiles) // count) if count else 1
    return [tiles[start : start + each] for start in range(0, len(tiles), each)]


def _tile_width(count: int, width: int) -> float:
    return ((width - TILE_GAP * (count - 1)) / count - 2 * TILE_INSET) / points(1)


def _figure_size(row: Sequence[Tile], face: Face, width: int, count: int) -> float | None:
    inner = _tile_width(count, width)
    return next((s for s in FIGURE_SIZES if all(face.width(t.shown, s, bold=True) <= inner for t in row)), None)


def _label_size(row: Sequence[Tile], face: Face, width: int) -> float:
    inner = _tile_width(len(row), width)
    fits = (size for size in LABEL_SIZES if all(face.lines(tile.label, size, inner) <= 2 for tile in row))
    return next(fits, LABEL_SIZES[-1])


def _tile_row_height(row: Sequence[Tile], face: Face, width: int) -> int:
    size = _label_size(row, face, width)
    lines = max(face.lines(tile.label, size, _tile_width(len(row), width)) for tile in row)
    return max(TILE_HEIGHT, points((FIGURE_SIZES[0] + lines * size) * face.line + 4) + inches(0.24))


def _draw_tile(group: Any, box: Box, tile: Tile, theme: Theme, size: float, label: float) -> None:
    shape = rectangle(group.shapes, box, Paint("bg2"))
    shape.name = f"Key figure {tile.label}"
    frame = prepare(shape, (TILE_INSET, inches(0.14), TILE_INSET, inches(0.08)), MSO_ANCHOR.TOP)
    write(frame, [tile.shown], Look(size, theme.text_in(tile.role, size, "bg2"), bold=True))
    below = frame.add_paragraph()
    run = below.add_run()
    run.text = oxml.clean(tile.label)
    run.font.size = points(label)
    oxml.text_colour(run.font, "tx1")
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT  # shapes centre by default
