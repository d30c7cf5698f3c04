"""The first button in a running program, on the real two-sheet workbook: the result stands, is live, and equals the file run."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from regulars.base.settings import Settings
from regulars.job import Job
from regulars.run import run
from regulars_addin.click import click, prepared
from regulars_addin.libreoffice import engine, soffice

pytestmark = pytest.mark.office

REAL = Path(__file__).parent.parent / "data" / "online_retail_ii_part.xlsx"
ORDERS = "Year 2009-2010"
RESULTS = ["Summary", "Segments", "Customers", "Financial impact", "Playbook", "Data quality"]
# What a file run says of its files, a live run says of its sheets: the record, and why other sheets were not read.
RECORD = {
    "{ files =", "{ cells_of =", "{ sheet =", "not among the sheets named", "it holds orders too",
}  # fmt: skip
NUMBER = re.compile(r"(?<![A-Za-z$\d.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Clicked:
    """A workbook in the program after one click, and the same run on its file."""

    book: Any
    file: Path
    digest: str
    told: str
    statuses: tuple[str, ...]
    values: Any  # the workbook of the file run, read by openpyxl with what it shows
    formulas: Any  # and with its formulas
    facts: dict[str, Any]


@pytest.fixture(scope="module")
def clicked(office: soffice.Soffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clicked]:
    folder = tmp_path_factory.mktemp("clicked")
    file = Path(shutil.copy(REAL, folder / "orders.xlsx"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    run(Job((file,), folder / "headless.xlsx", Settings(sheet=(ORDERS,)), json=folder / "facts.json"))
    app = engine.attach(office.port, headless=True)
    book = app.books.open(file)
    book.sheets[ORDERS].activate()
    with prepared():
        assert click("analyze", app)
    (alert,) = app.impl.alerts
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))["facts"]
    values, formulas = (_read(folder / "headless.xlsx", values=only) for only in (True, False))
    yield Clicked(book, file, digest, alert.text, tuple(app.impl.statuses), values, formulas, facts)
    book.close()


def _read(path: Path, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names extensions that it does not know
        return load_workbook(path, data_only=values)


def test_the_result_stands_after_the_own_sheets_and_is_in_front(clicked: Clicked) -> None:
    assert [sheet.name for sheet in clicked.book.sheets] == [ORDERS, "Year 2010-2011", *RESULTS]
    assert clicked.book.sheets.active.name == "Summary"
    assert f"The orders of '{ORDERS}' are analyzed. 6 sheets after your own" in clicked.told
    assert "'Year 2010-2011'" in clicked.told


def test_the_file_and_the_own_sheets_are_as_they_were(clicked: Clicked) -> None:
    assert hashlib.sha256(clicked.file.read_bytes()).hexdigest() == clicked.digest
    assert [sheet.used_range.shape for sheet in clicked.book.sheets][:2] == [(14_270, 8), (20_498, 8)]
    first = clicked.book.sheets[ORDERS]["A1:H2"].options(ndim=2).value
    assert first[0][:3] == ["Invoice", "StockCode", "Description"]
    assert isinstance(first[1][4], dt.datetime)


def test_the_status_bar_told_the_steps_and_is_free_again(clicked: Clicked) -> None:
    assert clicked.statuses[0].startswith("regulars: Reading 14,270 rows")
    assert "regulars: Copying sheet 6 of 6" in clicked.statuses[-1]
    app = clicked.book.app
    assert (app.status_bar, app.screen_updating, app.calculation) == (False, True, "automatic")
    assert [book.name for book in app.books] == [clicked.book.name]


def test_the_customers_are_a_filtered_range(clicked: Clicked) -> None:
    (table,) = clicked.book.sheets["Customers"].tables
    assert table.show_autofilter
    assert table.header_row_range.value[0] == "Customer"
    assert table.data_body_range.shape[0] == clicked.facts["customers.count"]["value"]


@pytest.mark.parametrize("name", RESULTS)
def test_the_headings_of_a_sheet_are_frozen_as_in_the_file(clicked: Clicked, name: str) -> None:
    pane = clicked.formulas[name].sheet_view.pane
    assert clicked.book.sheets[name].impl.freeze_panes.position == (int(pane.ySplit or 0), int(pane.xSplit or 0))
    assert int(pane.ySplit) > 0


@pytest.mark.parametrize("name", RESULTS)
def test_a_sheet_draws_as_many_charts_as_in_the_file_and_all_from_its_own_cells(clicked: Clicked, name: str) -> None:
    charts = list(clicked.book.sheets[name].impl.charts)
    assert len(charts) == len(clicked.formulas[name]._charts)
    for chart in charts:
        assert chart.source_addresses
        for address in chart.source_addresses:
            assert f"${name}." in address or f"$'{name}'." in address


def test_there_are_charts(clicked: Clicked) -> None:
    assert sum(len(sheet.charts) for sheet in clicked.book.sheets) >= 5


def test_no_names_are_defined_and_no_other_file_is_read(clicked: Clicked) -> None:
    assert len(clicked.book.names) == 0
    assert all(len(clicked.book.sheets[name].names) == 0 for name in RESULTS)
    assert not clicked.book.impl.document.ExternalDocLinks.ElementNames


@pytest.mark.parametrize("name", RESULTS)
def test_a_sheet_prints_as_its_file_does(clicked: Clicked, name: str) -> None:
    setup = clicked.book.sheets[name].impl.page_setup
    sheet = clicked.formulas[name]
    assert setup.api.IsLandscape == (sheet.page_setup.orientation == "landscape")
    assert (setup.api.ScaleToPagesX, setup.api.ScaleToPagesY) == (1, 0)
    assert name in setup.footer.left
    assert setup.footer.right.startswith("Page ")


def test_every_link_leads_to_a_sheet_of_this_workbook(clicked: Clicked) -> None:
    names = {sheet.name for sheet in clicked.book.sheets}
    links = [url for name in RESULTS for url in _links(clicked.book.sheets[name])]
    assert len(links) >= 5
    assert {url.removeprefix("#").rpartition(".")[0].strip("'$") or url for url in links} <= names


def _links(sheet: Any) -> Iterator[str]:
    column = sheet.used_range.impl.cells.Columns.getByIndex(1)  # links stand in the first column with texts
    for area in column.queryContentCells(4).RangeAddresses:
        for row in range(area.StartRow, area.EndRow + 1):
            fields = sheet.impl.sheet.getCellByPosition(1, row).TextFields
            for number in range(fields.Count):
                yield fields.getByIndex(number).URL


@pytest.mark.parametrize("name", RESULTS)
def test_a_live_sheet_holds_what_the_sheet_of_the_file_run_holds(clicked: Clicked, name: str) -> None:
    values, formulas = clicked.values[name], clicked.formulas[name]
    cells = clicked.book.sheets[name].range((1, 1), (values.max_row, values.max_column))
    assert clicked.book.sheets[name].used_range.shape == cells.shape
    live = cells.options(ndim=2, err_to_str=True).value
    different = [
        (cell.coordinate, cell.value, live[cell.row - 1][cell.column - 1])
        for row in values.iter_rows()
        for cell in row
        if not _same(cell.value, live[cell.row - 1][cell.column - 1])
    ]
    assert [one for one in different if not _of_the_record(one[1])] == []
    assert len(different) <= (4 if name == "Data quality" else 0)
    written = cells.formula
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                assert _plain(written[cell.row - 1][cell.column - 1]) == _plain(cell.value), cell.coordinate


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == pytest.approx(other, rel=1e-12, abs=1e-12)
    return (one or None) == (other or None)


def _of_the_record(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(tuple(RECORD))


def _plain(formula: Any) -> str:
    """Return a formula without blanks, and with its numbers as LibreOffice shows them, in 15 digits."""
    bare = str(formula).replace(" ", "").replace("_xlfn.", "")
    return NUMBER.sub(lambda number: f"{float(number[0]):.14g}", bare)


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("Summary", "customers.count"),
        ("Summary", "revenue.total"),
        ("Segments", "customers.count"),
        ("Segments", "revenue.total"),
        ("Financial impact", "impact.total.gross_profit"),
        ("Financial impact", "impact.total.investment"),
        ("Data quality", "orders.rows_set_aside"),
    ],
)
def test_a_number_on_a_sheet_is_the_fact(clicked: Clicked, sheet: str, key: str) -> None:
    fact = clicked.facts[key]["value"]
    held = [value for row in clicked.book.sheets[sheet].used_range.value for value in row if isinstance(value, float)]
    assert any(value == pytest.approx(fact, rel=1e-6) for value in held), fact
