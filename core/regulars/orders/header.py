"""The header row: the row near the top that names most fields; titles and notes above it are normal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from regulars.base.errors import InputError
from regulars.orders.aliases import compact, customer_names, order_names
from regulars.orders.dates import read_date
from regulars.orders.grid import Grid, below_header, grid_from_rows
from regulars.orders.model import Notice
from regulars.orders.numbers import read_number
from regulars.orders.raw import ROW, RawSource

SEARCHED_ROWS = 50  # rows with cells; a header further down is not found
MOST_SEARCHED = 250  # rows, blank ones included
LONGEST_LABEL = 30  # characters of a part of a header that stands in two rows
TWO_ROWS = "two_header_rows"  # the key of its notice
REPEATED = "repeated_header"  # the same


def raw_from_grid(grid: Grid, mapped: Collection[str] = ()) -> RawSource | None:
    """Return the rows below the header of a sheet; None for a sheet without cells.

    `mapped` are headers that the user named; the row that has them is the header.
    """
    if grid.headers is not None:
        return below_header(grid, 0)
    header_row = _header_row(grid, frozenset(compact(header) for header in mapped))
    if header_row is None:
        return None
    raw = below_header(grid, header_row)
    raw = replace(raw, notices=(*raw.notices, *_about_repeated(raw)))
    second = _second_row(grid, header_row)
    if second is None:
        return raw
    text = (
        f"the header of '{grid.name}' seems to stand in rows {min(header_row, second)} and {max(header_row, second)};"
        f" the names in row {header_row} were used"
    )
    return replace(raw, notices=(*raw.notices, Notice(TWO_ROWS, text, 0, f"{grid.name} row {header_row}")))


def _about_repeated(raw: RawSource) -> tuple[Notice, ...]:
    """Return what to say of rows that have the headings once more, as where a second table stands below the first."""
    mask = None
    for index, (header, place) in enumerate(zip(raw.headers, raw.places, strict=True)):
        if header == f"Column {place}":  # of a column without a heading, or with one that another column has
            continue
        column = raw.cells.column(f"c{index}")
        if not pa.types.is_string(column.type):
            return ()
        same = pc.equal(column, header)
        mask = same if mask is None else pc.and_(mask, same)
        if not pc.any(mask).as_py():
            return ()
    if mask is None:
        return ()
    rows = raw.cells.column(ROW).filter(mask).to_pylist()
    count, first = len(rows), ", ".join(f"{row}" for row in rows[:5])
    what = (
        f"row {first} of '{raw.name}' repeats the headings: a second table stands below the first"
        if count == 1
        else f"{count} rows of '{raw.name}' repeat the headings ({first}{', …' if count > 5 else ''}): several tables stand"
        " one below the other"
    )
    text = f"{what}; all were read as one, without the headings in between"
    return (Notice(REPEATED, text, count, f"{raw.name} row {rows[0]}"),)


def _second_row(grid: Grid, header_row: int) -> int | None:
    """Return the row beside the header that has labels only too, and names several columns."""
    place = header_row - grid.first_row
    for other in (place - 1, place + 1):
        if not 0 <= other < grid.height:
            continue
        cells = [column[other].as_py() for column in grid.columns]
        filled = [cell for cell in cells if cell is not None]
        parted = sum(1 for cell in cells[1:] if cell is not None) >= 2
        if parted and len(filled) >= 2 and all(_is_label(cell) and len(cell) <= LONGEST_LABEL for cell in filled):
            return grid.first_row + other
    return None


def raw_from_rows(
    name: str, rows: Sequence[Sequence[object]], first_row: int = 1, first_column: int = 0, mapped: Collection[str] = ()
) -> RawSource:
    """Return a range of Python values, such as a live sheet hands over, as a source under the same rules as a file.

    Raises InputError when no cell is filled.

    >>> raw = raw_from_rows("Sheet1", [["My shop"], [], ["Client", "Date", "Total"], [17850.0, "1 Dec", 2.5]], first_row=3)
    >>> raw.header_row, raw.headers, raw.cells.to_pylist()
    (5, ('Client', 'Date', 'Total'), [{'row': 6, 'c0': '17850', 'c1': '1 Dec', 'c2': '2.5'}])
    """
    raw = raw_from_grid(grid_from_rows(name, rows, first_row, first_column), mapped)
    if raw is None:
        raise InputError(f"'{name}' has no filled cell", remedy="choose the sheet that holds the orders")
    return raw


def _header_row(grid: Grid, mapped: frozenset[str]) -> int | None:
    best, best_worth, searched = None, (-1.0, 0), 0
    for position in range(min(grid.height, MOST_SEARCHED)):
        cells = [column[position].as_py() for column in grid.columns]
        if not any(cells):
            continue
        worth = _worth(cells, mapped)
        if worth > best_worth:
            best, best_worth = position, worth
        searched += 1
        if searched == SEARCHED_ROWS:
            break
    return None if best is None else grid.first_row + best


def _worth(cells: Sequence[str | None], mapped: frozenset[str]) -> tuple[float, int]:
    """Return how much a row looks like a header: by the fields it names, then by its number of labels."""
    labels = [cell for cell in cells if cell is not None and _is_label(cell)]
    if len(labels) < 2:
        return 0.0, len(labels)
    fields = 0.0
    for names in (order_names(), customer_names()):
        named = [max((field.score(label) for label in labels), default=0.0) for field in names.values()]
        fields = max(fields, sum(1.0 if score > 60 else 0.5 for score in named if score >= 15))
    told = sum(1 for label in labels if compact(label) in mapped)
    filled = sum(1 for cell in cells if cell is not None)
    if len(labels) < filled / 2 or (fields < 1.5 and not told):
        return 0.0, len(labels)  # a row of values with a lucky word among them
    return fields + 10 * told, len(labels)


def _is_label(cell: str) -> bool:
    return (
        len(cell) <= 100
        and any(letter.isalpha() for letter in cell)
        and read_number(cell) is None
        and read_date(cell) is None
    )
