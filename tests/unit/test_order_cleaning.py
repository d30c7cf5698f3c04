"""Every row is kept, or set aside for one reason; what was found is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from regulars.base.errors import InputError
from regulars.orders.model import Reason

FULL = "order customer date product quantity price"
GOOD = ("1", "A", "2025-01-01", "mug", "2", "3.50")


def test_a_line_is_worth_quantity_times_price(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(sheet(FULL, GOOD))
    assert (
        orders.lines.to_pylist()[0] | {"source": "orders.xlsx", "units": 20_000, "amount": 70_000}
        == orders.lines.to_pylist()[0]
    )
    assert orders.fields == frozenset(FULL.split())
    assert orders.window.start == orders.window.end == dt.date(2025, 1, 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (("2", None, "2025-01-02", "mug", "1", "3"), Reason.NO_CUSTOMER),
        (("2", "Guest", "2025-01-02", "mug", "1", "3"), Reason.NO_CUSTOMER),
        (("2", "nan", "2025-01-02", "mug", "1", "3"), Reason.NO_CUSTOMER),
        (("2", "A", None, "mug", "1", "3"), Reason.BAD_DATE),
        (("2", "A", "31.02.2025", "mug", "1", "3"), Reason.BAD_DATE),
        (("2", "A", "2025-01-02", "mug", "0", "3"), Reason.BAD_QUANTITY),
        (("2", "A", "2025-01-02", "mug", "some", "3"), Reason.BAD_QUANTITY),
        (("2", "A", "2025-01-02", "mug", "1", "ask"), Reason.BAD_PRICE),
        (("2", "A", "2025-01-02", "mug", "1", "-3"), Reason.BAD_PRICE),
        (("2", "A", "2025-01-02", "mug", "1", "0.00"), Reason.ZERO_PRICE),
        (("2", "A", "2025-01-02", "mug", "-1", "3"), Reason.RETURNED),
        (("2", None, None, "mug", "0", "0"), Reason.NO_CUSTOMER),
        (("2", "A", "2025-02-02", "mug", "1", "3"), Reason.OUTSIDE_WINDOW),
    ],
)
def test_a_row_is_set_aside_for_the_first_reason_that_applies(
    line: Any, reason: Any, sheet: Any, cleaned: Any, reasons: Any
) -> None:
    orders = cleaned(sheet(FULL, GOOD, line), until=dt.date(2025, 1, 31))
    assert reasons(orders) == {3: reason}
    assert orders.ledger.rows_by_reason[reason] == 1


def test_all_reasons_stand_in_the_ledger_even_those_that_did_not_happen(sheet: Any, cleaned: Any) -> None:
    ledger = cleaned(sheet(FULL, GOOD)).ledger
    assert list(ledger.rows_by_reason) == list(ledger.revenue_by_reason) == list(Reason)
    assert ledger.rows_set_aside == 0


def test_the_cells_of_a_row_set_aside_stand_as_written(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(sheet(FULL, GOOD, ("2 ", " guest", "02/30/2025", "mug", "n", "£3")))
    assert orders.set_aside.to_pylist() == [
        {"source": "orders.xlsx", "row": 3, "reason": "no_customer", "customer": " guest", "order": "2 ", "date": "02/30/2025",
         "product": "mug", "quantity": "n", "price": "£3", "amount": None}
    ]  # fmt: skip


def test_ids_are_tidied_and_keep_their_case_and_zeros(sheet: Any, cleaned: Any, column: Any) -> None:
    orders = cleaned(
        sheet(
            "customer date amount",
            *(((text, "2025-01-01", "1")) for text in (" 17850 ", "17850.0", "17850", "007", "Ab  c", "ab c")),
        )
    )
    assert column(orders, "customer") == ["17850", "17850", "17850", "007", "Ab c", "ab c"]


def test_without_order_numbers_a_customers_day_is_one_order(sheet: Any, cleaned: Any, column: Any) -> None:
    orders = cleaned(
        sheet("order customer date amount", (None, "A", "2025-01-01 10:00", "1"), ("7", "A", "2025-01-01", "2"))
    )
    assert column(orders, "order") == ["A 2025-01-01", "7"]


def test_a_table_of_customers_fills_what_lines_leave_open(sheet: Any, cleaned: Any, column: Any) -> None:
    people = sheet(
        "customer signed_up segment channel name",
        ("A", "31/12/2024", "Gold", "Shop", "Ann"),
        ("A ", "01/02/2023", "Silver", None, None),
        ("Z", None, None, None, "Zoe"),
        name="customers.csv",
    )
    orders = cleaned(
        sheet("customer date amount segment", ("A", "2025-01-01", "1", None), ("B", "2025-01-01", "1", "Own")),
        customers=people,
    )
    assert column(orders, "segment") == ["Gold", "Own"]
    assert column(orders, "channel") == ["Shop", None]
    assert orders.customer_table.to_pylist()[0] == {
        "customer": "A",
        "signed_up": dt.date(2024, 12, 31),
        "segment": "Gold",
        "channel": "Shop",
        "name": "Ann",
    }
    assert (orders.ledger.customers_without_orders, orders.ledger.orders_without_customer_row) == (1, 1)
    assert [(n.rows, n.first) for n in orders.notices if n.key == "repeated_customers"] == [(1, "customers.csv row 3")]


def test_no_line_left_is_an_error_that_counts_the_reasons(sheet: Any, cleaned: Any) -> None:
    with pytest.raises(InputError, match=r"all 3 rows were set aside.*no_customer 1, bad_date 2"):
        cleaned(sheet("customer date amount", ("A", "x", "1"), ("B", "y", "1"), (None, "2025-01-01", "1")))


def test_the_window_starts_with_the_setting_or_the_first_line(sheet: Any, cleaned: Any) -> None:
    lines = [("A", "2025-01-05", "1"), ("A", "2025-01-09", "1")]
    assert cleaned(sheet("customer date amount", *lines), since=dt.date(2025, 1, 1)).window.start == dt.date(2025, 1, 1)
    assert cleaned(sheet("customer date amount", *lines)).window.start == dt.date(2025, 1, 5)


def test_error_cells_are_reported(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(sheet("customer date amount", ("A", "2025-01-01", "1"), error_cells={2: 3}))
    assert [(n.key, n.rows) for n in orders.notices] == [("error_cells", 3)]


def test_a_source_says_what_was_found_where_and_what_was_ignored(sheet: Any, cleaned: Any) -> None:
    (source,) = cleaned(
        sheet("customer _ date amount", ("A", "x", "2025-01-01", "1"), headers=["Client", "Mood", "Day", "Sum"])
    ).sources
    assert (source.columns, source.ignored) == ({"customer": "Client", "date": "Day", "amount": "Sum"}, ("Mood",))
    assert (source.header_row, source.rows) == (1, 1)


def test_capitals_and_blanks_in_an_e_mail_address_do_not_split_a_customer(
    sheet: Any, cleaned: Any, column: Any
) -> None:
    mails = ("Ann@Shop.example", "ann@shop.example ", "bob@shop.example", "AB")
    people = sheet("customer segment", ("ANN@shop.example", "Gold"), name="people.csv")
    orders = cleaned(sheet("customer date amount", *((mail, "2025-01-01", "1") for mail in mails)), customers=people)
    assert column(orders, "customer") == ["ann@shop.example", "ann@shop.example", "bob@shop.example", "AB"]
    assert column(orders, "segment")[:2] == ["Gold", "Gold"]
    (notice,) = [notice for notice in orders.notices if notice.key == "joined_addresses"]
    assert notice.text.startswith("3 spellings of e-mail addresses are 2 customers")


def test_a_customer_on_the_first_line_of_a_block_only_is_said(sheet: Any, cleaned: Any) -> None:
    lines = [
        ("A", "2025-01-01", "1"),
        (None, None, "2"),
        (None, None, "3"),
        ("B", "2025-01-02", "1"),
        (None, None, "2"),
    ]
    named = [(str(number // 3), *line) for number, line in enumerate(lines)]
    for orders in (
        cleaned(sheet("customer date amount product", *((*line, "mug") for line in lines))),
        cleaned(
            sheet("order customer date amount", *((order, who, "2025-01-01", money) for order, who, _, money in named))
        ),
    ):
        (notice,) = [notice for notice in orders.notices if notice.key == "blocks"]
        assert notice.text.startswith(
            "3 rows name no customer and seem to belong to a row above: the sheet looks blocked"
        )


def test_guests_are_no_blocks(sheet: Any, cleaned: Any) -> None:
    lines = [(str(number), None if number % 2 else "A", "2025-01-01", "1") for number in range(20)]
    orders = cleaned(sheet("order customer date amount", *lines))
    assert not [notice for notice in orders.notices if notice.key == "blocks"]
