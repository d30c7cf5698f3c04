"""Workbooks that stop the fast reader are read by the second one before they are called damaged."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.load import load_orders


def workbook(rows: int, path: Path, change: tuple[bytes, bytes]) -> Path:
    """Write a sheet of orders, and change its XML as another program might have written it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Client", "Date", "Total"])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"c{row % 7}", f"2025-01-{row % 28 + 1:02}", 2.5])
    book.close()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part, count = re.subn(*change, part)
                assert count
            new.writestr(name, part)
    return path


NEWER_ERROR = (rb'<c r="C3"><v>2.5</v>', rb'<c r="C3" t="e"><v>#BLOCKED!</v>')


@pytest.mark.parametrize("rows", [20, 500])
def test_an_error_value_that_the_fast_reader_does_not_know_costs_one_row_only(rows: int, tmp_path: Path) -> None:
    orders = load_orders([workbook(rows, tmp_path / "orders.xlsx", NEWER_ERROR)], Settings())
    assert (orders.ledger.rows_read, orders.ledger.rows_kept) == (rows, rows - 1)
    assert orders.set_aside.to_pylist()[0]["row"] == 3
    assert orders.set_aside.to_pylist()[0]["reason"] == "bad_price"


def test_what_no_reader_can_read_is_called_damaged(tmp_path: Path) -> None:
    path = workbook(20, tmp_path / "orders.xlsx", (rb't="s"><v>0</v>', rb't="s"><v>9999</v>'))
    with pytest.raises(InputError, match=r"orders\.xlsx"):
        load_orders([path], Settings())
