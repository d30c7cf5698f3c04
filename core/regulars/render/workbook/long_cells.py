"""The cells of a long list, a few bytes each: XlsxWriter keeps every cell as an object until it writes the sheet."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple

LEAST_ROWS = 2_000  # of a list whose cells are kept this way
_NONE = -1  # number of a text that is not there
_NAN = float("nan")


class LongColumn:
    """One column of a list: numbers, or numbers of shared texts, all of one format.

    It leaves the first and the last row to the worksheet, which learns from them how far it reaches.
    """

    def __init__(self, first: int, rows: int) -> None:
        """Start empty, at a row of the sheet."""
        self.first = first
        self._rows = rows
        self._form: Any = None
        self._numbers: array[float] | None = None
        self._texts: array[int] | None = None

    def take_number(self, row: int, number: float, form: Any) -> bool:
        """Keep a number; False when the column is of another kind, so that the worksheet has to keep it."""
        if self._numbers is None:
            if self._texts is not None:
                return False
            self._numbers, self._form = array("d", [_NAN]) * self._rows, form
        if form is not self._form or not self._is_inside(row):
            return False
        self._numbers[row - self.first] = number
        return True

    def take_text(self, row: int, text: str, form: Any, shared: Any) -> bool:
        """Keep a text by its number among the shared ones; False when the column is of another kind."""
        if self._texts is None:
            if self._numbers is not None:
                return False
            self._texts, self._form = array("l", [_NONE]) * self._rows, form
        if form is not self._form or not self._is_inside(row):
            return False
        self._texts[row - self.first] = shared._get_shared_string_index(text)  # noqa: SLF001  told by no method
        return True

    def _is_inside(self, row: int) -> bool:
        return self.first < row < self.first + self._rows - 1

    def cell(self, row: int) -> Any:
        """Return the cell as the worksheet would hold it; None when it holds it itself, or there is none."""
        place = row - self.first
        if self._numbers is not None:
            number = self._numbers[place]
            return None if math.isnan(number) else CellNumberTuple(number, self._form)
        if self._texts is not None and self._texts[place] != _NONE:
            return CellStringTuple(self._texts[place], self._form)
        return None

    def numbers(self) -> Iterator[float]:
        """Yield every number."""
        return (number for number in self._numbers or () if not math.isnan(number))

    def texts(self) -> Iterator[int]:
        """Yield the number of every text."""
        return (number for number in self._texts or () if number != _NONE)


class LongCells(defaultdict[int, dict[int, Any]]):
    """The cells of a worksheet by row and column, with those of long columns made as they are asked for."""

    def __init__(self, cells: Mapping[int, dict[int, Any]], columns: Mapping[int, LongColumn]) -> None:
        """Take what the worksheet holds, and the columns that it does not."""
        super().__init__(dict, cells)
        self._columns = dict(columns)
        self._first = min(column.first for column in columns.values())
        self._end = max(column.first + column._rows for column in columns.values())  # noqa: SLF001  of this module
        self._row = -1
        self._made: dict[int, Any] = {}

    def __contains__(self, row: object) -> bool:
        """Tell whether a row has cells."""
        return (isinstance(row, int) and self._first <= row < self._end) or super().__contains__(row)

    def __getitem__(self, row: int) -> dict[int, Any]:
        """Return the cells of a row by column."""
        if row == self._row:
            return self._made
        if not self._first <= row < self._end:
            return super().__getitem__(row)
        made = dict(self.get(row) or {})
        for number, column in self._columns.items():
            cell = column.cell(row)
            if cell is not None:
                made[number] = cell
        self._row, self._made = row, made
        return made
