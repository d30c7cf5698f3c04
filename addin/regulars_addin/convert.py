"""Cells of a live sheet as plain Python values, whichever program hands them over.

Excel on Windows (COM) gives currency as Decimal, dates with a time zone, every number as a float and errors as whole
numbers; Excel on macOS (AppleScript) gives errors as their text or a word of its own; LibreOffice gives errors as
texts; openpyxl gives whole numbers, dates without a time and durations. After `to_plain` there are texts, floats,
booleans, dates and None.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

Plain: TypeAlias = str | float | bool | dt.datetime | dt.timedelta | dt.time | None

# An error in a cell comes over COM as an HRESULT: this base and the number that Excel's own constants have (xlErrNA is
# 2042). xlwings knows the seven oldest; the others reach us as whole numbers, which a cell's number never is.
_ERROR_BASE = -2146828288
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!", 2051: "#BUSY!", 2222: "#PYTHON!",
}  # fmt: skip
_LATER_ERRORS = range(2000, 2300)
UNNAMED_ERROR = "#ERROR!"  # one that Excel has learned since
ERROR_TEXTS = frozenset({*_ERRORS.values(), UNNAMED_ERROR, "#BLOCKED", "#EXTERNAL!", "#TIMEOUT!"})
_MISSING = frozenset(
    {"", "missing value", "k.missing_value"}
)  # how AppleScript and appscript say that there is nothing


def to_plain(value: object) -> Plain:
    """Return a cell's value as core's readers know it.

    >>> [to_plain(value) for value in (Decimal("12.5000"), 17850, -2146826246, -2146826243, "", True, float("nan"))]
    [12.5, 17850.0, '#N/A', '#SPILL!', None, True, None]
    >>> to_plain(dt.datetime(2010, 12, 1, 7, 44, 59, 999999, tzinfo=dt.timezone.utc))
    datetime.datetime(2010, 12, 1, 7, 45)
    """
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return None if value in _MISSING else str(value)
    if isinstance(value, dt.datetime):
        return _to_the_second(value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  a sheet knows no zones
    if isinstance(value, dt.time | dt.timedelta):
        return value
    if isinstance(value, int):
        return error_text(value) or float(value)
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    return _of_a_library(value)


def error_text(code: int) -> str | None:
    """Return the error that a whole number from COM stands for, None when it is a number.

    >>> error_text(-2146826281), error_text(-2146826238), error_text(-2146826200), error_text(12)
    ('#DIV/0!', '#CALC!', '#ERROR!', None)
    """
    number = code - _ERROR_BASE
    return _ERRORS.get(number, UNNAMED_ERROR) if number in _LATER_ERRORS else None


def to_plain_rows(rows: Iterable[Sequence[object]]) -> list[list[Plain]]:
    """Return the values of a range, row by row."""
    return [[to_plain(value) for value in row] for row in rows]


def is_error(value: object) -> bool:
    """Tell whether a plain value is an error of a cell.

    >>> is_error("#N/A"), is_error("#1 Mug")
    (True, False)
    """
    return isinstance(value, str) and value in ERROR_TEXTS


def without_errors(rows: Sequence[Sequence[Plain]]) -> tuple[list[list[Plain]], dict[int, int]]:
    """Return rows with None for every error, and the number of errors by column (0 is the first of the range).

    >>> without_errors([["Total", "Date"], [2.5, "#N/A"], ["#REF!", "#N/A"]])
    ([['Total', 'Date'], [2.5, None], [None, None]], {0: 1, 1: 2})
    """
    counts: dict[int, int] = {}
    cleaned: list[list[Plain]] = []
    for row in rows:
        found = [column for column, value in enumerate(row) if type(value) is str and value in ERROR_TEXTS]
        for column in found:
            counts[column] = counts.get(column, 0) + 1
        cleaned.append([None if column in found else value for column, value in enumerate(row)] if found else list(row))
    return cleaned, dict(sorted(counts.items()))


def _to_the_second(value: dt.datetime) -> dt.datetime:
    """Return a time without a zone, at the nearest second: programs keep times as fractions of a day.

    COM hands over a subclass of datetime, and the zone that it gives is none of the sheet's.
    """
    plain = dt.datetime(*value.timetuple()[:6])  # noqa: DTZ001
    return plain + dt.timedelta(seconds=1) if value.microsecond >= 500_000 else plain


def _of_a_library(value: object) -> Plain:
    """Return what numpy and pandas wrap, by their own way of unwrapping; anything else as its text."""
    unwrap = getattr(value, "item", None) or getattr(value, "to_pydatetime", None)
    if unwrap is None:
        return to_plain(str(value))
    inner = unwrap()
    return str(inner) if type(inner) is type(value) else to_plain(inner)
