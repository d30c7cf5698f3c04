"""Rows that do not count: totals, unpaid and cancelled orders, lines written twice."""

from __future__ import annotations

from typing import Any

from regulars.orders.model import Reason

FULL = "order customer date product quantity price"
GOOD = ("1", "A", "2025-01-01", "mug", "2", "3.50")


def test_subtotals_are_no_orders(sheet: Any, cleaned: Any, reasons: Any) -> None:
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


def test_a_guests_line_is_no_subtotal(sheet: Any, cleaned: Any, reasons: Any) -> None:
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


def test_a_status_sets_orders_aside(sheet: Any, cleaned: Any, reasons: Any) -> None:
    lines = [
        ("1", "A", "2025-01-01", "1", status) for status in ("paid", "Pending", "Storniert", "refunded", None, "blue")
    ]
    orders = cleaned(sheet("_ customer date amount status", *lines))
    assert reasons(orders) == {3: "unpaid", 4: "cancelled", 5: "cancelled"}
    assert [(n.rows, n.first) for n in orders.notices if n.key == "unknown_statuses"] == [(1, "orders.xlsx row 7")]


def test_a_list_of_paid_statuses_leaves_the_others_unpaid(sheet: Any, cleaned: Any, reasons: Any) -> None:
    lines = [("A", "2025-01-01", "1", status) for status in ("Blue", "paid", "void", None)]
    assert reasons(cleaned(sheet("customer date amount status", *lines), paid=("blue",))) == {
        3: "unpaid",
        4: "cancelled",
        5: "unpaid",
    }


def test_lines_of_an_order_share_its_status(sheet: Any, cleaned: Any, reasons: Any) -> None:
    lines = [
        ("1", "A", "2025-01-01", "1", "pending"),
        ("1", "A", "2025-01-01", "2", None),
        ("2", "A", "2025-01-01", "2", None),
    ]
    assert reasons(cleaned(sheet("order customer date amount status", *lines))) == {2: "unpaid", 3: "unpaid"}


def test_a_c_before_the_number_cancels_when_other_orders_are_numbers(sheet: Any, cleaned: Any, reasons: Any) -> None:
    numbers = [(str(number), "A", "2025-01-01", "mug", "1", "3") for number in range(10)]
    back = ("C9", "A", "2025-01-02", "cup", "-1", "3")
    assert reasons(cleaned(sheet(FULL, *numbers, back))) == {12: "cancelled"}
    letters = [(f"C{number}", "A", "2025-01-01", "mug", "1", "3") for number in range(10)]
    assert reasons(cleaned(sheet(FULL, *letters, back))) == {12: "returned"}
    assert reasons(cleaned(sheet(FULL, *numbers, ("C77", "A", "2025-01-02", "cup", "1", "3")))) == {}


def test_identical_lines_of_one_sheet_are_kept_and_reported(sheet: Any, cleaned: Any, reasons: Any) -> None:
    orders = cleaned(sheet(FULL, GOOD, GOOD, GOOD))
    assert orders.ledger.rows_kept == 3
    assert [(n.rows, n.first) for n in orders.notices if n.key == "identical_lines"] == [(2, "orders.xlsx row 3")]
    dropped = cleaned(sheet(FULL, GOOD, GOOD, GOOD), repeats="drop")
    assert reasons(dropped) == {3: "duplicate", 4: "duplicate"}


def test_a_line_is_repeated_across_sheets_as_often_as_an_earlier_sheet_has_it(sheet: Any, cleaned: Any) -> None:
    padded = ("1", " A", "2025-01-01", "mug ", "2", "3.5")
    one, two, three = (
        sheet(FULL, GOOD, GOOD),
        sheet(FULL, padded, padded, padded, name="b"),
        sheet(FULL, *[GOOD] * 4, name="c"),
    )
    ledger = cleaned(one, two, three).ledger
    assert ledger.rows_by_reason[Reason.REPEATED_ACROSS_SOURCES] == 2 + 3
    assert ledger.rows_kept == 2 + 1 + 1
