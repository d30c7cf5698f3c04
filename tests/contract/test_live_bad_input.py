"""Whatever is in front when a button is clicked: one message that says what to do, and nothing of the user's is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from tests.live_clicks import HEADS, OURS, on_both, pressed, second_block, shop, shown
from tests.live_double_cells import COM, DoubleSheet

import regulars_addin.handlers
from regulars.base.facts import Facts

CLOUD = "https://d.docs.live.net/1234/Shop"


def test_what_was_typed_on_our_sheets_is_said_before_it_goes(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    next(held for held in book.impl.held if held.name == "Segments").values[3, 30] = "call them!"
    (asked,) = pressed(excel, "analyze", "cancel")
    assert "What was added by hand would be lost: 'Segments' holds 'AD3'" in asked
    assert book.impl.held[2].values[3, 30] == "call them!"


def test_a_copy_that_breaks_off_leaves_the_workbook_as_it_was(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    excel.impl.fails_at = "Customers"
    (said,) = pressed(excel, "analyze")
    assert book.sheet_names == ["Orders"]
    assert "stands in a workbook of its own" in said
    assert "did not copy the sheets (the copy broke off)" in said
    assert (tmp_path / "shop.regulars.xlsx").is_file()
    assert [one.name for one in excel.books] == ["shop.xlsx", "shop.regulars.xlsx"]


@pytest.mark.parametrize(("name", "why"), [("orders.csv", "a text file"), ("orders.xls", "compatibility mode")])
def test_a_workbook_without_room_gets_a_result_of_its_own(excel: Any, tmp_path: Path, name: str, why: str) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    book.impl.name = name
    (said,) = pressed(excel, "analyze")
    assert why in said
    assert "stands in a workbook of its own" in said
    assert book.sheet_names == ["Orders"]
    assert (tmp_path / "orders.regulars.xlsx").is_file()


@on_both
def test_a_protected_workbook_is_left_as_it_is(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    protected(book)
    (said,) = pressed(excel, "analyze")
    assert "he structure of 'shop.xlsx' is protected" in said
    assert (tmp_path / "shop.regulars.xlsx").is_file()
    book.activate()
    assert "unprotect its structure" in pressed(excel, "orders_sheet")[0]
    assert book.sheet_names == ["Orders"]


def protected(book: Any) -> None:
    if book.app.engine.impl.shape == COM:
        book.impl.api.ProtectStructure = True
    else:
        book.impl.api.protect_structure.get = lambda: True


@on_both
def test_files_of_an_unsaved_or_cloud_workbook_go_to_the_documents(excel: Any, tmp_path: Path) -> None:
    path = shop(tmp_path / "shop.xlsx")
    for folder, why in (("", "has never been saved"), (CLOUD, "lies in no folder of this computer")):
        book = excel.books.open(path)
        book.impl.api = book.impl._api(folder)
        (said,) = pressed(excel, "lists")
        assert f"in the folder '{tmp_path / 'home' / 'shop customer lists'}'" in said
        assert why in said
        book.close()
    assert (tmp_path / "home" / "shop customer lists").is_dir()
    assert shown == [tmp_path / "home" / "shop customer lists"] * 2


def test_help_needs_no_workbook(excel: Any) -> None:
    assert pressed(excel, "help")[0].startswith("regulars ")


@on_both
def test_without_a_workbook_a_button_says_what_to_do(excel: Any) -> None:
    (said,) = pressed(excel, "analyze")
    assert said == "No workbook is open.\n\nTo do: open the one with your orders, and click the button again."


@on_both
def test_protected_view_is_told_from_no_workbook(excel: Any) -> None:
    excel.api.ProtectedViewWindows.Count = 1
    (said,) = pressed(excel, "analyze")
    assert ("Enable Editing" in said) == (excel.engine.impl.shape == COM)


def test_the_sheet_in_front_may_be_a_chart(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    book.impl.front = DoubleSheet("Chart1", {}, {}, {})
    assert pressed(excel, "analyze")[0].startswith("The sheet in front is a chart.")


def test_an_empty_sheet_says_where_to_go(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx", lambda book, _sheet: book.add_worksheet("Empty")))
    book.sheets["Empty"].activate()
    (said,) = pressed(excel, "analyze")
    assert said.startswith("Sheet 'Empty' has no filled cell.")
    assert "go to the sheet with the orders" in said
    book.impl.held[-1].drawings = 1
    (said,) = pressed(excel, "analyze")
    assert said.startswith("Sheet 'Empty' holds a chart and no cells.")


def test_a_sheet_of_headings_alone_waits_for_orders(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "orders_sheet")
    assert book.sheets.active.name == "Orders (2)"
    (said,) = pressed(excel, "analyze")
    assert said.endswith("To do: type or paste orders below the headings, and click the button again.")
    assert "export" not in said


def test_two_typed_orders_are_told_to_be_too_few(excel: Any, tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, HEADS)
    sheet.write_row(1, 0, ["2025-03-01", 1, "Ada", 2, 10])
    sheet.write_row(2, 0, ["2025-03-04", 2, "Ben", 1, 10])
    book.close()
    excel.books.open(path)
    (said,) = pressed(excel, "analyze")
    assert "There are only 2 orders: they show single orders and customers" in said


def test_missing_columns_are_named_as_the_settings_sheet_names_them(excel: Any, tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Stock")
    sheet.write_row(0, 0, ["Shelf", "Colour", "Unit price"])
    sheet.write_row(1, 0, ["A", "red", 10])
    sheet.write_row(2, 0, ["B", "blue", 12])
    book.close()
    excel.books.open(path)
    (said,) = pressed(excel, "analyze")
    assert "write the headings of your columns beside 'Customer' and 'Order date'" in said
    assert "--map" not in said


def test_the_replace_question_comes_once_the_orders_are_known_to_serve(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    orders = next(held for held in book.impl.held if held.name == "Orders")
    for row in range(2, 62):
        orders.values[row, 1] = "no day"
    book.sheets["Orders"].activate()
    said = pressed(excel, "analyze", "cancel")
    assert len(said) == 1
    assert "has no column for the order date" in said[0]
    assert "This replaces" not in said[0]
    assert book.sheet_names[1:7] == OURS


def test_lists_without_customers_are_named(excel: Any, tmp_path: Path) -> None:
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    (said,) = pressed(excel, "lists")
    folder = tmp_path / "shop customer lists"
    empty = [path.name for path in folder.glob("*.csv") if len(path.read_text(encoding="utf-8-sig").splitlines()) == 1]
    assert empty
    told = said.partition("Files of lists that nobody is on now, with their headings alone: ")[2].splitlines()[0]
    assert sorted(told.split(", ")) == sorted(empty)


@on_both
def test_a_locked_sheet_is_read_and_said(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx", lambda _book, sheet: sheet.protect("secret")))
    (said,) = pressed(excel, "analyze")
    assert "Sheet 'Orders' is protected; it was read, and nothing in it was changed" in said
    assert book.sheet_names == ["Orders", *OURS]


@on_both
def test_hidden_rows_count_and_are_said(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    path = shop(
        tmp_path / "shop.xlsx",
        lambda _book, sheet: [sheet.set_row(row, None, None, {"hidden": True}) for row in (5, 6, 7)],
    )
    excel.books.open(path)
    (said,) = pressed(excel, "analyze")
    assert ("3 rows" if excel.engine.impl.shape == COM else "row") in said
    assert "hidden, by a filter or by hand" in said
    assert found[0].number("orders.rows_read") == 60


@on_both
def test_merged_headers_are_named_as_the_reason(excel: Any, tmp_path: Path) -> None:
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 1, 0, 4, "Details")

    excel.books.open(shop(tmp_path / "shop.xlsx", merge))
    (said,) = pressed(excel, "analyze")
    assert said.startswith("The header in row 1 of sheet 'Orders' has merged cells")
    assert "Unmerge Cells" in said


def test_two_tables_of_orders_are_a_question_of_the_selection(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    def second(book: Any, sheet: Any) -> None:
        second_block(book, sheet)
        columns = [{"header": head} for head in HEADS]
        sheet.add_table(0, 0, 60, 4, {"columns": columns, "name": "Shop"})
        sheet.add_table(0, 7, 30, 11, {"columns": columns, "name": "Market"})

    book = excel.books.open(shop(tmp_path / "shop.xlsx", second))
    (said,) = pressed(excel, "analyze")
    assert said.startswith("Sheet 'Orders' has 2 tables of orders: 'Shop', 'Market'.")
    excel.impl.selected = book.impl.sheets("Orders").range("J5")
    pressed(excel, "analyze")
    assert found[0].number("orders.rows_read") == 30


def test_two_blocks_side_by_side_are_not_mixed(excel: Any, tmp_path: Path) -> None:
    excel.books.open(shop(tmp_path / "shop.xlsx", second_block))
    (said,) = pressed(excel, "analyze")
    assert "2 tables of orders side by side (columns A to E and columns H to L)" in said
    assert "Insert > Table" not in said


def test_of_two_blocks_side_by_side_the_one_around_the_selected_cell_is_read(
    excel: Any, tmp_path: Path, found: list[Facts]
) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx", second_block))
    excel.impl.selected = book.impl.sheets("Orders").range("J5")
    (said,) = pressed(excel, "analyze")
    assert found[0].number("orders.rows_read") == 30
    assert "the one around the selected cell was read (columns H to L)" in said


def test_two_tables_one_below_the_other_are_read_as_one_and_said(
    excel: Any, tmp_path: Path, found: list[Facts]
) -> None:
    def below(_book: Any, sheet: Any) -> None:
        sheet.write_row(69, 0, HEADS)
        for row in range(70, 80):
            sheet.write_row(row, 0, [f"2025-03-{row - 60:02d}", row, f"C{row % 3}", 2, 10])

    excel.books.open(shop(tmp_path / "shop.xlsx", below))
    (said,) = pressed(excel, "analyze")
    assert "Row 70 of 'shop.xlsx' repeats the headings: a second table stands below the first" in said
    assert found[0].number("orders.rows_read") == 71
    assert found[0].number("orders.rows_kept") == 70


def test_very_long_sheets_are_read_only_after_asking(
    excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: list[Facts]
) -> None:
    monkeypatch.setattr(regulars_addin.reading, "MANY_ROWS", 50)
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    assert pressed(excel, "analyze", "cancel")[0].startswith("'Orders' has 61 rows.")
    assert not found


def test_a_defect_is_a_sentence_and_a_log(excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_named: Any) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(regulars_addin.handlers, "result_of", broken)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    (said,) = pressed(excel, "analyze")
    assert "A defect of ours stopped the run" in said
    assert "planted" in next(tmp_path.glob("regulars-*.log")).read_text()
    assert openpyxl.load_workbook(tmp_path / "shop.xlsx").sheetnames == ["Orders"]
