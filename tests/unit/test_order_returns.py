"""Returns come off purchases."""

from __future__ import annotations

import datetime as dt
from typing import Any

FULL = "order customer date product quantity price"
GOOD = ("1", "A", "2025-01-01", "mug", "2", "3.50")


def line(order: Any, day: Any, units: Any, price: Any = "3", customer: Any = "A", product: Any = "mug") -> Any:
    return order, customer, f"2025-01-{day:02d}", product, str(units), price


def test_a_return_comes_off_the_latest_earlier_purchase_at_its_price(
    sheet: Any, cleaned: Any, reasons: Any, column: Any, money: Any
) -> None:
    orders = cleaned(sheet(FULL, line("1", 1, 5), line("2", 2, 5, "4"), line("3", 3, -2, "1"), line("4", 4, 5)))
    assert column(orders, "units") == [50_000, 30_000, 50_000]
    assert column(orders, "written_amount") == [150_000, 200_000, 150_000]
    assert money(orders) == 15 + 12 + 15
    assert reasons(orders) == {4: "returned"}
    assert (orders.ledger.revenue_taken_off, orders.ledger.returns_unmatched) == (80_000, 0)


def test_a_return_goes_over_as_many_lines_as_it_needs(sheet: Any, cleaned: Any, reasons: Any, column: Any) -> None:
    orders = cleaned(sheet(FULL, line("1", 1, 5), line("2", 2, 5), line("3", 3, -7)))
    assert column(orders, "units") == [30_000]
    assert reasons(orders) == {3: "returned", 4: "returned"}
    assert orders.window.end == dt.date(2025, 1, 1)


def test_a_return_never_takes_a_later_purchase_nor_another_customers_nor_another_product(
    sheet: Any, cleaned: Any, column: Any
) -> None:
    orders = cleaned(
        sheet(FULL, line("1", 2, -3), line("2", 3, 5), line("3", 1, 5, customer="B"), line("4", 1, 5, product="cup"))
    )
    assert column(orders, "units") == [50_000] * 3
    assert orders.ledger.returns_unmatched == -90_000


def test_at_the_same_time_the_purchase_is_earlier(sheet: Any, cleaned: Any, money: Any) -> None:
    assert money(cleaned(sheet(FULL, line("2", 1, -1), line("1", 1, 5)))) == 12


def test_without_a_product_the_unit_price_says_what_came_back(sheet: Any, cleaned: Any, column: Any) -> None:
    fields = "customer date quantity price"
    orders = cleaned(
        sheet(fields, ("A", "2025-01-01", "5", "3"), ("A", "2025-01-02", "5", "4"), ("A", "2025-01-03", "-2", "3"))
    )
    assert column(orders, "units") == [30_000, 50_000]


def test_a_negative_amount_is_a_return(sheet: Any, cleaned: Any, column: Any) -> None:
    orders = cleaned(
        sheet("customer date amount", ("A", "2025-01-01", "5"), ("A", "2025-01-02", "5"), ("A", "2025-01-03", "-5"))
    )
    assert column(orders, "day") == [dt.date(2025, 1, 1)]


def test_a_part_refund_does_not_undo_a_whole_purchase(sheet: Any, cleaned: Any, money: Any) -> None:
    lines = [("A", "2025-01-01", "mug", "20"), ("A", "2025-01-02", "mug", "-5"), ("A", "2025-01-03", "mug", "8")]
    orders = cleaned(sheet("customer date product amount", *lines))
    assert (money(orders), orders.ledger.returns_unmatched) == (28, -50_000)


def test_a_barcode_in_the_price_column_is_no_price(sheet: Any, cleaned: Any, reasons: Any) -> None:
    assert reasons(cleaned(sheet(FULL, GOOD, line("2", 1, 1, "5012345678900")))) == {3: "bad_price"}


def test_a_list_price_tells_the_discount(sheet: Any, cleaned: Any, column: Any) -> None:
    orders = cleaned(
        sheet(FULL + " list_price", (*line("1", 1, 4), "4"), (*line("2", 2, 1), None), (*line("3", 2, 1), "2"))
    )
    assert column(orders, "discount") == [0.25, None, 0]


def test_the_profit_shrinks_with_the_line(sheet: Any, cleaned: Any, column: Any) -> None:
    orders = cleaned(sheet(FULL + " profit", (*line("1", 1, 4), "2"), (*line("2", 2, -1), "-0.5")))
    assert column(orders, "profit") == [15_000]


def test_returns_can_be_dropped_or_kept(sheet: Any, cleaned: Any, column: Any, money: Any) -> None:
    lines = [line("1", 1, 5), line("2", 2, -2)]
    dropped, kept = cleaned(sheet(FULL, *lines), returns="drop"), cleaned(sheet(FULL, *lines), returns="keep")
    assert (money(dropped), dropped.ledger.returns_unmatched) == (15, -60_000)
    assert (money(kept), kept.ledger.returns_unmatched, column(kept, "units")) == (9, 0, [50_000, -20_000])


def test_a_return_after_the_day_of_analysis_was_not_known_then(
    sheet: Any, cleaned: Any, reasons: Any, money: Any
) -> None:
    orders = cleaned(sheet(FULL, line("1", 1, 5), line("2", 20, -5)), as_of=dt.date(2025, 1, 10))
    assert money(orders) == 15
    assert orders.window.end == dt.date(2025, 1, 10)
    assert reasons(orders) == {3: "returned"}
