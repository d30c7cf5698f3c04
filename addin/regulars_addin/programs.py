"""What xlwings does not say of a program and its workbooks, asked of each program in its own words.

Excel on Windows answers through COM, Excel on macOS through AppleScript, LibreOffice through its engine here. What a
program cannot say is taken to be what harms nobody: not hidden, not protected, no footer.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import xlwings

_Said = TypeVar("_Said")
_EXCEL_LINKS = 1  # xlExcelLinks
_CONTAINER = "Library/Containers/com.microsoft.Excel/Data"  # of the sandbox, where macOS asks nobody for permission
# What COM says while a cell is edited or a dialog is open, and once Excel is gone.
_BUSY = frozenset({-2147418111, -2146777998, -2147417846})
_GONE = frozenset({-2147023174, -2147417848, -2147220995, -2147023170})
_APPLE_GONE = frozenset({-600, -609, -10810})


class Program(Protocol):
    """What the add-in asks beside xlwings."""

    name: str

    def folder(self, book: xlwings.Book) -> Path | None:
        """Return the folder of a workbook on this machine; None where it was never saved or lies in a cloud."""

    def is_saved(self, book: xlwings.Book) -> bool:
        """Tell whether a workbook was ever saved, here or in a cloud."""

    def is_structure_protected(self, book: xlwings.Book) -> bool:
        """Tell whether sheets can neither be added nor removed."""

    def is_read_only(self, book: xlwings.Book) -> bool:
        """Tell whether a workbook cannot be saved where it lies."""

    def is_protected(self, sheet: xlwings.Sheet) -> bool:
        """Tell whether the cells of a sheet are locked."""

    def hidden_rows(self, cells: xlwings.Range, filled: xlwings.Range) -> int:
        """Return how many rows of cells are hidden; `filled` is the column of these with the fewest blanks."""

    def footer(self, sheet: xlwings.Sheet) -> tuple[str, ...]:
        """Return the texts of the printed footer, codes and all."""

    def values(self, cells: xlwings.Range) -> Sequence[Sequence[object]]:
        """Return what cells hold to the last digit, row by row; dates as dates or as numbers of days."""

    def links(self, book: xlwings.Book) -> frozenset[str]:
        """Return the other workbooks that formulas read."""

    def shows_protected_view(self, app: xlwings.App) -> bool:
        """Tell whether a file is open that may only be looked at."""


def program_of(app: xlwings.App) -> Program:
    """Return how to ask the program that an app of xlwings is."""
    if app.engine.name == "libreoffice":
        return _LibreOffice()
    return _MacExcel() if sys.platform == "darwin" else _WindowsExcel()


def temporary_folder(program: Program) -> str:
    """Return where a file may lie for a moment so that the program opens it unasked."""
    container = Path.home() / _CONTAINER
    return str(container) if isinstance(program, _MacExcel) and container.is_dir() else tempfile.gettempdir()


def failures() -> tuple[type[Exception], ...]:
    """Return what programs raise when they cannot answer."""
    found: list[type[Exception]] = [xlwings.XlwingsError, AttributeError, NotImplementedError, TypeError]
    for module, name in (("pywintypes", "com_error"), ("appscript.reference", "CommandError")):
        if module.partition(".")[0] in sys.modules:  # xlwings has loaded what its platform needs
            found.append(getattr(sys.modules[module], name))
    if "uno" in sys.modules:
        found.append(sys.modules["uno"].getClass("com.sun.star.uno.Exception"))
    return tuple(found)


def is_busy(problem: BaseException) -> bool:
    """Tell whether a program did not answer since a cell is being edited or a dialog is open."""
    return getattr(problem, "hresult", None) in _BUSY


def is_gone(problem: BaseException) -> bool:
    """Tell whether a program, or the workbook in it, was closed in the middle."""
    from regulars_addin.libreoffice.bridge import is_gone as is_libreoffice_gone  # noqa: PLC0415

    number = getattr(problem, "errornumber", None)  # of appscript
    return getattr(problem, "hresult", None) in _GONE or number in _APPLE_GONE or is_libreoffice_gone(problem)


def _asked(question: Callable[[], _Said], otherwise: _Said) -> _Said:
    try:
        return question()
    except failures() as problem:
        if is_gone(problem):
            raise
        return otherwise


def _local(folder: str) -> Path | None:
    """Return a folder of this machine; OneDrive and SharePoint give an address instead."""
    if not folder or "://" in folder:
        return None
    place = Path(folder)
    return place if place.is_dir() and os.access(place, os.W_OK) else None


class _WindowsExcel:
    """Excel on Windows, through COM."""

    name = "Excel"

    def folder(self, book: xlwings.Book) -> Path | None:
        return _asked(lambda: _local(str(book.api.Path)), None)

    def is_saved(self, book: xlwings.Book) -> bool:
        return _asked(lambda: bool(book.api.Path), otherwise=True)

    def is_structure_protected(self, book: xlwings.Book) -> bool:
        return _asked(lambda: bool(book.api.ProtectStructure), otherwise=False)

    def is_read_only(self, book: xlwings.Book) -> bool:
        return _asked(lambda: bool(book.api.ReadOnly), otherwise=False)

    def is_protected(self, sheet: xlwings.Sheet) -> bool:
        return _asked(lambda: bool(sheet.api.ProtectContents), otherwise=False)

    def hidden_rows(self, cells: xlwings.Range, filled: xlwings.Range) -> int:
        hidden = _asked(lambda: cells.api.EntireRow.Hidden, otherwise=False)
        if hidden is not None:
            return int(cells.shape[0]) if hidden else 0
        place = filled.get_address()

        # SUBTOTAL leaves out rows that are hidden, by hand (103 instead of 3) or by a filter.
        def count() -> int:
            seen = cells.sheet.api.Evaluate(f"SUBTOTAL(103,{place})")
            return max(1, int(cells.sheet.api.Evaluate(f"COUNTA({place})")) - int(seen))

        return _asked(count, 1)

    def footer(self, sheet: xlwings.Sheet) -> tuple[str, ...]:
        return _asked(lambda: (str(sheet.api.PageSetup.LeftFooter or ""),), ())

    def values(self, cells: xlwings.Range) -> Sequence[Sequence[object]]:
        # `Value`, which xlwings reads, rounds what is formatted as money to four digits.
        found: Any = cells.api.Value2
        return found if len(cells) > 1 else ((found,),)

    def links(self, book: xlwings.Book) -> frozenset[str]:
        return _asked(lambda: frozenset(map(str, book.api.LinkSources(_EXCEL_LINKS) or ())), frozenset())

    def shows_protected_view(self, app: xlwings.App) -> bool:
        return _asked(lambda: int(app.api.ProtectedViewWindows.Count) > 0, otherwise=False)


class _MacExcel:
    """Excel on macOS, through AppleScript."""

    name = "Excel"

    def folder(self, book: xlwings.Book) -> Path | None:
        def path() -> Path | None:
            name = str(book.api.full_name.get())
            if "://" in name or not ({"/", ":"} & set(name)):
                return None
            return _local(str(Path(book.fullname).parent))

        return _asked(path, None)

    def is_saved(self, book: xlwings.Book) -> bool:
        return _asked(lambda: bool({"/", ":"} & set(str(book.api.full_name.get()))), otherwise=True)

    def is_structure_protected(self, book: xlwings.Book) -> bool:
        return _asked(lambda: book.api.protect_structure.get() is True, otherwise=False)

    def is_read_only(self, book: xlwings.Book) -> bool:
        return _asked(lambda: book.api.read_only.get() is True, otherwise=False)

    def is_protected(self, sheet: xlwings.Sheet) -> bool:
        return _asked(lambda: sheet.api.protect_contents.get() is True, otherwise=False)

    def hidden_rows(self, cells: xlwings.Range, filled: xlwings.Range) -> int:
        hidden = _asked(cells.api.entire_row.hidden.get, otherwise=False)
        if isinstance(hidden, bool):
            return int(cells.shape[0]) if hidden else 0
        return 1 if filled.shape[0] else 0  # some are, and AppleScript does not say how many

    def footer(self, sheet: xlwings.Sheet) -> tuple[str, ...]:
        return _asked(lambda: (str(sheet.api.page_setup_object.left_footer.get() or ""),), ())

    def values(self, cells: xlwings.Range) -> Sequence[Sequence[object]]:
        return _as_shown(cells)

    def links(self, book: xlwings.Book) -> frozenset[str]:
        return _asked(lambda: frozenset(map(str, _many(book.api.link_sources(type=_EXCEL_LINKS)))), frozenset())

    def shows_protected_view(self, app: xlwings.App) -> bool:  # noqa: ARG002  macOS has none
        return False


class _LibreOffice:
    """LibreOffice Calc, through the engine here."""

    name = "LibreOffice"

    def folder(self, book: xlwings.Book) -> Path | None:
        return _local(str(Path(book.fullname).parent)) if book.impl.api.URL.startswith("file:") else None

    def is_saved(self, book: xlwings.Book) -> bool:
        return bool(book.impl.api.URL)

    def is_structure_protected(self, book: xlwings.Book) -> bool:
        return bool(book.impl.structure_protected)

    def is_read_only(self, book: xlwings.Book) -> bool:
        return bool(book.impl.read_only)

    def is_protected(self, sheet: xlwings.Sheet) -> bool:
        return bool(sheet.impl.protected)

    def hidden_rows(self, cells: xlwings.Range, filled: xlwings.Range) -> int:  # noqa: ARG002
        return int(cells.impl.hidden_rows)

    def footer(self, sheet: xlwings.Sheet) -> tuple[str, ...]:
        return tuple(sheet.impl.page_setup.footer)

    def values(self, cells: xlwings.Range) -> Sequence[Sequence[object]]:
        return _as_shown(cells)

    def links(self, book: xlwings.Book) -> frozenset[str]:
        return frozenset(map(str, book.api.ExternalDocLinks.ElementNames))

    def shows_protected_view(self, app: xlwings.App) -> bool:  # noqa: ARG002  LibreOffice has none
        return False


def _as_shown(cells: xlwings.Range) -> Sequence[Sequence[object]]:
    found: Sequence[Sequence[object]] = cells.options(ndim=2, err_to_str=True).value
    return found


def _many(said: Any) -> tuple[Any, ...]:
    return tuple(said) if isinstance(said, list | tuple) else ()
