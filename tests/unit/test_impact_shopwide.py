"""Tests on the whole shop: a price rise against the loss of volume, and a weak month that two years must show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from regulars.impact.season import weak_month
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.orders.model import Window
from regulars.summary.model import Months

# The example of a report that printed 37,500 for a rise of 5 % on a quarter of 1,500,000 at 95 % of the volume.
PRICE = PriceTest(
    baseline=1_500_000, rise=0.05, items=0.25, volume=0.95, margin=0.4, cost=0, start_month=1, horizon_months=12,
    source="assumption",
)  # fmt: skip
DIP = SeasonDip(
    gap=33_685.0, month="October", recovered=0.3, margin=0.4, cost=2_000.0, horizon_months=12, source="assumption"
)


def test_a_price_rise_that_loses_volume_changes_revenue_and_profit_as_worked_out_by_hand() -> None:
    assert PRICE.revenue() == pytest.approx(375_000 * (1.05 * 0.95 - 1))
    before, after = 375_000 * 0.4, 375_000 * 0.95 * (1.05 - 0.6)
    assert PRICE.gross_profit() == pytest.approx(after - before)
    assert PRICE.revenue() < 0 < PRICE.gross_profit()


def test_at_the_break_even_volume_the_rise_earns_exactly_its_cost() -> None:
    paid = replace(PRICE, cost=3_000.0)
    assert paid.break_even is not None
    assert replace(paid, volume=paid.break_even).gross_profit() == pytest.approx(3_000.0)


def test_the_careful_case_of_a_price_rise_loses_more_units_and_the_bold_case_fewer() -> None:
    assert PRICE.kept(0.5) < PRICE.kept() == PRICE.volume < PRICE.kept(1.5)
    assert PRICE.gross_profit(0.5) < PRICE.gross_profit() < PRICE.gross_profit(1.5)


def test_a_later_price_rise_concerns_fewer_months() -> None:
    assert replace(PRICE, start_month=7).gross_profit() == pytest.approx(PRICE.gross_profit() / 2)
    assert replace(PRICE, start_month=13).gross_profit() == 0


def test_a_dip_earns_the_share_of_its_gap_once_a_year() -> None:
    assert DIP.revenue() == pytest.approx(33_685 * 0.3)
    assert replace(DIP, horizon_months=24).revenue() == pytest.approx(2 * DIP.revenue())
    assert DIP.gross_profit() == pytest.approx(DIP.revenue() * 0.4)
    assert DIP.break_even is not None
    assert replace(DIP, recovered=DIP.break_even).gross_profit() == pytest.approx(2_000.0)


def test_an_unknown_dip_costs_and_earns_nothing() -> None:
    unknown = replace(DIP, gap=None)
    assert (unknown.revenue(), unknown.gross_profit(), unknown.investment, unknown.break_even) == (0, 0, 0, None)


def months(revenue: list[float], start: str = "2023-01") -> Months:
    period = pd.period_range(start, periods=len(revenue), freq="M")
    frame = pd.DataFrame({"customer": "a", "month": period, "orders": 1, "revenue": revenue})
    return Months(frame, Window(dt.date(2023, 1, 1), period[-1].end_time.date()))


def test_a_month_is_weak_only_when_it_was_weak_in_both_years() -> None:
    year = [100.0] * 12
    year[1] = 40.0
    found = weak_month(months([*year, *(2 * value for value in year)]))
    assert found is not None
    assert found.name == "February"
    assert found.gap == pytest.approx(190 - 80)
    once = [100.0] * 24
    once[1] = 40.0
    assert weak_month(months(once)) is None


def test_growth_is_not_taken_for_a_season() -> None:
    growing = [100.0 + 5 * number for number in range(24)]
    found = weak_month(months(growing))
    assert found is None or found.name == "January"  # each year's own start, never a month of the last year alone


def test_fewer_than_24_complete_months_tell_no_season() -> None:
    assert weak_month(months([100.0, 50.0] * 11)) is None
