"""What a click finds in the workbooks of real people: an earlier result, tables, protection, names that are taken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regulars.base.settings import Settings
from regulars.orders.load import load_orders
from regulars.result import Result, result_of
from regulars_addin.libreoffice import soffice

pytestmark = pytest.mark.office

RESULTS = ["Summary", "Segments", "Customers", "Financial impact", "Playbook", "Data quality"]
MARGIN = "Gross margin"
CLOSINGS = Path(__file__).parents[1] / "live_closings.py"
Press = Callable[..., str]


@pytest.fixture
def small(app: Any, small_orders: Path, tmp_path: Path) -> Any:
    """The small workbook, open, with its orders in front."""
    book = app.books.open(shutil.copy(small_orders, tmp_path / "shop.xlsx"))
    book.sheets["Orders"].activate()
    return book


def _names(book: Any) -> list[str]:
    return [sheet.name for sheet in book.sheets]


def _beside(sheet: Any, label: str, right: int = 1) -> Any:
    """Return the cell to the right of a label."""
    for row, line in enumerate(sheet.used_range.options(ndim=2).value, start=1):
        if label in line:
            return sheet.range((row, line.index(label) + 1 + right))
    raise AssertionError(label)


def _results(file: Path) -> Callable[..., Result]:
    """Return what gives the result of a run on a file with assumptions of its owner."""

    def result(**assumptions: Any) -> Result:
        settings = Settings(assumptions=dict(assumptions))
        return result_of(lambda told: load_orders([file], told), settings)

    return result


def test_a_changed_assumption_moves_the_money_at_once_and_is_kept_by_a_refresh_that_replaces_only_our_sheets(
    small: Any, press: Press, small_orders: Path
) -> None:
    press("analyze")
    sheet = small.sheets["Financial impact"]
    margin = _beside(sheet, MARGIN)
    assert margin.value != 0.5
    run = _results(small_orders)
    default = run()
    total = _place_of(sheet, default.facts.number("impact.total.gross_profit"))
    margin.value = 0.5
    # Which initiatives are in the plan stands in cells of its own, and stays when the margin changes.
    planned = {f"{one.key}.in_plan": one.planned for one in default.analysis.impact.initiatives}
    expected = run(**planned, margin=0.5).facts.value("impact.total.gross_profit")
    assert sheet[total].value == pytest.approx(expected, rel=1e-6)

    small.sheets.add("Mine", after=small.sheets[-1])["A1"].value = "my own notes"
    small.sheets["Orders"].activate()
    told = press("refresh")
    assert "6 sheets" in told
    assert sorted(_names(small)) == sorted(["Orders", "Notes", "Mine", *RESULTS])
    assert small.sheets["Mine"]["A1"].value == "my own notes"
    assert _beside(small.sheets["Financial impact"], MARGIN).value == 0.5
    assert len(small.sheets["Customers"].tables) == 1
    assert len(small.names) == 0

    assert "6 sheets removed" in press("remove")
    assert _names(small) == ["Orders", "Notes", "Mine"]
    assert not small.impl.document.DatabaseRanges.ElementNames


def _place_of(sheet: Any, value: float) -> str:
    """Return the address of the first cell that holds a number."""
    for row, line in enumerate(sheet.used_range.options(ndim=2).value, start=1):
        for column, held in enumerate(line, start=1):
            if isinstance(held, float) and held == pytest.approx(value, rel=1e-6):
                return str(sheet.range((row, column)).get_address(False, False))
    raise AssertionError(value)


def test_a_protected_workbook_keeps_its_sheets_and_the_result_is_a_workbook_of_its_own(
    small: Any, press: Press, tmp_path: Path
) -> None:
    small.impl.document.protect("secret")
    told = press("analyze")
    assert _names(small) == ["Orders", "Notes"]
    assert "protected" in told
    own = small.app.books["shop.regulars.xlsx"]
    assert _names(own) == RESULTS
    assert not own.impl.hidden
    assert (tmp_path / "shop.regulars.xlsx").is_file()


def test_a_workbook_that_was_never_saved_is_read_at_the_table_around_the_selection(
    app: Any, press: Press, order_lines: Callable[[int], Any]
) -> None:
    book = app.books.add()
    sheet = book.sheets[0]
    sheet.name = "Summary"  # as one of ours would be called
    sheet["A1"].value = "Our shop"
    sheet["C5"].value = ["Customer", "Order date", "Units", "Amount"]
    sheet["C6"].value = order_lines(1500)
    sheet["I2"].value = [["Targets", "Sum"], ["May", 100], ["June", 200]]
    sheet.tables.add(sheet["C5"].resize(1501, 4), name="order_lines")
    sheet.tables.add(sheet["I2:J4"], name="targets")
    sheet["D20"].select()
    told = press("analyze")
    names = _names(book)
    assert names[0] == "Summary"
    assert names[2:] == RESULTS[1:]
    assert names[1].startswith("Summary")
    field = book.sheets["Segments"]["B3"].impl.cells.getCellByPosition(0, 0).TextFields.getByIndex(0)
    assert names[1] in field.URL
    assert "Save the workbook to keep them" in told
    assert sheet["A1"].value == "Our shop"
    quality = book.sheets["Data quality"].used_range.options(ndim=2).value
    assert any("1,500 rows were read" in str(value) for row in quality for value in row)
    assert {table.name for table in sheet.tables} == {"order_lines", "targets"}


def test_what_is_closed_in_the_middle_gives_a_sentence_and_leaves_no_file(
    office: soffice.Soffice,  # noqa: ARG001  where there is none, there is nothing to close
    small_orders: Path,
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, CLOSINGS, small_orders, tmp_path], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_analyzed(app: Any, press: Press, order_lines: Callable[[int], Any]) -> None:
    rows = order_lines(5000)
    book = app.books.add()
    sheet = book.sheets[0]
    sheet["A1"].value = ["Customer", "Order date", "Units", "Amount"]
    block = len(rows)
    for number in range(100_000 // block):
        lines = [[f"{customer}-{number}", *rest] for customer, *rest in rows]
        sheet.range((2 + number * block, 1)).value = lines
    told = press("analyze")
    assert app.impl.statuses[0].startswith("regulars: Reading 100,001 rows")
    assert "are analyzed" in told
    assert _names(book)[1:] == RESULTS
