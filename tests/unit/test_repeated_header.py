"""Headings that stand once more further down: a second table below the first, or a page of a printed list."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from regulars.base.settings import Settings
from regulars.orders.header import REPEATED, raw_from_rows
from regulars.orders.load import load_orders

HEADS: list[str | int] = ["Customer ID", "Order date", "Amount"]
FIRST: list[list[str | int]] = [[f"C{at % 3}", f"2025-01-{at:02d}", 10 + at] for at in range(1, 13)]
SECOND: list[list[str | int]] = [[f"C{at % 3}", f"2025-02-{at:02d}", 10 + at] for at in range(1, 6)]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_second_table_below_the_first_is_said_and_its_orders_count(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"orders.{ending}"
    rows: list[list[str | int]] = [HEADS, *FIRST, [], [], HEADS, *SECOND]
    if ending == "csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                book.worksheets[0].cell(at, column, value)
        book.save(path)
    orders = load_orders([path], Settings())
    (notice,) = [notice for notice in orders.notices if notice.key == REPEATED]
    assert notice.text.startswith("row 16 of 'orders.")
    assert "repeats the headings" in notice.text
    assert orders.lines.num_rows == len(FIRST) + len(SECOND)


def test_headings_on_every_page_are_counted() -> None:
    raw = raw_from_rows("Sheet1", [HEADS, *FIRST, HEADS, *SECOND, HEADS, *SECOND])
    (notice,) = [notice for notice in raw.notices if notice.key == REPEATED]
    assert notice.text.startswith("2 rows of 'Sheet1' repeat the headings (14, 20)")
    assert notice.rows == 2


def test_a_sheet_with_its_headings_once_says_nothing() -> None:
    assert not raw_from_rows("Sheet1", [HEADS, *FIRST, ["Customer ID", "2025-03-01", 4]]).notices
