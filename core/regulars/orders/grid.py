"""Cells of one sheet as text, before anyone knows which row is the header."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.orders.model import Notice
from regulars.orders.raw import ROW, RawSource
from regulars.orders.written import Array


@dataclass(frozen=True)
class Typed:
    """Columns by what their cells are in the file, whatever they look like."""

    numeric: frozenset[int] = frozenset()
    dated: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Body:
    """The cells below a header, each column as a type of its own: text, float64 or timestamp."""

    columns: tuple[Array, ...]
    typed: Typed
    first_column: int
    error_cells: Mapping[int, int] | None = None


def nothing_typed(_header_row: int) -> Typed:
    """Say that every cell is text, as in a CSV file."""
    return Typed()


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet, header and all.

    `columns` are nullable strings of equal length whose first value stands in row `first_row`. `headers` is given by
    formats that keep names apart from values; then no row is searched for them.
    """

    name: str
    columns: tuple[Array, ...]
    first_row: int = 1
    first_column: int = 0  # 0 is column A
    headers: tuple[str, ...] | None = None
    typed: Callable[[int], Typed] = nothing_typed  # takes the header's row number
    error_cells: Mapping[int, int] | None = None
    sheet: str | None = None
    body: Callable[[int], Body] | None = None  # takes the header's row number; then `columns` are the first rows only
    notices: tuple[Notice, ...] = ()  # what its reader noticed
    formats: Mapping[int, frozenset[str]] = field(default_factory=dict)  # of numbers, by column (0 is A); "": built in
    passed_over: str | None = None  # why the sheet was not read; then there are no columns

    @property
    def height(self) -> int:
        """Return the number of rows, blank ones included."""
        return len(self.columns[0]) if self.columns else 0


def cell_text(value: object) -> str | None:
    """Return a cell's value as text; None when it is blank.

    >>> [cell_text(value) for value in (17850.0, 2.55, True, "  ", "0012 ", dt.datetime(2010, 12, 1, 7, 45))]
    ['17850', '2.55', 'true', None, '0012 ', '2010-12-01 07:45:00']
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None, microsecond=0).isoformat(sep=" ")
    if isinstance(value, dt.date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value == int(value) else repr(float(value))
    return str(value)


def grid_from_rows(name: str, rows: Sequence[Sequence[object]], first_row: int = 1, first_column: int = 0) -> Grid:
    """Return the grid of a range of Python values, such as a live sheet hands over; short rows are filled up."""
    width = max((len(row) for row in rows), default=0)
    columns, numbers, dates, texts = [], [], [], []
    for index in range(width):
        values = [row[index] if index < len(row) else None for row in rows]
        columns.append(pa.array([cell_text(value) for value in values], pa.string()))
        number = [position for position, value in enumerate(values) if _is_number(value)]
        date = [position for position, value in enumerate(values) if isinstance(value, dt.date)]
        filled = {position for position in range(len(values)) if columns[-1][position].is_valid}
        numbers.append(number)
        dates.append(date)
        texts.append(filled.difference(number, date))

    def typed(header_row: int) -> Typed:
        below = header_row - first_row + 1
        return Typed(
            numeric=_only(numbers, (dates, texts), below),
            dated=_only(dates, (numbers, texts), below),
        )

    return Grid(name, tuple(columns), first_row, first_column, typed=typed)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)


def _only(
    wanted: Sequence[Sequence[int]], others: Sequence[Sequence[Sequence[int] | set[int]]], below: int
) -> frozenset[int]:
    """Return the columns that have wanted cells and no others from a position on."""

    def has(cells: Sequence[int] | set[int]) -> bool:
        return any(position >= below for position in cells)

    return frozenset(
        index for index, cells in enumerate(wanted) if has(cells) and not any(has(other[index]) for other in others)
    )


def below_header(grid: Grid, header_row: int) -> RawSource:
    """Return the cells below a header row as a source; 0 where the format keeps the headers apart."""
    start = header_row - grid.first_row + 1 if header_row else 0
    written: Sequence[str | None]
    written = grid.headers if grid.headers is not None else [column[start - 1].as_py() for column in grid.columns]
    if grid.body is not None:
        body = grid.body(header_row)
        by_column = dict(enumerate(written, start=grid.first_column))
        written = [by_column.get(body.first_column + index) for index in range(len(body.columns))]
    else:
        columns = tuple(column.slice(start) for column in grid.columns)
        body = Body(columns, grid.typed(header_row), grid.first_column, grid.error_cells)
    width = _used_width(written, body.columns)
    used, first = body.columns[:width], grid.first_row + start
    height = len(used[0]) if used else 0
    numbers = pa.array(np.arange(first, first + height, dtype=np.int64))
    table = pa.table(dict(zip([ROW, *(f"c{index}" for index in range(width))], [numbers, *used], strict=True)))
    filled = _filled(used)
    if filled is not None:
        table = table.filter(filled)
    return RawSource(
        name=grid.name,
        header_row=header_row,
        headers=_usable(written[:width], body.first_column),
        places=tuple(letters(body.first_column + index) for index in range(width)),
        repeated=_repeated(written[:width]),
        cells=table,
        numeric=frozenset(index for index in body.typed.numeric if index < width),
        dated=frozenset(index for index in body.typed.dated if index < width),
        error_cells=body.error_cells,
        notices=grid.notices,
        formats={index: grid.formats.get(body.first_column + index, frozenset()) for index in range(width)},
    )


def _used_width(written: Sequence[str | None], columns: Sequence[Array]) -> int:
    """Return how many columns are left when empty ones without a header at the right end are cut off."""
    for index in range(len(columns) - 1, -1, -1):
        if written[index] is not None or columns[index].null_count < len(columns[index]):
            return index + 1
    return 0


def _filled(columns: Sequence[Array]) -> Array | None:
    """Return which rows have a cell at all; None when all have."""
    if any(not column.null_count for column in columns):
        return None
    mask = None
    for column in columns:
        valid = pc.is_valid(column)
        mask = valid if mask is None else pc.or_(mask, valid)
        if pc.all(mask).as_py():
            return None
    return mask


def _usable(written: Sequence[str | None], first_column: int) -> tuple[str, ...]:
    """Return headers without line breaks, with the column's letter where one is empty or taken."""
    headers: list[str] = []
    taken: set[str] = set()
    for index, header in enumerate(written):
        text = " ".join((header or "").split())
        if not text or text.casefold() in taken:
            text = f"Column {letters(first_column + index)}"
        headers.append(text)
        taken.add(text.casefold())
    return tuple(headers)


def _repeated(written: Sequence[str | None]) -> dict[int, int]:
    """Return the columns whose header stands over one before them too, by that one."""
    first: dict[str, int] = {}
    found = {}
    for index, header in enumerate(written):
        text = " ".join((header or "").split()).casefold()
        if text and first.setdefault(text, index) != index:
            found[index] = first[text]
    return found


def letters(index: int) -> str:
    """Return the letters of a column by its index from 0.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """Return the index from 0 of a column by its letters.

    >>> column_index("A"), column_index("XFD")
    (0, 16383)
    """
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def written_as_dates(column: Array) -> bool | None:
    """Tell whether all cells look as dates are written here, none of them (False), or some (None)."""
    lengths = pc.min_max(pc.binary_length(column)).as_py()
    if lengths["max"] is None or lengths["max"] < len("2010-12-01 07:45:00"):
        return False
    years = pc.and_(
        pc.equal(pc.utf8_slice_codeunits(column, 4, 5), "-"), pc.equal(pc.utf8_slice_codeunits(column, 7, 8), "-")
    )
    if pc.all(years).as_py():
        return True
    return None if pc.any(years).as_py() else False
