"""What every workbook keeps: formulas that are right everywhere, sheets that stand alone, equal bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regulars.base.units import COUNT, Currency
from regulars.render.workbook import write_workbook
from regulars.render.workbook.values import formulas_of
from regulars.story.sheet_spec import Assumptions, Chart, Figure, Figures, Formula, SheetKind, SheetSpec, WorkbookSpec

POUNDS = Currency("GBP")
Formulas = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def book(sample_workbook: WorkbookSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "sample.xlsx"
    write_workbook(sample_workbook, path, POUNDS)
    return path


@pytest.fixture(scope="module")
def formulas(book: Path, read_back: Callable[..., Any]) -> Formulas:
    """All formulas by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in read_back(book).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def parts(path: Path, folder: str) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.startswith(folder)}


def test_writing_twice_gives_the_same_bytes(sample_workbook: WorkbookSpec, book: Path, tmp_path: Path) -> None:
    write_workbook(sample_workbook, tmp_path / "again.xlsx", POUNDS)
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_every_formula_of_the_specification_is_written_with_its_value(
    sample_workbook: WorkbookSpec, book: Path, formulas: Formulas, read_back: Callable[..., Any]
) -> None:
    wanted = [formula.value for sheet in sample_workbook.sheets for _, formula in formulas_of(sheet)]
    # Where an assumption comes from is a formula too, beside its cell.
    wanted += [
        cell.source
        for sheet in sample_workbook.sheets
        for block in sheet.blocks
        if isinstance(block, Assumptions)
        for cell in block.cells
    ]
    cached = read_back(book, values=True)
    found = [cached[sheet][cell].value for sheet, cell in formulas]
    assert sorted(map(repr, found)) == sorted(map(repr, wanted))


def test_no_formula_refers_to_another_sheet(formulas: Formulas) -> None:
    assert len(formulas) > 20
    assert not [text for text in formulas.values() if "!" in text or "{" in text]


def test_every_chart_refers_to_its_own_sheet(sample_workbook: WorkbookSpec, book: Path) -> None:
    drawings = parts(book, "xl/drawings/_rels/")
    sheet_relations = parts(book, "xl/worksheets/_rels/")
    charts = parts(book, "xl/charts/")
    seen = 0
    for number, sheet in enumerate(sample_workbook.sheets, start=1):
        relations = sheet_relations.get(f"xl/worksheets/_rels/sheet{number}.xml.rels", "")
        for drawing in re.findall(r"drawings/(drawing\d+\.xml)", relations):
            for name in re.findall(r"charts/(chart\d+\.xml)", drawings[f"xl/drawings/_rels/{drawing}.rels"]):
                references = re.findall(r"<c:f>([^<]+)</c:f>", charts[f"xl/charts/{name}"])
                assert references
                assert {reference.split("!")[0].strip("'") for reference in references} == {sheet.name}
                seen += 1
    blocks = [block for sheet in sample_workbook.sheets for block in sheet.blocks if isinstance(block, Chart)]
    assert seen == len(blocks) - 1  # one is over a table without rows


def test_no_names_are_defined_but_those_of_printing(book: Path) -> None:
    names = re.findall(r'<definedName name="([^"]+)"', parts(book, "xl/workbook.xml")["xl/workbook.xml"])
    assert set(names) == {"_xlnm.Print_Area", "_xlnm.Print_Titles"}


def test_every_chart_says_its_message_in_words(sample_workbook: WorkbookSpec, book: Path) -> None:
    drawings = "".join(parts(book, "xl/drawings/drawing").values())
    assert set(re.findall(r'descr="([^"]+)"', drawings)) >= {
        block.alt
        for sheet in sample_workbook.sheets
        for block in sheet.blocks
        if isinstance(block, Chart) and block.table != "reasons"
    }


def test_every_assumption_is_a_cell_to_edit(
    sample_workbook: WorkbookSpec, book: Path, read_back: Callable[..., Any]
) -> None:
    workbook = read_back(book)
    for sheet in sample_workbook.sheets:
        cells = [cell for block in sheet.blocks if isinstance(block, Assumptions) for cell in block.cells]
        by_label = {row[1].value: row[2] for row in workbook[sheet.name].iter_rows(max_col=3)}
        for cell in cells:
            assert by_label[cell.label].value == cell.value
            assert not by_label[cell.label].protection.locked


def test_page_and_view_are_set_up(sample_workbook: WorkbookSpec, book: Path, read_back: Callable[..., Any]) -> None:
    workbook = read_back(book)
    assert workbook.active.title == "Summary"
    assert workbook.properties.title == sample_workbook.title
    for spec, sheet in zip(sample_workbook.sheets, workbook.worksheets, strict=True):
        assert not sheet.sheet_view.showGridLines
        assert sheet.freeze_panes
        assert sheet.print_area
        assert (int(sheet.page_setup.paperSize), int(sheet.page_setup.fitToHeight)) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.orientation == ("landscape" if spec.landscape else "portrait")
        assert sheet.sheet_properties.tabColor is not None
    assert workbook["Customers"].print_title_rows


@pytest.mark.office
def test_cached_values_are_what_libreoffice_calculates(
    office: Any, book: Path, formulas: Formulas, read_back: Callable[..., Any]
) -> None:
    cached, fresh = read_back(book, values=True), read_back(office.recalculated(book), values=True)
    wrong = []
    for sheet, cell in formulas:
        one, other = cached[sheet][cell].value, fresh[sheet][cell].value
        same = one == pytest.approx(other, rel=1e-9) if isinstance(one, int | float) else (one or "") == (other or "")
        if not same:
            wrong.append((sheet, cell, one, other))
    assert not wrong


@pytest.mark.office
def test_a_wrong_cached_value_does_not_survive_the_recalculation(
    office: Any, tmp_path: Path, read_back: Callable[..., Any]
) -> None:
    figures = Figures((Figure("Three", Formula("=1+2", 999), COUNT),))
    spec = WorkbookSpec((SheetSpec("One", SheetKind.SUMMARY, "Title", "Lead.", (figures,)),), "Book")
    write_workbook(spec, tmp_path / "wrong.xlsx", POUNDS)
    assert read_back(office.recalculated(tmp_path / "wrong.xlsx"), values=True)["One"]["B5"].value == 3


@pytest.mark.office
def test_libreoffice_finds_no_error_in_any_cell(office: Any, book: Path, read_back: Callable[..., Any]) -> None:
    for sheet in read_back(office.recalculated(book), values=True).worksheets:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "e"]


@pytest.mark.office
def test_the_printed_pages_show_no_number_that_does_not_fit(office: Any, book: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler (pdftotext) is not installed")
    text = subprocess.run(["pdftotext", str(office.pdf(book)), "-"], check=True, capture_output=True).stdout.decode()
    assert "Champions" in text
    assert "###" not in text
