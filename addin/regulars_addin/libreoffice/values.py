"""Values of cells: what LibreOffice stores, as what xlwings hands out and takes.

LibreOffice keeps numbers and texts. Whether a number is a date or a truth value is said by its number format, and an error
by the code of its formula.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from regulars_addin.libreoffice.bridge import constant, struct
from regulars_addin.libreoffice.formulas import is_formula, set_formulas

Block = list[list[Any]]

EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  cells have no time zone
MILLISECONDS = 86_400_000
DAY_FORMAT = "YYYY-MM-DD"
MOMENT_FORMAT = "YYYY-MM-DD HH:MM:SS"
TRUTH_FORMAT = "BOOLEAN"

# LibreOffice's codes of errors that Excel names: formulas/errorcodes.hxx and how its own xlsx export maps them.
ERRORS = {
    502: "#VALUE!",
    503: "#NUM!",
    504: "#VALUE!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
OTHER_ERROR = "#VALUE!"
MOST_ASKED = 100
DATE, TRUTH = "date", "truth"


class CellError(str):
    """An error in a cell, spelt as Excel spells it; a text of the same letters is an ordinary str."""

    __slots__ = ()


class Area(NamedTuple):
    """A block of cells relative to a range: rows and columns from 0, the last ones not included."""

    top: int
    bottom: int
    left: int
    right: int


def areas(addresses: Iterable[Any], origin: Any) -> list[Area]:
    """Return addresses on a sheet as areas relative to the address of a range."""
    row, column = origin.StartRow, origin.StartColumn
    return [
        Area(one.StartRow - row, one.EndRow - row + 1, one.StartColumn - column, one.EndColumn - column + 1)
        for one in addresses
    ]


def epoch(document: Any) -> dt.datetime:
    """Return day 0 of a document: 30 December 1899, or 1 January 1904 in workbooks of old Macs."""
    start = document.NullDate
    return dt.datetime(start.Year, start.Month, start.Day)  # noqa: DTZ001


def read_block(cells: Any, document: Any) -> Block:
    """Return the values of a range as rows: float, str, bool, datetime, CellError, and "" where a cell is empty."""
    block = [list(row) for row in cells.getDataArray()]
    origin = cells.RangeAddress
    day_zero = epoch(document)
    for kind, places in _meanings(cells, document, origin).items():
        convert = _date_reader(day_zero) if kind == DATE else bool
        for area in places:
            _convert(block, area, convert)
    faulty = cells.queryFormulaCells(constant("com.sun.star.sheet.FormulaResult.ERROR"))
    _put_errors(block, areas(faulty.RangeAddresses, origin), cells)
    return block


def _put_errors(block: Block, places: list[Area], cells: Any) -> None:
    """Put the errors of formulas into a block. Each cell is a question to the program.

    Beyond MOST_ASKED of them, an error is taken for that of the cell above: a filled column has one kind nearly always.
    """
    asked = 0
    for area in places:
        for column in range(area.left, area.right):
            error = CellError(OTHER_ERROR)
            for row in range(area.top, area.bottom):
                if asked < MOST_ASKED or row == area.top:
                    asked += 1
                    error = CellError(ERRORS.get(cells.getCellByPosition(column, row).getError(), OTHER_ERROR))
                block[row][column] = error


def _meanings(cells: Any, document: Any, origin: Any) -> dict[str, list[Area]]:
    """Return where numbers are dates or truth values.

    The formats say it, also of formulas: LibreOffice's own search for dates finds typed ones only, and knows no truth values.
    """
    kinds = _Kinds(document)
    found: dict[str, list[Area]] = defaultdict(list)
    groups = cells.UniqueCellFormatRanges
    for number in range(groups.Count):
        group = groups.getByIndex(number)
        if (kind := kinds[group.NumberFormat]) is not None:
            found[kind] += areas(group.RangeAddresses, origin)
    return found


class _Kinds(dict[int, str | None]):
    """What numbers of a format are: dates, truth values, or None for numbers. Each format is asked for once."""

    def __init__(self, document: Any) -> None:
        """Take the number formats of a document."""
        super().__init__()
        self._formats = document.NumberFormats
        self._temporal = constant("com.sun.star.util.NumberFormat.DATE") | constant(
            "com.sun.star.util.NumberFormat.TIME"
        )
        self._logical = constant("com.sun.star.util.NumberFormat.LOGICAL")

    def __missing__(self, key: int) -> str | None:
        bits = self._formats.getByKey(key).Type
        self[key] = DATE if bits & self._temporal else TRUTH if bits & self._logical else None
        return self[key]


def _convert(block: Block, area: Area, convert: Callable[[float], Any]) -> None:
    for row in block[area.top : area.bottom]:
        for column in range(area.left, area.right):
            value = row[column]
            if type(value) is float:
                row[column] = convert(value)


def _date_reader(day_zero: dt.datetime) -> Callable[[float], Any]:
    def read(days: float) -> Any:
        try:
            return day_zero + dt.timedelta(milliseconds=round(days * MILLISECONDS))
        except OverflowError:  # a number that no calendar has, formatted as a date: Excel shows hashes there
            return days

    return read


class Writing(NamedTuple):
    """What a block of values becomes: stored values, formulas and the number formats that give them their meaning."""

    stored: tuple[tuple[Any, ...], ...]
    formulas: list[tuple[int, int, str]]
    formats: dict[str, list[tuple[int, int, int]]]  # number format, to column, first row and last row


def to_write(values: Any, rows: int, columns: int, day_zero: dt.datetime = EXCEL_EPOCH) -> Writing:
    """Return what to store for a scalar, or for rows of values.

    >>> to_write([[True, "a", None]], 1, 3).stored
    ((1.0, 'a', ''),)
    """
    block = values if isinstance(values, (list, tuple)) else [[values] * columns for _ in range(rows)]
    formulas: list[tuple[int, int, str]] = []
    formats: dict[tuple[int, str], list[int]] = defaultdict(list)
    stored = []
    for row, line in enumerate(block):
        cells: list[Any] = []
        for column, value in enumerate(line):
            plain, number_format = _stored(value, day_zero)
            if number_format:
                formats[column, number_format].append(row)
            if is_formula(plain):
                formulas.append((row, column, str(plain)))
                plain = ""
            cells.append(plain)
        stored.append(tuple(cells))
    places: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for (column, number_format), numbered in formats.items():
        places[number_format] += [(column, first, last) for first, last in runs(numbered)]
    return Writing(tuple(stored), formulas, dict(places))


def _stored(value: Any, day_zero: dt.datetime) -> tuple[float | str, str | None]:
    if type(value) is float:
        return (value, None) if math.isfinite(value) else ("", None)
    if value is None:
        return "", None
    if isinstance(value, bool):
        return float(value), TRUTH_FORMAT
    if isinstance(value, dt.datetime):
        plain = value.replace(tzinfo=None)
        return (plain - day_zero) / dt.timedelta(days=1), DAY_FORMAT if plain.time() == dt.time() else MOMENT_FORMAT
    if isinstance(value, dt.date):
        return float((dt.datetime.combine(value, dt.time()) - day_zero).days), DAY_FORMAT
    if isinstance(value, numbers.Number):
        return float(value), None  # type: ignore[arg-type]  # Decimal and numpy's numbers too
    return str(value), None


def write_block(cells: Any, document: Any, values: Any) -> None:
    """Write a scalar, or rows of values, to a range of that size."""
    address = cells.RangeAddress
    rows, columns = address.EndRow - address.StartRow + 1, address.EndColumn - address.StartColumn + 1
    writing = to_write(values, rows, columns, epoch(document))
    cells.setDataArray(writing.stored)
    for number_format, places in writing.formats.items():
        # All its cells at once: a question to the program for each stretch of rows took most of the time.
        marked = document.createInstance("com.sun.star.sheet.SheetCellRanges")
        marked.addRangeAddresses(tuple(_address(address, *place) for place in places), False)
        marked.NumberFormat = format_key(document, number_format)
    set_formulas(cells, document, writing.formulas)


def _address(origin: Any, column: int, first: int, last: int) -> Any:
    row, column = origin.StartRow, origin.StartColumn + column
    return struct("com.sun.star.table.CellRangeAddress", origin.Sheet, column, row + first, column, row + last)


def runs(ordered: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as stretches without a gap.

    >>> runs([2, 3, 4, 7])
    [(2, 4), (7, 7)]
    """
    found: list[tuple[int, int]] = []
    for number in ordered:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def format_key(document: Any, number_format: str) -> int:
    """Return the key of a number format, spelt in English as Excel spells it, which is added where a document lacks it."""
    english = struct("com.sun.star.lang.Locale", "en", "US", "")
    formats = document.NumberFormats
    key = formats.queryKey(number_format, english, False)
    return int(key if key != -1 else formats.addNew(number_format, english))


def clean(
    block: Block, build_date: Callable[..., Any], empty: Any, build_number: Callable[[float], Any] | None, as_text: bool
) -> Block:
    """Return a read block as xlwings' options ask: what an empty cell, a date, a number and an error become.

    >>> clean([["", 2.0, CellError("#N/A")]], dt.datetime, None, int, True)
    [[None, 2, '#N/A']]
    """

    def one(value: Any) -> Any:
        if value == "" or value is None:
            return empty
        kind = type(value)
        if kind is CellError:
            return str(value) if as_text else None
        if kind is float:
            return build_number(value) if build_number else value
        if kind is dt.datetime and build_date is not dt.datetime:
            moment = {
                name: getattr(value, name)
                for name in ("year", "month", "day", "hour", "minute", "second", "microsecond")
            }
            return build_date(**moment, tzinfo=None)
        return value

    return [[one(value) for value in row] for row in block]


def prepare(value: Any) -> Any:
    """Return one value for writing: what pandas and numpy call missing is an empty cell.

    >>> prepare(float("nan")), prepare(3)
    ('', 3)
    """
    if (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in {"NaTType", "NAType"}
    ):
        return ""
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return prepare(value.item())
    return value
