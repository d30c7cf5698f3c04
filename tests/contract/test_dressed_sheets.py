"""Colours, formats, drop-down lists and hidden rows that an owner gave our sheets are not lost when they are made anew."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.formatting import rule as formatting_rule
from openpyxl.styles import Color, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from regulars import cli
from regulars.render.graft import look_at_result

rules: Any = formatting_rule  # openpyxl gives these no types
YELLOW = PatternFill("solid", fgColor="FFFF00")
NAMES = ["Summary", "Segments", "Customers", "Financial impact", "Playbook", "Data quality", "Trends", "CLV", "Method"]


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


def opened(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few orders, and a workbook that took their result though it had sheets of the same names."""
    folder = tmp_path_factory.mktemp("dressed")
    lines = [f"A{n % 23},2025-{1 + n // 20:02}-{1 + n % 27:02},{n}.50" for n in range(1, 200)]
    (folder / "orders.csv").write_text("\n".join(["Customer,Date,Total", *lines]), encoding="utf-8")
    book = xlsxwriter.Workbook(str(folder / "host.xlsx"))
    for name in NAMES:
        book.add_worksheet(name).write("A1", "mine")
    book.close()
    assert left("analyze", folder / "orders.csv", "--into", folder / "host.xlsx", "--sheets", "full") == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "work"))


def coloured(sheet: Any) -> None:
    for row in (11, 12, 14):
        sheet.cell(row, 3).fill = YELLOW


def coloured_by_theme(sheet: Any) -> None:
    sheet["C11"].fill = PatternFill("solid", fgColor=Color(theme=5, tint=0.4))


def coloured_beside(sheet: Any) -> None:
    sheet["Z90"].fill = YELLOW


def conditional(sheet: Any) -> None:
    sheet.conditional_formatting.add("B9:D12", rules.CellIsRule(operator="greaterThan", formula=["5"], fill=YELLOW))


def conditional_by_formula(sheet: Any) -> None:
    sheet.conditional_formatting.add("Z9", rules.FormulaRule(formula=["$A$1=1"], fill=YELLOW))


def scaled(sheet: Any) -> None:
    sheet.conditional_formatting.add(
        "Z9:Z12", rules.ColorScaleRule("min", None, "FFFFFF", end_type="max", end_color="FF0000")
    )


def validated(sheet: Any) -> None:
    rule = DataValidation(type="list", formula1='"called,to call"')
    rule.add("Z9:Z30")
    sheet.add_data_validation(rule)


def hidden(sheet: Any) -> None:
    for row in (12, 13):
        sheet.row_dimensions[row].hidden = True


@pytest.mark.parametrize(
    ("dress", "said"),
    [
        (coloured, "a colour in C11:C12, C14"),
        (coloured_by_theme, "a colour in C11"),
        (coloured_beside, "a colour in Z90"),
        (conditional, "a conditional format in B9:D12"),
        (conditional_by_formula, "a conditional format in Z9"),
        (scaled, "a conditional format in Z9:Z12"),
        (validated, "a validation in Z9:Z30"),
        (hidden, "hidden row 12, 13"),
    ],
)
def test_a_sheet_that_was_dressed_by_hand_is_not_replaced(
    folder: Path, dress: Callable[[Any], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    host = folder / "host.xlsx"
    book = opened(host)
    dress(book["Customers (2)"])
    book.save(host)
    before = host.read_bytes()
    assert dict(look_at_result(host).added) == {"Customers (2)": [said]}
    assert left("analyze", folder / "orders.csv", "--into", host) == cli.WRITTEN_BESIDE
    assert f"'Customers (2)' of 'host.xlsx' holds what was added by hand ('{said}')" in capsys.readouterr().err
    assert host.read_bytes() == before


def test_every_sheet_that_was_worked_in_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host = folder / "host.xlsx"
    book = opened(host)
    book["Summary (2)"]["B1"] = "My summary"
    coloured(book["Customers (2)"])
    book.save(host)
    assert left("analyze", folder / "orders.csv", "--into", host) == cli.WRITTEN_BESIDE
    message = capsys.readouterr().err
    assert "'Summary (2)' ('B1')" in message
    assert "'Customers (2)' ('a colour in C11:C12, C14')" in message
    assert left("analyze", folder / "orders.csv", "--into", host, "--force") == 0
    assert dict(look_at_result(host).added) == {}


def test_rows_that_a_filter_hides_stand_in_no_ones_way(folder: Path) -> None:
    host = folder / "host.xlsx"
    book = opened(host)
    sheet = book["Customers (2)"]
    next(iter(sheet.tables.values())).autoFilter.add_filter_column(0, ["A1"])
    hidden(sheet)
    book.save(host)
    assert dict(look_at_result(host).added) == {}


def test_dressing_the_sheets_of_ones_own_stands_in_no_ones_way(folder: Path) -> None:
    host = folder / "host.xlsx"
    book = opened(host)
    for dress in (coloured, conditional, validated, hidden):
        dress(book["Customers"])
    book.save(host)
    assert left("analyze", folder / "orders.csv", "--into", host) == 0


@pytest.mark.office
def test_saving_the_full_set_of_sheets_with_libreoffice_dresses_none(folder: Path, office: Any) -> None:
    assert dict(look_at_result(office.recalculated(folder / "host.xlsx")).added) == {}


@pytest.mark.office
def test_a_colour_is_found_after_libreoffice_saved_it(folder: Path, office: Any) -> None:
    host = folder / "host.xlsx"
    book = opened(host)
    coloured(book["Customers (2)"])
    book.save(host)
    assert look_at_result(office.recalculated(host)).added == {"Customers (2)": ["a colour in C11:C12, C14"]}


def test_every_sentence_names_our_sheets_as_they_are_called_in_the_workbook(made: Path) -> None:
    book = opened(made / "host.xlsx")
    named = re.compile(rf"\bsheets? (?:[\w ()]+ and )?(?:{'|'.join(NAMES)})\b(.{{4}})")
    found = [
        (sheet.title, cell.coordinate, ending)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        for ending in named.findall(cell.value if isinstance(cell.value, str) else "")
    ]
    assert len({sheet for sheet, _, _ in found}) >= 3
    assert [one for one in found if one[2] != " (2)"] == []


def test_the_window_is_as_large_as_a_screen(made: Path) -> None:
    (view,) = opened(_result(made)).views
    assert 10_000 < view.windowWidth < 60_000  # twentieths of a point: 1,440 to an inch
    assert 5_000 < view.windowHeight < 30_000


def _result(folder: Path) -> Path:
    path = folder / "alone.xlsx"
    assert left("analyze", folder / "orders.csv", "--out", path) == 0
    return path
