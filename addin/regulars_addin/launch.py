"""The way without a macro: find the program that has the orders open, and press a button in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from regulars.base.errors import InputError
from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.bridge import PORT, NobodyListensError, start_line


class NoProgramError(InputError):
    """No spreadsheet program runs that could be attached to."""


def in_libreoffice(file: Path | None, port: int) -> Any:
    """Return the LibreOffice that listens on a port, with a file opened in front where one is given.

    A file starts a LibreOffice where none listens.

    Raises NoProgramError, BridgeMissingError and NotStartedError.
    """
    try:
        app = engine.attach(port)
    except NobodyListensError as nobody:
        if file is None:
            named = "" if port == PORT else f" --port {port}"
            raise NoProgramError(
                nobody.what,
                remedy=f"name the workbook, as in 'regulars live --libreoffice{named} ORDERS.xlsx', which opens it in LibreOffice;"
                f" or type '{start_line(port)}', which also works while LibreOffice runs, and try again",
            ) from nobody
        soffice.start(port=port, headless=False, own_profile=False)
        app = engine.attach(port)
    if file is not None:
        _open(app, file)
    return app


def in_excel(file: Path | None, platform: str = sys.platform) -> Any:
    """Return the running Excel, with a file opened in front where one is given; a file starts Excel where none runs.

    Raises NoProgramError.
    """
    if platform not in {"win32", "darwin"}:
        raise NoProgramError(
            "Excel runs on Windows and macOS only",
            remedy="use LibreOffice by 'regulars live --libreoffice ORDERS.xlsx',"
            " or work on the file by 'regulars analyze ORDERS.xlsx --into ORDERS.xlsx'",
        )
    import xlwings  # noqa: PLC0415  loads the libraries of its platform

    app = xlwings.apps.active
    if app is None and file is None:
        raise NoProgramError(
            "Excel is not running", remedy="open the workbook with your orders in Excel, and try again; or name it here"
        )
    if app is None:
        app = xlwings.App(visible=True, add_book=False)
    if file is not None:
        _open(app, file)
    return app


def _open(app: Any, file: Path) -> None:
    if not file.is_file():
        raise InputError(f"there is no file '{file}'", remedy="check the name and the folder")
    try:
        app.books.open(file).activate()
    except (OSError, ValueError) as problem:
        raise InputError(
            f"'{file}' cannot be opened: {problem}",
            remedy="close it in other programs, or open it by hand, and run this again without a file",
        ) from problem
