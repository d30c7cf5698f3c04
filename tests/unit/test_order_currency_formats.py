"""The currency of a sheet whose cells show it by their number format only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from regulars.base.settings import Settings
from regulars.orders.formats import currency_of_format
from regulars.orders.load import load_orders
from regulars.orders.model import Orders


def orders(path: Path, formats: Sequence[str | None], rows: int = 40, **settings: str) -> Orders:
    """Return orders of one column of money, whose cells take their formats in turn."""
    book = xlsxwriter.Workbook(str(path / "orders.xlsx"))
    sheet = book.add_worksheet()
    looks = [book.add_format({"num_format": code} if code else {}) for code in formats]
    day = book.add_format({"num_format": "[$-409]yyyy-mm-dd"})
    sheet.write_row(0, 0, ["Customer", "Date", "Amount"])
    for row in range(1, rows + 1):
        sheet.write_string(row, 0, f"C{row % 7}")
        sheet.write_number(row, 1, 45_000 + row, day)
        sheet.write_number(row, 2, 10.5 + row, looks[row * len(looks) // (rows + 1)])
    book.close()
    return load_orders([path / "orders.xlsx"], Settings().but(**settings))


def said(found: Orders) -> dict[str, str]:
    return {notice.key: notice.text for notice in found.notices if "currenc" in notice.key}


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ('#,##0.00 "€"', "EUR"),
        ("[$€-407] #,##0.00", "EUR"),
        ('_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "EUR"),
        ("#,##0.00\\ \\€", "EUR"),
        ("€#,##0.00", "EUR"),
        ('"$"#,##0.00', "USD"),
        ("$#,##0.00_);[Red]($#,##0.00)", "USD"),
        ("[$$-1009]#,##0.00", "CAD"),
        ("#,##0 [$₫-42A]", "VND"),
        ("[$¥-411]#,##0", "JPY"),
        ("[$¥-804]#,##0", "CNY"),
        ('"¥"#,##0', "JPY"),
        ('"CHF" #,##0.00', "CHF"),
        ("[$CHF] #,##0.00", "CHF"),
        ("#,##0.00 [$kr-41D]", "SEK"),
        ("[$£-809]#,##0.00", "GBP"),
        ("#,##0.00", None),
        ("[Red]0.00", None),
        ('0.00 "kg"', None),
        ("[$-409]d mmm", None),
        ('"€"0.00;"$"0.00', None),
    ],
)
def test_a_number_format_shows_its_currency(code: str, currency: str | None) -> None:
    assert currency_of_format(code) == currency


@pytest.mark.parametrize("rows", [40, 700])
def test_the_currency_is_taken_from_the_format_of_the_money_cells_and_said(tmp_path: Path, rows: int) -> None:
    found = orders(tmp_path, ['#,##0.00 "€"'], rows)
    assert found.currency.code == "EUR"
    assert said(found).keys() == {"currency_of_formats"}
    assert "number format of column 'Amount'" in said(found)["currency_of_formats"]


@pytest.mark.parametrize("rows", [40, 700])
@pytest.mark.parametrize("formats", [("[$€-407] 0.00", "[$£-809]0.00"), ("[$€-407] 0.00", None)])
def test_cells_that_do_not_agree_give_no_currency_and_a_notice(
    tmp_path: Path, formats: tuple[str | None, ...], rows: int
) -> None:
    found = orders(tmp_path, formats, rows)
    assert found.currency.code is None
    assert said(found).keys() == {"currencies_of_formats"}


def test_a_setting_beats_the_format_and_the_difference_is_said(tmp_path: Path) -> None:
    found = orders(tmp_path, ["[$€-407] 0.00"], currency="GBP")
    assert found.currency.code == "GBP"
    assert "formatted in EUR" in said(found)["currency_of_formats_differs"]


def test_cells_without_a_currency_say_nothing(tmp_path: Path) -> None:
    found = orders(tmp_path, ["#,##0.00", None])
    assert (found.currency.code, said(found)) == (None, {})
