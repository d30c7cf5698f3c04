"""Dates out of text: ISO, day or month first, month names in seven languages, times, Excel's day numbers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from regulars.orders.words import fold, idle_date_words, months

EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  wall-clock time, as the sheet shows it
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: other numbers in a date column are no dates
PIVOT = 69  # two-digit years from 69 on are 19xx, as in POSIX
YEARS = range(1950, 2200)  # what programs write for 'no date' lies before: 1899-12-30, 1900-01-01, 0001-01-01

_TIME = re.compile(
    r"[T\s,]*(?<![\d.])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(?:Uhr|h)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})\.?")
_COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class DateText:
    """A text read as a date in both ways; a reading that is no day of the calendar is None."""

    day_first: dt.datetime | None
    month_first: dt.datetime | None
    by_convention: bool = False  # 3.4.2025 with dots is day first wherever it is written

    @property
    def ambiguous(self) -> bool:
        """Tell whether both readings are days, and different ones, and nothing but the column can decide."""
        both = self.day_first is not None and self.month_first is not None
        return both and self.day_first != self.month_first and not self.by_convention

    @property
    def proves_day_first(self) -> bool | None:
        """Return which reading is the only one that can be; None when the text proves nothing."""
        if self.by_convention or (self.day_first is None) == (self.month_first is None):
            return None
        return self.day_first is not None

    def value(self, *, day_first: bool, told: bool = False) -> dt.datetime | None:
        """Return the date under the column's reading, or the only one possible; `told` overrides the convention."""
        if self.by_convention and not told:
            day_first = True
        chosen, other = self.day_first, self.month_first
        if not day_first:
            chosen, other = other, chosen
        return chosen if chosen is not None else other


def read_date(text: str) -> DateText | None:
    """Read a text as a date; None when it is none, or no day of the calendar.

    The wall-clock time stands as written: an offset from UTC does not move an order to another day.

    >>> read_date("31 Dec 2010").day_first
    datetime.datetime(2010, 12, 31, 0, 0)
    >>> read_date("03/04/2025 7:45 pm").ambiguous, read_date("31/12/10").proves_day_first
    (True, True)
    >>> read_date("31.02.2025") is None, read_date("2025-01-31T23:30:00-05:00").day_first
    (True, datetime.datetime(2025, 1, 31, 23, 30))
    """
    rest = " ".join(text.split())
    found = _TIME.search(rest)
    clock = dt.timedelta()
    if found:
        time = _time(found)
        if time is None:
            return None
        clock, rest = time, rest[: found.start()].strip(" ,")
    read = _numeric(rest) or _named(rest)
    if read is None:
        return None
    day, month = read.day_first, read.month_first
    return DateText(
        None if day is None else day + clock, None if month is None else month + clock, by_convention=read.by_convention
    )


def _time(found: re.Match[str]) -> dt.timedelta | None:
    hour, minute = int(found[1]), int(found[2])
    second, micro = int(found[3] or 0), int((found[4] or "0").ljust(6, "0"))
    half = (found[5] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return dt.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _numeric(text: str) -> DateText | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _certain(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _certain(*(int(part) for part in found.groups()))
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        read = DateText(_day(year, second, first), _day(year, first, second), by_convention=found[2] == ".")
        return None if read.day_first is None and read.month_first is None else read
    return None


def _named(text: str) -> DateText | None:
    """Read a date that names its month; words that say nothing, such as weekdays, may stand around."""
    month, figures = None, []
    for part in re.findall(r"\d+|[^\W\d_]+", fold(text)):
        if part.isdigit():
            figures.append(part)
        elif part in months() and month is None:
            month = months()[part]
        elif part not in idle_date_words() and part not in {"st", "nd", "rd", "th", "er", "o", "e"}:
            return None
    if month is None or len(figures) != 2:
        return None
    day, year = figures
    if len(day) == 4:
        day, year = year, day
    return _certain(_year(year), month, int(day)) if len(day) <= 2 and len(year) in {2, 4} else None


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    return int(text) + (1900 if int(text) >= PIVOT else 2000)


def _certain(year: int, month: int, day: int) -> DateText | None:
    date = _day(year, month, day)
    return None if date is None else DateText(date, date)


def _day(year: int, month: int, day: int) -> dt.datetime | None:
    if year not in YEARS:
        return None
    try:
        return dt.datetime(year, month, day)  # noqa: DTZ001  wall-clock time, as the sheet shows it
    except ValueError:
        return None


def excel_serial(text: str) -> dt.datetime | None:
    """Return the time that Excel's day number means, to the second; None for numbers that are no plausible days.

    >>> excel_serial("40513.5"), excel_serial("17")
    (datetime.datetime(2010, 12, 1, 12, 0), None)
    """
    if not _NUMBER.fullmatch(text.strip()):
        return None
    days = float(text)
    if not FIRST_SERIAL <= days <= LAST_SERIAL:
        return None
    return EXCEL_EPOCH + dt.timedelta(seconds=round(days * 86_400))
