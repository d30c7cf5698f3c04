"""A sheet that goes to another workbook arrives whole, also where LibreOffice alone would drop something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.pages import page_style, page_styles
from regulars_addin.libreoffice.restoring import unnamed_ranges

pytestmark = pytest.mark.office

ROWS = [["Loyal", 12, 0.25], ["New", 30, 0.5], ["Lost", 18, 0.25]]
FOOTER = "&Lregulars&CPage &P of &N&R&D"


def _donor(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Results")
        sheet.add_table(
            3,
            0,
            6,
            2,
            {"name": "shares", "data": ROWS, "columns": [{"header": name} for name in ("group", "count", "share")]},
        )
        sheet.write(8, 0, "Filter")
        sheet.write_formula(8, 1, "=SUM(B5:B7)", None, 60)
        sheet.write_formula(9, 1, "=B9*Rate", None, 30)
        sheet.write_formula(10, 1, '=IF(B9>50,"many","few")', None, "many")
        sheet.data_validation(9, 2, 9, 2, {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format(4, 1, 6, 1, {"type": "data_bar"})
        sheet.set_column(0, 0, 33)
        sheet.set_row(0, 40)
        sheet.freeze_panes(4, 1)
        sheet.hide_gridlines(2)
        sheet.set_tab_color("#1F6F5C")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.print_area(0, 0, 12, 5)
        sheet.set_footer(FOOTER)
        sheet.set_margins(left=0.5, right=0.5)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": "=Results!$A$5:$A$7", "values": "=Results!$B$5:$B$7", "name": "=Results!$B$4"})
        sheet.insert_chart("E4", chart)
        filtered = book.add_worksheet("List")
        filtered.write_column(0, 0, ["name", "a", "b"])
        filtered.autofilter(0, 0, 2, 0)
        book.define_name("Rate", "=0.5")


@pytest.fixture(scope="module")
def copied(office: soffice.Soffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """The sheets of a donor, and their copies in a workbook of somebody else."""
    path = tmp_path_factory.mktemp("donor") / "donor.xlsx"
    _donor(path)
    app = engine.attach(office.port, headless=True)
    book = app.books.add()
    donor = app.books.open(path, update_links=False, read_only=True, add_to_mru=False)
    with app.properties(screen_updating=False, calculation="manual"):
        for sheet in donor.sheets:
            sheet.copy(after=book.sheets[-1])
    yield donor, book
    donor.close()
    book.close()


def test_copies_stand_last_in_their_order_and_in_their_names(copied: tuple[Any, Any]) -> None:
    assert [sheet.name for sheet in copied[1].sheets][-2:] == ["Results", "List"]


def test_the_donor_has_no_window_and_is_not_the_active_book(copied: tuple[Any, Any]) -> None:
    donor, book = copied
    assert donor.impl.hidden
    assert book.app.books.active.name == book.name


def test_values_and_formulas_are_the_same(copied: tuple[Any, Any]) -> None:
    old, new = (book.sheets["Results"]["A1:E12"] for book in copied)
    assert new.options(ndim=2, err_to_str=True).value == old.options(ndim=2, err_to_str=True).value
    assert new.formula[8][1] == "=SUM(B5:B7)"


def test_a_copied_formula_follows_a_changed_cell(copied: tuple[Any, Any]) -> None:
    sheet = copied[1].sheets["Results"]
    sheet["B5"].value = 100
    assert sheet["B9"].value == 148
    sheet["B5"].value = 12


def test_a_table_is_filtered_and_named_again(copied: tuple[Any, Any]) -> None:
    (table,) = copied[1].sheets["Results"].tables
    assert table.name == "shares"
    assert table.range.address == "$A$4:$C$7"
    assert table.show_autofilter


def test_a_filter_without_a_table_is_there_again(copied: tuple[Any, Any]) -> None:
    _, book = copied
    ranges = unnamed_ranges(book.impl.document)
    number = book.sheets["List"].index - 1
    assert ranges.hasByTable(number)
    assert ranges.getByTable(number).AutoFilter


def test_panes_are_as_they_were(copied: tuple[Any, Any]) -> None:
    sheets = copied[1].sheets
    assert sheets["Results"].impl.freeze_panes.position == (4, 1)
    assert sheets["List"].impl.freeze_panes.position == (0, 0)


@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # of LibreOffice's, to openpyxl
def test_lines_between_cells_are_hidden_on_the_same_sheets_only(copied: tuple[Any, Any], tmp_path: Path) -> None:
    _, book = copied
    path = tmp_path / "saved.xlsx"
    book.impl.save_copy(path)
    saved = openpyxl.load_workbook(path)
    assert saved["Results"].freeze_panes == "B5"
    assert [bool(sheet.sheet_view.showGridLines) for sheet in saved] == [True, False, True]


def test_the_sheet_in_front_stays_in_front(copied: tuple[Any, Any]) -> None:
    assert copied[1].sheets.active.index == 1


def test_the_page_is_set_up_as_it_was(copied: tuple[Any, Any]) -> None:
    old, new = (book.sheets["Results"].impl for book in copied)
    style, before = page_style(new), page_style(old)
    for member in ("IsLandscape", "Width", "Height", "LeftMargin", "ScaleToPagesX", "ScaleToPagesY", "FooterIsOn"):
        assert getattr(style, member) == getattr(before, member), member
    assert style.IsLandscape
    assert (style.ScaleToPagesX, style.ScaleToPagesY) == (1, 0)
    assert new.page_setup.footer == old.page_setup.footer
    assert new.page_setup.footer.left == "regulars"
    assert new.page_setup.print_area == "$A$1:$F$13"
    assert new.sheet.getPrintTitleRows()
    assert (new.sheet.getTitleRows().StartRow, new.sheet.getTitleRows().EndRow) == (3, 3)
    assert not new.sheet.getPrintTitleColumns()


def test_the_print_area_is_no_defined_name(copied: tuple[Any, Any]) -> None:
    assert len(copied[1].sheets["Results"].names) == 0


def test_other_sheets_keep_their_page(copied: tuple[Any, Any]) -> None:
    book = copied[1].impl
    assert not page_style(book.sheets(1)).IsLandscape
    assert len({sheet.sheet.PageStyle for sheet in book.sheets}) == 3


def test_widths_heights_and_the_colour_of_the_tab_are_as_they_were(copied: tuple[Any, Any]) -> None:
    old, new = (book.sheets["Results"].impl for book in copied)
    assert new.sheet.TabColor == old.sheet.TabColor == 0x1F6F5C
    for address in ("A1", "B1", "A2"):
        assert new.range(address).column_width == old.range(address).column_width
        assert new.range(address).row_height == old.range(address).row_height


def test_a_chart_draws_the_cells_of_the_copy(copied: tuple[Any, Any]) -> None:
    (chart,) = copied[1].sheets["Results"].impl.charts
    assert chart.source_addresses
    assert all("Results" in address for address in chart.source_addresses)


def test_a_copy_can_go_again_and_leaves_nothing(app: Any, tmp_path: Path) -> None:
    path = tmp_path / "another donor.xlsx"
    _donor(path)
    book = app.books.add()
    donor = app.books.open(path, update_links=False, read_only=True, add_to_mru=False)
    styles = set(page_styles(book.impl).ElementNames)
    copy = donor.sheets["Results"].copy(after=book.sheets[-1])
    donor.close()
    assert [table.name for table in copy.tables] == ["shares"]
    copy.delete()
    assert len(book.sheets) == 1
    assert set(page_styles(book.impl).ElementNames) == styles
    assert not book.impl.document.DatabaseRanges.ElementNames


def test_a_copy_within_a_workbook_gets_a_free_name_of_31_letters(app: Any) -> None:
    book = app.books.add()
    book.sheets[0].name = "x" * 31
    copy = book.sheets[0].copy()
    assert copy.name == "x" * 27 + " (2)"


def test_a_protected_workbook_says_that_it_is(app: Any, tmp_path: Path) -> None:
    path = tmp_path / "another donor.xlsx"
    _donor(path)
    book = app.books.add()
    book.impl.document.protect("secret")
    donor = app.books.open(path, update_links=False, read_only=True, add_to_mru=False)
    assert book.impl.structure_protected
    with pytest.raises(RuntimeError, match="structure of the workbook"):
        donor.sheets[0].copy(after=book.sheets[-1])
    assert len(book.sheets) == 1
    donor.close()
