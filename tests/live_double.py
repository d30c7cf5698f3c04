"""A double of Excel behind xlwings: workbooks in memory, whose cells come back as Excel's own programs hand them over.

What it copies is documented by the sources of xlwings (`_xlwindows.py`, `_xlmac.py`) and by issues there:

* COM (Windows): every number is a float; cells in a currency format are Decimal with four digits (#65, #640); dates are a
  subclass of datetime with a time zone; errors are HRESULTs as whole numbers, of which xlwings names the seven oldest; a
  single cell is a scalar, a block a tuple of tuples; the zone is taken off while values are read.
* AppleScript (macOS): numbers are floats; an empty cell is ""; errors are a missing value, for which xlwings puts the
  text of the seven oldest when it is asked for errors as texts; a block is a list of lists.

It is no Excel: it draws, prints and calculates nothing, and copies of sheets keep their cells, footers and tables only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings
from openpyxl.utils import get_column_letter
from tests.live_double_cells import (
    COM,
    MISSING,
    OLDEST,
    ComTime,
    DoubleSheet,
    Names,
    answer,
    as_applescript,
    as_com,
    as_com_2,
    bounds,
    corners_of,
    read_sheets,
)  # fmt: skip


class Engine:
    """The engine, of one shape."""

    name, type = "excel", "desktop"

    def __init__(self, shape: str) -> None:
        self.shape = shape
        self.apps = Apps(self)

    def clean_value_data(
        self, data: Any, datetime_builder: Any, empty_as: Any, _number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Do what xlwings does with raw values of this shape."""
        old = {code: text for text, code in OLDEST.items()}

        def clean(value: Any) -> Any:
            if value in ("", None) or value is MISSING:
                return empty_as
            if isinstance(value, ComTime):
                parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
                return datetime_builder(*parts, tzinfo=None)
            if isinstance(value, int) and not isinstance(value, bool) and value in old:
                return old[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Apps:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.running: list[App] = []

    def __iter__(self) -> Iterator[App]:
        return iter(self.running)

    def __len__(self) -> int:
        return len(self.running)

    def keys(self) -> list[int]:
        return [app.pid for app in self.running]

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.running if app.pid == pid)


class App:
    pid, hwnd, version = 1, 1, "16.0"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open: list[Book] = []
        self.alerts: list[str] = []
        self.answers: list[str] = []
        self.statuses: list[Any] = []
        self.screen_updating, self.display_alerts, self.calculation = True, True, "automatic"
        self.selected: Range | None = None
        self.protected_views = 0
        self.fails_at: str | None = None  # a sheet whose copy breaks off in the middle
        self.api = SimpleNamespace(ProtectedViewWindows=SimpleNamespace(Count=0))
        engine.apps.running.append(self)

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        return self.selected

    @property
    def status_bar(self) -> Any:
        return self.statuses[-1] if self.statuses else False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self.statuses.append(value)

    def alert(self, prompt: str, _title: str, buttons: str, _mode: Any, _callback: Any) -> str:
        self.alerts.append(prompt)
        return self.answers.pop(0) if buttons != "ok" and self.answers else "ok"

    def activate(self, steal_focus: bool = False) -> None:
        """Nothing to bring to the front."""


class Books:
    def __init__(self, app: App) -> None:
        self.app = app

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self.app.open))

    def __len__(self) -> int:
        return len(self.app.open)

    def __call__(self, key: int | str) -> Book:
        if isinstance(key, int):
            return self.app.open[key - 1]
        found = [book for book in self.app.open if book.name.casefold() == key.casefold()]
        if not found:
            raise KeyError(key)
        return found[0]

    @property
    def active(self) -> Book:
        return self.app.open[-1]

    def open(self, path: str, *_options: Any) -> Book:
        book = Book(self.app, Path(path).name, str(Path(path).parent), read_sheets(path))
        self.app.open.append(book)
        return book


class Book:
    def __init__(self, app: App, name: str, folder: str, sheets: list[DoubleSheet]) -> None:
        self.app, self.name, self.held = app, name, sheets
        self.front = sheets[0]
        self.structure_protected = False
        self.names = Names()
        self.api = self._api(folder)

    def _api(self, folder: str) -> Any:
        if self.app.engine.shape == COM:
            return SimpleNamespace(Path=folder, LinkSources=lambda _kind: None, ProtectStructure=False)
        path = f"{folder}/{self.name}" if folder else self.name
        return SimpleNamespace(
            full_name=answer(path), protect_structure=answer(value=False), link_sources=lambda **_: MISSING
        )

    @property
    def fullname(self) -> str:
        folder = self.api.Path if self.app.engine.shape == COM else str(Path(self.api.full_name.get()).parent)
        return f"{folder}/{self.name}"

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    def activate(self) -> None:
        self.app.open.append(self.app.open.pop(self.app.open.index(self)))

    def close(self) -> None:
        self.app.open.remove(self)


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self.book, held) for held in self.book.held])

    def __len__(self) -> int:
        return len(self.book.held)

    def __contains__(self, key: str) -> bool:
        return any(held.name.casefold() == key.casefold() for held in self.book.held)

    def __call__(self, key: int | str) -> Sheet:
        if isinstance(key, int):
            return Sheet(self.book, self.book.held[key - 1])
        for held in self.book.held:
            if held.name.casefold() == key.casefold():
                return Sheet(self.book, held)
        raise KeyError(key)

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.front)


class Sheet:
    def __init__(self, book: Book, held: DoubleSheet) -> None:
        self.book, self.held = book, held
        self.charts: list[None] = [None] * held.drawings
        self.pictures: list[None] = []

    @property
    def name(self) -> str:
        return self.held.name

    @name.setter
    def name(self, name: str) -> None:
        if len(name) > 31 or name.casefold() in {one.name.casefold() for one in self.book.held}:
            raise ValueError(f"Excel refuses the sheet name '{name}'")
        self.held.name = name

    @property
    def index(self) -> int:
        return self.book.held.index(self.held) + 1

    @property
    def visible(self) -> bool:
        return self.held.visible

    @property
    def api(self) -> Any:
        if self.book.app.engine.shape == COM:
            return SimpleNamespace(
                PageSetup=SimpleNamespace(LeftFooter=self.held.footer), ProtectContents=self.held.protected,
                Evaluate=self._evaluated,
            )  # fmt: skip
        return SimpleNamespace(
            page_setup_object=SimpleNamespace(left_footer=answer(self.held.footer)),
            protect_contents=answer(self.held.protected),
        )

    def _evaluated(self, formula: str) -> float:
        found = re.fullmatch(r"(SUBTOTAL\(103,|COUNTA\()(.+)\)", formula)
        assert found is not None
        top, left, bottom, right = bounds(found[2].replace("$", ""))
        hidden = self.held.hidden if found[1].startswith("SUBTOTAL") else frozenset()
        return float(
            sum(1 for row, column in self.held.values if top <= row <= bottom and left <= column <= right and row not in hidden)
        )  # fmt: skip

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def used_range(self) -> Range:
        return Range(self, self.held.corners)

    def range(self, first: Any, last: Any = None) -> Range:
        top, left, bottom, right = corners_of(first)
        if last is not None:
            more = corners_of(last)
            bottom, right = max(bottom, more[2]), max(right, more[3])
        return Range(self, (top, left, bottom, right))

    def activate(self) -> None:
        self.book.front = self.held

    def delete(self) -> None:
        if len(self.book.held) == 1:
            raise ValueError("a workbook needs a sheet")
        self.book.held.remove(self.held)
        if self.book.front is self.held:
            self.book.front = self.book.held[0]

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        assert before is None
        assert after is not None
        target, name, number = after.book, self.held.name, 1
        while name.casefold() in {one.name.casefold() for one in target.held}:
            number += 1
            name = f"{self.held.name[: 31 - len(str(number)) - 3]} ({number})"
        copied = DoubleSheet(**{**self.held.__dict__, "name": name})
        target.held.insert(after.index, copied)
        if self.book.app.fails_at == self.held.name:
            raise xlwings.XlwingsError("the copy broke off")


class Tables:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def __iter__(self) -> Iterator[Any]:
        return iter(
            [
                SimpleNamespace(name=name, range=Range(self.sheet, place))
                for name, place in self.sheet.held.tables.items()
            ]
        )

    def __len__(self) -> int:
        return len(self.sheet.held.tables)

    def __call__(self, key: int | str) -> Any:
        return next(one for number, one in enumerate(self, start=1) if key in {number, one.name})


class Range:
    max_cells_per_read = max_cells_per_write = None
    options: dict[str, Any]

    def __init__(self, sheet: Sheet, corners: tuple[int, int, int, int]) -> None:
        self.sheet, self.corners, self.options = sheet, corners, {}

    @property
    def row(self) -> int:
        return self.corners[0]

    @property
    def column(self) -> int:
        return self.corners[1]

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.corners
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, first: int, second: int | None = None) -> Range:
        if second is None:
            first, second = (first - 1) // self.shape[1] + 1, (first - 1) % self.shape[1] + 1
        return self.sheet.range((self.row + first - 1, self.column + second - 1))

    def get_address(self, *_flags: Any) -> str:
        top, left, bottom, right = self.corners
        return f"${get_column_letter(left)}${top}:${get_column_letter(right)}${bottom}"

    address = property(get_address)

    @property
    def api(self) -> Any:
        rows = set(range(self.corners[0], self.corners[2] + 1))
        hidden = rows & self.sheet.held.hidden
        is_com = self.sheet.book.app.engine.shape == COM
        mixed: Any = None if is_com else MISSING
        said = mixed if hidden and hidden != rows else bool(hidden)
        if is_com:
            held = self.sheet.held
            exact = self._block(lambda place: as_com_2(held.values.get(place)))
            return SimpleNamespace(EntireRow=SimpleNamespace(Hidden=said), Value2=exact)
        return SimpleNamespace(entire_row=SimpleNamespace(hidden=answer(said)))

    @property
    def merge_cells(self) -> bool | None:
        top, left, bottom, right = self.corners
        is_met = any(
            one[0] <= bottom and top <= one[2] and one[1] <= right and left <= one[3] for one in self.sheet.held.merged
        )
        return None if is_met else False  # Excel says neither yes nor no of a row that is merged in part

    @property
    def number_format(self) -> str | None:
        return self.sheet.held.formats.get(self.corners[:2], "General")

    @property
    def formula(self) -> Any:
        held = self.sheet.held
        return self._block(lambda place: held.formulas.get(place, str(held.values.get(place, ""))))

    @property
    def raw_value(self) -> Any:
        held, shape = self.sheet.held, self.sheet.book.app.engine.shape
        convert = as_com if shape == COM else as_applescript
        return self._block(lambda place: convert(held.values.get(place), held.formats.get(place, "General")))

    def _block(self, cell: Any) -> Any:
        top, left, bottom, right = self.corners
        rows = [[cell((row, column)) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
        if len(self) == 1:
            return rows[0][0]
        return tuple(map(tuple, rows)) if self.sheet.book.app.engine.shape == COM else rows


def started(shape: str) -> xlwings.App:
    """Return a running double as an app of xlwings."""
    engine = Engine(shape)
    xlwings.Engine(impl=engine).activate()
    return xlwings.App(impl=App(engine))
