"""Customer figures of orders made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from regulars.analysis import analyse
from regulars.findings import find_facts
from regulars.orders.model import Orders
from regulars.summary import Summary, summarise

OrdersOf = Callable[..., Orders]


def customer(summary: Summary, name: str = "A") -> Any:
    frame = summary.customers.frame
    return frame[frame["customer"] == name].iloc[0]


def test_frequency_counts_repeat_purchase_days_and_not_orders(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 5, "1"), ("A", "2025-01-01", 5, "2"), ("A", "2025-01-09", 5, "3"), ("A", "2025-02-01")]
    found = customer(summarise(orders_of(lines)))
    assert (found["orders"], found["frequency"], found["line_count"]) == (4, 2, 4)


def test_repeat_spend_leaves_the_whole_first_day_out(orders_of: OrdersOf) -> None:
    lines = [
        ("A", "2025-01-01", 100, "1"),
        ("A", "2025-01-01", 50, "2"),
        ("A", "2025-01-09", 8),
        ("A", "2025-02-01", 4),
    ]
    found = customer(summarise(orders_of(lines)))
    assert found["repeat_spend"] == 6.0
    assert found["revenue"] == 162.0


def test_a_one_time_buyer_has_no_repeat_spend(orders_of: OrdersOf) -> None:
    found = customer(summarise(orders_of([("A", "2025-01-01", 100)])))
    assert found["frequency"] == 0
    assert math.isnan(found["repeat_spend"])


def test_ages_are_whole_calendar_days_up_to_the_end_inclusive(orders_of: OrdersOf) -> None:
    lines = [("A", "2024-02-28"), ("A", "2024-03-01"), ("B", "2024-03-10")]
    summary = summarise(orders_of(lines))
    found = customer(summary)
    # 2024 has a 29 February; the day of the last order is day nought of the silence.
    assert (found["recency"], found["age"], found["days_since"]) == (2, 11, 9)
    assert customer(summary, "B")["days_since"] == 0


def test_a_later_day_to_look_from_makes_everyone_older(orders_of: OrdersOf) -> None:
    found = customer(summarise(orders_of([("A", "2025-01-01")], end="2025-01-31")))
    assert (found["age"], found["days_since"], found["recency"]) == (30, 30, 0)


def test_the_last_year_is_365_days_with_the_end_in_it(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-12-31", 1), ("A", "2025-01-01", 2), ("A", "2024-12-31", 4), ("A", "2024-01-02", 8)]
    lines += [("A", "2024-01-01", 16), ("A", "2023-01-01", 32)]
    found = customer(summarise(orders_of(lines)))
    assert (found["year_revenue"], found["year_orders"]) == (3.0, 2)
    assert found["year_before_revenue"] == 12.0


def test_orders_have_a_smallest_a_largest_and_an_average(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 3, "1"), ("A", "2025-01-01", 4, "1"), ("A", "2025-01-02", 1, "2")]
    found = customer(summarise(orders_of(lines)))
    assert (found["smallest_order"], found["largest_order"], found["average_order"]) == (1.0, 7.0, 4.0)


def test_an_order_number_that_two_customers_share_is_an_order_of_each(orders_of: OrdersOf) -> None:
    summary = summarise(orders_of([("A", "2025-01-01", 3, "1"), ("B", "2025-01-01", 4, "1")]))
    assert summary.customers.frame["orders"].tolist() == [1, 1]


def test_products_count_once_a_customer_and_no_product_is_none(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 3, "1", "mug"), ("A", "2025-01-02", 3, "2", "mug"), ("A", "2025-01-02", 3, "2", "cup")]
    summary = summarise(orders_of([*lines, ("B", "2025-01-02", 1)]))
    assert customer(summary)["products"] == 2
    assert customer(summary, "B")["products"] == 0
    assert summary.products.frame[["product", "customers", "orders", "revenue"]].to_numpy().tolist() == [
        ["mug", 1, 2, 6.0],
        ["cup", 1, 1, 3.0],
    ]


def test_the_latest_segment_counts(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-03-01", 1, "", None, None, "Bronze"), ("A", "2025-01-01", 1, "", None, None, "Gold")]
    assert customer(summarise(orders_of(lines)))["segment"] == "Bronze"


def test_profit_stands_beside_the_revenue_of_the_lines_that_say_it(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 10, "1", None, 4), ("A", "2025-01-01", 90, "1"), ("B", "2025-01-02", 5)]
    summary = summarise(orders_of(lines))
    assert (customer(summary)["profit"], customer(summary)["revenue_with_profit"]) == (4.0, 10.0)
    assert math.isnan(customer(summary, "B")["profit"])


def test_money_is_exact_where_floating_point_is_not(orders_of: OrdersOf) -> None:
    summary = summarise(orders_of([("A", "2025-01-01", 0.1, str(n)) for n in range(10)]))
    assert summary.customers.revenue == 1.0


def test_the_setting_for_lapsed_customers_counts_in_facts_and_churn_alike(superstore: Any) -> None:
    analysis = superstore.analysis
    settings = replace(analysis.settings, lapsed_days=200)
    again = analyse(analysis.orders, settings)
    facts = find_facts(again)
    assert facts.value("customers.silent") == int((again.summary.customers.frame["days_since"] > 200).sum())
    assert facts.number("customers.silent") < superstore.facts.number("customers.silent")
    assert facts.value("customers.lapsed_after") == 200
    churn, before = again.movements.churn, analysis.movements.churn
    assert churn is not None
    assert before is not None
    assert churn.lapsed_days == 200
    assert churn.present.sum() > before.present.sum()
