"""The error of the forecast itself: held-out quarters, and how far ranges are widened by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.analysis import analyse
from regulars.base.settings import Settings
from regulars.clv import estimate_lifetime
from regulars.clv.backtest import Backtest, backtest, holdout_of
from regulars.clv.engine import OwnEngine
from regulars.clv.estimate import choose
from regulars.clv.fitted import NoFit
from regulars.clv.history import History
from regulars.clv.ranges import Miss, error_beyond
from regulars.clv.spending import spending_of
from regulars.story.sheets.customers import customer_list

OrdersOf = Callable[..., Any]
EIGHTY = 1.2815515655446004  # 90 % of a normal distribution lie below


def miss(actual: float, deviation: float = 0.05) -> Miss:
    return Miss("2025-03-31", actual, 100.0, deviation)


def competition_of(told: History) -> Backtest:
    found = backtest(told, OwnEngine())
    assert not isinstance(found, str)
    return found


@pytest.fixture(scope="module")
def told(cdnow: Any) -> History:
    summary = cdnow.analysis.summary
    return History.of(summary.customers, summary.days)


def test_totals_inside_their_ranges_widen_nothing() -> None:
    assert error_beyond([]) == 0.0
    assert error_beyond([miss(106), miss(94), miss(100)]) == 0.0


def test_one_miss_outside_counts_with_all_the_others() -> None:
    """Root mean square of what lies beyond the stated deviation; Student's t has its 90 % point at 1.638 for three."""
    found = error_beyond([miss(130), miss(98), miss(103)])
    beyond = (0.30**2 + 0.02**2 + 0.03**2) / 3 - 0.05**2
    assert found == pytest.approx(np.sqrt(beyond) * 1.6377 / EIGHTY, rel=1e-4)
    assert error_beyond([miss(130)]) == pytest.approx(np.sqrt(0.30**2 - 0.05**2) * 3.0777 / EIGHTY, rel=1e-4)


def test_fewer_tests_of_the_same_size_widen_more() -> None:
    errors = [error_beyond([miss(120)] * count) for count in (1, 2, 3, 10)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] > np.sqrt(0.2**2 - 0.05**2)


def test_too_much_and_too_little_are_misses_alike() -> None:
    assert not miss(110).inside
    assert not miss(90).inside
    assert error_beyond([miss(130), miss(100)]) == pytest.approx(error_beyond([miss(70), miss(100)]))


def test_the_held_out_quarters_follow_on_each_other_and_end_with_the_test(told: History) -> None:
    competition = competition_of(told)
    holdout = holdout_of(competition, competition.winner, OwnEngine())
    length = told.end // 4
    splits = [(dt.date.fromisoformat(one.day) - told.start).days for one in holdout.misses]
    assert splits == [told.end - 3 * length, told.end - 2 * length, told.end - length]
    assert holdout.misses[-1].actual == holdout.actual
    assert holdout.misses[-1].predicted == pytest.approx(holdout.predicted)
    assert holdout.misses[-1].inside == holdout.inside
    counted = [told.standing(split).counts(split, split + length).sum() for split in splits]
    assert [one.actual for one in holdout.misses] == counted


def test_an_earlier_quarter_is_forecast_from_the_orders_before_it_alone(told: History) -> None:
    competition = competition_of(told)
    split = told.end - 2 * (told.end // 4)
    rng = np.random.default_rng(2)
    # After the split everyone orders on other days.
    day = np.where(told.day > split, rng.integers(split + 1, told.end + 1, len(told.day)), told.day)
    keep = np.unique(np.column_stack([told.who, day]), axis=0)
    other = replace(told, who=keep[:, 0], day=keep[:, 1], spend=None)
    one, two = (holdout_of(competition_of(shop), "bgnbd", OwnEngine()).misses[1] for shop in (told, other))
    assert competition.test.split > split
    assert one.predicted == pytest.approx(two.predicted, rel=1e-6)
    assert one.actual != two.actual


def test_a_rule_is_tried_on_earlier_quarters_too(told: History) -> None:
    holdout = holdout_of(competition_of(told), "recency_rule", OwnEngine())
    assert len(holdout.misses) >= 2
    assert all(one.predicted > 0 and one.deviation > 0 for one in holdout.misses)


def test_what_was_known_at_a_day_is_a_history_of_its_own(told: History) -> None:
    known = told.until(200)
    now, then = known.standing(200), told.standing(200)
    assert known.end == 200
    assert len(known.first) == len(then)
    for name in ("frequency", "recency", "age"):
        assert (getattr(now, name) == getattr(then, name)).all()
    assert known.spend is not None
    assert told.spend is not None
    assert known.spend.sum() == pytest.approx(told.spend[told.day <= 200].sum())
    assert known.standing(100).frequency.tolist() == told.standing(100).frequency.tolist()


def test_the_error_widens_total_segment_and_customer(cdnow: Any) -> None:
    uncertainty = cdnow.analysis.lifetime.uncertainty
    plain = replace(uncertainty, error=0.0)
    assert uncertainty.error > 0
    part = uncertainty.value > np.median(uncertainty.value)
    for members in (None, part):
        wide, narrow = uncertainty.group(members), plain.group(members)
        assert wide[0] < narrow[0] < narrow[1] < wide[1]
    assert uncertainty.customers()[1].sum() > plain.customers()[1].sum()


def test_how_much_was_missed_stands_in_the_facts_and_in_words(cdnow: Any) -> None:
    facts, lifetime = cdnow.facts, cdnow.analysis.lifetime
    assert facts.value("clv.range_tests") == len(lifetime.holdout.misses) == 3
    outside = sum(not one.inside for one in lifetime.holdout.misses)
    assert facts.value("clv.range_tests_outside") == outside > 0
    assert facts.value("clv.range_error") == pytest.approx(lifetime.uncertainty.error, rel=1e-6)
    said = next(one for one in lifetime.cautions if "widened" in one)
    assert f"{outside} of 3 quarters" in said
    assert facts.show("clv.range_error") in said


def test_the_forecast_of_a_choice_is_that_of_the_estimate(cdnow: Any, told: History) -> None:
    standing, engine = told.standing(told.end), OwnEngine()
    choice = choose(told, standing, engine, engine.fit_purchases("bgnbd", standing, information=True))
    assert not isinstance(choice, NoFit)
    assert choice.error == pytest.approx(cdnow.analysis.lifetime.uncertainty.error)


def test_revenue_of_purchase_days_adds_up_to_what_customers_spent_again(cdnow: Any, told: History) -> None:
    frame = cdnow.analysis.summary.customers.frame
    repeats = frame["repeat_spend"].fillna(0.0) * frame["frequency"]
    assert told.spent(-1, told.end) == pytest.approx(repeats.to_numpy(), abs=1e-6)


def test_the_spend_bias_compares_expected_and_actual_revenue_of_the_test(cdnow: Any, told: History) -> None:
    holdout = cdnow.analysis.lifetime.holdout
    split = told.end - told.end // 4
    days = cdnow.analysis.summary.days
    since = pd.Timestamp(told.date(split))
    later = days[days["day"] > since]
    first = days.groupby("customer")["day"].min()
    later = later[later["day"] > later["customer"].map(first)]
    later = later[later["customer"].map(first) <= since]
    standing, engine = told.standing(split), OwnEngine()
    fitted = engine.fit_purchases(cdnow.analysis.lifetime.chosen, standing)
    money = told.spent(-1, split)[standing.known] / np.maximum(standing.frequency, 1)
    spending = spending_of(standing.frequency, money, engine)
    assert not isinstance(fitted, NoFit)
    assert not isinstance(spending, NoFit)
    expected = float(fitted.orders(standing, float(holdout.days)) @ spending.mean)
    assert holdout.spend_bias == pytest.approx(expected / later["revenue"].sum() - 1, rel=1e-5)


def test_without_money_there_is_no_spend_bias(cdnow: Any) -> None:
    summary = cdnow.analysis.summary
    bare = summary.days.drop(columns="revenue")
    assert estimate_lifetime(summary.customers, bare, Settings(currency="USD")).holdout.spend_bias is None  # type: ignore[union-attr]


def test_the_next_order_is_dated_for_whom_one_is_likely(cdnow: Any) -> None:
    listed, lifetime = customer_list(cdnow.analysis), cdnow.analysis.lifetime.frame
    end = cdnow.analysis.summary.customers.window.end
    dated = listed["Next order from"].notna()
    assert 0 < dated.sum() == (lifetime["chance_of_purchase"] >= 0.5).sum() < len(listed)
    assert (listed.loc[dated, "Chance of an order"] >= 0.5).all()
    assert all(end < one for one in listed.loc[dated, "Next order from"])
    assert (listed.loc[dated, "Next order from"] <= listed.loc[dated, "Next order to"]).all()
    assert listed.loc[~dated, ["Next order from", "Next order to"]].isna().all(axis=None)
    assert {"Expected orders", "Expected spend", "Expected revenue", "Low", "High", "Late"} <= set(listed)
    assert set(listed["Late"]) == {"", "late"}


def test_late_is_measured_by_the_customers_own_gaps(orders_of: OrdersOf) -> None:
    """Both are silent for 60 days: who came every week is late, who came every two months is not."""
    start = dt.date(2024, 1, 1)
    others = [
        (f"C{one:03}", str(start + dt.timedelta(days=(one * 7) % 300 + repeat * (20 + one % 40))), 10.0 + one % 7)
        for one in range(300)
        for repeat in range(1 + one % 4)
    ]
    weekly = [("Weekly", str(start + dt.timedelta(days=day)), 20.0) for day in range(60, 440, 7)]
    rare = [("Rare", str(start + dt.timedelta(days=day)), 20.0) for day in range(76, 440, 60)]
    analysis = analyse(orders_of(others + weekly + rare, end="2025-05-12"), Settings())
    frame = analysis.summary.customers.frame
    late = dict(zip(frame["customer"], analysis.lifetime.frame["late"], strict=True))
    silent = dict(zip(frame["customer"], frame["days_since"], strict=True))
    assert abs(silent["Weekly"] - silent["Rare"]) < 7
    assert (late["Weekly"], late["Rare"]) == (1.0, 0.0)


def test_one_time_buyers_get_the_mean_of_all_and_the_facts_say_so(cdnow: Any) -> None:
    facts, analysis = cdnow.facts, cdnow.analysis
    once = (analysis.summary.customers.frame["frequency"] == 0).to_numpy()
    assert facts.value("clv.one_time_customers") == once.sum()
    assert facts.number("clv.one_time_spend") == pytest.approx(analysis.lifetime.spend.population_mean, abs=0.001)
    assert facts.number("clv.one_time_first") == pytest.approx(
        analysis.summary.customers.frame.loc[once, "revenue"].mean(), abs=0.001
    )
