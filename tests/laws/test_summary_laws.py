"""The SQL of the summary against a twin in pandas: whole numbers identical, money to the last digit."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.orders.model import Orders
from regulars.summary import Summary, summarise

OrdersOf = Callable[..., Orders]

order_line = st.tuples(
    st.sampled_from(["A", "B", "C", "é", "10"]),
    st.dates(dt.date(2023, 1, 1), dt.date(2025, 12, 31)).map(dt.date.isoformat),
    st.integers(-200_000, 900_000).map(lambda cents: cents / 100),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from([None, "mug", "cup"]),
    st.one_of(st.none(), st.integers(-100, 500).map(float)),
    st.sampled_from([None, "Gold", "Bronze"]),
)
shops = st.lists(order_line, min_size=1, max_size=40)
some = settings(deadline=None, max_examples=12)


def twin(orders: Orders) -> pd.DataFrame:
    """Every column of the customers table, worked out by pandas alone."""
    lines = orders.lines.to_pandas()
    lines["day"] = pd.to_datetime(lines["day"])
    end = pd.Timestamp(orders.window.end)
    rows = []
    for customer, own in lines.groupby("customer"):
        days = own.groupby("day")["amount"].sum()
        placed = own.groupby("order").agg(day=("day", "min"), amount=("amount", "sum"))
        ago = (end - own["day"]).dt.days
        latest = own[own["day"] == own["day"].max()]
        said = own[own["profit"].notna()]
        repeats = len(days) - 1
        rows.append(
            {
                "customer": customer,
                "first_day": days.index[0],
                "last_day": days.index[-1],
                "orders": len(placed),
                "line_count": len(own),
                "units": own["units"].sum() / 10_000,
                "products": own["product"].nunique(),
                "revenue": own["amount"].sum() / 10_000,
                "profit": said["profit"].sum() / 10_000 if len(said) else np.nan,
                "revenue_with_profit": said["amount"].sum() / 10_000 if len(said) else np.nan,
                "average_order": own["amount"].sum() / len(placed) / 10_000,
                "smallest_order": placed["amount"].min() / 10_000,
                "largest_order": placed["amount"].max() / 10_000,
                "frequency": repeats,
                "recency": (days.index[-1] - days.index[0]).days,
                "age": (end - days.index[0]).days,
                "days_since": (end - days.index[-1]).days,
                "repeat_spend": days.iloc[1:].sum() / repeats / 10_000 if repeats else np.nan,
                "year_revenue": own["amount"][ago < 365].sum() / 10_000,
                "year_before_revenue": own["amount"][(ago >= 365) & (ago < 730)].sum() / 10_000,
                "year_orders": int(((end - placed["day"]).dt.days < 365).sum()),
                **{name: _largest(latest[name]) for name in ("country", "channel", "segment")},
            }
        )
    return pd.DataFrame(rows)


def _largest(texts: pd.Series) -> Any:
    known = texts.dropna()
    return known.max() if len(known) else None


def same(found: Summary, wanted: pd.DataFrame) -> None:
    frame = found.customers.frame
    assert list(frame.columns) == list(wanted.columns)
    order = frame.sort_values("customer", ignore_index=True)
    for name in wanted.columns:
        values, twins = order[name].tolist(), wanted.sort_values("customer", ignore_index=True)[name].tolist()
        pairs = [(a, b) for a, b in zip(values, twins, strict=True) if not (pd.isna(a) and pd.isna(b))]
        # The twin divides in another order; a ten-thousandth of a ten-thousandth is far below a digit of money.
        assert all(a == b or (isinstance(a, float) and abs(a - b) < 1e-8 * max(abs(b), 1)) for a, b in pairs), name


def test_real_orders_give_the_same_customers_as_pandas(superstore: Any) -> None:
    analysis = superstore.analysis
    same(analysis.summary, twin(analysis.orders))


@some
@given(shops)
def test_any_orders_give_the_same_customers_as_pandas(orders_of: OrdersOf, lines: Any) -> None:
    orders = orders_of(lines)
    same(summarise(orders), twin(orders))


@some
@given(shops, st.integers(0, 400))
def test_the_days_of_a_customer_add_up(orders_of: OrdersOf, lines: Any, later: int) -> None:
    end = max(dt.date.fromisoformat(line[1]) for line in lines) + dt.timedelta(days=later)
    frame = summarise(orders_of(lines, end=end.isoformat())).customers.frame
    assert (frame["recency"] + frame["days_since"] == frame["age"]).all()
    assert (frame["frequency"] <= frame["recency"]).all()
    assert frame["days_since"].min() == later


@some
@given(shops, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(orders_of: OrdersOf, lines: Any, chance: random.Random) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    one, other = summarise(orders_of(lines)), summarise(orders_of(shuffled))
    pd.testing.assert_frame_equal(one.customers.frame, other.customers.frame)
    pd.testing.assert_frame_equal(one.months.frame, other.months.frame)
    pd.testing.assert_frame_equal(one.cohorts.frame, other.cohorts.frame)
    pd.testing.assert_frame_equal(one.products.frame, other.products.frame)
    pd.testing.assert_frame_equal(one.days, other.days)


@some
@given(shops)
def test_customers_months_and_cohorts_hold_the_same_money_and_orders(orders_of: OrdersOf, lines: Any) -> None:
    summary = summarise(orders_of(lines))
    totals = summary.months.totals()
    revenue = summary.customers.revenue
    assert abs(totals["revenue"].sum() - revenue) < 1e-6
    assert abs(summary.cohorts.frame["revenue"].sum() - revenue) < 1e-6
    assert totals["orders"].sum() == summary.customers.frame["orders"].sum()


@some
@given(shops)
def test_retention_is_a_share_known_exactly_where_the_window_reaches(orders_of: OrdersOf, lines: Any) -> None:
    summary = summarise(orders_of(lines))
    share = summary.cohorts.retention()
    last = pd.Period(pd.Timestamp(summary.customers.window.end), "M")
    for cohort in share.index:
        for age in share.columns:
            value = share.loc[cohort, age]
            assert pd.isna(value) == (cohort + age > last)
            assert pd.isna(value) or 0 <= value <= 1
