"""What a line is worth: amount, quantity × price, discounts, costs and currencies."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.base.errors import InputError

FULL = "order customer date product quantity price"
GOOD = ("1", "A", "2025-01-01", "mug", "2", "3.50")


def test_the_amount_fills_in_where_the_price_cannot_be_read(sheet: Any, cleaned: Any, reasons: Any, money: Any) -> None:
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


def test_an_amount_without_a_price_is_not_multiplied(sheet: Any, cleaned: Any, column: Any, money: Any) -> None:
    orders = cleaned(sheet("customer date quantity amount", ("A", "2025-01-01", "3", "9.0001")))
    assert (money(orders), column(orders, "units")) == (9.0001, [30_000])


def test_discounted_totals_are_what_was_paid(sheet: Any, cleaned: Any, money: Any) -> None:
    orders = cleaned(
        sheet("customer date quantity price amount", *(("A", "2025-01-01", "2", "10", "18") for _ in range(5)))
    )
    assert money(orders) == 90
    assert "'amount' was used" in next(n.text for n in orders.notices if n.key == "amounts_differ")


def test_totals_with_tax_do_not_replace_quantity_times_price(sheet: Any, cleaned: Any, money: Any) -> None:
    orders = cleaned(
        sheet("customer date quantity price amount", *(("A", "2025-01-01", "2", "10", "24") for _ in range(5)))
    )
    assert money(orders) == 100
    assert [n.rows for n in orders.notices if n.key == "amounts_differ"] == [5]


def test_an_order_of_nothing_is_a_purchase_and_is_reported(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(sheet("customer date amount", ("A", "2025-01-01", "0.00"), ("A", "2025-01-02", "5")))
    assert orders.ledger.rows_kept == 2
    assert [(n.rows, n.first) for n in orders.notices if n.key == "zero_amounts"] == [(1, "orders.xlsx row 2")]


def test_the_decimal_mark_of_the_sheet_decides_what_one_column_cannot(sheet: Any, cleaned: Any, money: Any) -> None:
    orders = cleaned(
        sheet(
            "customer date quantity price",
            ("A", "2025-01-01", "1.000", "2,50 €"),
            ("A", "2025-01-01", "2", "1.234,00 €"),
        )
    )
    assert money(orders) == 2500 + 2468
    assert orders.currency.code == "EUR"


def test_numbers_with_proof_of_both_marks_are_reported(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(
        sheet(
            "customer date amount",
            ("A", "2025-01-01", "2,50 €"),
            ("A", "2025-01-01", "2.50 €"),
            ("A", "2025-01-01", "1.234 €"),
        )
    )
    assert [(n.rows, n.first) for n in orders.notices if n.key == "ambiguous_numbers"] == [(1, "orders.xlsx row 4")]


def test_cost_and_discount_become_profit_and_share(sheet: Any, cleaned: Any, column: Any) -> None:
    fields = "customer date quantity price cost discount"
    lines = [("A", "2025-01-01", "2", "10", "12", "5"), ("A", "2025-01-02", "4", "10", "24", "0")]
    orders = cleaned(sheet(fields, *lines, headers=["Customer", "Date", "Qty", "Price", "Total cost", "Discount"]))
    assert column(orders, "profit") == [30_000, 160_000]
    assert column(orders, "discount") == [0.25, 0]
    by_unit = cleaned(sheet(fields, *lines, headers=["Customer", "Date", "Qty", "Price", "Unit cost", "Discount %"]))
    assert column(by_unit, "profit") == [-50_000, -560_000]
    assert column(by_unit, "discount") == [0.05, 0]


def test_a_cost_moves_with_what_it_is_the_cost_of(sheet: Any, cleaned: Any, column: Any) -> None:
    fields = "customer date quantity price cost"
    by_unit = cleaned(sheet(fields, ("A", "2025-01-01", "2", "10", "6"), ("A", "2025-01-02", "5", "20", "12.1")))
    by_line = cleaned(sheet(fields, ("A", "2025-01-01", "2", "10", "12"), ("A", "2025-01-02", "5", "20", "60.5")))
    assert column(by_unit, "profit") == column(by_line, "profit") == [80_000, 395_000]


def test_two_currencies_are_refused(sheet: Any, cleaned: Any) -> None:
    with pytest.raises(InputError, match="EUR in 2 rows, GBP in 1 row"):
        cleaned(
            sheet("customer date amount currency", *(("A", "2025-01-01", "1", code) for code in ("EUR", "€", "GBP")))
        )
    with pytest.raises(InputError, match="money cells"):
        cleaned(sheet("customer date amount", ("A", "2025-01-01", "£1"), ("A", "2025-01-01", "$1")))


def test_the_currency_comes_from_the_settings_first(sheet: Any, cleaned: Any) -> None:
    assert cleaned(sheet("customer date amount", ("A", "2025-01-01", "$1")), currency="CAD").currency.code == "CAD"
    assert cleaned(sheet("customer date amount", ("A", "2025-01-01", "1"))).currency.code is None


def said(orders: Any, key: str) -> Any:
    return next((notice.text for notice in orders.notices if notice.key == key), None)


@pytest.mark.parametrize(
    ("discounts", "header", "paid"),
    [
        (("0.1", None), "Discount", 18 + 20),
        (("15", "2"), "Discount %", 17 + 19.6),
        (("5", "2.5"), "Discount", 15 + 17.5),
    ],
)
def test_a_discount_comes_off_quantity_times_price_where_nothing_else_says_what_was_paid(
    discounts: Any, header: Any, paid: Any, sheet: Any, cleaned: Any, money: Any
) -> None:
    lines = [("A", "2025-01-01", "2", "10", discount) for discount in discounts]
    orders = cleaned(
        sheet("customer date quantity price discount", *lines, headers=["C", "D", "Qty", "Unit price", header])
    )
    assert money(orders) == paid
    assert "taken off quantity × 'Unit price'" in said(orders, "discounts")


def test_an_amount_beside_a_discount_is_taken_as_stated_and_that_is_said(sheet: Any, cleaned: Any, money: Any) -> None:
    orders = cleaned(sheet("customer date amount discount", ("A", "2025-01-01", "18", "0.1")))
    assert money(orders) == 18
    assert said(orders, "discounts") == (
        "the discounts in column 'discount' were not taken off: 'amount' is taken as what was paid"
    )


def test_a_price_that_is_net_and_a_discount_of_the_whole_order_are_left_as_they_are(
    sheet: Any, cleaned: Any, money: Any
) -> None:
    net = sheet(
        "customer date quantity price discount",
        ("A", "2025-01-01", "2", "9", "0.1"),
        headers=["C", "D", "Qty", "Net price", "Discount"],
    )
    assert money(cleaned(net)) == 18
    whole = sheet(
        "order customer date quantity price discount",
        ("1", "A", "2025-01-01", "1", "20", "5"),
        ("1", "A", "2025-01-01", "1", "30", "5"),
    )
    assert money(cleaned(whole)) == 50
    assert "the whole order's" in said(cleaned(whole), "discounts")


def test_discounts_of_nothing_are_not_mentioned(sheet: Any, cleaned: Any) -> None:
    assert said(cleaned(sheet("customer date amount discount", ("A", "2025-01-01", "18", "0"))), "discounts") is None


def test_totals_of_nothing_but_0_give_way_to_quantity_times_price(sheet: Any, cleaned: Any, money: Any) -> None:
    lines = [("A", "2025-01-01", "2", "10", "0"), ("B", "2025-01-02", "1", "5", "0")]
    orders = cleaned(sheet("customer date quantity price amount", *lines))
    assert money(orders) == 25
    assert "holds nothing but 0" in said(orders, "empty_columns")


def test_a_currency_that_overrides_the_cells_is_said_with_counts(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(
        sheet("customer date amount", ("A", "2025-01-01", "€1"), ("A", "2025-01-02", "€2")), currency="GBP"
    )
    assert said(orders, "currency_overridden").startswith("2 cells name EUR; all money is shown as GBP")
    agreed = cleaned(sheet("customer date amount", ("A", "2025-01-01", "€1")), currency="EUR")
    assert said(agreed, "currency_overridden") is None


def test_lines_without_a_currency_among_others_are_said(sheet: Any, cleaned: Any) -> None:
    cells = cleaned(
        sheet("customer date amount", ("A", "2025-01-01", "€1"), ("A", "2025-01-02", "2"), ("A", "2025-01-03", "3,5"))
    )
    assert said(cells, "cells_without_currency").startswith(
        "2 cells in column 'amount' name no currency, 1 cell names EUR"
    )
    rows = cleaned(
        sheet("customer date amount currency", ("A", "2025-01-01", "1", "EUR"), ("A", "2025-01-02", "2", None))
    )
    assert said(rows, "rows_without_currency").startswith(
        "1 row names no currency, 1 row names EUR; all were taken to be EUR"
    )


def test_numbers_larger_than_any_money_are_said(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(sheet(FULL, GOOD, ("2", "A", "2025-01-01", "mug", "1", "5012345678900")))
    assert said(orders, "too_large").startswith("1 amount of 100,000,000,000 or more was not taken for money")


DONG = [
    (str(n), f"C{n % 7}", f"2025-01-{1 + n % 28:02}", "mug", "1", str(9_000_000_000 + n * 1_000_003)) for n in range(60)
]


@pytest.mark.parametrize("largest", ["291431366111", "9000000000000"])
def test_amounts_of_a_sheet_in_dong_are_read_and_add_up_to_its_own_total(
    sheet: Any, cleaned: Any, largest: str
) -> None:
    orders = cleaned(sheet(FULL, *DONG, ("60", "A", "2025-02-01", "mug", "1", largest)))
    total = sum(int(line[-1]) for line in DONG) + int(largest)
    assert orders.ledger.rows_kept == 61
    assert orders.ledger.revenue_written == total * 10_000
    assert sum(orders.lines["amount"].to_pylist()) == total * 10_000


def test_large_amounts_written_as_text_are_read_too(sheet: Any, cleaned: Any) -> None:
    lines = [(*line[:-1], f"{int(line[-1]):,} ₫") for line in DONG]
    orders = cleaned(sheet(FULL, *lines, ("60", "A", "2025-02-01", "mug", "1", "291,431,366,111 ₫")))
    assert orders.ledger.rows_kept == 61
    assert orders.currency.code == "VND"


def test_a_number_far_above_the_others_of_a_sheet_in_dong_is_still_none(sheet: Any, cleaned: Any) -> None:
    orders = cleaned(sheet(FULL, *DONG, ("60", "A", "2025-02-01", "mug", "1", "50123456789000")))
    assert orders.ledger.rows_by_reason["bad_price"] == 1
    assert "or more was not taken for money" in said(orders, "too_large")


def test_more_money_than_can_be_added_is_refused_with_a_remedy(sheet: Any, cleaned: Any) -> None:
    lines = [(*line[:-1], "9000000000000" if n % 5 > 2 else "90000000000") for n, line in enumerate(DONG * 5)]
    with pytest.raises(InputError, match="the amounts add up to"):
        cleaned(sheet(FULL, *lines))
