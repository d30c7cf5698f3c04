"""One cell at a time, by type: text stays text whatever it begins with, and a formula always has its value."""

from __future__ import annotations

import datetime as dt
import numbers
import re
from collections.abc import Mapping
from typing import Any

from regulars.base.errors import listing
from regulars.base.units import MISSING, Currency, Unit
from regulars.render.workbook.formats import INPUT, Formats, Style
from regulars.render.workbook.long_cells import LongCells, LongColumn
from regulars.render.workbook.plan import SheetPlan, Span
from regulars.render.workbook.values import is_missing, number_format
from regulars.story.sheet_spec import Assumption, Cell, Formula, Input, Link

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TEXT_MOST = 32_767  # characters a cell can hold
# Control characters, halves of characters and what is no character: programs show them as boxes or codes, or fail.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CHOICES_MOST = 255  # characters of a literal list of choices
_MESSAGE_MOST = 255


class Page:
    """A sheet being written: typed calls only."""

    def __init__(
        self, sheet: Any, plan: SheetPlan, formats: Formats, currency: Currency, sheets: Mapping[str, str]
    ) -> None:
        """Bind the worksheet to its plan; `sheets` maps each sheet's name in small letters to the name."""
        self.sheet = sheet
        self.plan = plan
        self.formats = formats
        self.currency = currency
        self._sheets = sheets
        self.inputs: set[tuple[int, int]] = set()  # cells that are there to be edited
        self.long: dict[int, LongColumn] = {}  # columns of a long list, which the worksheet is given at the end

    def close(self) -> None:
        """Give the worksheet the cells that it did not hold: nothing can be written into it afterwards."""
        if self.long:
            self.sheet.table = LongCells(self.sheet.table, self.long)

    def text(self, row: int, column: int, text: str, style: Style) -> None:
        """Write text; what begins like a formula is marked as text, so that editing it does not calculate it."""
        text = writable(text)
        if text.startswith(_FORMULA_STARTS):
            style = style.but(quoted=True)
        if text:
            self.sheet.write_string(row, column, text, self.formats(style))
        else:
            self.sheet.write_blank(row, column, None, self.formats(style))

    def across(self, row: int, span: Span, style: Style) -> None:
        """Give a span of columns one look and one cell; the content is written into its first cell afterwards."""
        if span.last > span.first:
            self.sheet.merge_range(row, span.first, row, span.last, "", self.formats(style))

    def text_across(self, row: int, span: Span, text: str, style: Style) -> None:
        """Write text over a span of columns."""
        self.across(row, span, style)
        self.text(row, span.first, text, style)

    def link(self, row: int, column: int, link: Link, style: Style) -> None:
        """Write a jump to another sheet. Raises ValueError when there is no such sheet."""
        name = self._sheets.get(link.sheet.casefold())
        if name is None:
            raise ValueError(f"the link '{link.text}' leads to no sheet of ours; there are {listing(self._sheets)}")
        quoted = name.replace("'", "''")
        self.sheet.write_url(row, column, f"internal:'{quoted}'!A1", self.formats(style), string=link.text)

    def value(
        self,
        row: int,
        column: int,
        cell: Cell,
        unit: Unit,
        style: Style,
        *,
        table: str | None = None,
        gap: str = MISSING,
    ) -> None:
        """Write a value by its type; `gap` is what stands for one that is missing."""
        if isinstance(cell, Formula):
            styled = style.but(number=number_format(unit, self.currency))
            formula = self.plan.names.resolve(cell.template, table, row)
            cached = "" if is_missing(cell.value) else cell.value
            self.sheet.write_formula(row, column, formula, self.formats(styled), cached)
        elif isinstance(cell, Link):
            self.link(row, column, cell, style)
        elif isinstance(cell, str):
            self.text(row, column, cell, style)
        elif is_missing(cell):
            self.text(row, column, gap, style)
        elif isinstance(cell, bool):
            self.sheet.write_boolean(row, column, cell, self.formats(style))
        elif isinstance(cell, dt.date):
            self.sheet.write_datetime(row, column, cell, self.formats(style.but(number="yyyy-mm-dd")))
        elif isinstance(cell, numbers.Real):
            styled = style.but(number=number_format(unit, self.currency))
            self.sheet.write_number(row, column, float(cell), self.formats(styled))
        else:
            raise TypeError(f"a cell cannot hold {cell!r}")

    def editable(
        self,
        row: int,
        column: int,
        cell: Input | Assumption,
        unit: Unit,
        style: Style = INPUT,
        *,
        table: str | None = None,
    ) -> None:
        """Write a cell that its owner may edit, with what it accepts."""
        self.inputs.add((row, column))
        self.value(row, column, cell.value, unit, style, table=table, gap="")
        rule = _rule(cell)
        accepted = self._accepted(cell, unit)
        if isinstance(cell, Assumption):
            more = cell.note
        else:
            more = "" if cell.default is None else f"Default: {unit.show(cell.default, self.currency)}."
        message = " ".join(part for part in (accepted, more) if part)
        self.sheet.data_validation(
            row,
            column,
            row,
            column,
            rule
            | {
                "input_title": "Yours to edit",
                "input_message": _cut(message or "Numbers that depend on this cell follow at once."),
                "error_title": "Not possible here",
                "error_message": _cut(accepted or "This cell does not accept that value."),
            },
        )

    def _accepted(self, cell: Input | Assumption, unit: Unit) -> str:
        low, high = (None if end is None else unit.show(end, self.currency) for end in (cell.low, cell.high))
        if cell.choices:
            return f"One of: {', '.join(cell.choices)}."
        if low is not None and high is not None:
            return f"{'A whole number, from' if cell.whole else 'From'} {low} to {high}."
        if low is not None:
            return f"{low} or more."
        return f"Up to {high}." if high is not None else ""


def writable(text: str) -> str:
    r"""Return a text as a cell can hold it: without control characters, and cut with an ellipsis where it is too long.

    >>> writable("bell\x07 and \x1b[31mred"), len(writable("L" * 40_000)), writable("L" * 40_000)[-1]
    ('bell and [31mred', 32767, '…')
    """
    if not text.isprintable():
        text = _UNWRITABLE.sub("", text)
    return text if len(text) <= _TEXT_MOST else f"{text[: _TEXT_MOST - 1]}…"


def _rule(cell: Input | Assumption) -> dict[str, Any]:
    """Return XlsxWriter's validation of a cell; choices that no literal list can hold stay unchecked."""
    if cell.choices:
        fits = len(",".join(cell.choices)) <= _CHOICES_MOST and not any("," in choice for choice in cell.choices)
        return {"validate": "list", "source": list(cell.choices)} if fits else {"validate": "any"}
    if cell.low is not None and cell.high is not None:
        kind = "integer" if cell.whole else "decimal"
        return {"validate": kind, "criteria": "between", "minimum": cell.low, "maximum": cell.high}
    if cell.low is not None:
        return {"validate": "decimal", "criteria": ">=", "value": cell.low}
    if cell.high is not None:
        return {"validate": "decimal", "criteria": "<=", "value": cell.high}
    return {"validate": "any"}


def _cut(message: str) -> str:
    return message if len(message) <= _MESSAGE_MOST else f"{message[: _MESSAGE_MOST - 1]}…"
