# ruff: noqa: DTZ001  cells have no time zone
"""The engine keeps what xlwings promises of any program: values, sheets, tables, and copies that lose nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.bridge import NobodyListensError, is_gone

pytestmark = pytest.mark.office

MOMENT = dt.datetime(2024, 5, 6, 7, 8, 9)
VALUES = [
    ("text", "text"),
    ("007", "007"),
    ("Ünïcode – 客", "Ünïcode – 客"),
    (2.5, 2.5),
    (3, 3.0),
    (-1e15, -1e15),
    (Decimal("12.34"), 12.34),
    (True, True),
    (False, False),
    (None, None),
    (float("nan"), None),
    (dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
    (MOMENT, MOMENT),
    (dt.datetime(1900, 3, 1), dt.datetime(1900, 3, 1)),
]


@pytest.fixture(scope="module")
def scratch(office: soffice.Soffice) -> Iterator[Any]:
    """One workbook for all tests that need some cells only: opening one takes half a second."""
    book = engine.attach(office.port, headless=True).books.add()
    book.sheets.add("My orders", after=book.sheets[0])
    yield book
    book.close()


@pytest.fixture
def sheet(scratch: Any) -> Any:
    """An empty sheet."""
    sheet = scratch.sheets[0]
    sheet.impl.sheet.Rows.IsVisible = True
    sheet.clear()
    for table in list(sheet.impl.tables):
        table.api.AutoFilter = False
        scratch.impl.document.DatabaseRanges.removeByName(table.name)
    return sheet


def _read(cells: Any) -> list[list[Any]]:
    read: list[list[Any]] = cells.options(ndim=2, err_to_str=True).value
    return read


def test_values_come_back_as_they_were_written(sheet: Any) -> None:
    sheet["B3"].value = [[written for written, _ in VALUES]]
    read = _read(sheet["B3"].resize(1, len(VALUES)))
    assert read == [[expected for _, expected in VALUES]]
    assert [type(value) for value in read[0]] == [type(expected) for _, expected in VALUES]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1/0", "#DIV/0!"),
        ("=NA()", "#N/A"),
        ("=nosuchname+1", "#NAME?"),
        ('="a"+1', "#VALUE!"),
        ("=DATE(2024,2,29)", dt.datetime(2024, 2, 29)),
        ("=1=1", True),
        ("=1+1", 2.0),
        ('="x"&"y"', "xy"),
        ('=""', None),
    ],
)
def test_a_formula_gives_its_result_in_the_type_that_excel_gives(sheet: Any, formula: str, value: Any) -> None:
    sheet["A1"].value = formula
    assert _read(sheet["A1"]) == [[value]]
    assert sheet["A1"].formula == formula


def test_formulas_are_spelt_as_excel_spells_them_both_ways(sheet: Any) -> None:
    formulas = [
        "=SUM(B1:B3,'My orders'!C1)",
        '=IFERROR(B1/B2,"a;b,c.d")',
        "=STDEV.S(B1:B3)",
        "=SUM({1,2;3,4})",
        "=IF(B1>0.5,B2,)",
        '=COUNTIFS(B$1:B$3,">0",$C1:$C3,"<1")',
    ]
    cells = sheet["A1:A6"]
    cells.formula = [[formula] for formula in formulas]
    assert [row[0] for row in cells.formula] == formulas
    assert cells[3, 0].value == 10


def test_an_error_is_empty_unless_it_is_asked_for_as_text(sheet: Any) -> None:
    sheet["A1"].value = ["=1/0", "#N/A"]
    assert sheet["A1:B1"].value == [None, "#N/A"]


def test_a_long_column_of_errors_is_read_in_time(sheet: Any) -> None:
    sheet["A1:A3000"].formula = "=NA()"
    sheet["A2"].formula = "=1/0"
    read = _read(sheet["A1:A3000"])
    assert read[:3] == [["#N/A"], ["#DIV/0!"], ["#N/A"]]
    assert read[3:] == [["#N/A"]] * 2997


def test_dates_are_told_from_numbers_also_among_a_thousand_rows(sheet: Any) -> None:
    days = [dt.datetime(2024, 1, 1) + dt.timedelta(days=number) if number % 3 else None for number in range(1000)]
    sheet["A1"].value = list(zip(range(1000), days, strict=True))
    assert _read(sheet.used_range) == [[float(number), day] for number, day in enumerate(days)]


def test_dates_and_truth_values_are_told_apart_among_many_formats(sheet: Any) -> None:
    formats = [f"0.{'0' * places}" for places in range(1, 15)]
    for row, number_format in enumerate(formats, start=1):
        sheet.range((row, 1)).value = row
        sheet.range((row, 1)).number_format = number_format
    sheet["B1"].value = [[True, MOMENT, "=B1", "=C1", "=A1", "TRUE"], ["=NOT(B1)", "=C1+1", 0.5, None, "x", "=1/0"]]
    sheet["G1"].number_format = "@"
    numbers = [[float(row)] for row in range(1, 15)]
    assert _read(sheet["A1:A14"]) == numbers
    day = dt.timedelta(days=1)
    assert _read(sheet["A1:G2"]) == [
        [1.0, True, MOMENT, True, MOMENT, 1.0, "TRUE"],
        [2.0, False, MOMENT + day, 0.5, None, "x", "#DIV/0!"],
    ]
    assert _read(sheet["A1:G14"])[:2] == _read(sheet["A1:G2"])


def test_a_workbook_that_counts_days_from_1904_gives_the_same_dates(app: Any, tmp_path: Path) -> None:
    path = tmp_path / "old mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as written:
        written.add_worksheet().write_datetime(0, 0, MOMENT, written.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}))
    assert app.books.open(path).sheets[0]["A1"].value == MOMENT


def test_a_number_format_of_excel_is_taken(sheet: Any) -> None:
    sheet["A1"].number_format = "@"
    sheet["A2"].number_format = '#,##0.00 "EUR"'
    assert sheet["A1"].number_format == "@"
    assert sheet["A2"].number_format == '#,##0.00 "EUR"'


def test_sheets_are_added_renamed_and_deleted_by_name_in_any_case(app: Any) -> None:
    book = app.books.add()
    first = book.sheets[0]
    first.name = "Orders"
    last = book.sheets.add("Segments", after=first)
    assert [sheet.name for sheet in book.sheets] == ["Orders", "Segments"]
    assert book.sheets.active.name == "Segments"
    assert book.sheets["SEGMENTS"].index == 2
    last.name = "Groups"
    assert "groups" in book.sheets
    last.delete()
    assert [sheet.name for sheet in book.sheets] == ["Orders"]
    with pytest.raises(KeyError):
        _ = book.sheets["Groups"]


@pytest.mark.parametrize("name", ["x" * 32, "a/b", "a:b", "[a]", ""])
def test_a_name_that_excel_refuses_is_refused(sheet: Any, name: str) -> None:
    with pytest.raises(ValueError, match="Excel refuses"):
        sheet.impl.name = name


def test_the_only_sheet_stays(app: Any) -> None:
    with pytest.raises(ValueError, match="only sheet"):
        app.books.add().sheets[0].delete()


def test_ranges_are_found_as_in_excel(sheet: Any) -> None:
    sheet["B2"].value = [["id", "name", None, "far"], [1, "a", None, 9], [2, "b", None, None]]
    assert sheet.used_range.address == "$A$1:$E$4"
    assert sheet["B2"].expand().address == "$B$2:$C$4"
    assert sheet["B2"].current_region.address == "$B$2:$C$4"
    assert sheet["B2"].end("down").address == "$B$4"
    assert sheet["C2"].end("right").address == "$E$2"
    assert sheet["B2:D4"][1:, 0].address == "$B$3:$B$4"
    assert sheet[0, 1].address == "$B$1"
    assert len(sheet["B2:D4"]) == 9


def test_hidden_rows_and_merged_cells_are_seen(sheet: Any) -> None:
    sheet["A1"].value = [[number] for number in range(10)]
    sheet["A3:A5"].impl.row_hidden = True
    sheet["B1:C1"].impl.cells.merge(True)
    assert sheet["A1:A10"].impl.hidden_rows == 3
    assert sheet["A3:A5"].impl.row_hidden
    assert sheet["A1:C1"].merge_cells
    assert not sheet["A2:C9"].merge_cells


def test_a_table_is_a_named_range_with_filter_buttons(sheet: Any) -> None:
    sheet["B2"].value = [["id", "name"], [1, "a"], [2, "b"]]
    table = sheet.tables.add(sheet["B2:C4"], name="orders")
    assert [one.name for one in sheet.tables] == ["orders"]
    assert table.range.address == "$B$2:$C$4"
    assert table.header_row_range.value == ["id", "name"]
    assert table.data_body_range.address == "$B$3:$C$4"
    assert table.show_autofilter
    assert sheet["C3"].table.name == "orders"
    with pytest.raises(ValueError, match="already"):
        sheet.tables.add(sheet["E1:F2"], name="orders")


def test_a_deleted_sheet_takes_its_tables_along(app: Any) -> None:
    book = app.books.add()
    sheet = book.sheets.add("Results", after=book.sheets[-1])
    sheet["A1"].value = [["id"], [1]]
    sheet.tables.add(sheet["A1:A2"], name="results")
    sheet.delete()
    assert not book.impl.document.DatabaseRanges.hasByName("results")


def test_what_is_switched_off_comes_back(app: Any) -> None:
    app.books.add()
    with app.properties(status_bar="Reading", screen_updating=False, display_alerts=False, calculation="manual"):
        assert (app.status_bar, app.screen_updating, app.calculation) == ("Reading", False, "manual")
    assert (app.status_bar, app.screen_updating, app.display_alerts, app.calculation) == (
        False,
        True,
        True,
        "automatic",
    )
    assert app.impl.statuses[-1] == "Reading"


def test_a_message_that_nobody_would_see_is_kept_and_answered(app: Any) -> None:
    app.impl.answers[:] = ["cancel"]
    assert app.alert("Replace?", "regulars", "ok_cancel") == "cancel"
    assert app.alert("Replace?", "regulars", "ok_cancel") == "ok"
    assert [alert.text for alert in app.impl.alerts] == ["Replace?", "Replace?"]


def test_the_selection_is_the_cells_in_front(sheet: Any) -> None:
    sheet["B2:C5"].select()
    assert sheet.book.app.selection.address == "$B$2:$C$5"


def test_a_book_has_its_path_once_it_is_saved(app: Any, tmp_path: Path) -> None:
    book = app.books.add()
    assert book.fullname == book.name
    path = tmp_path / "my orders.xlsx"
    book.save(path)
    assert Path(book.fullname) == path
    assert book.name == "my orders.xlsx"
    assert path.is_file()


def _says_gone(question: Callable[[], Any]) -> bool:
    try:
        question()
    except Exception as error:  # noqa: BLE001  LibreOffice has many words for it
        return is_gone(error)
    return False


def test_a_closed_workbook_is_told_from_a_mistake(app: Any) -> None:
    book = app.books.add()
    sheet = book.sheets[0]
    book.close()
    questions: list[Callable[[], Any]] = [
        lambda: sheet.name,
        lambda: sheet["A1"].value,
        lambda: book.name,
        lambda: book.sheets[0],
    ]
    for question in questions:
        assert _says_gone(question)
    with pytest.raises(KeyError) as mistake:
        _ = app.books.add().sheets["Nowhere"]
    assert not is_gone(mistake.value)


def test_a_port_on_which_nobody_listens_says_how_to_start_the_program() -> None:
    port = soffice.free_port()
    with pytest.raises(NobodyListensError, match=rf"no LibreOffice listens on port {port}.* soffice .*port={port}"):
        engine.attach(port)
