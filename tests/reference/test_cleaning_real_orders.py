"""Published and independently computed answers for the real orders in tests/data."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from regulars.base.settings import Settings
from regulars.orders.load import load_orders
from regulars.orders.model import Reason

DATA = Path(__file__).parents[1] / "data"


@cache
def loaded(name: Any, **options: Any) -> Any:
    return load_orders([DATA / name], Settings(**options))


def shape(orders: Any) -> Any:
    return (
        orders.ledger.rows_read,
        orders.ledger.rows_kept,
        len(set(orders.lines["customer"].to_pylist())),
        len(set(orders.lines["order"].to_pylist())),
        round(sum(orders.lines["amount"].to_pylist()) / 10_000, 2),
    )


def test_online_retail_has_its_published_totals() -> None:
    orders = loaded("online_retail_2009_2010.parquet", returns="drop")
    assert shape(orders) == (525_461, 407_664, 4_312, 19_213, 8_832_003.27)
    assert round(orders.ledger.revenue_written / 10_000, 2) == 9_539_484.63
    assert orders.ledger.rows_by_reason[Reason.CANCELLED] == 10_206


def test_netting_a_year_of_returns_loses_no_money() -> None:
    drop, net, keep = (loaded("online_retail_2009_2010.parquet", returns=way) for way in ("drop", "net", "keep"))
    assert net.ledger.revenue_written == drop.ledger.revenue_written == keep.ledger.revenue_written
    assert net.ledger.rows_by_reason[Reason.RETURNED] == drop.ledger.rows_kept - net.ledger.rows_kept
    taken = net.ledger.revenue_taken_off + net.ledger.revenue_by_reason[Reason.RETURNED]
    assert sum(net.lines["amount"].to_pylist()) + taken == sum(drop.lines["amount"].to_pylist())


def test_what_was_bought_and_cancelled_within_minutes_counts_no_more() -> None:
    orders = loaded("online_retail_2009_2010.parquet", returns="net")
    kept = {(row["order"], row["product"]) for row in orders.lines.select(["order", "product"]).to_pylist()}
    assert {("502263", "M"), ("496115", "M"), ("529350", "71477")} & kept == set()


def test_the_overlap_of_two_sheets_is_counted_once() -> None:
    orders = loaded("online_retail_ii_part.xlsx", returns="drop")
    assert shape(orders) == (34_766, 32_959, 260, 1_417, 1_279_533.03)
    assert orders.ledger.rows_by_reason[Reason.REPEATED_ACROSS_SOURCES] == 441


def test_cdnow_keeps_every_customer_of_the_cohort() -> None:
    orders = loaded("cdnow_sample.csv", as_of=dt.date(1997, 9, 30))
    assert len(set(orders.lines["customer"].to_pylist())) == 2_357
    assert "00004" in orders.lines["customer"].to_pylist()
    assert orders.window.end == dt.date(1997, 9, 30)
    everything = loaded("cdnow_sample.csv")
    assert shape(everything) == (6_919, 6_919, 2_357, 6_696, 244_091.94)


def test_superstore_sales_are_not_multiplied() -> None:
    orders = loaded("superstore.parquet")
    assert sum(orders.lines["amount"].to_pylist()) == 22_972_008_603
    assert shape(orders)[1:4] == (9_994, 793, 5_009)
    assert sum(orders.lines["units"].to_pylist()) == 37_873 * 10_000
    assert round(sum(orders.lines["profit"].to_pylist()) / 10_000, 2) == 286_397.02


# A hand-kept sales book, against the answer that was written with it


@pytest.fixture(scope="module")
def truth() -> Any:
    return json.loads((DATA / "messy_orders.truth.json").read_text(encoding="utf-8"))


def test_the_sales_book_gives_the_true_sales(truth: Any) -> None:
    orders = loaded("messy_orders.xlsx", returns="drop", repeats="drop")
    known = truth["known_customers"]
    assert shape(orders)[1:] == (known["sales_lines"], truth["customers"], known["sales_orders"], known["sales"])
    assert orders.currency.code == "GBP"


@pytest.mark.parametrize("returns", ["net", "drop", "keep"])
def test_every_way_with_returns_gives_the_true_net(truth: Any, returns: Any) -> None:
    orders = loaded("messy_orders.xlsx", returns=returns, repeats="drop")
    net = sum(orders.lines["amount"].to_pylist()) + orders.ledger.returns_unmatched
    assert net / 10_000 == truth["known_customers"]["net"]


def test_every_line_of_the_sales_book_has_its_true_day_customer_and_amount(truth: Any) -> None:
    orders = loaded("messy_orders.xlsx", returns="keep")
    lines = {row["row"]: row for row in orders.lines.to_pylist()}
    expected = [line for line in truth["lines"] if line["row"] in lines]
    assert len(expected) == len(lines) == 1_040
    for line in expected:
        found = lines[line["row"]]
        assert (str(found["day"]), found["customer"]) == (line["date"], str(line["customer"]))
        assert found["amount"] == round(line["amount"] * 10_000)


def test_every_row_set_aside_from_the_sales_book_is_set_aside_for_its_true_reason(truth: Any) -> None:
    orders = loaded("messy_orders.xlsx", repeats="drop", returns="drop")
    reasons = dict(zip(orders.set_aside["row"].to_pylist(), orders.set_aside["reason"].to_pylist(), strict=True))
    kinds = {line["row"]: line for line in truth["lines"]}
    assert Counter(reason for row, reason in reasons.items() if row not in kinds) == {"total_row": 14}
    for row, reason in reasons.items():
        if row not in kinds:
            continue
        line = kinds[row]
        allowed = {
            "duplicate": {"duplicate"},
            "not usable": {"bad_date", "bad_price"},
            "return": {"returned", "cancelled"},
            "sale": {"no_customer"},
        }[line["is"]]
        assert reason in allowed, line
        assert reason != "no_customer" or line["customer"] is None


def test_the_same_file_cleans_to_the_same_lines_every_time() -> None:
    one = load_orders([DATA / "messy_orders.xlsx"], Settings())
    two = load_orders([DATA / "messy_orders.xlsx"], Settings())
    assert one.lines.equals(two.lines)
    assert one.set_aside.equals(two.set_aside)
    assert one.notices == two.notices
