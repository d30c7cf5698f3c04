"""What was expected then beside what came since: sums add up, and what cannot be compared is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from regulars.base.settings import Settings
from regulars.hindsight import Promise, look_back
from regulars.orders.model import Orders
from regulars.story.sheets.since import since_sheet
from regulars.summary import summarise

THEN = dt.date(2025, 1, 31)
LINES = [(f"C{n % 9}", f"2025-01-{1 + n % 31:02}", 10.0 + n) for n in range(60)]


def test_the_sums_of_segments_are_the_totals(cdnow_followed: Any) -> None:
    facts = cdnow_followed.facts
    found = cdnow_followed.analysis.hindsight.found
    for name in ("customers", "came", "expected", "actual"):
        parts = [facts.number(f"since.segments.{one.key}.{name}") for one in found.segments.definitions]
        assert sum(parts) == pytest.approx(facts.number(f"since.{name}"))


def test_the_forecast_made_again_is_the_one_made_then(cdnow_followed: Any, cdnow: Any) -> None:
    found = cdnow_followed.analysis.hindsight.found
    customers = cdnow.analysis.summary.customers.frame
    known = customers[customers["first_day"].astype("datetime64[ns]") <= "1998-01-31"]
    assert len(found.frame) == len(known)
    assert found.until == dt.date(1998, 6, 1)
    assert found.low < found.frame["expected"].sum() < found.high
    assert found.again > found.frame["expected"].sum()


@pytest.mark.parametrize(("last", "why"), [("2025-01-31", "0 days after"), ("2025-02-25", "25 days after")])
def test_less_than_a_month_is_too_early(orders_of: Callable[..., Orders], last: str, why: str) -> None:
    then, now = orders_of(LINES, end="2025-01-31"), orders_of([*LINES, ("C1", last, 5.0)], end=last)
    hindsight = look_back(then, summarise(now), Settings(), Promise(THEN, 12, None))
    assert hindsight.found is None
    assert why in str(hindsight.reason)


def test_a_shop_without_a_forecast_then_has_nothing_to_compare(orders_of: Callable[..., Orders]) -> None:
    then, now = orders_of(LINES, end="2025-01-31"), orders_of([*LINES, ("C1", "2025-06-30", 5.0)])
    hindsight = look_back(then, summarise(now), Settings(), Promise(THEN, 12, None))
    assert hindsight.found is None
    assert "there was no forecast" in str(hindsight.reason)


def test_the_sheet_says_the_sums_that_the_facts_say(cdnow_followed: Any) -> None:
    sheet = since_sheet(cdnow_followed.analysis, cdnow_followed.facts)
    table: Any = next(block for block in sheet.blocks if getattr(block, "key", "") == "segments")
    names = [column.key for column in table.columns[1:]]
    assert list(table.total.cells[1:]) == [cdnow_followed.facts.value(f"since.{name}") for name in names]
