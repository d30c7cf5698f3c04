"""Segments that came with the data, taken as they are, and what is said of odd columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from regulars.base.errors import SettingsError
from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments import segment_customers
from regulars.segments.supplied import NAMELESS, supplied_reason, supplied_segments
from regulars.summary import summarise

OrdersOf = Callable[..., Orders]


def supplied(orders_of: OrdersOf, *names: str | None) -> pd.DataFrame:
    lines = [(f"C{n:03}", "2025-01-01", 10 * (n + 1), "", None, None, name) for n, name in enumerate(names)]
    return summarise(orders_of(lines)).customers.frame


def test_supplied_names_that_differ_in_signs_only_stay_apart(orders_of: OrdersOf) -> None:
    frame = supplied(orders_of, "A 3", "A!", "a", "b", "a?")
    found = supplied_segments(frame)
    assert found is not None
    assert found.names().tolist() == ["A 3", "A!", "a", "b", "a?"]
    assert found.labels.nunique() == 5


def test_names_that_differ_only_by_case_and_blanks_are_one_segment_and_it_is_said(orders_of: OrdersOf) -> None:
    frame = supplied(orders_of, *"abcd").assign(segment=["VIP", "vip", "  Vip ", "New"])
    found = supplied_segments(frame)
    assert found is not None
    assert found.names().tolist() == ["VIP", "VIP", "VIP", "New"]
    assert supplied_reason(frame) == (
        "Labels that differ only by case and blanks are one segment: '  Vip ', 'VIP', 'vip' as 'VIP'."
    )


def test_the_spelling_of_most_customers_is_shown(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "gold", "Gold", "gold"))
    assert found is not None
    assert {segment.name for segment in found.definitions} == {"gold"}


def test_a_label_that_says_no_segment_is_not_the_blank_one(orders_of: OrdersOf) -> None:
    frame = supplied(orders_of, "(no segment)", None, "Gold")
    found = supplied_segments(frame)
    assert found is not None
    assert found.names().tolist() == ["(no segment)", "(blank)", "Gold"]
    assert supplied_reason(frame) == "The segment column is blank for 1 of 3 customers: they are shown as (blank)."


def test_keys_of_names_with_accents_can_be_read(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "Übergröße", "Crème"))
    assert found is not None
    assert {segment.key for segment in found.definitions} == {"ubergrosse", "creme"}


def test_names_without_a_latin_letter_stay_apart(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "株", "東", "🦊"))
    assert found is not None
    assert found.labels.nunique() == 3


def test_customers_without_a_segment_are_shown_as_such(orders_of: OrdersOf) -> None:
    frame = supplied(orders_of, "Gold", None)
    found = supplied_segments(frame)
    assert found is not None
    assert found.names().tolist() == ["Gold", NAMELESS]
    assert supplied_reason(frame) == "The segment column is blank for 1 of 2 customers: they are shown as (no segment)."


def test_supplied_segments_stand_in_the_order_of_their_revenue(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "Small", "Middle", "Large"))
    assert found is not None
    assert [segment.name for segment in found.definitions] == ["Large", "Middle", "Small"]


def test_a_column_of_400_texts_is_no_scheme_and_says_so(orders_of: OrdersOf) -> None:
    customers = summarise(
        orders_of([(f"C{n}", "2025-01-01", 1, "", None, None, f"S{n}") for n in range(400)])
    ).customers
    found = segment_customers(customers, Settings())
    assert found.scheme("supplied") is None
    assert found.supplied_reason is not None
    assert "400 different texts" in found.supplied_reason
    with pytest.raises(SettingsError, match="holds 400 different texts, and a scheme has 30 at most"):
        segment_customers(customers, Settings(scheme="supplied"))


def test_the_message_about_a_bad_column_names_its_header(cleaned: Any, sheet: Any) -> None:
    lines = [(f"C{n}", "2025-01-01", "1", f"S{n}") for n in range(31)]
    headers = ("Customer", "Date", "Amount", "Cust Type")
    orders = cleaned(sheet("customer date amount segment", *lines, headers=headers))
    customers = summarise(orders).customers
    assert "The segment column 'Cust Type' holds 31" in str(
        segment_customers(customers, Settings(), orders).supplied_reason
    )
    with pytest.raises(SettingsError, match="the segment column 'Cust Type' holds 31 different texts"):
        segment_customers(customers, Settings(scheme="supplied"), orders)


def test_thirty_texts_are_a_scheme(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, *(f"S{n}" for n in range(30))))
    assert found is not None
    assert len(found.definitions) == 30


def test_a_column_that_says_the_same_of_everybody_is_kept_and_said_to_divide_nobody(orders_of: OrdersOf) -> None:
    frame = supplied(orders_of, "All", "All", "All")
    found = supplied_segments(frame)
    assert found is not None
    assert len(found.definitions) == 1
    assert supplied_reason(frame) == "The segment column says 'All' for every customer: it divides nobody."


def test_a_good_column_and_no_column_need_no_words(orders_of: OrdersOf) -> None:
    assert supplied_reason(supplied(orders_of, "A", "B")) is None
    assert supplied_reason(supplied(orders_of, None, None)) is None
    assert supplied_segments(supplied(orders_of, None, None)) is None
