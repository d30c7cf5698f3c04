"""One click: the program, the workbook in it, and what is switched off there while we work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwings

from regulars.base.errors import InputError
from regulars_addin.messages import ProgramClosedError
from regulars_addin.programs import Program, failures, is_busy, is_gone, program_of

# Share of the time of a run that is over when a step begins, in per cent, by the words that the step begins with.
_SHARES = {
    "Reading": 2, "Summarising": 25, "Finding": 32, "Estimating": 42, "Working out": 55, "Comparing": 58,
    "Collecting": 62, "Drawing up": 66, "Writing": 70, "Opening": 80, "Copying": 84, "Replacing": 97,
}  # fmt: skip
OWN_FILE_KINDS = {
    ".csv": "a text file, which keeps one sheet only",
    ".txt": "a text file, which keeps one sheet only",
    ".tsv": "a text file, which keeps one sheet only",
    ".xls": "in the format of Excel 97 to 2003 (compatibility mode), which has no room for these sheets",
}


@dataclass(frozen=True)
class Session:
    """A workbook that is open in a program, and how to reach its user."""

    app: xlwings.App
    book: xlwings.Book
    program: Program
    show: Callable[[Path], None]

    def progress(self, step: str) -> None:
        """Say in the status bar what happens now."""
        share = next((share for words, share in _SHARES.items() if step.startswith(words)), None)
        self.app.status_bar = f"regulars: {step}{f' ({share} %)' if share is not None else ''} …"

    @property
    def sheet(self) -> xlwings.Sheet | None:
        """Return the sheet in front; None where it is a chart sheet, which has no cells."""
        front = self.book.sheets.active
        return front if front.name in self.book.sheet_names else None

    @property
    def stem(self) -> str:
        """Return the workbook's name without its ending."""
        name = Path(str(self.book.name))
        return name.stem if name.suffix.lower() in {*OWN_FILE_KINDS, ".xlsx", ".xlsm", ".xlsb", ".ods"} else name.name

    @property
    def folder(self) -> Path | None:
        """Return the folder of the workbook, None where it has none that can be written to."""
        return self.program.folder(self.book)

    @property
    def place(self) -> Path:
        """Return the folder for files: beside the workbook, or the user's documents where it lies in none."""
        documents = Path.home() / "Documents"
        return self.folder or (documents if documents.is_dir() else Path.home())

    def why_not_here(self) -> str | None:
        """Return why the workbook cannot take sheets, None when it can."""
        ending = Path(str(self.book.name)).suffix.lower()
        if ending in OWN_FILE_KINDS:
            return f"'{self.book.name}' is {OWN_FILE_KINDS[ending]}"
        if self.program.is_structure_protected(self.book):
            return f"the structure of '{self.book.name}' is protected, so no sheet can be added or removed"
        return None


def begun(app: xlwings.App) -> Session:
    """Return the session of the workbook in front. Raises InputError where there is none."""
    program = program_of(app)
    book = _front(app)
    if book is not None:
        return Session(app, book, program, show_file)
    if program.shows_protected_view(app):
        raise InputError(
            "the workbook is open in Protected View, where nothing may be added to it",
            remedy="click Enable Editing in the yellow bar, and click the button again",
        )
    raise InputError("no workbook is open", remedy="open the one with your orders, and click the button again")


def _front(app: xlwings.App) -> xlwings.Book | None:
    unanswered: tuple[type[Exception], ...] = (KeyError, IndexError, *failures())
    try:
        if len(app.books) == 0:
            return None
        book = app.books.active
        is_there = bool(book.name)  # of hidden workbooks, such as that of personal macros, none is active
    except unanswered as problem:
        if is_gone(problem):
            raise
        return None
    return book if is_there else None


@contextmanager
def quiet(app: xlwings.App) -> Iterator[None]:
    """Keep the screen still while we work; all is as it was afterwards, whatever happens."""
    with ExitStack() as restored:
        restored.callback(_set, app, "status_bar", value=False)
        still: list[tuple[str, bool | str]] = [("screen_updating", False), ("display_alerts", False)]
        # LibreOffice takes over what a sheet shows only while it calculates; Excel copies values and formulas alike.
        still += [("calculation", "manual")] if app.engine.name == "excel" else []
        for name, value in still:
            try:
                before = getattr(app, name)
                setattr(app, name, value)
            except failures() as problem:  # such as the calculation mode where no workbook is open
                if is_gone(problem):
                    raise
            else:
                restored.callback(_set, app, name, value=before)
        yield


def _set(app: xlwings.App, name: str, *, value: Any) -> None:
    try:
        setattr(app, name, value)
    except Exception as problem:  # a program that is gone has nothing left to restore
        if not is_gone(problem):
            raise


@contextmanager
def plain_failures(program: Program) -> Iterator[None]:
    """Turn what a program raises while it is busy, or once it is closed, into an error for its user."""
    try:
        yield
    except Exception as problem:
        if is_gone(problem):
            raise ProgramClosedError(
                f"{program.name}, or the workbook in it, was closed before the result was there",
                remedy="open the workbook again and click the button; nothing was changed in the file",
            ) from problem
        if is_busy(problem):
            raise InputError(
                f"{program.name} is busy: a cell is being edited, or a window asks something",
                remedy=f"press Enter or Esc in {program.name}, close that window, and click the button again",
            ) from problem
        raise


def show_file(path: Path) -> None:
    """Open a file in the program that its user has for it; on a machine without a screen nothing happens."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606  a file that we have just written
    elif sys.platform == "darwin":
        subprocess.run(["open", str(path)], check=False)
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        subprocess.run(["xdg-open", str(path)], check=False)
