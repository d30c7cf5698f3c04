"""A sheet copied, with what LibreOffice loses when the copy goes to another workbook.

LibreOffice brings cells, formulas, charts, validation and conditional formats along. It drops what belongs to the document or to
the window: tables with their filter buttons, the page style, frozen panes, hidden lines between cells, the colour of the tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regulars_addin.libreoffice.bridge import struct
from regulars_addin.libreoffice.pages import copy_page_style, copy_print_areas
from regulars_addin.libreoffice.panes import View, frozen_in, look_like, view_in_file
from regulars_addin.libreoffice.tables import add_filtered

if TYPE_CHECKING:
    from regulars_addin.libreoffice.books import Book
    from regulars_addin.libreoffice.sheets import Sheet

LONGEST_NAME = 31
BUILT_IN = "_xlnm."


def copy_into(source: Sheet, book: Book, place: int) -> Sheet:
    """Copy a sheet into a workbook, so that `place` sheets stand before it, and return the copy."""
    from regulars_addin.libreoffice.sheets import Sheet  # noqa: PLC0415  the two need each other

    sheets = book.document.Sheets
    before = set(sheets.ElementNames)
    if source.book.document == book.document:
        sheets.copyByName(source.name, _free_name(source.name, before), place)
    else:
        sheets.importSheet(source.book.document, source.name, place)
    (name,) = set(sheets.ElementNames) - before
    copy = Sheet(book, sheets.getByName(name))
    if source.book.document != book.document:
        restore(source, copy)
    return copy


def restore(source: Sheet, copy: Sheet) -> None:
    """Give a copy in another workbook what the sheet has and the copy lost."""
    copy.sheet.TabColor = source.sheet.TabColor
    copy_page_style(source, copy)
    copy_print_areas(source, copy)
    _drop_built_in_names(copy)
    _copy_filters(source, copy)
    # What has no window is as its file says; elsewhere somebody may have changed it since.
    view = view_in_file(source)
    look_like(copy, view if source.book.hidden else View(frozen_in(source), view.grid))


def _drop_built_in_names(copy: Sheet) -> None:
    # What Excel's files call print areas and titles comes along as names of the sheet; here they are no names.
    named = copy.sheet.NamedRanges
    for name in named.ElementNames:
        if name.startswith(BUILT_IN):
            named.removeByName(name)


def _copy_filters(source: Sheet, copy: Sheet) -> None:
    ranges, there = copy.book.document.DatabaseRanges, source.book.document
    for table in source.tables:
        if table.name not in ranges.ElementNames:
            address = _moved(table.api.DataArea, copy.index - 1)
            add_filtered(ranges, table.name, address, header=table.show_headers, buttons=table.show_autofilter)
            ranges.getByName(table.name).TotalsRow = table.api.TotalsRow
    unnamed, number = unnamed_ranges(there), source.index - 1
    if unnamed.hasByTable(number) and unnamed.getByTable(number).AutoFilter:
        add_filter(copy, unnamed.getByTable(number).DataArea)


def unnamed_ranges(document: Any) -> Any:
    """Return the filters of sheets without a table, one for each sheet."""
    return document.getPropertyValue("UnnamedDatabaseRanges")  # not listed among the document's properties, yet there


def add_filter(sheet: Sheet, address: Any) -> None:
    """Put filter buttons over cells of a sheet, without making them a table."""
    unnamed, number = unnamed_ranges(sheet.book.document), sheet.index - 1
    unnamed.setByTable(_moved(address, number))
    unnamed.getByTable(number).AutoFilter = True


def _moved(address: Any, sheet: int) -> Any:
    columns, rows = (address.StartColumn, address.EndColumn), (address.StartRow, address.EndRow)
    return struct("com.sun.star.table.CellRangeAddress", sheet, columns[0], rows[0], columns[1], rows[1])


def _free_name(name: str, taken: set[str]) -> str:
    folded = {one.casefold() for one in taken}
    number = 1
    while True:
        number += 1
        mark = f" ({number})"
        wanted = name[: LONGEST_NAME - len(mark)] + mark
        if wanted.casefold() not in folded:
            return wanted
