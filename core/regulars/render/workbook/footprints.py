"""What was written where, told by the worksheets themselves once all is written, and put below the record of the run."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import CellBlankTuple, CellDatetimeTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple

from regulars.render import tally
from regulars.render.footprint import Address, Footprint, Spans, areas, checksum, joined, merged
from regulars.render.workbook import formats as look
from regulars.render.workbook.cells import Page
from regulars.render.workbook.plan import LEFT, SheetPlan
from regulars.story.sheet_spec import Table
from regulars.story.sheets.record import inline
from regulars_workbooks import theme

_NUMBERS = frozenset({CellNumberTuple, CellDatetimeTuple})
_CLIPPED = look.BODY.but(align="fill", color=theme.SLATE, size=theme.SMALL_SIZE)


def write_footprints(book: Any, pages: Sequence[Page]) -> None:
    """Write what stands in which cells below the record of the run, a row for each sheet; nothing without a record."""
    record = next(((page, row) for page in pages if (row := _row_below_record(page.plan)) is not None), None)
    if record is None:
        return
    page, first = record
    texts = list(book.str_table.string_table)
    rows = range(first, first + len(pages))
    own = {(row, column) for row in rows for column in (LEFT, LEFT + 1)}
    for row, each in zip(rows, pages, strict=True):
        made = _footprint(each, texts, own if each is page else set())
        page.text(row, LEFT, f"Cells of {made.sheet}", _CLIPPED)
        page.text(row, LEFT + 1, inline(made.entry()), _CLIPPED)


def _row_below_record(plan: SheetPlan) -> int | None:
    record = next((place for place in plan.names.tables.values() if place.table.record), None)
    return None if record is None else record.last + 1


def printed_row(plan: SheetPlan) -> int:
    """Return the last row that is printed: the record of the run is for the program alone, some lists for the screen."""
    for place in plan.blocks:
        if isinstance(place.block, Table) and (place.block.record or place.block.printed == 0):
            return max((place.start if place.title is None else place.title) - 1, 0)
    return plan.last_row


def _footprint(page: Page, texts: Sequence[str], own: set[Address]) -> Footprint:
    inputs = page.inputs | own
    solid = _solid(page.plan)
    loose: list[Address] = []
    checksums: dict[int, array[int]] = {}
    known: dict[int, int] = {}
    numbers: dict[int, array[float]] = {}
    formulas: list[Address] = []
    filled: dict[str, list[Address]] = {}

    def count(column: int, number: int) -> None:
        if number not in known:
            known[number] = checksum(texts[number])
        if column not in checksums:
            checksums[column] = array("L")
        checksums[column].append(known[number])

    # The cells of long lists stand in rows that are solid, so only their texts are asked for.
    for column, long in page.long.items():
        for text in long.texts():
            count(column, text)
        numbers.setdefault(column, array("d")).extend(long.numbers())
    table: Mapping[int, Mapping[int, Any]] = page.sheet.table
    for row, columns in table.items():
        for column, cell in columns.items():
            kind = type(cell)
            colour = _fill(cell.format)
            if colour is not None:
                filled.setdefault(colour, []).append((row, column))
            if kind is CellBlankTuple or (row, column) in inputs:
                continue
            if kind in _NUMBERS:
                numbers.setdefault(column, array("d")).append(float(cell.number))
            elif kind is CellFormulaTuple:
                formulas.append((row, column))
            elif kind is CellStringTuple:
                count(column, cell.string)
            if not any(first <= row <= last for first, last in solid.get(column, ())):
                loose.append((row, column))
    spans = joined([*loose, *((row, column) for column, runs in solid.items() for run in runs for row in run)])
    return Footprint(
        page.plan.sheet.name,
        {column: merged([*runs, *solid.get(column, ())]) for column, runs in spans.items()},
        frozenset(inputs),
        {column: (len(checksums[column]), sum(checksums[column]) % 2**32) for column in sorted(checksums)},
        (*((chart[0], chart[1]) for chart in page.sheet.charts),
         *((image._row, image._col) for image in page.sheet.images)),  # noqa: SLF001  told by no method
        {column: (len(numbers[column]), math.fsum(numbers[column])) for column in sorted(numbers) if numbers[column]},
        joined(formulas),
        {colour: joined(cells) for colour, cells in filled.items()},
        _conditional(page),
        {(column, False): tally.tallied(tally.of_texts(checksums[column])) for column in sorted(checksums)}
        | {(column, True): tally.tallied(tally.of_numbers(numbers[column]))
           for column in sorted(numbers) if numbers[column]},
    )  # fmt: skip


def _fill(form: Any) -> str | None:
    """Return the colour that a cell is filled with, as six digits."""
    return None if form is None or not form.pattern or form.bg_color is None else form.bg_color._rgb_hex_value()  # noqa: SLF001  told by no method


def _conditional(page: Page) -> Spans:
    found: dict[int, list[Address]] = {}
    for area in page.sheet.cond_formats:
        for (first, left), (last, right) in areas(area):
            for column in range(left, right + 1):
                found.setdefault(column, []).append((first, last))
    return {column: merged(found[column]) for column in sorted(found)}


def _solid(plan: SheetPlan) -> dict[int, list[Address]]:
    """Return the rows of all tables by column, gaps included."""
    found: dict[int, list[Address]] = {}
    for place in plan.names.tables.values():
        for column in range(place.left, place.left + len(place.table.columns)):
            found.setdefault(column, []).append((place.header, place.last if place.total is None else place.total))
    return found
