from __future__ import annotations

from typing import Any

import pytest

from regulars.orders import numbers as module
from regulars.orders.numbers import Evidence, evidence_of, numbers

read_number: Any = module.read_number  # the texts below are numbers, so no reading is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£2.10", 2.10),
        ("GBP 2.10", 2.10),
        ("2.10 EUR", 2.10),
        ("1.234,56 €", 1234.56),
        ("1,234.56", 1234.56),
        ("1'234.50", 1234.50),
        ("1’234.50 CHF", 1234.50),
        ("Fr. 1'234.50", 1234.50),
        ("1 234,50", 1234.50),
        ("1\u202f234,50\u00a0€", 1234.50),
        ("1.234.567", 1234567),
        ("1,23,456.00", 123456),
        ("R$ 1.234,56", 1234.56),
        ("(45.00)", -45.0),
        ("£(45.00)", -45.0),
        ("45.00-", -45.0),
        ("−3", -3.0),
        ("-£5", -5.0),
        ("£-5", -5.0),
        ("+7", 7.0),
        ("$.50", 0.5),
        ("5,-", 5.0),
        ("5.-- Fr.", 5.0),
        ("12 %", 0.12),
        ("0,125", 0.125),
        ("2.1e3", 2100.0),
    ],
)
def test_a_number_is_read_however_it_is_written(text: Any, value: Any) -> None:
    number = read_number(text)
    assert number is not None
    assert number.value() == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["", "abc", "£", "about 5", "5 pcs", "12 34", "1,2,3", "1.2.3", "1,23.4,5", "1e400", "31/12/2010"]
)
def test_what_is_no_number_is_not_made_one(text: Any) -> None:
    number = read_number(text)
    assert number is None or number.value() is None


def test_only_the_column_can_say_what_one_mark_before_three_digits_means() -> None:
    assert read_number("1.234").mark == "?"
    assert read_number("1.234").value(".") == 1.234
    assert read_number("1.234").value(",") == 1234
    assert read_number("1,234").value(".") == 1234
    assert read_number("1,234").value(",") == 1.234


def test_evidence_counts_cells_not_texts() -> None:
    assert evidence_of({"2,50": 3, "2.5": 1, "1.234": 2, "7": 9}) == Evidence(dot=1, comma=3, either=2)


def test_unreadable_texts_have_no_value() -> None:
    assert numbers(["1,50", "n.n."], ",") == {"1,50": 1.5}


def test_the_currency_of_a_text_is_found() -> None:
    assert [read_number(text).currency for text in ("£2", "2 €", "USD 3", "CA$4", "5")] == [
        "GBP",
        "EUR",
        "USD",
        "CAD",
        None,
    ]
