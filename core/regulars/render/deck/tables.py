"""Draw a planned grid as a native table: header, thin row lines, a total line, tinted cells; no vertical lines."""

from __future__ import annotations

from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.grid import HEADER_SIZE, Cell, Grid, GridColumn, Plan
from regulars.render.deck.text import Look, write
from regulars.render.deck.theme import Paint, Theme
from regulars.story.slide_spec import Role

ROW_LINE, TOTAL_LINE, HEAT_LINE, MARKER_LINE = 0.5, 1.5, 1.5, 4.5


def draw_table(slide: Any, placeholder: Any, box: Box, grid: Grid, plan: Plan, theme: Theme) -> Any:
    """Draw the rows that a plan takes, in a placeholder where there is one, and return the frame."""
    with_total = grid.total is not None and plan.taken == len(grid.rows)
    count = 1 + plan.taken + with_total
    frame = (
        oxml.table_in(placeholder, count, len(plan.columns))
        if placeholder is not None
        else slide.shapes.add_table(count, len(plan.columns), box.left, box.top, box.width, box.height)
    )
    oxml.plain_table(frame, first_row=True)
    oxml.set_alt(frame, grid.alt, "Table")
    table = frame.table
    for column, width in zip(table.columns, plan.widths, strict=True):
        column.width = points(width)
    heights = (plan.header, *plan.rows)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = points(height)
    oxml.set_box(frame, Box(box.left, box.top, points(sum(plan.widths)), points(sum(heights))))
    columns = [grid.columns[number] for number in plan.columns]
    heat = any(column.heat for column in columns)
    for number, column in enumerate(columns):
        _header(table.cell(0, number), column, plan, theme, heat=heat)
    for position in range(plan.taken):
        role = grid.roles[position] if position < len(grid.roles) else None
        for number, source in enumerate(plan.columns):
            cell = table.cell(position + 1, number)
            _body(cell, grid.rows[position][source], columns[number], plan, theme, first=number == 0)
            if heat:
                _borders(cell, columns[number])
            else:
                oxml.cell_line(cell, "B", _grey(theme), ROW_LINE)
            if number == 0 and role is not None:
                oxml.cell_line(cell, "L", theme.roles[role], MARKER_LINE)
    if with_total and grid.total:
        for number, source in enumerate(plan.columns):
            cell = table.cell(count - 1, number)
            _body(cell, grid.total[source], columns[number], plan, theme, first=True)
            oxml.cell_line(cell, "T", theme.roles[Role.BASE], TOTAL_LINE)
            oxml.cell_line(table.cell(count - 2, number), "B", theme.roles[Role.BASE], TOTAL_LINE)
            oxml.cell_line(cell, "B", _grey(theme), ROW_LINE)
    return frame


def borderless(frame: Any) -> None:
    """Take style, header and bands off a table that only arranges text."""
    oxml.plain_table(frame, first_row=False)
    frame.table.first_col = True


def set_cell(cell: Any, text: str, look: Look, paint: Paint | None = None) -> None:
    """Write a cell with our margins, middle anchor and tint."""
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = inches(0.08)
    cell.margin_top = cell.margin_bottom = inches(0.02)
    write(cell.text_frame, [text], look)
    if paint is None:
        cell.fill.background()
    else:
        oxml.fill(cell.fill, paint)


def _header(cell: Any, column: GridColumn, plan: Plan, theme: Theme, *, heat: bool) -> None:
    base = theme.roles[Role.BASE]
    colour = "tx1" if heat else theme.text_on(base)
    look = Look(min(plan.size, HEADER_SIZE), colour, bold=True, align=_align(column))
    set_cell(cell, column.title, look, None if heat else base)
    if heat:
        _borders(cell, column)


def _body(cell: Any, content: Cell, column: GridColumn, plan: Plan, theme: Theme, *, first: bool) -> None:
    colour = theme.text_on(content.paint) if content.paint else "tx1"
    look = Look(plan.size, colour, bold=first, align=_align(column))
    set_cell(cell, content.brief if plan.brief else content.text, look, content.paint)


def _borders(cell: Any, column: GridColumn) -> None:
    for side in ("L", "R", "T", "B"):
        oxml.cell_line(cell, side, Paint("bg1") if column.heat else None, HEAT_LINE)


def _align(column: GridColumn) -> PP_ALIGN:
    if column.heat:
        return PP_ALIGN.CENTER
    return PP_ALIGN.RIGHT if column.numeric else PP_ALIGN.LEFT


def _grey(theme: Theme) -> Paint:
    return theme.rule
