"""Ranges of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings.expansion

from regulars.orders.grid import letters
from regulars_addin.libreoffice.fonts import Font, colour_of, number_of
from regulars_addin.libreoffice.formulas import formulas_of
from regulars_addin.libreoffice.values import Block, format_key, read_block, write_block

if TYPE_CHECKING:
    from regulars_addin.libreoffice.sheets import Sheet
    from regulars_addin.libreoffice.tables import Table

VALUES = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas
EVERYTHING = 1023
STEPS = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}
HUNDREDTHS_OF_MM_IN_A_CHARACTER = 190.0  # of Calibri 11, in which Excel counts the width of columns
HUNDREDTHS_OF_MM_IN_A_POINT = 2540 / 72


def range_at(sheet: Sheet, first: Any, last: Any = None) -> Range:
    """Return the cells of a sheet between two corners, each an address, (row, column) from 1, or a range."""
    top, left, bottom, right = _corners(sheet, first)
    if last is not None:
        other = _corners(sheet, last)
        top, left = min(top, other[0]), min(left, other[1])
        bottom, right = max(bottom, other[2]), max(right, other[3])
    return Range(sheet, sheet.sheet.getCellRangeByPosition(left, top, right, bottom))


def _corners(sheet: Sheet, place: Any) -> tuple[int, int, int, int]:
    if isinstance(place, tuple):
        row, column, rows, columns = place if len(place) == 4 else (*place, 1, 1)  # xlwings asks for slices by four
        if min(row, column, rows, columns) < 1:
            raise IndexError(
                f"no cells are meant by {place}: rows and columns count from 1, and a range has one cell at least"
            )
        return row - 1, column - 1, row + rows - 2, column + columns - 2
    place = getattr(place, "impl", place)
    if isinstance(place, Range):
        address = place.cells.RangeAddress
    else:
        address = sheet.sheet.getCellRangeByName(place.replace("$", "")).RangeAddress
    return address.StartRow, address.StartColumn, address.EndRow, address.EndColumn


class Range:
    """A block of cells on one sheet."""

    def __init__(self, sheet: Sheet, cells: Any, **options: Any) -> None:
        """Take the cells of a sheet."""
        self.sheet = sheet
        self.cells = cells
        self.options = options

    @property
    def api(self) -> Any:
        """The range of cells."""
        return self.cells

    @property
    def max_cells_per_read(self) -> int | None:
        """Read in one piece, however large."""
        return None

    @property
    def max_cells_per_write(self) -> int | None:
        """Write in one piece."""
        return None

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        """Sheet, row and column from 1, rows, columns."""
        return (self.sheet.name, self.row, self.column, *self.shape)

    @property
    def row(self) -> int:
        """The first row, from 1."""
        return int(self.cells.RangeAddress.StartRow) + 1

    @property
    def column(self) -> int:
        """The first column, from 1."""
        return int(self.cells.RangeAddress.StartColumn) + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        address = self.cells.RangeAddress
        return address.EndRow - address.StartRow + 1, address.EndColumn - address.StartColumn + 1

    def __len__(self) -> int:
        """Count the cells."""
        rows, columns = self.shape
        return rows * columns

    def __call__(self, first: int, second: int | None = None) -> Range:
        """Return one cell by (row, column), or by its number row by row; both from 1."""
        if second is None:
            columns = self.shape[1]
            first, second = (first - 1) // columns + 1, (first - 1) % columns + 1
        return range_at(self.sheet, (self.row + first - 1, self.column + second - 1))

    def get_address(self, row_absolute: bool, column_absolute: bool, external: bool) -> str:
        """Return the address, such as "$A$1:$C$3", with the workbook and sheet before it where asked."""
        rows, columns = self.shape

        def cell(row: int, column: int) -> str:
            return f"{'$' if column_absolute else ''}{letters(column - 1)}{'$' if row_absolute else ''}{row}"

        address = cell(self.row, self.column)
        if (rows, columns) != (1, 1):
            address += f":{cell(self.row + rows - 1, self.column + columns - 1)}"
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{address}" if external else address

    @property
    def address(self) -> str:
        """The address with dollar signs."""
        return self.get_address(True, True, False)

    @property
    def raw_value(self) -> Block:
        """The values as rows; see `values`."""
        return read_block(self.cells, self.sheet.book.document)

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        write_block(self.cells, self.sheet.book.document, value)

    @property
    def formula(self) -> Any:
        """The formulas as rows of texts, spelt as in Excel; where a cell has none, what was typed into it.

        One formula for many cells is written into each as it stands: its references do not move as they would in Excel.
        """
        formulas = formulas_of(self.cells, self.sheet.book.document)
        return formulas[0][0] if self.shape == (1, 1) else formulas

    @formula.setter
    def formula(self, value: Any) -> None:
        write_block(self.cells, self.sheet.book.document, value)

    @property
    def has_array(self) -> bool:
        """Whether it holds a formula over several cells."""
        return bool(self.cells.ArrayFormula)

    @property
    def number_format(self) -> str:
        """The number format of the first cell."""
        key = self.cells.getCellByPosition(0, 0).NumberFormat
        return str(self.sheet.book.document.NumberFormats.getByKey(key).FormatString)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.cells.NumberFormat = format_key(self.sheet.book.document, value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The fill as (red, green, blue); None without one."""
        return colour_of(self.cells.CellBackColor)

    @color.setter
    def color(self, value: Any) -> None:
        self.cells.CellBackColor = number_of(value)

    @property
    def font(self) -> Font:
        """The font."""
        return Font(self.cells)

    @property
    def wrap_text(self) -> bool:
        """Whether long texts take several lines."""
        return bool(self.cells.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.cells.IsTextWrapped = value

    @property
    def column_width(self) -> float:
        """The width of the first column in characters, nearly as Excel counts."""
        return float(self.cells.Columns.getByIndex(0).Width / HUNDREDTHS_OF_MM_IN_A_CHARACTER)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.cells.Columns.Width = round(value * HUNDREDTHS_OF_MM_IN_A_CHARACTER)

    @property
    def row_height(self) -> float:
        """The height of the first row in points."""
        return float(self.cells.Rows.getByIndex(0).Height / HUNDREDTHS_OF_MM_IN_A_POINT)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.cells.Rows.Height = round(value * HUNDREDTHS_OF_MM_IN_A_POINT)

    @property
    def row_hidden(self) -> bool:
        """Whether all its rows are hidden, by hand or by a filter."""
        return bool(self.hidden_rows == self.shape[0])

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.cells.Rows.IsVisible = not value

    @property
    def hidden_rows(self) -> int:
        """How many of its rows are hidden, by hand or by a filter; counted in one question."""
        seen = {
            row
            for area in self.cells.queryVisibleCells().RangeAddresses
            for row in range(area.StartRow, area.EndRow + 1)
        }
        return self.shape[0] - len(seen)

    def expand(self, mode: str = "table") -> Range:
        """Return it with the filled cells that follow: down, right or both."""
        found: Range = xlwings.expansion.expanders[mode].expand(xlwings.Range(impl=self)).impl
        return found

    def end(self, direction: str) -> Range:
        """Return the cell to which Ctrl and an arrow key would go from the first cell."""
        down, right = STEPS[direction]
        data = self.sheet.used_range.cells.getDataArray()
        row, column = self.row - 1, self.column - 1

        def inside(row: int, column: int) -> bool:
            return 0 <= row < len(data) and 0 <= column < len(data[0])

        def full(row: int, column: int) -> bool:
            return inside(row, column) and data[row][column] != ""

        running = full(row, column) and full(row + down, column + right)
        while inside(row + down, column + right):
            if running and not full(row + down, column + right):
                break
            row, column = row + down, column + right
            if not running and full(row, column):
                break
        return range_at(self.sheet, (row + 1, column + 1))

    @property
    def current_region(self) -> Range:
        """The block of filled cells around it."""
        cursor = self.sheet.sheet.createCursorByRange(self.cells)
        cursor.collapseToCurrentRegion()
        address = cursor.RangeAddress
        return range_at(
            self.sheet, (address.StartRow + 1, address.StartColumn + 1), (address.EndRow + 1, address.EndColumn + 1)
        )

    @property
    def merge_cells(self) -> bool:
        """Whether one of its cells is merged with others."""
        return bool(self.cells.getIsMerged())

    @property
    def merge_area(self) -> Range:
        """The merged cells around the first one."""
        cursor = self.sheet.sheet.createCursorByRange(self.cells.getCellByPosition(0, 0))
        cursor.collapseToMergedArea()
        return Range(self.sheet, cursor)

    @property
    def table(self) -> Table | None:
        """The table that the first cell belongs to."""
        for table in self.sheet.tables:
            area = table.range
            rows, columns = area.shape
            if 0 <= self.row - area.row < rows and 0 <= self.column - area.column < columns:
                return table
        return None

    def clear(self) -> None:
        """Empty the cells, with their formats."""
        self.cells.clearContents(EVERYTHING)

    def clear_contents(self) -> None:
        """Empty the cells; formats stay."""
        self.cells.clearContents(VALUES)

    def autofit(self, axis: str | None = None) -> None:
        """Make columns as wide, and rows as high, as what they hold."""
        if axis in (None, "c", "columns"):
            self.cells.Columns.OptimalWidth = True
        if axis in (None, "r", "rows"):
            self.cells.Rows.OptimalHeight = True

    def select(self) -> None:
        """Select it, in front."""
        controller = self.sheet.book.document.CurrentController
        if controller is not None:
            controller.setActiveSheet(self.sheet.sheet)
            controller.select(self.cells)
