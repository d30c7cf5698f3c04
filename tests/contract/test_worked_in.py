"""What an owner typed or drew on sheets of ours is not lost when they are made anew."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import LineChart, Reference

from regulars import cli
from regulars.render.graft import look_at_result, refuse_unless_graftable

Edit = Callable[[Path, Mapping[str, float | str]], None]


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


def saved(path: Path, change: Callable[[Any], object]) -> None:
    """Open a workbook with openpyxl, change it and save it, as a person would with another program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def typed(sheet: str, cell: str, text: object) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        book[sheet][cell] = text

    return change


def nothing(_: Any) -> None:
    """Change nothing: saving alone."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with few orders, their result, and a workbook that took it."""
    folder = tmp_path_factory.mktemp("made")
    orders = folder / "orders.csv"
    lines = [f"A{n % 23},2025-{1 + n // 20:02}-{1 + n % 27:02},{n}.50" for n in range(1, 200)]
    orders.write_text("\n".join(["Customer,Date,Total", *lines]), encoding="utf-8")
    host = folder / "host.xlsx"
    book = xlsxwriter.Workbook(str(host))
    book.add_worksheet("Mine").write("A1", "mine")
    book.close()
    assert left("analyze", orders, "--into", host) == 0
    assert left("analyze", orders, "--sheets", "full") == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "work"))


NOTES = [
    ("Customers", "Z7", "call on Monday", "'Z7'"),
    ("Summary", "C400", 4711, "'C400'"),
    ("Customers", "A6", "x", "'A6'"),
    ("Segments", "B1", "My own title", "'B1'"),
]


@pytest.mark.parametrize(("sheet", "cell", "text", "said"), NOTES)
def test_a_note_beside_our_cells_stops_the_second_run_and_force_replaces_it(
    folder: Path, sheet: str, cell: str, text: object, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    host = folder / "host.xlsx"
    saved(host, typed(sheet, cell, text))
    before = host.read_bytes()
    assert left("analyze", folder / "orders.csv", "--into", host) == cli.WRITTEN_BESIDE
    message = capsys.readouterr().err
    assert f"sheet '{sheet}' of 'host.xlsx' holds what was added by hand ({said})" in message
    assert "--force" in message
    assert host.read_bytes() == before
    assert left("analyze", folder / "orders.csv", "--into", host, "--force") == 0
    assert dict(look_at_result(host).added) == {}


@pytest.mark.parametrize("command", ["analyze", "refresh"])
@pytest.mark.parametrize(("sheet", "cell", "text", "said"), NOTES[:1])
def test_a_note_on_a_result_of_its_own_is_not_written_over(
    folder: Path, command: str, sheet: str, cell: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = folder / "orders.regulars.xlsx"
    saved(result, typed(sheet, cell, text))
    before = result.read_bytes()
    first = folder / "orders.csv" if command == "analyze" else result
    assert left(command, first) == 1
    message = capsys.readouterr().err
    assert f"sheet '{sheet}' of '{result}' holds what was added by hand ({said})" in message
    assert ("--out" in message) == (command == "analyze")
    assert result.read_bytes() == before
    assert left(command, first, "--force") == 0


def test_saving_a_workbook_with_another_program_adds_nothing(folder: Path) -> None:
    for path in (folder / "host.xlsx", folder / "orders.regulars.xlsx"):
        saved(path, nothing)
        assert dict(look_at_result(path).added) == {}
    refuse_unless_graftable(folder / "host.xlsx")
    assert left("analyze", folder / "orders.csv", "--into", folder / "host.xlsx") == 0


@pytest.mark.office
def test_saving_a_workbook_with_libreoffice_adds_nothing(folder: Path, office: Any) -> None:
    for path in (folder / "host.xlsx", folder / "orders.regulars.xlsx"):
        assert dict(look_at_result(office.recalculated(path)).added) == {}
    shutil.copy(office.recalculated(folder / "host.xlsx"), folder / "host.xlsx")
    refuse_unless_graftable(folder / "host.xlsx")


def test_a_number_over_a_number_and_one_over_a_formula_are_found(
    folder: Path, read_back: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    host = folder / "host.xlsx"
    book = read_back(host)
    impact, segments = book["Financial impact"], book["Segments"]
    formula = next(cell for row in impact for cell in row if cell.data_type == "f" and "SUM(" in str(cell.value))
    number = next(cell for row in segments for cell in row if cell.data_type == "n" and cell.value)

    def change(book: Any) -> None:
        book["Financial impact"][formula.coordinate] = 4711
        book["Segments"][number.coordinate] = number.value + 1

    saved(host, change)
    said = look_at_result(host).added
    assert said == {
        "Financial impact": [formula.coordinate],
        "Segments": [number.coordinate],
    }
    assert left("analyze", folder / "orders.csv", "--into", host) == cli.WRITTEN_BESIDE
    said_of_both = capsys.readouterr().err
    assert f"'Segments' ('{number.coordinate}')" in said_of_both
    assert f"'Financial impact' ('{formula.coordinate}')" in said_of_both


def test_a_formula_of_the_owner_over_a_number_of_ours_is_found(folder: Path, read_back: Callable[..., Any]) -> None:
    host = folder / "host.xlsx"
    segments = read_back(host)["Segments"]
    number = next(cell for row in segments for cell in row if cell.data_type == "n" and cell.value)
    saved(host, typed("Segments", number.coordinate, "=40+2"))
    assert look_at_result(host).added == {"Segments": [number.coordinate]}


def test_yellow_cells_that_were_changed_stand_in_no_ones_way(folder: Path, edit: Edit) -> None:
    host = folder / "host.xlsx"
    edit(host, {"Gross margin": 0.61})
    assert left("analyze", folder / "orders.csv", "--into", host) == 0


def test_a_list_that_was_sorted_and_a_cell_that_was_emptied_stand_in_no_ones_way(folder: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["Customers"]
        table = next(iter(sheet.tables.values()))
        rows = sheet[table.ref]
        values = [[cell.value for cell in row] for row in rows[1:]]
        for row, turned in zip(rows[1:], reversed(values), strict=True):
            for cell, value in zip(row, turned, strict=True):
                cell.value = value
        book["Segments"]["B2"] = None

    host = folder / "host.xlsx"
    saved(host, change)
    assert left("analyze", folder / "orders.csv", "--into", host) == 0


def test_a_chart_of_the_owner_on_our_sheet_is_refused_though_ours_have_lost_their_names(folder: Path) -> None:
    def change(book: Any) -> None:
        chart = LineChart()
        chart.add_data(Reference(book["Summary"], min_col=2, min_row=2, max_row=5))
        book["Summary"].add_chart(chart, "B90")

    host = folder / "host.xlsx"
    saved(host, change)
    with pytest.raises(Exception, match="added by hand \\('drawing Chart"):
        refuse_unless_graftable(host)


def test_a_drawing_on_a_result_of_its_own_is_found(folder: Path) -> None:
    result, drawn = folder / "orders.regulars.xlsx", folder / "drawn.xlsx"
    shape = (
        b"<xdr:oneCellAnchor><xdr:from><xdr:col>30</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row>"
        b'<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="9" name="TextBox 8"/>'
        b"</xdr:nvSpPr></xdr:sp></xdr:oneCellAnchor></xdr:wsDr>"
    )
    with zipfile.ZipFile(result) as old, zipfile.ZipFile(drawn, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"</xdr:wsDr>", shape) if name.endswith("drawing1.xml") else content)
    assert dict(look_at_result(drawn).added) == {"Summary": ["drawing TextBox 8"]}


def test_a_renamed_sheet_of_ours_is_known_and_the_result_refreshed(folder: Path) -> None:
    result = folder / "orders.regulars.xlsx"

    def change(book: Any) -> None:
        book["Customers"].title = "My customers"

    saved(result, change)
    assert dict(look_at_result(result).renamed) == {"My customers": "Customers"}
    assert left("refresh", result) == 0


def test_a_sheet_of_the_owner_stops_a_refresh_with_advice_that_can_be_followed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = folder / "orders.regulars.xlsx"
    saved(result, lambda book: book.create_sheet("Notes").append(["mine"]))
    assert left("refresh", result) == 1
    said = capsys.readouterr().err
    assert "('Notes')" in said
    assert "--out" not in said
    assert "move them to a workbook of your own" in said


def test_a_refresh_keeps_a_copy_of_the_result_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = folder / "orders.regulars.xlsx"
    before = result.read_bytes()
    assert left("refresh", result, "--backup") == 0
    copy = folder / "orders.regulars.backup.xlsx"
    assert copy.read_bytes() == before
    assert str(copy) in capsys.readouterr().out


def test_the_last_month_alone_does_not_take_the_place_of_a_whole_history(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result, month = folder / "orders.regulars.xlsx", folder / "month.csv"
    rows = "\n".join(f"A{n},2025-11-{n:02},{n}.50" for n in range(1, 6))
    month.write_text(f"Customer,Date,Total\n{rows}\n", encoding="utf-8")
    before = result.read_bytes()
    assert left("refresh", result, month) == 1
    said = capsys.readouterr().err
    assert re.search(r"5 customers from 2025-11-01 on; 'orders\.regulars\.xlsx' was made from 23 customers", said)
    assert "give the earlier orders too" in said
    assert result.read_bytes() == before
    assert left("refresh", result, folder / "orders.csv", month) == 0
    assert left("refresh", result, month, "--force") == 0


def test_the_last_year_alone_does_not_take_the_place_of_a_whole_history_however_many_bought_in_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result, year, rolled = folder / "orders.regulars.xlsx", folder / "year.csv", folder / "rolled.csv"
    head, *lines = (folder / "orders.csv").read_text(encoding="utf-8").splitlines()
    days = sorted(dt.date.fromisoformat(line.split(",")[1]) for line in lines)
    span = (days[-1] - days[0]).days

    def since(part: float) -> str:
        first = days[0] + dt.timedelta(days=round(span * part))
        kept = [line for line in lines if dt.date.fromisoformat(line.split(",")[1]) >= first]
        more = [f"N{n},{days[-1]},{n}.50" for n in range(1, 40)]
        return "\n".join([head, *kept, *more])

    year.write_text(since(0.5), encoding="utf-8")
    rolled.write_text(since(0.05), encoding="utf-8")
    before = result.read_bytes()
    assert left("refresh", result, year) == 1
    said = capsys.readouterr().err
    assert "would lose the time before" in said
    assert "give the earlier orders too" in said
    assert result.read_bytes() == before
    assert left("refresh", result, rolled) == 0  # an export of the last years, a month later
    assert left("refresh", result, year, "--force") == 0


def test_the_only_names_that_come_in_are_those_of_printing_and_filters(made: Path) -> None:
    with zipfile.ZipFile(made / "host.xlsx") as archive:
        names = re.findall(r"<definedName ([^>]*)>", archive.read("xl/workbook.xml").decode())
    printing = [one for one in names if re.search(r'name="_xlnm\.(Print_Area|Print_Titles|_FilterDatabase)"', one)]
    assert names == printing
    with zipfile.ZipFile(made / "orders.regulars.xlsx") as archive:
        own = re.findall(r'<definedName name="([^"]*)"', archive.read("xl/workbook.xml").decode())
    assert all(name.startswith("_xlnm.") for name in own)
