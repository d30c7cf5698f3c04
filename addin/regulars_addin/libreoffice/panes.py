"""Frozen panes and lines between cells, which LibreOffice keeps with the window and not with the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from regulars_addin.libreoffice.sheets import Sheet

FROZEN = 2  # the mode of a split that is one


@contextmanager
def in_front(sheet: Sheet) -> Iterator[Any]:
    """Bring a sheet to the front, give the controller of its window, or None without one, and put back what was in front."""
    controller = sheet.book.document.CurrentController
    if controller is None:
        yield None
        return
    before = controller.ActiveSheet
    controller.setActiveSheet(sheet.sheet)
    try:
        yield controller
    finally:
        controller.setActiveSheet(before)


class Frozen(NamedTuple):
    """How many rows and columns stay in sight."""

    rows: int = 0
    columns: int = 0


def frozen_in(sheet: Sheet) -> Frozen:
    """Return what is frozen on a sheet."""
    with in_front(sheet) as controller:
        if controller is None or not controller.hasFrozenPanes():
            return Frozen()
        return Frozen(controller.getSplitRow(), controller.getSplitColumn())


def freeze(sheet: Sheet, frozen: Frozen) -> None:
    """Freeze rows and columns of a sheet, or free all."""
    with in_front(sheet) as controller:
        if controller is not None:
            controller.freezeAtPosition(frozen.columns, frozen.rows)


class View(NamedTuple):
    """How a sheet looks in its window."""

    frozen: Frozen = Frozen()
    grid: bool = True


def view_in_file(sheet: Sheet) -> View:
    """Return how the file of a sheet wants it to look. The program tells this of files as they were opened only."""
    views = sheet.book.document.getViewData()
    for number in range(views.Count if views is not None else 0):
        sheets = _members(views.getByIndex(number)).get("Tables")
        if sheets is not None and sheets.hasByName(sheet.name):
            kept = _members(sheets.getByName(sheet.name))
            # Of frozen panes the positions count rows and columns, whatever they are called.
            rows = kept["VerticalSplitPositionTwips"] if kept.get("VerticalSplitMode") == FROZEN else 0
            columns = kept["HorizontalSplitPositionTwips"] if kept.get("HorizontalSplitMode") == FROZEN else 0
            return View(Frozen(rows, columns), bool(kept.get("ShowGrid", True)))
    return View()


def _members(properties: Any) -> dict[str, Any]:
    return {one.Name: one.Value for one in properties}


def look_like(sheet: Sheet, view: View) -> None:
    """Make a sheet that was just added, and so has nothing frozen and lines between cells, look so."""
    if view == View():
        return
    with in_front(sheet) as controller:
        if controller is None:
            return
        if view.frozen != Frozen():
            controller.freezeAtPosition(view.frozen.columns, view.frozen.rows)
        if not view.grid:  # the property of that name is one of the whole window
            dispatcher = sheet.book.app.service("com.sun.star.frame.DispatchHelper")
            dispatcher.executeDispatch(controller.Frame, ".uno:ToggleSheetGrid", "", 0, ())


class FreezePanes:
    """The frozen rows and columns of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at one sheet."""
        self._sheet = sheet

    @property
    def position(self) -> Frozen:
        """How many rows and columns are frozen."""
        return frozen_in(self._sheet)

    def freeze_at(self, frozen_range: str) -> None:
        """Freeze a block from the first cell of the sheet, such as "A1:B4", or whole rows or columns such as "1:4"."""
        address = self._sheet.range(frozen_range).cells.RangeAddress
        whole = self._sheet.sheet.RangeAddress
        columns = 0 if address.EndColumn == whole.EndColumn else address.EndColumn + 1
        rows = 0 if address.EndRow == whole.EndRow else address.EndRow + 1
        freeze(self._sheet, Frozen(rows, columns))

    def unfreeze(self) -> None:
        """Free everything."""
        freeze(self._sheet, Frozen())
