"""What stands in the cells of a written workbook, read back by another library."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from regulars.base.units import MONEY, SHARE, Currency
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import (
    Column,
    Figure,
    Figures,
    Formula,
    Input,
    Link,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    WorkbookSpec,
)

POUNDS = Currency("GBP")


def written(folder: Path, *blocks: Any, values: bool = False) -> Any:
    """Write one sheet with the blocks and return it as openpyxl reads it."""
    path = folder / "book.xlsx"
    spec = WorkbookSpec((SheetSpec("One", SheetKind.SUMMARY, "Title", "Lead.", blocks),), "Book")
    write_workbook(spec, path, POUNDS)
    return openpyxl.load_workbook(path, data_only=values)["One"]


def one_column(*cells: Any, unit: Any = MONEY, listing: bool = False) -> Table:
    rows = tuple(Row(f"r{n}", (f"row {n}", cell)) for n, cell in enumerate(cells))
    return Table("t", (Column("name", "Name"), Column("value", "Value", unit)), rows, listing=listing)


FIRST = 5  # the row of the first data cell: title, lead, blank, header


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-", "@home", "http://example.com", "00123", "=cmd|' /C calc'!A0"])
def test_text_stays_text_whatever_it_begins_with(tmp_path: Path, text: str) -> None:
    cell = written(tmp_path, one_column(text))[f"C{FIRST}"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_values_keep_their_type_and_get_the_format_of_their_unit(tmp_path: Path) -> None:
    sheet = written(tmp_path, one_column(12.5, dt.date(2010, 2, 3), True))
    money, day, flag = (sheet[f"C{FIRST + n}"] for n in range(3))
    assert (money.value, money.number_format) == (12.5, "[$£]#,##0;[Red]-[$£]#,##0")
    assert (day.value, day.number_format) == (dt.datetime(2010, 2, 3), "yyyy-mm-dd")  # noqa: DTZ001
    assert flag.value is True


def test_a_row_of_its_own_unit_beats_the_column(tmp_path: Path) -> None:
    table = Table(
        "t",
        (Column("name", "Name"), Column("value", "Value")),
        (Row("a", ("a", 0.5), SHARE), Row("b", ("b", 3.0), MONEY)),
    )
    sheet = written(tmp_path, table)
    assert sheet[f"C{FIRST}"].number_format == "0.0%"
    assert sheet[f"C{FIRST + 1}"].number_format.startswith("[$£]")


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_what_is_missing_is_a_dash_in_a_table_and_blank_in_a_long_list(tmp_path: Path, missing: float | None) -> None:
    assert written(tmp_path, one_column(missing))[f"C{FIRST}"].value == "–"
    assert written(tmp_path, one_column(missing, listing=True))[f"C{FIRST}"].value is None


def test_what_is_missing_is_blank_where_a_formula_reads_it(tmp_path: Path) -> None:
    figures = Figures((Figure("Sum", Formula("=SUM({t.value})", 1.0), MONEY),))
    sheet = written(tmp_path, one_column(None, 1.0), figures)
    assert sheet[f"C{FIRST}"].value is None


def test_a_formula_without_a_value_shows_nothing_instead_of_zero(tmp_path: Path) -> None:
    table = one_column(Formula('=IF({.name}="x",1,"")', None))
    assert written(tmp_path, table, values=True)[f"C{FIRST}"].value in (None, "")
    assert written(tmp_path, table)[f"C{FIRST}"].value == f'=IF(B{FIRST}="x",1,"")'


def test_an_input_says_what_it_accepts_and_can_be_edited_on_a_protected_sheet(tmp_path: Path) -> None:
    sheet = written(tmp_path, one_column(Input(0.2, low=0, high=1), Input("a", choices=("a", "b")), unit=SHARE))
    number, choice = sheet.data_validations.dataValidation
    assert (number.type, number.formula1, number.formula2, number.prompt) == (
        "decimal",
        "0",
        "1",
        "From 0.0% to 100.0%.",
    )
    assert (choice.type, choice.formula1) == ("list", '"a,b"')
    assert not sheet[f"C{FIRST}"].protection.locked


def test_choices_too_long_for_excel_are_told_but_not_enforced(tmp_path: Path) -> None:
    sheet = written(tmp_path, one_column(Input("x", choices=tuple(f"choice number {n}" for n in range(40)))))
    (rule,) = sheet.data_validations.dataValidation
    assert rule.type in (None, "none")
    assert len(rule.prompt) <= 255


def test_a_link_leads_to_a_sheet_of_ours(tmp_path: Path) -> None:
    sheet = written(tmp_path, one_column(Link("here", "one")))
    assert sheet[f"C{FIRST}"].hyperlink.location == "'One'!A1"
    with pytest.raises(ValueError, match="leads to no sheet"):
        written(tmp_path, one_column(Link("there", "Two")))


def test_a_key_figure_is_a_number(tmp_path: Path) -> None:
    sheet = written(tmp_path, Figures((Figure("Revenue", 8_832_003.27, MONEY, "2010"),)))
    assert [sheet[f"B{row}"].value for row in (4, 5, 6)] == ["Revenue", 8_832_003.27, "2010"]


def test_equal_and_empty_headers_of_a_long_list_are_made_different(tmp_path: Path) -> None:
    columns = (Column("a", "Sum"), Column("b", "sum"), Column("c", ""))
    sheet = written(tmp_path, Table("t", columns, (Row("r", ("x", "y", "z")),), listing=True))
    (table,) = sheet.tables.values()
    assert table.column_names == ["Sum", "sum (2)", "Column 3"]
    assert [sheet.cell(4, column).value for column in (2, 3, 4)] == table.column_names


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    sheet = written(tmp_path, one_column(listing=True))
    assert sheet[f"B{FIRST}"].value == "No rows."
    assert not sheet.tables
