"""The sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from regulars_addin.libreoffice.bridge import ClosedError
from regulars_addin.libreoffice.charts import Charts
from regulars_addin.libreoffice.names import Names
from regulars_addin.libreoffice.pages import PageSetup, drop_page_style
from regulars_addin.libreoffice.panes import FreezePanes
from regulars_addin.libreoffice.pictures import Pictures
from regulars_addin.libreoffice.ranges import EVERYTHING, VALUES, Range, range_at
from regulars_addin.libreoffice.restoring import copy_into
from regulars_addin.libreoffice.tables import Tables

if TYPE_CHECKING:
    from regulars_addin.libreoffice.books import Book

LONGEST_NAME = 31
FORBIDDEN = "[]:*?/\\"


class StructureProtectedError(RuntimeError):
    """Sheets of this workbook can neither be added, removed nor renamed."""


def checked_name(name: str) -> str:
    """Return a sheet's name that Excel takes too, or raise ValueError.

    >>> checked_name("Segments")
    'Segments'
    """
    if not name or len(name) > LONGEST_NAME or any(sign in name for sign in FORBIDDEN) or name.strip("'") != name:
        raise ValueError(f"Excel refuses '{name}' as the name of a sheet")
    return name


def _refuse_protected(book: Book) -> None:
    if book.structure_protected:
        raise StructureProtectedError(f"the structure of the workbook '{book.name}' is protected")


class Sheets:
    """All sheets, in their order."""

    def __init__(self, book: Book) -> None:
        """Look at one workbook."""
        self.book = book

    @property
    def api(self) -> Any:
        """The sheets of the document. Raises ClosedError once it is closed."""
        sheets = self.book.document.Sheets
        if sheets is None:
            raise ClosedError("the workbook was closed")
        return sheets

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        controller = self.book.document.CurrentController
        return Sheet(self.book, controller.ActiveSheet if controller is not None else self.api.getByIndex(0))

    def __call__(self, key: int | str) -> Sheet:
        """Return a sheet by its number from 1, or by its name in any case. Raises KeyError."""
        if isinstance(key, int):
            if not 1 <= key <= len(self):
                raise KeyError(key)
            return Sheet(self.book, self.api.getByIndex(key - 1))
        for name in self.api.ElementNames:
            if name.casefold() == key.casefold():
                return Sheet(self.book, self.api.getByName(name))
        raise KeyError(key)

    def __len__(self) -> int:
        """Count the sheets."""
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        """Go through the sheets that are there now."""
        return iter([Sheet(self.book, self.api.getByIndex(number)) for number in range(len(self))])

    def __contains__(self, key: str) -> bool:
        """Tell whether a sheet has this name, in any case."""
        return key.casefold() in (name.casefold() for name in self.api.ElementNames)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add an empty sheet, before the active one unless a place is given, and make it active."""
        _refuse_protected(self.book)
        place = before.index - 1 if before else after.index if after else self.active.index - 1
        wanted = checked_name(name) if name else self._free_name()
        self.api.insertNewByName(wanted, place)
        sheet = Sheet(self.book, self.api.getByName(wanted))
        sheet.activate()
        return sheet

    def _free_name(self) -> str:
        return next(name for name in (f"Sheet{number}" for number in range(1, len(self) + 2)) if name not in self)


class Sheet:
    """One sheet. It stays the same sheet when it is renamed or moved."""

    def __init__(self, book: Book, cells: Any) -> None:
        """Take the sheet of a document."""
        self.book = book
        self.sheet = cells

    @property
    def api(self) -> Any:
        """The sheet of the document."""
        return self.sheet

    @property
    def name(self) -> str:
        """Its name. Raises ClosedError once its workbook is closed."""
        name = str(self.sheet.Name)
        if not name:
            raise ClosedError("the workbook was closed")
        return name

    @name.setter
    def name(self, name: str) -> None:
        _refuse_protected(self.book)
        self.sheet.Name = checked_name(name)

    @property
    def index(self) -> int:
        """Its number among the sheets, from 1."""
        return int(self.sheet.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Names:
        """The names that are defined on this sheet only."""
        return Names(self.book, self.sheet.NamedRanges)

    @property
    def protected(self) -> bool:
        """Whether its cells are locked."""
        return bool(self.sheet.isProtected())

    def range(self, first: Any, last: Any = None) -> Range:
        """Return cells by an address such as "A1:C3", by (row, column) from 1, by a range, or by two of these as corners."""
        return range_at(self, first, last)

    @property
    def cells(self) -> Range:
        """All its cells."""
        return Range(self, self.sheet)

    @property
    def used_range(self) -> Range:
        """The cells from A1 to the last one that holds or shows something."""
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return Range(self, self.sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow))

    def activate(self) -> None:
        """Bring it to the front."""
        controller = self.book.document.CurrentController
        if controller is not None:
            controller.setActiveSheet(self.sheet)

    def select(self) -> None:
        """Do the same."""
        self.activate()

    def clear(self) -> None:
        """Empty all cells, with their formats."""
        self.sheet.clearContents(EVERYTHING)

    def clear_contents(self) -> None:
        """Empty all cells; formats stay."""
        self.sheet.clearContents(VALUES)

    def delete(self) -> None:
        """Remove it. Raises ValueError where it is the only one."""
        _refuse_protected(self.book)
        if len(self.book.sheets) == 1:
            raise ValueError(f"'{self.name}' is the only sheet; a workbook needs one")
        tables = self.tables
        for table in list(tables):  # LibreOffice keeps them, pointing at whatever sheet comes to stand here
            tables.api.removeByName(table.name)
        style = self.sheet.PageStyle
        self.book.document.Sheets.removeByName(self.name)
        drop_page_style(self.book, style)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copy it before or after a sheet of this or another workbook, with what LibreOffice loses on the way."""
        beside = before or after or self.book.sheets(len(self.book.sheets))
        _refuse_protected(beside.book)
        copy_into(self, beside.book, beside.index - 1 if before else beside.index)

    def autofit(self, axis: str | None = None) -> None:
        """Make columns as wide, and rows as high, as what they hold."""
        self.used_range.autofit(axis)

    @property
    def visible(self) -> bool:
        """Whether its tab is shown."""
        return bool(self.sheet.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.sheet.IsVisible = bool(value)

    @property
    def tables(self) -> Tables:
        """Its ranges with names and filters, which is what LibreOffice makes of tables."""
        return Tables(self)

    @property
    def charts(self) -> Charts:
        """Its charts."""
        return Charts(self)

    @property
    def pictures(self) -> Pictures:
        """Its pictures."""
        return Pictures(self)

    @property
    def freeze_panes(self) -> FreezePanes:
        """Its frozen rows and columns."""
        return FreezePanes(self)

    @property
    def page_setup(self) -> PageSetup:
        """How it is printed."""
        return PageSetup(self)
