"""Tables, cell by cell: header, rows, total, what shows size, and the small print below."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from regulars.base.units import MISSING
from regulars.render.workbook import formats as look
from regulars.render.workbook.blocks import write_headings
from regulars.render.workbook.cells import Page
from regulars.render.workbook.formats import Style
from regulars.render.workbook.formulas import TablePlace, named_columns
from regulars.render.workbook.long_cells import LEAST_ROWS, LongColumn
from regulars.render.workbook.plan import LEFT, BlockPlace, Span
from regulars.render.workbook.values import (
    formulas_of,
    is_number,
    is_right_aligned,
    number_format,
    row_unit,
    value_of,
)
from regulars.render.workbook.widths import INDENT
from regulars.story.sheet_spec import Cell, Chart, Column, Heat, Input, Link, Row, SheetSpec, Table
from regulars_workbooks import theme

_EMPTY = "No rows."
_PLAIN_NUMBERS = frozenset({int, float})
_GRID_LEAST = 3  # columns
_DAY_NOUGHT = dt.date(1899, 12, 30)  # of Excel's count of days, once past the day that 1900 did not have
_FIRST_PLAIN_DAY = dt.date(1900, 3, 1)
_SCALE = {"type": "2_color_scale", "min_color": theme.WHITE, "max_color": theme.COBALT_TINT}


class TableNames:
    """Names of Excel tables: safe, and each given once in a workbook."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Start with the names that others have, in small letters."""
        self._given = set(taken)

    def give(self, key: str) -> str:
        """Return a name for a table; our prefix keeps it from looking like a cell.

        >>> names = TableNames()
        >>> names.give("top customers"), names.give("Top customers"), names.give("A1")
        ('regulars_top_customers', 'regulars_Top_customers_2', 'regulars_A1')
        """
        base = f"regulars_{re.sub(r'[^0-9A-Za-z_]+', '_', key)}"[:200]
        name, number = base, 1
        while name.casefold() in self._given:
            number += 1
            name = f"{base}_{number}"
        self._given.add(name.casefold())
        return name


def gapless_columns(sheet: SheetSpec) -> frozenset[tuple[str, str]]:
    """Return the columns whose missing values must stay blank cells: a dash would spoil formulas and charts."""
    read = {pair for table, formula in formulas_of(sheet) for pair in named_columns(formula.template, table)}
    for block in sheet.blocks:
        if isinstance(block, Chart):
            read |= {(block.table, key) for key in block.series}
    return frozenset(read)


def write_table(
    page: Page, place: BlockPlace, table: Table, names: TableNames, gapless: frozenset[tuple[str, str]]
) -> None:
    """Write a table at its place."""
    write_headings(page, place, table.title, table.lead)
    where = page.plan.names.tables[table.key]
    right = [is_right_aligned(table, number) for number in range(len(table.columns))]
    _write_header(page, where, right, names)
    for number, column in enumerate(table.columns):
        gap = "" if table.listing or (table.key, column.key) in gapless else MISSING
        _write_column(page, where, number, _column_style(page, table, number, right=right[number]), gap)
    _show_size(page, where)
    if not table.rows:
        for number in range(len(table.columns)):
            text = "" if number else _EMPTY
            page.text(where.first, where.left + number, text, look.BODY.but(color=theme.SLATE, indent=1))
    for row, text in place.notes:
        page.text_across(row, page.plan.text, text, look.SMALL)


def _column_style(page: Page, table: Table, number: int, *, right: bool) -> Style:
    if right:
        return look.BODY.but(align="right")
    width = page.plan.widths[LEFT + number] - INDENT
    # Wrapped cells make programs measure every row, which a long list does not need when all texts fit.
    texts = (value for row in table.rows if isinstance(value := value_of(row.cells[number]), str))
    wraps = not table.listing or any(len(text) * 1.04 + 1.4 > width for text in texts)
    return look.BODY.but(wrap=wraps, indent=1)


def _write_header(page: Page, where: TablePlace, right: list[bool], names: TableNames) -> None:
    table = where.table
    styles = [look.HEADER.but(align="right") if on_right else look.HEADER.but(indent=1) for on_right in right]
    _spread(page, where, where.header, styles[-1])
    if not table.listing or not table.rows:
        for number, (column, style) in enumerate(zip(table.columns, styles, strict=True)):
            page.text(where.header, where.left + number, column.title, style)
        return
    # The filter button covers the right end of a header.
    styles = [style.but(indent=2) if style.align == "right" else style for style in styles]
    # XlsxWriter maps every cell of a table to find overlaps, which our plans do not have: more memory than the cells.
    page.sheet.table_cells = _Forgetful()
    page.sheet.add_table(
        where.header,
        where.left,
        where.last,
        where.left + len(table.columns) - 1,
        {
            "name": names.give(table.key),
            "style": page.formats.theme.on(theme.LISTING_STYLE),
            "columns": [
                {"header": title, "header_format": page.formats(style)}
                for title, style in zip(_distinct([column.title for column in table.columns]), styles, strict=True)
            ],
        },
    )


class _Forgetful(dict[tuple[int, int], str]):
    """A map that stays empty."""

    def __setitem__(self, cell: tuple[int, int], table: str) -> None:
        """Keep nothing."""


def _distinct(titles: list[str]) -> Iterator[str]:
    """Yield headers made different: an Excel table with two equal or empty ones is damaged."""
    seen: set[str] = set()
    for number, title in enumerate(titles, start=1):
        wanted = title or f"Column {number}"
        name, count = wanted, 1
        while name.casefold() in seen:
            count += 1
            name = f"{wanted} ({count})"
        seen.add(name.casefold())
        yield name


def _write_column(page: Page, where: TablePlace, number: int, style: Style, gap: str) -> None:
    """Write the cells of one column. Plain numbers and texts, nearly all cells of a long list, take a short way."""
    table, column = where.table, where.left + number
    unit = table.columns[number].unit
    number_look = page.formats(style.but(number=number_format(unit, page.currency), align="right"))
    text_look = page.formats(style)
    date_look = page.formats(style.but(number="yyyy-mm-dd"))
    spreads = where.spill is not None and number == len(table.columns) - 1
    long = LongColumn(where.first, len(table.rows))
    keeps = table.listing and len(table.rows) >= LEAST_ROWS and column not in page.long
    if keeps:
        page.long[column] = long
    for row, spec in enumerate(table.rows, start=where.first):
        cell = spec.cells[number]
        if spreads:
            _spread(page, where, row, style)
        if spec.unit is None and not spec.strong:
            if type(cell) in _PLAIN_NUMBERS and math.isfinite(cell):  # type: ignore[arg-type]
                if not (keeps and long.take_number(row, cell, number_look)):  # type: ignore[arg-type]
                    page.sheet.write_number(row, column, cell, number_look)
                continue
            if isinstance(cell, str) and cell[:1].isalnum() and cell.isprintable() and len(cell) < 32_768:
                if not (keeps and long.take_text(row, cell, text_look, page.sheet.str_table)):
                    page.sheet.write_string(row, column, cell, text_look)
                continue
            if type(cell) is dt.date and cell >= _FIRST_PLAIN_DAY:
                day = (cell - _DAY_NOUGHT).days
                if not (keeps and long.take_number(row, day, date_look)):
                    page.sheet.write_number(row, column, day, date_look)
                continue
        _write_cell(page, where, number, row, spec, style, gap)
    if table.total is not None and where.total is not None:
        total_style = style.but(bold=True, top=theme.NAVY, bottom=None)
        if spreads:
            _spread(page, where, where.total, total_style)
        _write_cell(page, where, number, where.total, table.total, total_style, "")


def _write_cell(page: Page, where: TablePlace, number: int, row: int, spec: Row, style: Style, gap: str) -> None:
    column = where.table.columns[number]
    cell: Cell | Input = spec.cells[number]
    unit = row_unit(column, spec)
    if is_number(value_of(cell)):
        style = style.but(align="right", indent=0)
    if spec.strong:
        style = style.but(bold=True, top=theme.NAVY)
    if isinstance(cell, Input):
        page.editable(
            row,
            where.left + number,
            cell,
            unit,
            look.INPUT.but(align=style.align, wrap=style.wrap, indent=style.indent),
            table=where.table.key,
        )
    elif isinstance(cell, Link):
        page.link(row, where.left + number, cell, look.LINK.but(bottom=style.bottom, indent=style.indent))
    else:
        page.value(row, where.left + number, cell, unit, style, table=where.table.key, gap=gap)


def _spread(page: Page, where: TablePlace, row: int, style: Style) -> None:
    """Let the last column's cell run over the columns on its right, when there are any it may have."""
    if where.spill is not None:
        page.across(row, Span(where.left + len(where.table.columns) - 1, where.spill), style)


def _show_size(page: Page, where: TablePlace) -> None:
    """Colour columns by size, data rows only. Columns of a grid share one scale, so that its cells compare."""
    if not where.table.rows:
        return
    for numbers in _scaled_together(where.table.columns):
        heat = where.table.columns[numbers[0]].heat
        first, last = where.left + numbers[0], where.left + numbers[-1]
        rule = _bar(where, numbers[0]) if heat is Heat.BAR else _SCALE
        page.sheet.conditional_format(where.first, first, where.plotted_last, last, page.formats.theme.on(dict(rule)))


def _scaled_together(columns: Sequence[Column]) -> Iterator[list[int]]:
    """Yield the coloured columns; three and more neighbours with one unit are a grid and come together."""
    for (heat, _), group in groupby(
        range(len(columns)), key=lambda number: (columns[number].heat, columns[number].unit)
    ):
        numbers = list(group)
        if heat is Heat.SCALE and len(numbers) >= _GRID_LEAST:
            yield numbers
        elif heat is not Heat.NONE:
            yield from ([number] for number in numbers)


def _bar(where: TablePlace, number: int) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": theme.COBALT_TINT,
        "bar_border_color": theme.COBALT_TINT,
        "bar_negative_color": theme.BRICK_TINT,
        "bar_negative_border_color": theme.BRICK_TINT,
    }
    values = [value_of(row.cells[number]) for row in where.table.rows]
    if all(value >= 0 for value in values if isinstance(value, int | float)):
        rule |= {"min_type": "num", "min_value": 0}  # else the least value has no bar at all
    return rule
