"""Products by segment: indices, first purchases, pairs, waits and stock, against counts made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regulars.analysis import analyse
from regulars.base.settings import Settings
from regulars.findings.products import baseline, leanings, openers, product_facts, rhythms, together, wilson
from regulars.findings.service import large_orders, service_facts, tiers
from regulars.story.sheet_spec import Table
from regulars.story.sheets.products import products_sheet
from regulars.story.texts import sentences
from regulars.summary.products import FEWEST_CUSTOMERS, FEWEST_ORDERS, WITHIN, Baskets, count_baskets

Orders = Callable[..., Any]
Line = tuple[str, str, float, str, str]


def baskets_of(orders: Any, segments: dict[str, str] | None = None) -> Baskets:
    customers = pd.Series(sorted(set(orders.lines["customer"].to_pylist())))
    labels = customers.map(segments) if segments else pd.Series("all", index=customers.index)
    return count_baskets(orders, labels, customers)


def planted() -> Iterator[Line]:
    """Sixty customers of two segments: `a` buys tea twice as often as `b`, cups always go with saucers."""
    start = dt.date(2025, 1, 1)
    for number in range(60):
        name = f"{'a' if number % 2 else 'b'}{number}"
        day = start + dt.timedelta(days=number)
        yield name, str(day), 10.0, f"o{number}", "TEA1" if number % 2 else "MUG1"
        yield name, str(day), 5.0, f"o{number}", "CAKE1"
        if number % 3 == 0:
            yield name, str(day), 5.0, f"o{number}", "CUP1"
            yield name, str(day), 5.0, f"o{number}", "SAUCER1"
        if number % 2:  # those who begin with tea come back for tea
            yield name, str(day + dt.timedelta(days=20)), 10.0, f"p{number}", "TEA1"


@pytest.fixture
def shop(orders_of: Orders) -> Baskets:
    orders = orders_of(list(planted()), end="2025-07-31")
    return baskets_of(orders, {line[0]: line[0][0] for line in planted()})


def test_a_segment_leans_to_what_it_buys_more_of_than_the_others(shop: Baskets) -> None:
    found: Any = leanings(shop).set_index(["segment", "item"])
    # a: 30 first and 30 second teas of 60 + 30 + 20 purchases; all: 60 of 30 + 60 + 60 + 40.
    tea = found.loc[("a", "TEA1")]
    assert tea["index"] == pytest.approx((60 / 110) / (60 / 190))
    assert tea["low"] > 1
    assert found.loc[("b", "TEA1"), "index"] == 0
    assert found.loc[("b", "TEA1"), "high"] < 1
    assert ((found["low"] <= found["index"]) | (found["orders"] == 0)).all()


def test_what_too_few_buy_leans_nowhere(shop: Baskets) -> None:
    found: Any = leanings(shop)
    made = (found["orders"] >= FEWEST_ORDERS) & (found["customers"] >= FEWEST_CUSTOMERS)
    assert (made | (found["index"] < 1)).all()
    assert "CUP1" not in set(found["item"])


def test_first_purchases_are_judged_only_where_a_second_could_have_come(shop: Baskets) -> None:
    customers, rate = baseline(shop)
    assert (customers, rate) == (60, 0.5)
    found: Any = openers(shop).set_index("item")
    assert found.loc["TEA1", ["customers", "again"]].tolist() == [30, 30]
    assert found.loc["MUG1", ["customers", "again"]].tolist() == [30, 0]
    assert found.loc["TEA1", "low"] > 0.5 > found.loc["MUG1", "high"]
    assert found.loc["CAKE1", "rate"] == 0.5
    assert found.index[0] == "TEA1"


def test_customers_who_began_lately_are_not_counted_as_lost(orders_of: Orders) -> None:
    lines = [("a", "2025-01-01"), ("b", "2025-03-01"), ("b", "2025-03-02")]
    one = baskets_of(orders_of(lines, end=str(dt.date(2025, 3, 1) + dt.timedelta(days=WITHIN - 1))))
    assert baseline(one) == (1, 0.0)
    later = baskets_of(orders_of(lines, end=str(dt.date(2025, 3, 1) + dt.timedelta(days=WITHIN))))
    assert baseline(later) == (2, 0.5)


def test_what_always_goes_together_has_the_highest_lift(shop: Baskets) -> None:
    best: Any = together(shop).iloc[0]
    assert {best["item"], best["other"]} == {"CUP1", "SAUCER1"}
    orders = 60 + 30
    assert best["lift"] == pytest.approx(20 * orders / (20 * 20))
    assert best["share"] == 1.0


def test_a_product_is_bought_again_after_its_own_wait(shop: Baskets) -> None:
    found: Any = rhythms(shop)
    assert found["item"].tolist() == ["TEA1"]
    assert found.loc[0, ["waits", "customers", "middle"]].tolist() == [30, 30, 20.0]
    assert found.loc[0, "share"] == 1.0


def test_units_add_up_by_month_and_by_product(shop: Baskets) -> None:
    lines = pd.DataFrame(planted(), columns=["customer", "day", "amount", "order", "product"])
    assert shop["months"]["units"].sum() == len(lines)
    complete = lines[lines["day"] >= f"{shop.stock_months[0]}-01"]
    assert shop["stock"]["units"].sum() == len(complete)
    assert str(shop.stock_months[-1]) == "2025-07"


def test_postage_among_coded_goods_is_no_product(orders_of: Orders) -> None:
    goods = [("a", "2025-01-01", 5.0, "o1", f"8512{number}") for number in range(20)]
    found = baskets_of(orders_of([*goods, ("a", "2025-01-01", 2.0, "o1", "POST")]))
    assert found.services == ("POST",)
    assert "POST" not in set(found["items"]["item"])


def test_rare_products_are_counted_by_category_where_there_is_one(superstore: Any) -> None:
    baskets = superstore.analysis.baskets
    assert baskets.level == "category"
    assert set(baskets["items"]["item"]) == {"Furniture", "Office Supplies", "Technology"}
    orders = superstore.analysis.orders
    bare = replace(orders, lines=orders.lines.set_column(
        orders.lines.schema.get_field_index("category"), orders.lines.schema.field("category"),
        pa.nulls(orders.lines.num_rows, pa.string()),
    ))  # fmt: skip
    customers = superstore.analysis.summary.customers.frame["customer"]
    assert count_baskets(bare, pd.Series("all", index=customers.index), customers).level == "product"


def test_money_and_orders_of_the_items_are_those_of_the_shop(superstore: Any) -> None:
    items: Any = superstore.analysis.baskets["items"]
    assert items["amount"].sum() == pytest.approx(superstore.facts.number("revenue.total"))
    places = superstore.analysis.baskets["places"]
    assert places.loc[places["field"] == "country", "orders"].sum() == superstore.facts.value("orders.count")


def test_without_products_the_sheet_says_so_and_keeps_what_orders_can_tell(cdnow: Any) -> None:
    sheet = products_sheet(cdnow.analysis, cdnow.facts)
    assert [block.key for block in sheet.blocks if isinstance(block, Table)] == ["tiers", "large"]
    assert "no product column" in sheet.blocks[0].sentences[0]  # type: ignore[union-attr]
    assert cdnow.facts.value("products.count") is None


def test_no_table_of_the_sheet_is_empty_and_each_has_a_title(superstore: Any) -> None:
    tables = [
        block for block in products_sheet(superstore.analysis, superstore.facts).blocks if isinstance(block, Table)
    ]
    assert len(tables) >= 6
    for table in tables:
        assert table.rows, table.key
        assert table.title
        assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_a_short_run_counts_no_products(superstore: Any, orders_of: Orders) -> None:
    analysis = analyse(orders_of([("a", "2025-01-01", 5.0, "o1", "T1")]), Settings())
    assert "baskets" not in vars(analysis)
    keys = {fact.key for fact in product_facts(analysis)}
    assert keys == {key for key in superstore.facts if key.startswith("products.")}


def test_intervals_of_a_share_hold_it() -> None:
    total = np.arange(1.0, 200.0)
    for part in (0.0, 0.3, 1.0):
        low, high = wilson(np.floor(total * part), total)
        share = np.floor(total * part) / total
        assert (low <= share + 1e-12).all()
        assert (share - 1e-12 <= high).all()
        assert (np.diff(high - low)[20:] < 0.02).all()


def test_tiers_hold_everybody_once_and_equal_customers_together() -> None:
    frame = pd.DataFrame({"revenue": [100.0, 50.0, 50.0, 50.0, 1.0, 0.0], "orders": 1})
    found = tiers(frame)
    assert sum(len(tier.customers) for tier in found) == len(frame)
    for tier in found:
        assert len(set(tier.customers["revenue"]) & set(frame.drop(tier.customers.index)["revenue"])) == 0
    assert found[0].customers["revenue"].sum() >= 0.8 * frame["revenue"].sum()


def test_every_tier_has_its_words_and_large_orders_are_large(superstore: Any) -> None:
    assert set(sentences("service")) == {tier.key for tier in tiers(superstore.analysis.summary.customers.frame)}
    facts = {fact.key: fact.value for fact in service_facts(superstore.analysis)}
    large = large_orders(superstore.analysis)
    assert (large["largest_order"] >= 0.1 * facts["service.month_revenue"]).all()  # type: ignore[operator]
    assert len(large) == facts["service.large_order_customers"]
    assert sum(facts[f"service.{key}.customers"] for key in "abc") == 793  # type: ignore[misc]
