"""Names in long lists that are longer than any name: shown by their beginning, for a row of half a page helps nobody."""

from __future__ import annotations

from dataclasses import replace

from regulars.story.sheet_spec import Row, SheetSpec, Table

NAME_MOST = 100  # characters without a blank
TEXT_MOST = 600


def shortened(text: str) -> str:
    """Return a text as lists show it; files of lists have it whole.

    >>> len(shortened("x" * 32_767)), shortened("x" * 32_767)[-2:], shortened("Bob's shop")
    (100, 'x…', "Bob's shop")
    """
    if len(text) <= NAME_MOST:
        return text
    most = TEXT_MOST if " " in text[:NAME_MOST] else NAME_MOST
    return text if len(text) <= most else f"{text[: most - 1]}…"


def with_short_names(sheet: SheetSpec) -> SheetSpec:
    """Return a sheet whose lists show the beginning of texts that are too long for a row."""
    blocks = tuple(_in_list(block) if isinstance(block, Table) and block.listing else block for block in sheet.blocks)
    return replace(sheet, blocks=blocks)


def _in_list(table: Table) -> Table:
    long = {number for number, row in enumerate(table.rows) if any(_is_long(cell) for cell in row.cells)}
    if not long:
        return table
    rows = tuple(_row(row) if number in long else row for number, row in enumerate(table.rows))
    return replace(table, rows=rows)


def _is_long(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) > NAME_MOST


def _row(row: Row) -> Row:
    return replace(row, cells=tuple(shortened(cell) if isinstance(cell, str) else cell for cell in row.cells))
