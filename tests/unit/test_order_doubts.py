"""What is doubtful about columns and files is said: guesses, empty columns, headers of two rows, files of other kinds."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.header import raw_from_rows
from regulars.orders.raw import Recognised
from regulars.orders.sources import read_sources, recognised


def sheet(headers: Sequence[str], *rows: Sequence[object], above: Sequence[object] | None = None) -> Recognised:
    lines: list[list[object]] = [list(headers), *([list(row) for row in rows] * 30)]
    return recognised([[raw_from_rows("Sheet1", [list(above), *lines] if above else lines)]], Settings())


def said(found: Recognised) -> dict[str, str]:
    return {notice.key: notice.text for notice in found.notices}


ROW = ("C1", "2024-01-05", 9.5)


def test_a_column_that_was_guessed_is_always_said() -> None:
    assert said(sheet(["Client", "Date", "Total"], ROW)) == {}
    guessed = said(sheet(["Client", "Date", "Blop"], ROW))["guessed_columns"]
    assert guessed.startswith("no header names the amount: the column 'Blop' was taken for it")
    assert '--map amount="…"' in guessed


def test_an_empty_amount_does_not_make_another_column_the_amount_in_silence() -> None:
    found = sheet(["Client", "Date", "Total", "Paid"], ("C1", "2024-01-05", None, 9.5))
    assert found.orders[0].header("amount") == "Paid"
    assert said(found)["empty_columns"].startswith(
        "the column 'Total' is empty below its header, so 'Paid' was taken for the amount; if it holds formulas, open"
    )
    counted = sheet(["Client", "Date", "Qty", "Unit price", "Total"], ("C1", "2024-01-05", 2, 9.5, None))
    assert "so 'Qty' × 'Unit price' was used" in said(counted)["empty_columns"]


def test_an_empty_column_that_is_worse_than_the_one_used_is_not_mentioned() -> None:
    assert said(sheet(["Client", "Date", "Total amount", "Paid"], (*ROW, None))) == {}


def test_an_amount_without_any_values_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match=r"1 column is empty below the header: 'Total'.*open the workbook in Excel"):
        sheet(["Client", "Date", "Qty", "Total"], ("C1", "2024-01-05", 2, None))


def test_an_amount_of_whole_orders_is_said_to_be_left() -> None:
    lines = [("C1", f"{number // 2}", "2024-01-05", 1, 50 + number % 2, 101) for number in range(20)]
    found = sheet(["Client", "Order ID", "Date", "Qty", "Unit price", "Total"], *lines)
    assert said(found)["order_totals"].startswith("'Total' is the amount of a whole order")


def test_a_header_of_two_rows_is_said() -> None:
    above = ["Client", None, "Order", "Order"]
    found = sheet(["No", "Client name", "Order date", "Total"], ("7", "Ann", "2024-01-05", 9.5), above=above)
    assert said(found)["two_header_rows"] == (
        "the header of 'Sheet1' seems to stand in rows 1 and 2; the names in row 2 were used"
    )
    with pytest.raises(InputError, match=r"in rows 1 and 2; the names in row 2 were used.*one cell of one row"):
        sheet(
            ["No", "Name", "Date", "Value"], ("7", "Ann", "2024-01-05", "x"), above=["Client", None, "Order", "Order"]
        )


def test_a_title_above_the_header_is_no_second_header() -> None:
    assert said(sheet(["Client", "Date", "Total"], ROW, above=["Orders of my shop", None, None])) == {}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "orders.csv",
            "customer,date,total\n",
            r"'orders.csv' has one row only \('customer', 'date', 'total'\), and no orders",
        ),
        ("orders.csv", json.dumps([{"customer": 1}]), "'orders.csv' is a JSON file, not a table"),
        ("orders.json", json.dumps({"customer": 1}, indent=1), "'orders.json' is a JSON file, not a table"),
        (
            "orders.csv",
            "customer,date,total\nA,1704067200,3.5\nB,1704153600,4.5\n",
            "the column 'date' of 'orders.csv' holds seconds since 1970, such as 1704067200, not dates",
        ),
    ],
)
def test_files_that_are_no_orders_are_refused_by_what_they_are(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_sources([tmp_path / name], Settings())
