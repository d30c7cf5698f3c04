"""Long lists take little memory while they are written, and become the same file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from regulars.base.units import COUNT, DATE, MONEY_EXACT, Currency
from regulars.render.workbook import tables, write_workbook
from regulars.render.workbook.long_cells import LongColumn
from regulars.story.sheet_spec import Column, Formula, Row, SheetKind, SheetSpec, Table, WorkbookSpec
from regulars.story.sheets.record import HEADS

COLUMNS = (
    Column("who", "Customer"),
    Column("orders", "Orders", COUNT),
    Column("revenue", "Revenue", MONEY_EXACT),
    Column("day", "Day", DATE),
    Column("mixed", "Mixed"),
)


def cells(number: int) -> tuple[Any, ...]:
    return (
        "=danger" if number == 3 else f"C{number % 7}",
        number,
        None if number == 5 else number + 0.25,
        dt.date(2025, 1, 1) + dt.timedelta(days=number) if number != 4 else dt.date(1899, 1, 1),
        ("text", 7, 1.5, None, dt.date(2025, 5, 5), Formula("=1+1", 2))[number % 6],
    )


def book(path: Path) -> bytes:
    rows = tuple(Row(str(number), cells(number)) for number in range(30))
    listing = Table("list", COLUMNS, rows, listing=True, title="A list")
    record = Table(
        "record", (Column("a", HEADS[0]), Column("b", HEADS[1])), (Row("1", ("version", "{version = 1}")),), record=True
    )
    sheet = SheetSpec("List", SheetKind.LISTS, "Title", "Lead", (listing, record))
    write_workbook(WorkbookSpec((sheet,), "Title", {}), path, Currency("EUR"))
    return path.read_bytes()


def test_a_list_kept_short_is_the_same_file_as_one_kept_by_the_worksheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []
    plain = book(tmp_path / "plain.xlsx")
    take = LongColumn.take_number

    def counted(*given: Any) -> bool:
        taken.append(take(*given))
        return taken[-1]

    monkeypatch.setattr(tables, "LEAST_ROWS", 3)
    monkeypatch.setattr(LongColumn, "take_number", counted)
    assert book(tmp_path / "short.xlsx") == plain
    assert True in taken
    assert False in taken
