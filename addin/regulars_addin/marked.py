"""The sheets of ours in an open workbook: which they are, what their owner put on them, and the result they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import xlwings

from regulars.base.errors import InputError, listing
from regulars.render.footprint import Cell, Footprint, Other, read_footprint
from regulars.render.readback import IMPACT, EarlierResult, result_in
from regulars.render.sheet_mark import SheetMark, keys_of, read_mark
from regulars.story.sheets import QUALITY
from regulars_addin.convert import Plain, is_error, to_plain_rows
from regulars_addin.programs import failures
from regulars_addin.session import Session
from regulars_workbooks.settings_template import SHEET as SETTINGS_SHEET

_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  from which spreadsheet programs count days


@dataclass(frozen=True)
class OurSheets:
    """Our sheets in a workbook."""

    session: Session
    marks: dict[str, SheetMark]  # by the name of the sheet today

    @property
    def names(self) -> tuple[str, ...]:
        """Return their names today."""
        return tuple(self.marks)

    @property
    def by_key(self) -> dict[str, str]:
        """Return the names that they had in the result, each to its name today."""
        return {mark.key: name for name, mark in self.marks.items()}

    @cached_property
    def grids(self) -> dict[str, list[tuple[Plain, ...]]]:
        """Return the cells of the sheets that hold record and assumptions, by their name in the result."""
        held = self.by_key
        return {
            key: [tuple(row) for row in _values(self.session, self.session.book.sheets[held[key]])]
            for key in (QUALITY, IMPACT)
            if key in held
        }

    def result(self) -> EarlierResult | None:
        """Return the result that the sheets hold, None without a record. Raises InputError when that was spoilt."""
        sheets: list[list[tuple[object, ...]]] = [list(grid) for grid in self.grids.values()]
        return result_in(Path(str(self.session.book.name)), self.session.book.sheet_names, sheets)

    def worked_in(self) -> list[str]:
        """Return what stands on the sheets beside what was written there, as sentences; nothing for unknown ones."""
        footprints = {
            made.sheet: made
            for row in self.grids.get(QUALITY, [])
            for value in row
            if isinstance(value, str) and (made := read_footprint(value)) is not None
        }
        found = []
        for name, mark in self.marks.items():
            written = footprints.get(mark.name) or footprints.get(mark.key)
            if written is not None:
                sheet = self.session.book.sheets[name]
                things = [*written.added(_cells(self.session, sheet)), *_drawn(sheet, written)]
                if things:
                    found.append(f"'{name}' holds {listing(things, most=6)}")
        return found


def our_sheets(session: Session) -> OurSheets:
    """Return our sheets in a workbook, in the order in which they stand."""
    marks = {
        sheet.name: mark
        for sheet in session.book.sheets
        if (mark := read_mark(session.program.footer(sheet))) is not None
    }
    keys = keys_of(marks)
    return OurSheets(session, {name: mark for name, mark in marks.items() if name in keys})


def result_alone(session: Session, ours: OurSheets) -> EarlierResult | None:
    """Return the result that the workbook in front is, None where its user's own sheet is in front, or none is ours.

    A result in a workbook of its own has no marks in its footers: it is known by its record.
    """
    front = session.sheet
    if ours.names or front is None or QUALITY not in session.book.sheet_names:
        return None
    grid: list[tuple[object, ...]] = [tuple(row) for row in _values(session, session.book.sheets[QUALITY])]
    try:
        found = result_in(Path(str(session.book.name)), session.book.sheet_names, [grid])
    except InputError:
        return None
    return None if found is None or front.name in set(found.added) - {SETTINGS_SHEET} else found


def _values(session: Session, sheet: xlwings.Sheet) -> list[list[Plain]]:
    return to_plain_rows(session.program.values(sheet.used_range))


def _cells(session: Session, sheet: xlwings.Sheet) -> Iterator[Cell]:
    """Yield the cells that hold anything."""
    used = sheet.used_range
    first_row, first_column = used.row - 1, used.column - 1
    formulas = _rows(used.formula)
    for down, row in enumerate(_values(session, sheet)):
        for across, value in enumerate(row):
            formula = formulas[down][across] if down < len(formulas) and across < len(formulas[down]) else None
            held = _held(value, is_formula=isinstance(formula, str) and formula.startswith("=") and formula != value)
            if held is not None:
                yield (first_row + down, first_column + across), held


def _held(value: Plain, *, is_formula: bool) -> str | float | Other | None:
    """Return what a cell holds as its file would say it; None for nothing."""
    if is_formula:
        return Other.FORMULA
    if isinstance(value, bool) or is_error(value):
        return Other.VALUE
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, dt.datetime):
        return (value - _DAY_ZERO) / dt.timedelta(days=1)
    return value if isinstance(value, float) or value is None else Other.VALUE


def _rows(formulas: object) -> Sequence[Sequence[object]]:
    """Return the formulas of a range as rows: programs give those of one cell, or of one row, flat."""
    if not isinstance(formulas, list | tuple):
        return [[formulas]]
    return formulas if formulas and isinstance(formulas[0], list | tuple) else [formulas]


def _drawn(sheet: xlwings.Sheet, written: Footprint) -> list[str]:
    try:
        count = len(sheet.charts) + len(sheet.pictures)
    except failures():
        return []
    more = count - len(written.drawings)
    return [f"{more} more {'drawing' if more == 1 else 'drawings'} than were written"] if more > 0 else []
