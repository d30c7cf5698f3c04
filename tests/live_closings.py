"""Close a workbook, and kill LibreOffice, in the middle of a click: a program of its own, as connections break with it.

Called as: python live_closings.py ORDERS FOLDER. It ends well where each click ends with a sentence and leaves no file.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from regulars_addin.click import click, prepared
from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.app import App
from regulars_addin.messages import ProgramClosedError


def when(words: str, happens: Callable[[], None]) -> Any:
    """Let something happen once the status bar says these words."""
    shown: Any = App.__dict__["status_bar"]

    def show(app: App, text: str | bool) -> None:
        if words in str(text):
            happens()
        shown.fset(app, text)

    return mock.patch.object(App, "status_bar", property(shown.fget, show))


def closed_at(step: str, close: Callable[[], None], app: Any) -> ProgramClosedError:
    """Click Analyze, let something close at a step, and return what is said."""
    with when(step, close), prepared():
        try:
            click("analyze", app)
        except ProgramClosedError as closed:
            return closed
    raise AssertionError(step)


def main(orders: Path, folder: Path) -> None:
    """Close the workbook in one click, and the program in the next."""
    temporary = folder / "temporary"
    temporary.mkdir()
    with soffice.running() as started, mock.patch.object(tempfile, "tempdir", str(temporary)):
        app = engine.attach(started.port, headless=True)
        closings: list[tuple[str, Callable[[Any], Any]]] = [
            ("Opening the sheets", lambda book: book.close()),
            ("Copying sheet 3", lambda _: soffice.kill(started)),
        ]
        for step, close in closings:
            book = app.books.open(shutil.copy(orders, folder / "shop.xlsx"))
            book.sheets["Orders"].activate()
            said = closed_at(step, partial(close, book), app)
            assert "LibreOffice, or the workbook in it, was closed" in str(said)
            assert "open the workbook again" in said.remedy
            assert list(temporary.iterdir()) == []
    assert started.profile is not None
    assert not started.profile.exists()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
