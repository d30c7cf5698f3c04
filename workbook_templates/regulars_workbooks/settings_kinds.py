"""What a cell of the settings sheet may hold: how a setting is written into it, and how it is read back.

Spreadsheet programs hand over numbers as floats or decimals, dates as date and time, and a blank as None or "".
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from regulars.base.errors import nearest
from regulars.base.iso4217 import is_currency, nearest_codes
from regulars.base.settings import LATEST_YEAR

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(LATEST_YEAR, 12, 31)
YES, NO = "yes", "no"
BETWEEN = ";"  # stands between the entries of a list: names of sheets and statuses have commas
DAY_FORMAT, SHARE_FORMAT, WHOLE_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "0.0%", "0", "@"
_NUMBER_MOST = 1e9  # no setting is near it; infinity and what is no number are not below it

Cell = str | float | dt.date | None


class NotUnderstoodError(ValueError):
    """A cell that holds something else than it should; its text is what to write instead."""


@dataclass(frozen=True)
class Kind:
    """A kind of setting.

    `wanted` ends the sentence "write …". `read` turns what a program hands over (never blank) into the value that a
    settings file would hold, and raises NotUnderstoodError; `write` is the other way round.
    """

    wanted: str
    number: str
    accepts: Mapping[str, Any]
    read: Callable[[object], Any]
    write: Callable[[Any], Cell] = field(default=lambda value: value)
    strict: bool = True  # the program refuses other entries; else it offers a list and takes anything


def as_text(value: object) -> str:
    """Return what a cell holds as its owner wrote it: a customer's number 2024 may arrive as 2024.0.

    >>> as_text(2024.0), as_text(" Client No "), as_text(0.5)
    ('2024', 'Client No', '0.5')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | Decimal) and value % 1 == 0:
        return str(int(value))
    return str(value).strip()


def choice(choices: Iterable[str], ending: str = "") -> Kind:
    """Return one of some words, or the path of a file with an ending.

    >>> choice(["net", "drop"]).read(" Drop ")
    'drop'
    """
    known = tuple(choices)
    wanted = f"one of {', '.join(known)}" + (f", or the path of a file that ends in {ending}" if ending else "")

    def read(value: object) -> str:
        text = as_text(value)
        found = next((one for one in known if one.casefold() == text.casefold()), None)
        if found is None and not (ending and text.casefold().endswith(ending)):
            near = nearest(text, known)
            raise NotUnderstoodError(f"choose {wanted}" + (f"; the nearest is {near}" if near else ""))
        return found or text

    return Kind(wanted, TEXT_FORMAT, {"validate": "list", "source": list(known)}, read, strict=not ending)


def yes_or_no() -> Kind:
    """Return yes or no.

    >>> yes_or_no().read("Yes"), yes_or_no().read(False)
    (True, False)
    """
    wanted = f"{YES} or {NO}"

    def read(value: object) -> bool:
        said = {YES: True, "true": True, NO: False, "false": False}.get(as_text(value).casefold())
        if said is None:
            raise NotUnderstoodError(f"choose {wanted}")
        return said

    source = {"validate": "list", "source": [YES, NO]}
    return Kind(wanted, TEXT_FORMAT, source, read, lambda value: YES if value else NO)


def day() -> Kind:
    """Return a calendar day; a time of day is left away.

    >>> day().read(dt.datetime(2025, 12, 31, 0, 0)), day().read("2025-12-31")
    (datetime.date(2025, 12, 31), datetime.date(2025, 12, 31))
    """
    wanted = f"a date from {EARLIEST} to {LATEST}, such as 2025-12-31"

    def read(value: object) -> dt.date:
        try:
            found = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value).strip())
        except ValueError:
            raise NotUnderstoodError(f"write {wanted}") from None
        # Excel's own dates arrive with a time zone that has no meaning.
        found = dt.date(found.year, found.month, found.day)
        if not EARLIEST <= found <= LATEST:
            raise NotUnderstoodError(f"write {wanted}")
        return found

    accepts = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
    return Kind(wanted, DAY_FORMAT, accepts, read)


def share(most: float, *, nought: bool = False, whole: bool = False) -> Kind:
    """Return a share from 0 to `most`; 0 itself only with `nought`, `most` itself only with `nought` or `whole`.

    >>> share(1, whole=True).read(Decimal("0.4000")), share(1, whole=True).read("40 %")
    (0.4, 0.4)
    """
    from_to = f"from 0% to {most:.0%}" if nought else f"above 0% and {'up to' if whole else 'below'} {most:.0%}"
    wanted = f"a percentage {from_to}, such as 10%"

    def read(value: object) -> float:
        found = _number(value, wanted)
        if not ((0 <= found <= most) if nought else (0 < found < most or (whole and found == most))):
            raise NotUnderstoodError(f"write {wanted}")
        return found

    # Excel's rules have no open interval with two ends; a ten-thousandth inside is as good.
    least, largest = (0 if nought else 0.0001), (most if nought or whole else most - 0.0001)
    accepts = {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": largest}
    return Kind(wanted, SHARE_FORMAT, accepts, read)


def count(least: int, most: int) -> Kind:
    """Return a whole number between two others, both included.

    >>> count(1, 60).read(12.0)
    12
    """
    wanted = f"a whole number from {least} to {most}"

    def read(value: object) -> int:
        found = _number(value, wanted)
        if found != int(found) or not least <= found <= most:
            raise NotUnderstoodError(f"write {wanted}")
        return int(found)

    accepts = {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
    return Kind(wanted, WHOLE_FORMAT, accepts, read)


def _number(value: object, wanted: str) -> float:
    """Return a number, also one with a percent sign in a cell that Excel holds for a text."""
    if isinstance(value, str) and value.strip().endswith("%"):
        try:
            value = Decimal(value.strip().removesuffix("%").strip()) / 100
        except ArithmeticError:
            raise NotUnderstoodError(f"write {wanted}") from None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not abs(float(value)) < _NUMBER_MOST:
        raise NotUnderstoodError(f"write {wanted}")
    return float(value)


def text(wanted: str, offered: Iterable[str] = ()) -> Kind:
    """Return any text; words that are offered stand in a list, from which another text may differ."""
    return Kind(wanted, TEXT_FORMAT, _offer(offered), as_text, strict=False)


def currency(offered: Iterable[str]) -> Kind:
    """Return the code of a currency; the common ones are offered, any other one is taken.

    >>> currency(["EUR"]).read("gbp")
    'GBP'
    """
    wanted = "the three letters of a currency, such as EUR"

    def read(value: object) -> str:
        code = as_text(value).upper()
        if not is_currency(code):
            near = nearest_codes(code)
            raise NotUnderstoodError(f"write {wanted}" + (f"; the nearest are {', '.join(near)}" if near else ""))
        return code

    return Kind(wanted, TEXT_FORMAT, _offer(offered), read, strict=False)


def texts(wanted: str, offered: Iterable[str] = ()) -> Kind:
    """Return a list of texts with semicolons between them; one with a semicolon in it stands in double quotes.

    >>> texts("names").read('January; "Feb; Mar"'), texts("names").write(("January", "Feb; Mar"))
    (['January', 'Feb; Mar'], 'January; "Feb; Mar"')
    """

    def read(value: object) -> list[str]:
        try:
            (entries,) = csv.reader([as_text(value)], delimiter=BETWEEN, skipinitialspace=True, strict=True)
        except (csv.Error, ValueError):
            raise NotUnderstoodError(f"write {wanted}, with {BETWEEN} between them and no loose quotes") from None
        return [entry.strip() for entry in entries if entry.strip()]

    def write(value: Iterable[str]) -> str:
        return f"{BETWEEN} ".join(map(_quoted, value))

    return Kind(wanted, TEXT_FORMAT, _offer(offered), read, write, strict=False)


def _quoted(entry: str) -> str:
    return '"{}"'.format(entry.replace('"', '""')) if BETWEEN in entry or '"' in entry else entry


def _offer(words: Iterable[str]) -> Mapping[str, Any]:
    listed = list(words)
    return {"validate": "list", "source": listed} if listed else {"validate": "any"}
