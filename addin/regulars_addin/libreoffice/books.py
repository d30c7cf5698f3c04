"""Open workbooks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars_addin.libreoffice.bridge import properties, to_path, to_url
from regulars_addin.libreoffice.names import Names
from regulars_addin.libreoffice.sheets import Sheets

if TYPE_CHECKING:
    from regulars_addin.libreoffice.app import App

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
    ".csv": "Text - txt - csv (StarCalc)",
}
OPTIONS = (
    "update_links",
    "read_only",
    "format",
    "password",
    "write_res_password",
    "ignore_read_only_recommended",
    "origin",
    "delimiter",
    "editable",
    "notify",
    "converter",
    "add_to_mru",
    "local",
    "corrupt_load",
)


class Books:
    """The workbooks that are open in a program, hidden ones too."""

    def __init__(self, app: App) -> None:
        """Look at one program."""
        self.app = app

    @property
    def api(self) -> Any:
        """The desktop, whose components they are."""
        return self.app.desktop

    def __iter__(self) -> Iterator[Book]:
        """Go through the workbooks that are open now."""
        components = self.app.desktop.Components.createEnumeration()
        found = []
        while components.hasMoreElements():
            document = components.nextElement()
            if document.supportsService(SPREADSHEET):
                found.append(Book(self.app, document))
        return iter(found)

    def __len__(self) -> int:
        """Count them."""
        return len(list(iter(self)))

    def __call__(self, key: int | str) -> Book:
        """Return a workbook by its number from 1, by its name, or by its path. Raises KeyError."""
        found = list(iter(self))
        if isinstance(key, int):
            return found[key - 1]
        for book in found:
            if book.name.casefold() == key.casefold() or book.fullname == key:
                return book
        raise KeyError(key)

    @property
    def active_or_none(self) -> Book | None:
        """The workbook whose window is in front, or None where none is open."""
        open_now = list(iter(self))
        front = self.app.desktop.getCurrentComponent()
        made_active = self.app.made_active
        # Without windows none is in front: then it is the one that was opened or made active last.
        for document in (made_active, front) if self.app.headless else (front, made_active):
            for book in open_now:
                if document is not None and book.document == document:
                    return book
        shown = [book for book in open_now if not book.hidden]
        return next(iter(shown or open_now), None)

    @property
    def active(self) -> Book:
        """The workbook whose window is in front. Raises KeyError where none is open."""
        book = self.active_or_none
        if book is None:
            raise KeyError("no workbook is open")
        return book

    def _load(self, url: str, *, hidden: bool = False, read_only: bool = False) -> Book:
        wanted = properties(Hidden=hidden, ReadOnly=read_only)
        document = self.app.desktop.loadComponentFromURL(url, "_blank", 0, wanted)
        if document is None or not hasattr(document, "supportsService") or not document.supportsService(SPREADSHEET):
            raise OSError(f"LibreOffice does not open '{to_path(url)}' as a workbook")
        if not hidden:
            self.app.made_active = document
        return Book(self.app, document)

    def add(self) -> Book:
        """Make a new workbook with one sheet."""
        return self._load("private:factory/scalc")

    def open(self, fullname: str, *options: Any) -> Book:
        """Open a file; the options are those of xlwings, in its order.

        With `add_to_mru=False`, which means that nobody is to meet the file again, the workbook gets no window.
        """
        given = dict(zip(OPTIONS, options, strict=False))
        return self._load(
            to_url(fullname), hidden=given.get("add_to_mru") is False, read_only=bool(given.get("read_only"))
        )


class Book:
    """A workbook."""

    def __init__(self, app: App, document: Any) -> None:
        """Take the document of a workbook."""
        self.app = app
        self.document = document

    @property
    def api(self) -> Any:
        """The document."""
        return self.document

    @property
    def sheets(self) -> Sheets:
        """Its sheets."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """The names that are defined in it."""
        return Names(self, self.document.NamedRanges)

    @property
    def fullname(self) -> str:
        """The path, or the address where it lies elsewhere, or the name where it was never saved."""
        return to_path(self.document.URL) if self.document.URL else self.name

    @property
    def name(self) -> str:
        """The name of the file, or the title of the window."""
        if self.document.URL:
            return os.path.basename(to_path(self.document.URL))  # noqa: PTH119  may be the address of a server
        return str(self.document.Title or "Untitled")

    @property
    def hidden(self) -> bool:
        """Whether it was opened without a window."""
        return any(one.Name == "Hidden" and one.Value for one in self.document.Args)

    @property
    def read_only(self) -> bool:
        """Whether it cannot be saved where it lies."""
        return bool(self.document.isReadonly())

    @property
    def structure_protected(self) -> bool:
        """Whether sheets can neither be added nor removed."""
        return bool(self.document.isProtected())

    @property
    def modified(self) -> bool:
        """Whether it was changed since it was saved."""
        return bool(self.document.isModified())

    def activate(self) -> None:
        """Bring its window to the front."""
        self.app.made_active = self.document
        controller = self.document.CurrentController
        if controller is not None and not self.app.headless and not self.hidden:
            controller.Frame.activate()
            controller.Frame.ContainerWindow.toFront()

    def close(self) -> None:
        """Close it without saving."""
        if self.app.made_active is not None and self.app.made_active == self.document:
            self.app.made_active = None
        self.document.close(True)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save it, or save it as another file of the kind that the name ends in: .xlsx, .ods, .pdf or .csv."""
        if path is None and self.document.URL:
            self._come_forward()
            self.document.store()
        elif (target := Path(path or self.name)).suffix.lower() in {".xlsx", ".ods"}:
            self._come_forward()
            self.document.storeAsURL(to_url(target), _how(target, password))
        else:
            self.save_copy(target, password)

    def save_copy(self, path: Path, password: str | None = None) -> None:
        """Write a file without becoming it: the workbook stays the file that it is, with its changes unsaved."""
        self._come_forward()
        self.document.storeToURL(to_url(path), _how(path, password))

    def _come_forward(self) -> None:
        # LibreOffice writes frozen panes and hidden lines of the window in front only.
        controller = self.document.CurrentController
        if controller is not None:
            controller.Frame.activate()


def _how(target: Path, password: str | None) -> tuple[Any, ...]:
    secret = {"Password": password} if password else {}
    return properties(FilterName=FILTERS[target.suffix.lower()], Overwrite=True, **secret)
