"""The buttons against a double of Excel, on Windows and on macOS: facts and sheets are those of a run on the file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.live_clicks import HEADS, OURS, cell_right_of, on_both, pressed, same_on_file, second_block, shop, shown
from tests.live_double_cells import read_sheets

from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.job import Job
from regulars.run import run

MESSY = Path(__file__).parent.parent / "data" / "messy_orders.xlsx"


def test_sheets_that_the_settings_name_are_read_together(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    def second(book: Any, _sheet: Any) -> None:
        more = book.add_worksheet("Market")
        more.write_row(0, 0, HEADS)
        for row in range(1, 31):
            more.write_row(row, 0, [f"2025-03-{row:02d}", 9000 + row, f"C{row % 9}", 2, 10])

    path = shop(tmp_path / "shop.xlsx", second)
    book = excel.books.open(path)
    pressed(excel, "settings")
    sheet = book.impl.held[-1]
    row = next(row for (row, _), value in sheet.values.items() if value == "sheet")
    sheet.values[row, next(column for (_, column), value in sheet.values.items() if value == "Your value")] = (
        "Orders; Market"
    )
    (said,) = pressed(excel, "analyze")
    assert "The orders of 'Orders', 'Market' are analyzed" in said
    same_on_file(path, tmp_path, found[0], sheet=("Orders", "Market"))


@on_both
def test_a_messy_sheet_gives_the_facts_of_the_file(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    path = Path(shutil.copy(MESSY, tmp_path / "messy.xlsx"))
    book = excel.books.open(path)
    front = book.sheet_names[0]
    pressed(excel, "analyze")
    same_on_file(path, tmp_path, found[0], sheet=(front,) if len(read_sheets(path)) > 1 else ())


@on_both
def test_facts_and_sheets_are_those_of_the_file_with_currency_and_errors_in_its_cells(
    excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: list[Facts]
) -> None:
    def errors(_book: Any, sheet: Any) -> None:
        sheet.write_formula(9, 4, "=1/0", None, "#DIV/0!")
        sheet.write_formula(10, 4, "=NA()", None, "#N/A")

    book = excel.books.open(shop(tmp_path / "shop.xlsx", errors))
    pressed(excel, "analyze")
    monkeypatch.chdir(tmp_path)
    outcome = run(Job((Path("shop.xlsx"),), tmp_path / "result.xlsx", Settings()))
    assert found[0].as_json() == outcome.facts.as_json()
    assert found[0].currency.code == "EUR"
    assert found[0].number("orders.set_aside.bad_price") == 2
    headless = {sheet.name: sheet for sheet in read_sheets(tmp_path / "result.xlsx")}
    for sheet in book.impl.held[1:]:
        twin = headless[sheet.name]
        assert (sheet.values, sheet.formulas) == (twin.values, twin.formulas)
        assert sheet.footer.endswith(f"regulars · {sheet.name}")


@on_both
def test_a_refresh_keeps_what_stands_in_the_yellow_cells(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    sheet = next(held for held in book.impl.held if held.name == "Financial impact")
    ((row, column),) = [place for place, value in sheet.values.items() if value == "Gross margin" and place[1] == 2][:1]
    assert sheet.values[row, column + 1] == 0.4
    sheet.values[row, column + 1] = 0.55
    asked, said = pressed(excel, "refresh", "ok")
    assert "This replaces 6 sheets of the earlier result" in asked
    assert "by hand" not in asked
    assert "Kept from the yellow cells of 'shop.xlsx': margin" in said
    assert found[1].number("impact.margin") == 0.55
    assert book.sheet_names == ["Orders", *OURS]


def test_only_marked_sheets_are_removed(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx", lambda book, _sheet: book.add_worksheet("Summary")))
    pressed(excel, "analyze")
    assert book.sheet_names == ["Orders", "Summary", "Summary (2)", *OURS[1:]]
    book.sheets["Segments"].name = "My segments"
    asked, said = pressed(excel, "remove", "ok")
    assert "This deletes 6 sheets of regulars: 'Summary (2)', 'My segments'" in asked
    assert said.startswith("6 sheets removed")
    assert book.sheet_names == ["Orders", "Summary"]
    assert "has no sheets of regulars" in pressed(excel, "remove")[0]


def test_the_deck_stands_beside_the_workbook_and_is_opened(excel: Any, tmp_path: Path) -> None:
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    (said,) = pressed(excel, "deck")
    assert said.startswith(f"The deck is '{tmp_path / 'shop.regulars.pptx'}'.")
    assert shown == [tmp_path / "shop.regulars.pptx"]
    assert (tmp_path / "shop.regulars.pptx").is_file()


@on_both
def test_settings_are_read_from_their_sheet(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    (said,) = pressed(excel, "settings")
    assert "yellow cells of 'Regulars settings'" in said
    assert pressed(excel, "settings") == []
    sheet = book.impl.held[-1]
    row = next(row for (row, _), value in sheet.values.items() if value == "margin")
    column = next(column for (_, column), value in sheet.values.items() if value == "Your value")
    sheet.values[row, column] = 0.25
    book.sheets["Orders"].activate()
    pressed(excel, "analyze")
    assert found[0].number("impact.margin") == 0.25
    sheet.values[row, column] = 7.0
    (said,) = pressed(excel, "analyze", "ok")
    assert "Regulars settings!" in said


def test_the_settings_sheet_leaves_open_which_sheet_is_read_and_says_when_it_does_not(
    excel: Any, tmp_path: Path, found: list[Facts]
) -> None:
    def second(book: Any, _sheet: Any) -> None:
        second_block(book, book.add_worksheet("Market"))

    book = excel.books.open(shop(tmp_path / "shop.xlsx", second))
    pressed(excel, "analyze")
    pressed(excel, "settings")
    sheet = book.impl.held[-1]
    row, column = cell_right_of(sheet, "Sheet with the orders")
    assert sheet.values.get((row, column)) is None
    book.sheets["Market"].activate()
    pressed(excel, "analyze", "ok")
    assert found[1].number("orders.rows_read") == 30
    sheet.values[row, column] = "Orders"
    book.sheets["Market"].activate()
    said = pressed(excel, "analyze", "ok")[-1]
    assert found[2].number("orders.rows_read") == 60
    assert "'Market', the sheet in front, was not read" in said


def test_an_orders_sheet_is_added_and_waits(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    (said,) = pressed(excel, "orders_sheet")
    assert said.startswith("The sheet 'Orders (2)' waits for orders")
    assert book.sheet_names == ["Orders", "Orders (2)"]
    assert "holds no" in pressed(excel, "analyze")[0] or "To do:" in pressed(excel, "analyze")[0]


def test_a_table_of_customers_on_another_sheet_is_found(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    def customers(book: Any, _sheet: Any) -> None:
        other = book.add_worksheet("Customers of ours")
        other.write_row(0, 0, ["Customer ID", "Name", "Channel"])
        for number in range(12):
            other.write_row(number + 1, 0, [17850 + number, f"Ann {number}", "web"])

    path = shop(tmp_path / "shop.xlsx", customers)
    excel.books.open(path)
    pressed(excel, "analyze")
    same_on_file(path, tmp_path, found[0])


def test_a_click_on_our_own_sheet_finds_the_orders(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    book.sheets["Summary"].activate()
    pressed(excel, "refresh", "ok")
    assert found[1].number("orders.rows_read") == 60
    assert book.sheets.active.name == "Summary"
