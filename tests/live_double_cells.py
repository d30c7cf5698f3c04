"""The cells of the double of Excel: read from a file, and handed over as COM and AppleScript do."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

COM, APPLESCRIPT = "com", "applescript"
OLDEST = {
    "#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#NULL!": -2146826288, "#NUM!": -2146826252,
    "#REF!": -2146826265, "#VALUE!": -2146826273,
}  # fmt: skip
LATER = {
    "#SPILL!": -2146826243, "#CALC!": -2146826238, "#GETTING_DATA": -2146826245, "#FIELD!": -2146826239,
    "#BLOCKED!": -2146826241, "#CONNECT!": -2146826242,
}  # fmt: skip
_CURRENCY = re.compile(r"[$€£¥]|\[\$")


class ComTime(dt.datetime):
    """A date as COM gives it: a subclass of datetime, with a zone that is not the sheet's."""


class Missing:
    """AppleScript's `missing value`."""


MISSING = Missing()


@dataclass
class DoubleSheet:
    """The cells of a sheet, and what hangs on it."""

    name: str
    values: dict[tuple[int, int], Any]
    formats: dict[tuple[int, int], str]
    formulas: dict[tuple[int, int], str]
    tables: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    footer: str = ""
    visible: bool = True
    protected: bool = False
    hidden: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    drawings: int = 0

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """The first and last row and column that hold anything; A1 on an empty sheet, as Excel says."""
        rows, columns = [row for row, _ in self.values] or [1], [column for _, column in self.values] or [1]
        return min(rows), min(columns), max(rows), max(columns)


def read_sheets(path: str | Path) -> list[DoubleSheet]:
    """Return the sheets of an .xlsx file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown, written = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    found = []
    for sheet in shown.worksheets:
        cells: list[Any] = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        twin: Any = written[sheet.title]
        formulas: dict[tuple[int, int], Any] = {
            (c.row, c.column): c.value for row in twin.iter_rows() for c in row if c.data_type == "f"
        }
        found.append(
            DoubleSheet(
                sheet.title,
                {(cell.row, cell.column): cell.value for cell in cells},
                {(cell.row, cell.column): cell.number_format for cell in cells},
                {place: text if isinstance(text, str) else f"={text.text}" for place, text in formulas.items()},
                {table.displayName: bounds(table.ref) for table in sheet.tables.values()},
                twin.oddFooter.left.text or "",
                sheet.sheet_state == "visible",
                bool(sheet.protection.sheet),
                frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden),
                tuple(bounds(str(area)) for area in sheet.merged_cells.ranges),
                len(sheet._charts) + len(sheet._images),  # type: ignore[attr-defined]
            )
        )
    return found


def bounds(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference)
    return int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)


def as_com(value: Any, number_format: str) -> Any:
    """Return a cell as `Range.Value` of COM gives it."""
    if isinstance(value, dt.datetime):
        return ComTime(*value.timetuple()[:6], value.microsecond, tzinfo=dt.UTC)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(repr(round(value, 4))) if _CURRENCY.search(number_format) else float(value)
    return {**OLDEST, **LATER}.get(value, value)


def as_com_2(value: Any) -> Any:
    """Return a cell as `Range.Value2` of COM gives it: no money, and dates as numbers of days."""
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001
    return as_com(value, "General")


def as_applescript(value: Any, _number_format: str) -> Any:
    """Return a cell as AppleScript gives it, after xlwings has put the texts of the errors that it knows."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return MISSING if value in LATER else value


def corners_of(place: Any) -> tuple[int, int, int, int]:
    if isinstance(place, tuple):
        row, column, rows, columns = place if len(place) == 4 else (*place, 1, 1)
        return row, column, row + rows - 1, column + columns - 1
    place = getattr(place, "impl", place)
    return place.corners if hasattr(place, "corners") else bounds(place.replace("$", ""))


def answer(value: Any = None) -> Any:
    """Return a property as appscript has it: a reference that is asked by `get`."""
    return SimpleNamespace(get=lambda: value)


class Names:
    """No defined names."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def snapshot(self) -> list[Any]:
        return []
