"""Slips in a sheet of orders are said where their owner looks, each with its reason and its remedy."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from regulars import cli
from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.load import load_orders
from regulars.orders.model import Orders, Reason
from regulars.orders.remedies import REMEDIES

HEAD = ("Customer ID", "Order ID", "Order date", "Total")
Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(rows: Iterable[Sequence[object]], head: Sequence[str] = HEAD, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
        return path

    return write


def plain(count: int = 40) -> list[list[object]]:
    return [[f"C{n % 9}", f"O{n}", f"2010-{1 + n % 12:02}-{1 + n % 27:02}", 5 + n % 7] for n in range(count)]


def texts(orders: Orders, key: str) -> list[str]:
    return [notice.text for notice in orders.notices if notice.key == key]


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


def blocked(lines: int = 3) -> list[list[object]]:
    """A customer on the first line of each block, with nothing but amounts below."""
    return [row for first in plain(12) for row in (first, *([["", "", "", 7]] * lines))]


def test_lines_below_a_customer_are_no_sums_where_they_are_most_of_the_sheet(written: Written) -> None:
    orders = load_orders([written(blocked())], Settings())
    assert orders.ledger.rows_by_reason[Reason.NO_CUSTOMER] == 36
    assert orders.ledger.rows_by_reason[Reason.TOTAL_ROW] == 0
    assert "Go To Special" in texts(orders, "blocks")[0]


def test_a_sum_below_each_line_is_still_a_sum(written: Written) -> None:
    orders = load_orders([written(blocked(1))], Settings())
    assert orders.ledger.rows_by_reason[Reason.TOTAL_ROW] == 12


def test_a_reason_that_takes_more_than_half_of_the_rows_is_printed_with_its_remedy(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left("analyze", written(blocked())) == 0
    said = capsys.readouterr().err
    assert "note: 36 of 48 rows are set aside as no customer" in said
    assert REMEDIES[Reason.NO_CUSTOMER] in said
    assert left("analyze", written(blocked(1))) == 0
    assert "set aside" not in capsys.readouterr().err


def test_rows_outside_the_days_that_were_asked_for_are_no_slip(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left("analyze", written(plain()), "--since", "2010-10-01") == 0
    said = capsys.readouterr().err
    assert "there are only 9 orders" in said
    assert said.count("note") == 1


def test_every_reason_has_a_remedy() -> None:
    assert set(REMEDIES) == set(Reason)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [(0, "guest", "fill the blank cells below it"), (3, -5, "refunds alone say nothing of customers")],
)
def test_where_no_row_is_left_the_error_has_the_remedy_of_the_main_reason(
    written: Written, column: int, cell: object, says: str
) -> None:
    rows = [[cell if at == column else value for at, value in enumerate(row)] for row in plain()]
    with pytest.raises(InputError, match="no order line is left: all 40 rows were set aside") as error:
        load_orders([written(rows)], Settings())
    assert says in error.value.remedy


def test_one_year_that_is_a_slip_is_printed_with_its_row_and_until(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written([*plain(), ["C1", "O99", "2099-05-03", 5]])
    assert left("analyze", path) == 0
    said = capsys.readouterr().err
    assert "2099-05-03 (orders.csv row 42)" in said
    assert "--until 2010-12-24" in said
    assert left("analyze", path, "--until", "2010-12-24") == 0
    assert "slip" not in capsys.readouterr().err


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_a_quote_that_is_open_in_the_last_line_is_noted_and_costs_no_row(tmp_path: Path, end: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('customer,date,total\nA,2024-01-05,3\nB,2024-01-06,4\nC,"2024-01-07,5' + end, encoding="utf-8")
    orders = load_orders([path], Settings())
    assert orders.ledger.rows_kept == 3
    assert "line 4" in texts(orders, "unclosed_quotes")[0]


def test_an_amount_that_holds_texts_names_its_column_an_example_and_where_numbers_are(written: Written) -> None:
    rows = [[*row[:3], "to be paid", row[3]] for row in plain()]
    path = written(rows, (*HEAD, "Paid"))
    with pytest.raises(InputError, match=r"'Total'.*texts such as 'to be paid'.*numbers stand in 'Paid'") as error:
        load_orders([path], Settings(map={"amount": "Total"}))
    assert error.value.remedy.startswith('write --map amount="Paid"')
    with pytest.raises(InputError, match=r"'Total'.*texts such as 'to be paid'.*no other column holds numbers"):
        load_orders([written([row[:4] for row in rows])], Settings())


def test_the_orders_are_no_table_of_customers(written: Written) -> None:
    path = written([[*row, "NL"] for row in plain()], (*HEAD, "Segment"))
    with pytest.raises(InputError, match="given as the orders and as the table of customers"):
        load_orders([path], Settings(), path)


def test_of_two_columns_with_one_header_it_is_said_which_was_taken(written: Written) -> None:
    path = written([[*row, 2] for row in plain()], (*HEAD, "total"))
    orders = load_orders([path], Settings())
    (said,) = texts(orders, "repeated_headers")
    assert said.startswith("the header 'Total' stands over columns D and E: column D was taken for the amount;")
    assert said.endswith('write --map amount="Column E"')
    told = load_orders([path], Settings(map={"amount": "Column E"}))
    assert (told.lines["amount"][0].as_py(), texts(told, "repeated_headers")) == (20_000, [])


def test_text_with_the_name_of_a_workbook_is_said_to_be_so(tmp_path: Path, written: Written) -> None:
    letter = tmp_path / "letter.xlsx"
    letter.write_text("Dear Ann,\nthe orders come tomorrow.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"'letter\.xlsx' is a text file with the name of a workbook"):
        load_orders([letter], Settings())
    assert texts(load_orders([written(plain(), name="orders.xlsx")], Settings()), "misnamed")


@pytest.mark.parametrize(("as_of", "told"), [("2010-12-31", False), ("2011-03-31", True)])
def test_a_window_that_ends_long_after_the_last_order_is_pointed_out(
    written: Written, capsys: pytest.CaptureFixture[str], as_of: str, *, told: bool
) -> None:
    assert left("analyze", written(plain()), "--as-of", as_of) == 0
    assert ("no order lies between" in capsys.readouterr().err) is told
