"""Months and cohorts of orders made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from regulars.orders.model import Orders
from regulars.summary import summarise

OrdersOf = Callable[..., Orders]


def row(share: pd.DataFrame, cohort: str) -> Any:
    return share.set_axis([str(month) for month in share.index]).loc[cohort]


def test_months_run_without_gaps_up_to_the_day_the_analysis_looks_from(orders_of: OrdersOf) -> None:
    months = summarise(orders_of([("A", "2024-11-30", 5), ("B", "2025-02-01", 7)], end="2025-04-15")).months
    totals = months.totals()
    assert [str(month) for month in totals.index] == [f"2024-{m}" for m in (11, 12)] + [
        f"2025-0{m}" for m in range(1, 5)
    ]
    assert totals["revenue"].tolist() == [5, 0, 0, 7, 0, 0]
    assert totals["customers"].tolist() == [1, 0, 0, 1, 0, 0]


def test_only_months_with_every_day_in_the_window_are_covered(orders_of: OrdersOf) -> None:
    months = summarise(orders_of([("A", "2025-01-02"), ("A", "2025-03-31")])).months
    assert [months.covers(month) for month in months.totals().index] == [False, True, True]
    assert months.last_is_complete
    assert not months.first_is_complete


def test_retention_is_nought_in_silent_months_and_unknown_after_the_window(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-05"), ("B", "2025-01-06"), ("A", "2025-03-01"), ("C", "2025-02-01"), ("D", "2025-03-31")]
    share = summarise(orders_of(lines)).cohorts.retention()
    assert row(share, "2025-01").tolist() == [1.0, 0.0, 0.5]
    february = row(share, "2025-02").tolist()
    assert february[:2] == [1.0, 0.0]
    assert math.isnan(february[2])
    assert row(share, "2025-03").isna().tolist() == [False, True, True]


def test_silence_after_the_last_order_counts_as_nobody_coming_back(orders_of: OrdersOf) -> None:
    share = summarise(orders_of([("A", "2025-01-05"), ("B", "2025-01-06")], end="2025-03-31")).cohorts.retention()
    assert row(share, "2025-01").tolist() == [1.0, 0.0, 0.0]


def test_a_cohort_begins_with_all_its_customers(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-05"), ("A", "2025-01-20"), ("B", "2025-01-06"), ("C", "2025-02-06")]
    cohorts = summarise(orders_of(lines)).cohorts
    begun = cohorts.frame[cohorts.frame["age"] == 0]
    assert begun["active"].tolist() == [2, 1]
    assert (cohorts.retention()[0] == 1.0).all()


def test_the_months_of_an_order_over_midnight_hold_it_once(orders_of: OrdersOf) -> None:
    orders = orders_of(
        [
            ("A", "2025-01-31", 5, "1"),
            ("A", "2025-02-01", 7, "1"),
            ("A", "2025-02-01", 1, "2"),
            ("A", "2025-02-01", 1, "3"),
        ]
    )
    summary = summarise(orders)
    totals = summary.months.totals()
    assert totals["orders"].tolist() == [1, 2]
    assert summary.customers.frame["orders"].tolist() == [3]
    assert totals["revenue"].tolist() == [5.0, 9.0]
