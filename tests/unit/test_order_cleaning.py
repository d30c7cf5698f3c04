from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.clean import clean
from regulars.orders.model import Reason
from regulars.orders.raw import RawSource, Recognised, RecognisedSource


def sheet(fields: Any, *lines: Any, name: Any = "orders.xlsx", **known: Any) -> Any:
    """A recognised sheet: its fields by name, one tuple of cells a line, header in row 1."""
    names = fields.split()
    cells = {"row": pa.array(range(2, len(lines) + 2), pa.int64())}
    for index in range(len(names)):
        cells[f"c{index}"] = pa.array([line[index] for line in lines], pa.string())
    raw = RawSource(name, 1, tuple(known.pop("headers", names)), pa.table(cells), **known)
    return RecognisedSource(raw, {field: index for index, field in enumerate(names) if field != "_"})


def cleaned(*sources: Any, customers: Any = None, **settings: Any) -> Any:
    return clean(Recognised(sources, customers), Settings(**settings))


def reasons(orders: Any) -> Any:
    return dict(zip(orders.set_aside["row"].to_pylist(), orders.set_aside["reason"].to_pylist(), strict=True))


def column(orders: Any, name: Any) -> Any:
    return orders.lines[name].to_pylist()


def money(orders: Any) -> Any:
    return sum(column(orders, "amount")) / 10_000


FULL = "order customer date product quantity price"
GOOD = ("1", "A", "2025-01-01", "mug", "2", "3.50")


def test_a_line_is_worth_quantity_times_price() -> None:
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
def test_a_row_is_set_aside_for_the_first_reason_that_applies(line: Any, reason: Any) -> None:
    orders = cleaned(sheet(FULL, GOOD, line), until=dt.date(2025, 1, 31))
    assert reasons(orders) == {3: reason}
    assert orders.ledger.rows_by_reason[reason] == 1


def test_all_reasons_stand_in_the_ledger_even_those_that_did_not_happen() -> None:
    ledger = cleaned(sheet(FULL, GOOD)).ledger
    assert list(ledger.rows_by_reason) == list(ledger.revenue_by_reason) == list(Reason)
    assert ledger.rows_set_aside == 0


def test_the_cells_of_a_row_set_aside_stand_as_written() -> None:
    orders = cleaned(sheet(FULL, GOOD, ("2 ", " guest", "02/30/2025", "mug", "n", "£3")))
    assert orders.set_aside.to_pylist() == [
        {"source": "orders.xlsx", "row": 3, "reason": "no_customer", "customer": " guest", "order": "2 ", "date": "02/30/2025",
         "product": "mug", "quantity": "n", "price": "£3", "amount": None}
    ]  # fmt: skip


def test_ids_are_tidied_and_keep_their_case_and_zeros() -> None:
    orders = cleaned(
        sheet(
            "customer date amount",
            *(((text, "2025-01-01", "1")) for text in (" 17850 ", "17850.0", "17850", "007", "Ab  c", "ab c")),
        )
    )
    assert column(orders, "customer") == ["17850", "17850", "17850", "007", "Ab c", "ab c"]


def test_without_order_numbers_a_customers_day_is_one_order() -> None:
    orders = cleaned(
        sheet("order customer date amount", (None, "A", "2025-01-01 10:00", "1"), ("7", "A", "2025-01-01", "2"))
    )
    assert column(orders, "order") == ["A 2025-01-01", "7"]


# Amounts


def test_the_amount_fills_in_where_the_price_cannot_be_read() -> None:
    orders = cleaned(
        sheet(
            "customer date quantity price amount",
            ("A", "2025-01-01", "2", None, "9.00"),
            ("A", "2025-01-01", "2", "4", "8"),
            ("A", "2025-01-01", "2", None, None),
        )
    )
    assert money(orders) == 17
    assert reasons(orders) == {4: "bad_price"}


def test_an_amount_without_a_price_is_not_multiplied() -> None:
    orders = cleaned(sheet("customer date quantity amount", ("A", "2025-01-01", "3", "9.0001")))
    assert (money(orders), column(orders, "units")) == (9.0001, [30_000])


def test_discounted_totals_are_what_was_paid() -> None:
    orders = cleaned(
        sheet("customer date quantity price amount", *(("A", "2025-01-01", "2", "10", "18") for _ in range(5)))
    )
    assert money(orders) == 90
    assert "'amount' was used" in next(n.text for n in orders.notices if n.key == "amounts_differ")


def test_totals_with_tax_do_not_replace_quantity_times_price() -> None:
    orders = cleaned(
        sheet("customer date quantity price amount", *(("A", "2025-01-01", "2", "10", "24") for _ in range(5)))
    )
    assert money(orders) == 100
    assert [n.rows for n in orders.notices if n.key == "amounts_differ"] == [5]


def test_an_order_of_nothing_is_a_purchase_and_is_reported() -> None:
    orders = cleaned(sheet("customer date amount", ("A", "2025-01-01", "0.00"), ("A", "2025-01-02", "5")))
    assert orders.ledger.rows_kept == 2
    assert [(n.rows, n.first) for n in orders.notices if n.key == "zero_amounts"] == [(1, "orders.xlsx row 2")]


def test_the_decimal_mark_of_the_sheet_decides_what_one_column_cannot() -> None:
    orders = cleaned(
        sheet(
            "customer date quantity price",
            ("A", "2025-01-01", "1.000", "2,50 €"),
            ("A", "2025-01-01", "2", "1.234,00 €"),
        )
    )
    assert money(orders) == 2500 + 2468
    assert orders.currency.code == "EUR"


def test_numbers_with_proof_of_both_marks_are_reported() -> None:
    orders = cleaned(
        sheet(
            "customer date amount",
            ("A", "2025-01-01", "2,50 €"),
            ("A", "2025-01-01", "2.50 €"),
            ("A", "2025-01-01", "1.234 €"),
        )
    )
    assert [(n.rows, n.first) for n in orders.notices if n.key == "ambiguous_numbers"] == [(1, "orders.xlsx row 4")]


def test_cost_and_discount_become_profit_and_share() -> None:
    fields = "customer date quantity price cost discount"
    lines = [("A", "2025-01-01", "2", "10", "12", "5"), ("A", "2025-01-02", "4", "10", "24", "0")]
    orders = cleaned(sheet(fields, *lines, headers=["Customer", "Date", "Qty", "Price", "Total cost", "Discount"]))
    assert column(orders, "profit") == [80_000, 160_000]
    assert column(orders, "discount") == [0.2, 0]
    by_unit = cleaned(sheet(fields, *lines, headers=["Customer", "Date", "Qty", "Price", "Unit cost", "Discount %"]))
    assert column(by_unit, "profit") == [-40_000, -560_000]
    assert column(by_unit, "discount") == [0.05, 0]


def test_a_cost_moves_with_what_it_is_the_cost_of() -> None:
    fields = "customer date quantity price cost"
    by_unit = cleaned(sheet(fields, ("A", "2025-01-01", "2", "10", "6"), ("A", "2025-01-02", "5", "20", "12.1")))
    by_line = cleaned(sheet(fields, ("A", "2025-01-01", "2", "10", "12"), ("A", "2025-01-02", "5", "20", "60.5")))
    assert column(by_unit, "profit") == column(by_line, "profit") == [80_000, 395_000]


def test_two_currencies_are_refused() -> None:
    with pytest.raises(InputError, match="EUR in 2 rows, GBP in 1 row"):
        cleaned(
            sheet("customer date amount currency", *(("A", "2025-01-01", "1", code) for code in ("EUR", "€", "GBP")))
        )
    with pytest.raises(InputError, match="money cells"):
        cleaned(sheet("customer date amount", ("A", "2025-01-01", "£1"), ("A", "2025-01-01", "$1")))


def test_the_currency_comes_from_the_settings_first() -> None:
    assert cleaned(sheet("customer date amount", ("A", "2025-01-01", "$1")), currency="CAD").currency.code == "CAD"
    assert cleaned(sheet("customer date amount", ("A", "2025-01-01", "1"))).currency.code is None


# Dates


def dates(*texts: Any, **settings: Any) -> Any:
    orders = cleaned(sheet("customer date amount", *(("A", text, "1") for text in texts)), **settings)
    return [day.isoformat() for day in column(orders, "day")], [n for n in orders.notices if n.key == "ambiguous_dates"]


def test_a_part_over_twelve_decides_for_the_whole_column() -> None:
    assert dates("03/04/2025", "13/04/2025") == (["2025-04-03", "2025-04-13"], [])
    assert dates("03/04/2025", "04/13/2025") == (["2025-03-04", "2025-04-13"], [])


def test_the_other_sheet_decides_where_one_proves_nothing() -> None:
    orders = cleaned(
        sheet("customer date amount", ("A", "03/04/2025", "1")),
        sheet("customer date amount", ("A", "04/13/2025", "1"), name="b"),
    )
    assert [day.isoformat() for day in column(orders, "day")] == ["2025-03-04", "2025-04-13"]


def test_undecided_dates_take_the_reading_in_which_rows_follow_each_other() -> None:
    read, (notice,) = dates("01/02/2025", "01/05/2025", "01/09/2025", "01/12/2025", "02/01/2025")
    assert read == ["2025-01-02", "2025-01-05", "2025-01-09", "2025-01-12", "2025-02-01"]
    assert notice.rows == 5
    assert "month first was chosen (set dayfirst = true" in notice.text


def test_undecided_dates_fit_between_the_real_dates() -> None:
    read, _ = dates("2025-03-01", "03/04/2025", "2025-03-06")
    assert read[1] == "2025-03-04"


def test_dates_that_nothing_decides_are_day_first() -> None:
    read, (notice,) = dates("03/04/2025")
    assert read == ["2025-04-03"]
    assert "dayfirst = false" in notice.text
    assert notice.first == "orders.xlsx row 2"


def test_the_setting_beats_the_column() -> None:
    assert dates("03/04/2025", "04/03/2025", dayfirst=False) == (["2025-03-04", "2025-04-03"], [])


def test_numbers_are_days_only_in_a_column_without_real_dates() -> None:
    assert dates("40513", "40514.5")[0] == ["2010-12-01", "2010-12-02"]
    assert reasons(cleaned(sheet("customer date amount", ("A", "40513", "1"), ("A", "2010-12-02", "1")))) == {
        2: "bad_date"
    }


# Rows that are no order lines


def test_subtotals_are_no_orders() -> None:
    orders = cleaned(
        sheet(
            "order customer date product quantity price amount",
            ("1", "A", "2025-01-01", "mug", "2", "3", "6"),
            ("Subtotal January 2025", None, None, None, None, None, "6"),
            (None, None, None, "GRAND TOTAL", None, None, "6"),
            (None, None, None, None, None, None, "6"),
            (None, "A Total", None, None, "2", None, "6"),
            (None, "A", None, "Total", None, None, "6"),
        )
    )
    assert set(reasons(orders).values()) == {"total_row"}
    assert orders.ledger.rows_by_reason[Reason.TOTAL_ROW] == 5
    assert orders.ledger.revenue_by_reason[Reason.TOTAL_ROW] == 300_000
    assert orders.ledger.revenue_written == 60_000


def test_a_guests_line_is_no_subtotal() -> None:
    orders = cleaned(
        sheet(
            FULL,
            GOOD,
            ("2", None, None, "mug", "1", "3"),
            (None, None, "2025-01-01", "Total lamp", "1", "3"),
            (None, None, "2025-01-01", "Total", "1", "3"),
        )
    )
    assert set(reasons(orders).values()) == {"no_customer"}


# Statuses and cancelled orders


def test_a_status_sets_orders_aside() -> None:
    lines = [
        ("1", "A", "2025-01-01", "1", status) for status in ("paid", "Pending", "Storniert", "refunded", None, "blue")
    ]
    orders = cleaned(sheet("_ customer date amount status", *lines))
    assert reasons(orders) == {3: "unpaid", 4: "cancelled", 5: "cancelled"}
    assert [(n.rows, n.first) for n in orders.notices if n.key == "unknown_statuses"] == [(1, "orders.xlsx row 7")]


def test_a_list_of_paid_statuses_leaves_the_others_unpaid() -> None:
    lines = [("A", "2025-01-01", "1", status) for status in ("Blue", "paid", "void", None)]
    assert reasons(cleaned(sheet("customer date amount status", *lines), paid=("blue",))) == {
        3: "unpaid",
        4: "cancelled",
        5: "unpaid",
    }


def test_lines_of_an_order_share_its_status() -> None:
    lines = [
        ("1", "A", "2025-01-01", "1", "pending"),
        ("1", "A", "2025-01-01", "2", None),
        ("2", "A", "2025-01-01", "2", None),
    ]
    assert reasons(cleaned(sheet("order customer date amount status", *lines))) == {2: "unpaid", 3: "unpaid"}


def test_a_c_before_the_number_cancels_when_other_orders_are_numbers() -> None:
    numbers = [(str(number), "A", "2025-01-01", "mug", "1", "3") for number in range(10)]
    back = ("C9", "A", "2025-01-02", "cup", "-1", "3")
    assert reasons(cleaned(sheet(FULL, *numbers, back))) == {12: "cancelled"}
    letters = [(f"C{number}", "A", "2025-01-01", "mug", "1", "3") for number in range(10)]
    assert reasons(cleaned(sheet(FULL, *letters, back))) == {12: "returned"}
    assert reasons(cleaned(sheet(FULL, *numbers, ("C77", "A", "2025-01-02", "cup", "1", "3")))) == {}


# Lines written twice


def test_identical_lines_of_one_sheet_are_kept_and_reported() -> None:
    orders = cleaned(sheet(FULL, GOOD, GOOD, GOOD))
    assert orders.ledger.rows_kept == 3
    assert [(n.rows, n.first) for n in orders.notices if n.key == "identical_lines"] == [(2, "orders.xlsx row 3")]
    dropped = cleaned(sheet(FULL, GOOD, GOOD, GOOD), repeats="drop")
    assert reasons(dropped) == {3: "duplicate", 4: "duplicate"}


def test_a_line_is_repeated_across_sheets_as_often_as_an_earlier_sheet_has_it() -> None:
    padded = ("1", " A", "2025-01-01", "mug ", "2", "3.5")
    one, two, three = (
        sheet(FULL, GOOD, GOOD),
        sheet(FULL, padded, padded, padded, name="b"),
        sheet(FULL, *[GOOD] * 4, name="c"),
    )
    ledger = cleaned(one, two, three).ledger
    assert ledger.rows_by_reason[Reason.REPEATED_ACROSS_SOURCES] == 2 + 3
    assert ledger.rows_kept == 2 + 1 + 1


# Returns


def line(order: Any, day: Any, units: Any, price: Any = "3", customer: Any = "A", product: Any = "mug") -> Any:
    return order, customer, f"2025-01-{day:02d}", product, str(units), price


def test_a_return_comes_off_the_latest_earlier_purchase_at_its_price() -> None:
    orders = cleaned(sheet(FULL, line("1", 1, 5), line("2", 2, 5, "4"), line("3", 3, -2, "1"), line("4", 4, 5)))
    assert column(orders, "units") == [50_000, 30_000, 50_000]
    assert column(orders, "written_amount") == [150_000, 200_000, 150_000]
    assert money(orders) == 15 + 12 + 15
    assert reasons(orders) == {4: "returned"}
    assert (orders.ledger.revenue_taken_off, orders.ledger.returns_unmatched) == (80_000, 0)


def test_a_return_goes_over_as_many_lines_as_it_needs() -> None:
    orders = cleaned(sheet(FULL, line("1", 1, 5), line("2", 2, 5), line("3", 3, -7)))
    assert column(orders, "units") == [30_000]
    assert reasons(orders) == {3: "returned", 4: "returned"}
    assert orders.window.end == dt.date(2025, 1, 1)


def test_a_return_never_takes_a_later_purchase_nor_another_customers_nor_another_product() -> None:
    orders = cleaned(
        sheet(FULL, line("1", 2, -3), line("2", 3, 5), line("3", 1, 5, customer="B"), line("4", 1, 5, product="cup"))
    )
    assert column(orders, "units") == [50_000] * 3
    assert orders.ledger.returns_unmatched == -90_000


def test_at_the_same_time_the_purchase_is_earlier() -> None:
    assert money(cleaned(sheet(FULL, line("2", 1, -1), line("1", 1, 5)))) == 12


def test_without_a_product_the_unit_price_says_what_came_back() -> None:
    fields = "customer date quantity price"
    orders = cleaned(
        sheet(fields, ("A", "2025-01-01", "5", "3"), ("A", "2025-01-02", "5", "4"), ("A", "2025-01-03", "-2", "3"))
    )
    assert column(orders, "units") == [30_000, 50_000]


def test_a_negative_amount_is_a_return() -> None:
    orders = cleaned(
        sheet("customer date amount", ("A", "2025-01-01", "5"), ("A", "2025-01-02", "5"), ("A", "2025-01-03", "-5"))
    )
    assert column(orders, "day") == [dt.date(2025, 1, 1)]


def test_a_part_refund_does_not_undo_a_whole_purchase() -> None:
    lines = [("A", "2025-01-01", "mug", "20"), ("A", "2025-01-02", "mug", "-5"), ("A", "2025-01-03", "mug", "8")]
    orders = cleaned(sheet("customer date product amount", *lines))
    assert (money(orders), orders.ledger.returns_unmatched) == (28, -50_000)


def test_a_barcode_in_the_price_column_is_no_price() -> None:
    assert reasons(cleaned(sheet(FULL, GOOD, line("2", 1, 1, "5012345678900")))) == {3: "bad_price"}


def test_a_list_price_tells_the_discount() -> None:
    orders = cleaned(
        sheet(FULL + " list_price", (*line("1", 1, 4), "4"), (*line("2", 2, 1), None), (*line("3", 2, 1), "2"))
    )
    assert column(orders, "discount") == [0.25, None, 0]


def test_the_profit_shrinks_with_the_line() -> None:
    orders = cleaned(sheet(FULL + " profit", (*line("1", 1, 4), "2"), (*line("2", 2, -1), "-0.5")))
    assert column(orders, "profit") == [15_000]


def test_returns_can_be_dropped_or_kept() -> None:
    lines = [line("1", 1, 5), line("2", 2, -2)]
    dropped, kept = cleaned(sheet(FULL, *lines), returns="drop"), cleaned(sheet(FULL, *lines), returns="keep")
    assert (money(dropped), dropped.ledger.returns_unmatched) == (15, -60_000)
    assert (money(kept), kept.ledger.returns_unmatched, column(kept, "units")) == (9, 0, [50_000, -20_000])


def test_a_return_after_the_day_of_analysis_was_not_known_then() -> None:
    orders = cleaned(sheet(FULL, line("1", 1, 5), line("2", 20, -5)), as_of=dt.date(2025, 1, 10))
    assert money(orders) == 15
    assert orders.window.end == dt.date(2025, 1, 10)
    assert reasons(orders) == {3: "returned"}


# Customers, window, sources


def test_a_table_of_customers_fills_what_lines_leave_open() -> None:
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


def test_no_line_left_is_an_error_that_counts_the_reasons() -> None:
    with pytest.raises(InputError, match=r"all 3 rows were set aside.*no_customer 1, bad_date 2"):
        cleaned(sheet("customer date amount", ("A", "x", "1"), ("B", "y", "1"), (None, "2025-01-01", "1")))


def test_the_window_starts_with_the_setting_or_the_first_line() -> None:
    lines = [("A", "2025-01-05", "1"), ("A", "2025-01-09", "1")]
    assert cleaned(sheet("customer date amount", *lines), since=dt.date(2025, 1, 1)).window.start == dt.date(2025, 1, 1)
    assert cleaned(sheet("customer date amount", *lines)).window.start == dt.date(2025, 1, 5)


def test_error_cells_are_reported() -> None:
    orders = cleaned(sheet("customer date amount", ("A", "2025-01-01", "1"), error_cells={2: 3}))
    assert [(n.key, n.rows) for n in orders.notices] == [("error_cells", 3)]


def test_a_source_says_what_was_found_where_and_what_was_ignored() -> None:
    (source,) = cleaned(
        sheet("customer _ date amount", ("A", "x", "2025-01-01", "1"), headers=["Client", "Mood", "Day", "Sum"])
    ).sources
    assert (source.columns, source.ignored) == ({"customer": "Client", "date": "Day", "amount": "Sum"}, ("Mood",))
    assert (source.header_row, source.rows) == (1, 1)
