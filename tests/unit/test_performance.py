"""Segments month by month, seasons, newcomers and the spread of revenue, against counts made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.findings.customers import gini
from regulars.findings.performance import (
    months_compared,
    months_shown,
    newcomers,
    retention_by_segment,
    segments_by_month,
)
from regulars.findings.season import seasons
from regulars.story.sheet_spec import Table
from regulars.story.sheets.performance import performance_sheet

OrdersOf = Callable[..., Any]
SETTINGS = Settings(sheets="full", scheme="supplied")


def line(customer: str, day: str, amount: float, segment: str) -> tuple[Any, ...]:
    return customer, day, amount, None, None, None, segment


def planted() -> list[tuple[Any, ...]]:
    """Twelve customers of A who buy for 10 every month, six of B who buy for 40 in March and for 20 in May."""
    lines = [
        line(f"a{number}", f"2025-{month:02}-10", 10, "A") for number in range(12) for month in range(1, 9)
    ]  # January to August
    for number in range(6):
        lines += [line(f"b{number}", "2025-03-05", 40, "B"), line(f"b{number}", "2025-05-05", 20, "B")]
    return lines


@pytest.fixture(scope="module")
def shop(orders_of: OrdersOf) -> tuple[Analysis, Facts]:
    analysis = analyse(orders_of(planted(), start="2025-01-01", end="2025-08-20"), SETTINGS)
    assert analysis.segmentations.lead.scheme == "supplied"
    return analysis, find_facts(analysis)


def test_a_month_that_is_not_whole_is_shown_and_compared_with_nothing(shop: tuple[Analysis, Facts]) -> None:
    analysis, facts = shop
    assert [str(month) for month in months_compared(analysis, 12)] == [f"2025-0{month}" for month in range(1, 8)]
    assert [str(month) for month in months_shown(analysis)] == [f"2025-0{month}" for month in range(2, 9)]
    assert facts.value("performance.last_month") == "Jul 2025"
    assert facts.value("trend.last_month_complete") == "no"
    sheet = performance_sheet(analysis, facts)
    table = next(block for block in sheet.blocks if isinstance(block, Table) and block.key == "revenue")
    assert table.columns[-1].title == "Aug 2025 (incomplete)"
    assert "Aug 2025 is not complete" in table.remark
    assert table.total is not None
    assert table.total.cells == ("All customers", 120.0, 360.0, 120.0, 240.0, 120.0, 120.0, 120.0)


def test_active_customers_orders_and_revenue_are_counted_by_segment_and_month(shop: tuple[Analysis, Facts]) -> None:
    table: Any = segments_by_month(shop[0])
    assert table.loc[("b", "2025-03")].tolist() == [6, 6, 240]
    assert table.loc[("b", "2025-04")].tolist() == [0, 0, 0]
    assert table["revenue"].sum() == shop[1].number("revenue.total")
    assert table["orders"].sum() == shop[1].number("orders.count")


def test_peak_best_and_worst_month_range_and_baseline_are_those_made_by_hand(shop: tuple[Analysis, Facts]) -> None:
    facts = shop[1]

    def told(name: str) -> Any:
        return facts.value(f"segments.supplied.b.{name}")

    assert facts.value("performance.baseline") == "A"
    assert told("against_baseline") == pytest.approx(60 / 80 - 1)
    assert (told("smallest_order"), told("largest_order")) == (20, 40)
    assert (told("peak_month"), told("peak_revenue"), told("change_from_peak")) == ("Mar 2025", 240, -1)
    assert (told("active_best_month"), told("active_best")) == ("Mar 2025", 40)
    assert (told("active_worst_month"), told("active_worst")) == ("May 2025", 20)
    assert told("active_mean") == 30
    assert told("active_spread") == pytest.approx(math.sqrt(200), abs=1e-4)
    assert (told("mix_least"), told("mix_most")) == (0, pytest.approx(240 / 360))
    assert told("half_change") is None  # seven months are no year


def test_newcomers_are_those_of_the_last_six_complete_months(shop: tuple[Analysis, Facts]) -> None:
    new: Any = newcomers(shop[0])
    assert new.loc["b"].tolist() == [6, 360, 6]
    assert new.loc["a"].tolist() == [0, 0, 0]  # they began in January, a month too early
    assert shop[1].value("segments.supplied.b.new_share") == 1
    assert shop[1].value("segments.supplied.a.new_again") is None


def test_retention_by_segment_counts_only_customers_whose_month_is_complete(shop: tuple[Analysis, Facts]) -> None:
    share: Any = retention_by_segment(shop[0], (1, 2, 6, 12))
    assert share.loc["a"].tolist()[:3] == [1, 1, 1]
    assert share.loc["b"].tolist()[:2] == [0, 1]
    assert math.isnan(share.loc["b", 6])  # that would be September
    assert share[12].isna().all()


def test_seasons_are_claimed_only_from_two_years_and_of_months_that_repeat(orders_of: OrdersOf) -> None:
    lines = [
        line(f"c{number}", f"{year}-{month:02}-10", 30 if month == 12 else 10, "A")
        for number in range(20)
        for year in (2023, 2024)
        for month in range(1, 13)
    ]
    two = analyse(orders_of(lines, start="2023-01-01", end="2024-12-31"), SETTINGS)
    facts = find_facts(two)
    table: Any = seasons(two)
    assert table.loc[12, "mean"] == pytest.approx(30 / (140 / 12))
    assert (facts.value("season.claimed"), facts.value("season.strong")) == ("yes", "December")
    short = analyse(orders_of([one for one in lines if one[1] >= "2023-02"], end="2024-12-31"), SETTINGS)
    assert seasons(short).empty
    assert find_facts(short).value("season.claimed") == "no"


def test_a_shop_of_a_few_days_has_tables_without_months(orders_of: OrdersOf) -> None:
    lines = [line(f"c{number}", f"2025-03-{5 + number % 9:02}", 10, "AB"[number % 2]) for number in range(30)]
    analysis = analyse(orders_of(lines), SETTINGS)
    facts = find_facts(analysis)
    assert facts.value("performance.months") == 0
    keys = {block.key for block in performance_sheet(analysis, facts).blocks if isinstance(block, Table)}
    assert keys == {"to_date", "lorenz"}


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40), st.integers(1, 9))
def test_the_gini_coefficient_is_half_the_relative_mean_difference(values: list[int], times: int) -> None:
    numbers = np.array(values, dtype=float)
    found = gini(numbers)
    if numbers.sum() == 0:
        assert found is None
        return
    differences = np.abs(numbers[:, None] - numbers[None, :]).mean()
    assert found == pytest.approx(differences / (2 * numbers.mean()), abs=1e-12)
    assert gini(numbers * times) == pytest.approx(found, abs=1e-12)


def test_a_default_run_says_how_concentrated_revenue_is_and_whether_the_last_month_is_whole(
    shop: tuple[Analysis, Facts],
) -> None:
    facts = find_facts(replace(shop[0], settings=Settings()))
    assert facts.known("concentration.gini")
    assert facts.value("concentration.top10_share") == facts.value("concentration.top_10_share")
    assert facts.value("trend.last_month_complete") == "no"
    assert "performance.baseline" not in facts  # said on full sheets only
