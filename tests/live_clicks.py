"""A click on the double of Excel, and a small workbook of orders to click in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.live_double_cells import APPLESCRIPT, COM

from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.job import Job
from regulars.run import run
from regulars_addin.click import click

HEADS = ["Order date", "Order", "Customer ID", "Quantity", "Unit price"]
OURS = ["Summary", "Segments", "Customers", "Financial impact", "Playbook", "Data quality"]
on_both = pytest.mark.parametrize("excel", [COM, APPLESCRIPT], indirect=True)
shown: list[Path] = []  # files that were opened for the user


def pressed(excel: Any, button: str, *answers: str) -> list[str]:
    """Click a button, and return what was said."""
    excel.impl.alerts.clear()
    excel.impl.answers[:] = answers
    click(button, excel)
    assert excel.impl.status_bar is False
    assert (excel.screen_updating, excel.display_alerts, excel.calculation) == (True, True, "automatic")
    return list(excel.impl.alerts)


def shop(path: Path, change: Callable[[Any, Any], object] = lambda _book, _sheet: None) -> Path:
    """Write a small workbook of orders: twelve customers, five orders each."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Orders")
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "[$€-407] #,##0.00"})
    sheet.write_row(0, 0, HEADS)
    for number in range(60):
        row = 1 + number
        sheet.write_datetime(row, 0, dt.date(2025, 1, 1) + dt.timedelta(days=number * 2), day)
        sheet.write_number(row, 1, 5000 + number)
        sheet.write_number(row, 2, 17850 + number % 12)
        sheet.write_number(row, 3, 1 + number % 4)
        sheet.write_number(row, 4, 2.55 + number % 7, money)
    change(book, sheet)
    book.close()
    return path


def same_on_file(path: Path, tmp_path: Path, facts: Facts, **settings: Any) -> None:
    """Assert that a run on the file finds the same facts."""
    outcome = run(Job((path,), tmp_path / "headless" / "result.xlsx", Settings(**settings)))
    assert facts.as_json() == outcome.facts.as_json()


def second_block(_book: Any, sheet: Any) -> None:
    """Write thirty more orders beside those of the shop."""
    sheet.write_row(0, 7, HEADS)
    for row in range(1, 31):
        sheet.write_row(row, 7, [f"2024-03-{row:02d}", row, f"C{row % 9}", 2, 10])


def cell_right_of(sheet: Any, text: str, column: int | None = None) -> tuple[int, int]:
    """Return the place right of the first cell with a text, in a column where one is given."""
    return next((row, at + 1) for (row, at), value in sheet.values.items() if value == text and column in {None, at})
