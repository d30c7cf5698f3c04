"""What stands in the user's cells stays text in the result, from the file of orders to the workbook and the deck."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from regulars.cli import main

LONG = "L" * 40_000
IDS = {  # as it stands in the orders: as it must stand in the result
    "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
    "=1+1": "=1+1",
    "+447700900123": "+447700900123",
    "-2+3": "-2+3",
    "@SUM(A1)": "@SUM(A1)",
    "00123": "00123",
    "12345678901234567890": "12345678901234567890",
    "http://shop.example/x": "http://shop.example/x",
    "{=1}": "{=1}",
    "'quoted": "'quoted",
    "_x000D_x": "_x000D_x",
    "bell\x07end": "bellend",
    "\x1b[31mred": "[31mred",
    "half\ufffech": "halfch",
    '<b>&"x"</b>': '<b>&"x"</b>',
    LONG: LONG[:99] + "…",  # lists show the beginning; the files of lists have all of it
}
FORMULA_LIKE = ("=", "+", "-", "@")
USERS_SHEETS = ("Summary", "segments", "A & B", '<tag> "quoted"', "It's mine", "=1+1")


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders whose customers, products, countries and order numbers all try to be more than text."""
    path = tmp_path_factory.mktemp("hostile") / "=orders & 'co'.csv"
    ids = list(IDS)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Customer", "Date", "Total", "Product", "Country", "Order"])
        for number in range(6 * len(ids)):
            turn, place = divmod(number, len(ids))
            day = f"2025-{1 + 2 * turn:02}-{1 + place:02}"
            writer.writerow(
                [ids[place], day, 10 + place, ids[(place + turn) % len(ids)][:300], ids[place][:99], f"={number}"]
            )
        writer.writerow([ids[0], "no date", "=1+1", "@x", "-", "+1"])
    return path


@pytest.fixture(scope="module")
def result(orders: Path) -> Path:
    path = orders.with_name("result.xlsx")
    assert left("analyze", orders, "--sheets", "full", "--deck", orders.with_name("deck.pptx"), "--out", path) == 0
    return path


@pytest.fixture(scope="module")
def host(orders: Path) -> Path:
    path = orders.with_name("host.xlsx")
    book = xlsxwriter.Workbook(str(path))
    for name in USERS_SHEETS:
        book.add_worksheet(name).write_string(0, 0, name)
    book.close()
    assert left("analyze", orders, "--sheets", "full", "--into", path) == 0
    assert left("analyze", orders, "--sheets", "full", "--into", path) == 0, "and once more over our own sheets"
    return path


def unescaped(text: str) -> str:
    """openpyxl leaves the escape of an escape as it is written in sheets that hold their texts themselves."""
    return text.replace("_x005F_", "_")


def test_every_customer_is_text_that_says_what_the_orders_said(
    result: Path, host: Path, read_back: Callable[..., Any]
) -> None:
    for path in (result, host):
        sheet = read_back(path)["Customers"]
        cells = [row[1] for row in sheet.iter_rows() if isinstance(row[1].value, str)]
        found = {unescaped(cell.value): cell for cell in cells}
        assert set(IDS.values()) <= set(found)
        for text in IDS.values():
            assert found[text].data_type == "s"
            assert found[text].hyperlink is None
            assert bool(found[text].quotePrefix) == text.startswith(FORMULA_LIKE), text


def test_no_formula_in_any_sheet_comes_from_the_orders(result: Path, host: Path, read_back: Callable[..., Any]) -> None:
    for path in (result, host):
        seen = 0
        for sheet in read_back(path).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                seen += 1
                assert not any(one in cell.value for one in ("cmd|", "!", "SUM(A1)")), (sheet.title, cell.coordinate)
                assert cell.value not in IDS
        assert seen > 50


def test_no_part_leads_out_of_the_file_names_an_author_or_holds_control_characters(
    orders: Path, result: Path, host: Path
) -> None:
    for path in (result, host, orders.with_name("deck.pptx")):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith((".png", ".jpeg"))}
        for name, content in parts.items():
            assert b'TargetMode="External"' not in content, name
            assert "externalLink" not in name
            assert not re.search(rb"_x00(0[0-8bcefBCEF]|1[0-9a-fA-F])_", content.replace(b"_x005F_x000D_", b"")), name
            assert "\ufffe" not in content.decode("utf-8", errors="replace"), name
        core = parts["docProps/core.xml"].decode()
        for element in ("dc:creator", "cp:lastModifiedBy"):
            assert not re.search(rf"<{element}>[^<]+</{element}>", core), f"{path.name}: {core}"


def test_sheets_of_the_user_keep_their_names_whatever_they_are(host: Path, read_back: Callable[..., Any]) -> None:
    book = read_back(host)
    assert tuple(book.sheetnames[: len(USERS_SHEETS)]) == USERS_SHEETS
    assert [book[name]["A1"].value for name in USERS_SHEETS] == list(USERS_SHEETS)
    assert {"Summary (2)", "Segments (2)", "Customers"} <= set(book.sheetnames)
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)


@pytest.mark.office
def test_another_program_opens_the_result_and_calculates_nothing_of_it(
    result: Path, office: Any, read_back: Callable[..., Any]
) -> None:
    sheet = read_back(office.recalculated(result), values=True)["Customers"]
    found = {row[1].value for row in sheet.iter_rows()}
    assert {"=1+1", "-2+3", "@SUM(A1)", "00123", "12345678901234567890", "+447700900123"} <= found
